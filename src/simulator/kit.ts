// The `#connector` import: everything that the `simulator.ts` of a connector may import besides msw. `startSimulator` serves a
// definition over a socket, with control paths for faults.

export type {
  City,
  CityDelivery,
  CityEnterprise,
  CityPayment,
  CityPerson,
  PartialDate,
} from '../city/contract.ts';
export type { CallReport, RecordedCall } from './call-log.ts';
export { defineSimulator, type SimulatorContext, type SimulatorDefinition } from './define.ts';
export type { FaultSettings } from './faults.ts';
export {
  type RunningSimulator,
  SimulatorStartError,
  type StartOptions,
  startSimulator,
} from './serve.ts';
export {
  formatVietnamTime,
  isOneIn,
  isSameSecret,
  parseVietnamTime,
  readBasic,
  sha256Hex,
} from './wire.ts';
export { escapeXml, readXml, type XmlElement } from './xml.ts';

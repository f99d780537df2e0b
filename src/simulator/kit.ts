// The `#connector` import: everything that a connector's `simulator.ts` may use, besides msw. A simulator declares what
// it answers; `startSimulator` (development, tests) serves it over a real socket and lets a person make it ill.

export type {
  City,
  CityDelivery,
  CityEnterprise,
  CityPayment,
  CityPerson,
  PartialDate,
} from '../city/contract.ts';
export type { CallReport, RecordedCall } from './call-log.ts';
export { defineSimulator, type SimulatorDefinition, type SimulatorWorld } from './define.ts';
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

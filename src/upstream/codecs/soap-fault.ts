// Classifies a SOAP Fault: the class of its code, and whether the bus produced it. Fault strings and details are upstream text and
// are dropped.
import { compilePath } from '../read-path.ts';
import type { SoapFault, SoapFaultClass } from './contract.ts';

const readCode11 = compilePath('faultcode');
const readCode12 = compilePath('Code.Value');
const readSubcode12 = compilePath('Code.Subcode.Value');

/** By code in lower case: X-Road's servers spell their codes with and without capitals, and some providers follow them. */
const CLASSES: ReadonlyMap<string, SoapFaultClass> = new Map([
  ['client', 'Client'],
  ['server', 'Server'],
  ['versionmismatch', 'VersionMismatch'],
  ['mustunderstand', 'MustUnderstand'],
  // SOAP 1.2's names for the first two.
  ['sender', 'Client'],
  ['receiver', 'Server'],
]);

/** X-Road identifies itself in the code (`Server.ClientProxy.…`, `Client.…`), in SOAP 1.2 in the subcode. */
export function classifyFault(fault: unknown): SoapFault {
  const code = localText(readCode11(fault)) ?? localText(readCode12(fault)) ?? '';
  const subcode = localText(readSubcode12(fault)) ?? '';
  const [head = ''] = code.split('.');
  return {
    class: CLASSES.get(head.toLowerCase()) ?? 'Other',
    fromBus: isFromBus(code) || isFromBus(subcode),
  };
}

/** `soap:Server` becomes `Server`. A code with attributes is an object with its text under `#text`. */
function localText(value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null ? readText(value) : value;
  return typeof text === 'string' ? text.slice(text.indexOf(':') + 1).trim() : undefined;
}

const readText = compilePath('#text');

const isFromBus = (code: string): boolean => /^(server\.(clientproxy|serverproxy)|client\.[a-z])/i.test(code);

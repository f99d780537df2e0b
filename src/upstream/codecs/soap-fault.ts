// Classifies a SOAP Fault: the class of its code, and whether the bus produced it. Fault strings and details are upstream text and
// are dropped.
import { compilePath } from '../read-path.ts';
import type { SoapFault, SoapFaultClass } from './contract.ts';

const readCode11 = compilePath('faultcode');
const readCode12 = compilePath('Code.Value');
const readSubcode12 = compilePath('Code.Subcode.Value');

const CLASSES: ReadonlyMap<string, SoapFaultClass> = new Map([
  ['Client', 'Client'],
  ['Server', 'Server'],
  ['VersionMismatch', 'VersionMismatch'],
  ['MustUnderstand', 'MustUnderstand'],
  // SOAP 1.2's names for the first two.
  ['Sender', 'Client'],
  ['Receiver', 'Server'],
]);

/** X-Road identifies itself in the code (`Server.ClientProxy.…`, `Client.…`), in SOAP 1.2 in the subcode. */
export function classifyFault(fault: unknown): SoapFault {
  const code = localText(readCode11(fault)) ?? localText(readCode12(fault)) ?? '';
  const subcode = localText(readSubcode12(fault)) ?? '';
  const [head = ''] = code.split('.');
  return { class: CLASSES.get(head) ?? 'Other', fromBus: isFromBus(code) || isFromBus(subcode) };
}

/** `soap:Server` becomes `Server`. A code with attributes is an object with its text under `#text`. */
function localText(value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null ? readText(value) : value;
  return typeof text === 'string' ? text.slice(text.indexOf(':') + 1) : undefined;
}

const readText = compilePath('#text');

const isFromBus = (code: string): boolean => /^(Server\.(ClientProxy|ServerProxy)|Client\.[A-Z])/.test(code);

// What a SOAP Fault says: the class of its code, and whether the bus made it. The soap codec calls it.
// Only the class is kept: fault strings and details are upstream text.
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

/** X-Road puts itself into the code (`Server.ClientProxy.…`, `Client.…`), in SOAP 1.2 into the subcode. */
export function classifyFault(fault: unknown): SoapFault {
  const code = localText(readCode11(fault)) ?? localText(readCode12(fault)) ?? '';
  const subcode = localText(readSubcode12(fault)) ?? '';
  const [head = ''] = code.split('.');
  return { class: CLASSES.get(head) ?? 'Other', fromBus: isFromBus(code) || isFromBus(subcode) };
}

/** `soap:Server` is `Server`; a code with attributes is an object that keeps its text apart. */
function localText(value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null ? readText(value) : value;
  return typeof text === 'string' ? text.slice(text.indexOf(':') + 1) : undefined;
}

const readText = compilePath('#text');

const isFromBus = (code: string): boolean => /^(Server\.(ClientProxy|ServerProxy)|Client\.[A-Z])/.test(code);

// What a codec is and what decoding gives. The codecs implement it, `upstream.ts` and the judge read it.
import type { UpstreamRequest } from '../contract.ts';
import type { RawAnswer } from '../transport.ts';

/** SOAP's own fault classes; X-Road's and others' finer codes are folded into these. */
export type SoapFaultClass = 'Client' | 'Server' | 'VersionMismatch' | 'MustUnderstand' | 'Other';

export interface SoapFault {
  readonly class: SoapFaultClass;
  readonly fromBus: boolean;
}

export interface Decoded {
  readonly body: unknown;
  /** Why the answer cannot be read, for logs: what was expected, what kind of thing was found. */
  readonly invalid?: string;
  /** Why a text inside `body` cannot be read, for logs. The judge has the word: the outcome table may know without it. */
  readonly unreadable?: string;
  readonly soapFault?: SoapFault;
}

/** What the protocol adds to a request. */
export interface WireForm {
  /** Lower-case names; without `content-type`, which is sent only when there is a payload. */
  readonly headers: Readonly<Record<string, string>>;
  /** Content type of the payload when the request itself names none. */
  readonly contentType: string;
}

export interface Codec extends WireForm {
  /** Operations whose form is not the source's own, by name. */
  readonly perOperation?: ReadonlyMap<string, WireForm>;
  /** `undefined` when there is no payload. @throws GatewayError BAD_USER_INPUT for a value that the format cannot carry. */
  encode(body: unknown, request: UpstreamRequest): string | undefined;
  /** Never throws; what cannot be read is said in `invalid`, without a word of the upstream's text. */
  decode(answer: RawAnswer): Decoded;
}

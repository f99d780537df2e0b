// What a codec is and what decoding gives. The codecs implement it, `upstream.ts` and the judge read it.
import type { UpstreamRequest } from '../contract.ts';
import type { RawAnswer } from '../transport.ts';

/** SOAP's own fault classes; X-Road's and others' finer codes are folded into these. */
export type SoapFaultClass = 'Client' | 'Server' | 'VersionMismatch' | 'MustUnderstand' | 'Other';

export interface Decoded {
  readonly body: unknown;
  /** Why the answer cannot be read, for logs: what was expected, what kind of thing was found. */
  readonly invalid?: string;
  readonly soapFault?: { readonly class: SoapFaultClass; readonly fromBus: boolean };
}

export interface Codec {
  /** Headers of every request of this source: lower-case names; `content-type` only when there is a payload. */
  readonly headers: Readonly<Record<string, string>>;
  /** Content type of the payload when the request itself names none. */
  readonly contentType: string;
  /** `undefined` when there is no payload. @throws GatewayError BAD_USER_INPUT for a value that the format cannot carry. */
  encode(body: unknown, request: UpstreamRequest): string | undefined;
  /** Never throws; what cannot be read is said in `invalid`, without a word of the upstream's text. */
  decode(answer: RawAnswer): Decoded;
}

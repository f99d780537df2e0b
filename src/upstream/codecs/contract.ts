// What a codec is and what decoding returns.
import type { UpstreamRequest } from '../contract.ts';
import type { RawAnswer } from '../transport.ts';

/** Fault classes of SOAP; finer codes of X-Road and others are reduced to these. */
export type SoapFaultClass = 'Client' | 'Server' | 'VersionMismatch' | 'MustUnderstand' | 'Other';

export interface SoapFault {
  readonly class: SoapFaultClass;
  readonly fromBus: boolean;
}

export interface Decoded {
  readonly body: unknown;
  /** For logs, when the answer cannot be read: what was expected and what kind of content was found. */
  readonly invalid?: string;
  /** For logs, when a text embedded in `body` cannot be read. The judge decides: the outcome table may not need that text. */
  readonly unreadable?: string;
  readonly soapFault?: SoapFault;
  /** The answer lacks the signature that the source must give it: nothing in it may count as an answer, its status neither. */
  readonly isUnverified?: true;
}

/** Headers and content type that the protocol adds to a request. */
export interface WireForm {
  /** Lower-case names; without `content-type`, which is sent only when there is a payload. */
  readonly headers: Readonly<Record<string, string>>;
  /** Content type of the payload when the request itself names none. */
  readonly contentType: string;
}

export interface Codec extends WireForm {
  /** Operations with a form of their own, by name. */
  readonly perOperation?: ReadonlyMap<string, WireForm>;
  /** Lower-case names of headers of the request that become a part of the payload and are not sent as headers. */
  readonly consumedHeaders?: ReadonlySet<string> | undefined;
  /** `undefined` when there is no payload. @throws GatewayError BAD_USER_INPUT for a value that the format cannot carry. */
  encode(body: unknown, request: UpstreamRequest): string | undefined;
  /** Never throws; `invalid` describes what cannot be read, without quoting the answer. */
  decode(answer: RawAnswer): Decoded;
}

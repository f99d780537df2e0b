// Recognises errors made by a bus between the gateway and the source. X-Road sets the header `X-Road-Error` (X-Road message
// protocol for REST, section 4.4); WSO2 API Manager answers with a `fault` object and a numeric code.
import type { ErrorCode } from '../errors.ts';
import type { UpstreamAnswer } from './contract.ts';
import { compilePath } from './read-path.ts';

const readWso2Code = compilePath('fault.code');

/** The error code for a failure of the bus; `undefined` when the bus did not fail. */
export function codeOfBus({ status, headers, body }: UpstreamAnswer): ErrorCode | undefined {
  const xRoad = headers['x-road-error'];
  // `Server.*`: a security server or the link between two of them failed. `Client.*`: our message was wrong, nothing is unhealthy.
  // The codes are compared without case.
  if (xRoad !== undefined) return /^\s*client\./i.test(String(xRoad)) ? 'UPSTREAM_REFUSED' : 'UPSTREAM_FAULT';
  // A source may have a field of its own called `fault`; WSO2's codes have six digits.
  const code = Number(readWso2Code(body));
  return code >= 100_000 && code <= 999_999 ? codeOfWso2(code, status) : undefined;
}

/** Ranges of WSO2 API Manager's error codes: transport 101xxx, endpoints 303xxx, throttling 9008xx, security 9009xx. */
function codeOfWso2(code: number, status: number): ErrorCode {
  if (code >= 900_800 && code <= 900_899) return 'UPSTREAM_THROTTLED';
  if (code >= 900_900 && code <= 900_999) return 'UPSTREAM_UNAUTHORIZED';
  return code < 400_000 || status >= 500 ? 'UPSTREAM_FAULT' : 'UPSTREAM_REFUSED';
}

// Was it the bus that failed, and not the system behind it? The judge asks for each answer.
// Two buses say so: X-Road in a header of its own (B8), WSO2 API managers in a `fault` with a numbered code (B0).
import type { ErrorCode } from '../errors.ts';
import type { UpstreamAnswer } from './contract.ts';
import { compilePath } from './read-path.ts';

const readWso2Code = compilePath('fault.code');

/** The code for an error of the bus; `undefined` when the answer is not one. */
export function codeOfBus({ status, headers, body }: UpstreamAnswer): ErrorCode | undefined {
  const xRoad = headers['x-road-error'];
  // `Server.*`: a security server, or the line between two of them. `Client.*`: our message, which is no illness.
  if (xRoad !== undefined) return String(xRoad).startsWith('Client.') ? 'UPSTREAM_REFUSED' : 'UPSTREAM_FAULT';
  // A source may call a field of its own `fault`; WSO2's codes have six digits.
  const code = Number(readWso2Code(body));
  return code >= 100_000 && code <= 999_999 ? codeOfWso2(code, status) : undefined;
}

/** Ranges of WSO2 API Manager's error codes: transport 101xxx, endpoints 303xxx, throttling 9008xx, security 9009xx. */
function codeOfWso2(code: number, status: number): ErrorCode {
  if (code >= 900_800 && code <= 900_899) return 'UPSTREAM_THROTTLED';
  if (code >= 900_900 && code <= 900_999) return 'UPSTREAM_UNAUTHORIZED';
  return code < 400_000 || status >= 500 ? 'UPSTREAM_FAULT' : 'UPSTREAM_REFUSED';
}

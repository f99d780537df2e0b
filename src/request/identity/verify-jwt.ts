// Verifies a JWT of one issuer. The key comes from the issuer's own key set: `jku`, `x5u`, `jwk` and `x5c` in the header are never
// used, and `kid` is only a name to look up.

import { errors, jwtVerify } from 'jose';
import { isGatewayError } from '../../errors.ts';
import type { IssuerSettings } from './issuer-keys.ts';
import type { KeySet } from './key-set.ts';
import { type Refusal, refused } from './refusals.ts';
import type { TokenParts } from './token-parts.ts';

/** Types of access tokens; a token without a type may be one. */
const TYPES: ReadonlySet<unknown> = new Set([
  undefined,
  'jwt',
  'at+jwt',
  'application/jwt',
  'application/at+jwt',
]);

const FAILED_CLAIMS: Readonly<Record<string, Refusal>> = {
  aud: 'AUDIENCE',
  iss: 'UNKNOWN_ISSUER',
  nbf: 'NOT_YET',
};

/**
 * @param parts header and claims of the token, as `readParts` returned them
 * @throws GatewayError UNAUTHENTICATED with the reason
 */
export async function verifyJwt(
  token: string,
  { header, claims }: TokenParts,
  issuer: IssuerSettings,
  keys: KeySet,
  now: number,
): Promise<void> {
  const { alg, typ } = header;
  if (!issuer.algorithms.some((allowed) => allowed === alg)) throw refused('ALGORITHM', issuer.name);
  if (!TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) throw refused('TYPE', issuer.name);
  try {
    await jwtVerify(token, (jwsHeader, jws) => keys.keyOf(jwsHeader, jws), {
      algorithms: [...issuer.algorithms],
      issuer: issuer.issuer,
      audience: [...issuer.audience],
      clockTolerance: issuer.clockSkewSeconds,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
  } catch (error) {
    throw refusalOf(error, issuer.name);
  }
  // 1e999 is JSON, and no time.
  if (!Number.isFinite(claims.exp)) throw refused('CLAIMS', `${issuer.name}: exp`);
  // A token from the future: the clock of the issuer is not to be relied on, or the token is made up.
  if (typeof claims.iat === 'number' && claims.iat > now / 1000 + issuer.clockSkewSeconds)
    throw refused('NOT_YET', issuer.name);
}

/** Anything unexpected, such as a key of the wrong kind, is a signature that does not verify. */
function refusalOf(error: unknown, name: string): Error {
  if (isGatewayError(error)) return error;
  if (error instanceof errors.JWTExpired) return refused('EXPIRED', name);
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(FAILED_CLAIMS[error.claim] ?? 'CLAIMS', `${name}: ${error.claim}`);
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('ALGORITHM', name);
  if (error instanceof errors.JOSENotSupported) return refused('CRITICAL', name);
  if (error instanceof errors.JWKSMultipleMatchingKeys) return refused('UNKNOWN_KEY', name);
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return refused('MALFORMED', name);
  return refused('SIGNATURE', name);
}

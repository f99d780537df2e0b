// The break-glass token: a shared secret that makes an operator while no issuer can be reached. Each use is logged.

import { timingSafeEqual } from 'node:crypto';
import { compileReferences, type ReferenceSources, SecretReferenceError } from '../../references.ts';
import { createIdentity, type Identity } from './identity.ts';
import { digestOf } from './token-digest.ts';

/** All that a shared token proves. Actions are recorded under this name. */
export const BREAK_GLASS: Identity = createIdentity({
  actor: { kind: 'staff', name: 'break-glass' },
  roles: new Set(['operator']),
  scopes: new Set(),
  client: { id: null, class: undefined },
  issuer: null,
});

/** Fewest characters of a token, as in settings.ts: too many to guess. */
const SHORTEST = 16;

/**
 * Whether the digest of a sent token is that of the break-glass token, which is read again at each use.
 * @param token a text or a reference; `undefined`: there is none
 * @throws SecretReferenceError when the reference cannot be resolved at the start, or resolves to too short a token
 */
export function createBreakGlassCheck(
  token: string | undefined,
  references: ReferenceSources,
): ((digest: string) => boolean) | undefined {
  if (token === undefined) return undefined;
  const readText = compileReferences(token, references);
  const read = (): string => {
    const text = readText();
    if (text.length >= SHORTEST) return text;
    throw new SecretReferenceError(`found ${text.length} characters, expected at least ${SHORTEST}`);
  };
  // Checked at the start, not at the first use.
  try {
    read();
  } catch (error) {
    throw new SecretReferenceError(
      `OPERATOR_TOKEN: ${(error as Error).message}. Let it lead to a token of ${SHORTEST} characters or more, or leave it out.`,
      { cause: error },
    );
  }
  let text: string | undefined;
  let expected = Buffer.alloc(0);
  return (digest) => {
    try {
      const current = read();
      if (current !== text) {
        text = current;
        expected = Buffer.from(digestOf(current));
      }
    } catch {
      // A reference that could be resolved at the start may fail later; then nobody has the token.
      return false;
    }
    return timingSafeEqual(Buffer.from(digest), expected);
  };
}

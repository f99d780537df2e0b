// Who operates the gateway: whoever sends the shared token, until people sign in. The check runs only for fields and routes
// for operators, so other requests cost nothing.

import { createHash, timingSafeEqual } from 'node:crypto';
import { ANONYMOUS, createIdentity, type Identify, type Identity } from './identity/identity.ts';

/** Why a request has no operator. */
export type OperatorRefusal = 'NO_TOKEN' | 'WRONG_TOKEN' | 'NO_OPERATORS';

/** The operator who sent a request, by its `Authorization` header. */
export type CheckOperator = (authorization: string | undefined) => Identity | OperatorRefusal;

/** All that a shared token proves. Actions are recorded under this name and not under that of an officer. */
const TOKEN_HOLDER: Identity = createIdentity({
  ...ANONYMOUS,
  actor: { kind: 'staff', name: 'operator-token' },
  roles: new Set(['operator']),
});

/** @param token returns the current token and may throw when it can no longer be read; `undefined`: there are no operators */
export function createOperatorCheck(token: (() => string) | undefined): CheckOperator {
  if (token === undefined) return () => 'NO_OPERATORS';
  return (authorization) => {
    const sent = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (sent === undefined) return 'NO_TOKEN';
    const expected = readToken(token);
    if (expected === undefined) return 'NO_OPERATORS';
    // The comparison needs equal lengths, which digests have; its duration reveals nothing about the token.
    return timingSafeEqual(digest(sent), digest(expected)) ? TOKEN_HOLDER : 'WRONG_TOKEN';
  };
}

/** A reference that could be resolved at start may fail later. */
function readToken(token: () => string): string | undefined {
  try {
    return token();
  } catch {
    return undefined;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const isOperator = (checked: Identity | OperatorRefusal): checked is Identity =>
  typeof checked === 'object';

/** Until people sign in, every request without the token of operators runs as one configured officer. */
export function createIdentify(checkOperator: CheckOperator, officer: string, agency: string): Identify {
  const everybody = createIdentity({
    ...ANONYMOUS,
    actor: { kind: 'officer', officer, agency },
    roles: new Set(['handler']),
  });
  return ({ authorization }) => {
    const checked = checkOperator(typeof authorization === 'string' ? authorization : undefined);
    return isOperator(checked) ? checked : everybody;
  };
}

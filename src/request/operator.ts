// Who operates the gateway: whoever sends the shared token, until people sign in. The check runs only for fields and routes
// for operators, so other requests cost nothing.

import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError, type LocalizedText } from '../errors.ts';
import type { OperatorActor } from './actor.ts';

/** Why a request has no operator. */
export type OperatorRefusal = 'NO_TOKEN' | 'WRONG_TOKEN' | 'NO_OPERATORS';

/** The operator who sent a request, by its `Authorization` header. */
export type CheckOperator = (authorization: string | undefined) => OperatorActor | OperatorRefusal;

/** All that a shared token proves. Actions are recorded under this name and not under that of an officer. */
const TOKEN_HOLDER: OperatorActor = { kind: 'operator', name: 'operator-token' };

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

export const isOperator = (checked: OperatorActor | OperatorRefusal): checked is OperatorActor =>
  typeof checked === 'object';

/** @throws GatewayError UNAUTHENTICATED without a token, FORBIDDEN with a wrong token; the reason contains what to send */
export function requireOperator(checked: OperatorActor | OperatorRefusal): OperatorActor {
  if (isOperator(checked)) return checked;
  const code = checked === 'WRONG_TOKEN' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  throw new GatewayError(code, { reason: REASONS[checked] });
}

const REASONS: Readonly<Record<OperatorRefusal, LocalizedText>> = {
  NO_TOKEN: {
    vi: 'Chỉ dành cho người vận hành: hãy gửi Authorization: Bearer <mã người vận hành>.',
    en: 'For operators only: send Authorization: Bearer <operator token>.',
  },
  WRONG_TOKEN: {
    vi: 'Mã người vận hành không đúng.',
    en: 'The operator token is not the right one.',
  },
  NO_OPERATORS: {
    vi: 'Cổng này chưa có mã người vận hành: hãy đặt OPERATOR_TOKEN.',
    en: 'This gateway has no operator token: set OPERATOR_TOKEN.',
  },
};

// Is the sender of a request an operator? One shared token says so until sign-in comes. Made once by `http/`, asked by the
// fields that are for operators only, so a request without them costs nothing.

import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError, type Locale, type LocalizedText } from '../errors.ts';

/** What the `Authorization` header of a request says of its sender. */
export type OperatorStanding = 'OPERATOR' | 'NO_TOKEN' | 'WRONG_TOKEN' | 'NO_OPERATORS';

/** @param token the token of the moment, may throw where there is none any more; `undefined` where none is set: nobody is an operator then */
export function createOperatorCheck(
  token: (() => string) | undefined,
): (authorization: string | undefined) => OperatorStanding {
  if (token === undefined) return () => 'NO_OPERATORS';
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return 'NO_TOKEN';
    const wanted = tokenNow(token);
    // What was a token at start may lead nowhere now.
    if (wanted === undefined) return 'NO_OPERATORS';
    // Digests have one length, which the comparison wants, and how long it takes tells nothing of the token.
    return timingSafeEqual(digest(given), digest(wanted)) ? 'OPERATOR' : 'WRONG_TOKEN';
  };
}

function tokenNow(token: () => string): string | undefined {
  try {
    return token();
  } catch {
    return undefined;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** @throws GatewayError UNAUTHENTICATED without a token, FORBIDDEN with a wrong one; with the way out */
export function assertOperator(standing: OperatorStanding, locale: Locale): void {
  if (standing === 'OPERATOR') return;
  const code = standing === 'WRONG_TOKEN' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  throw new GatewayError(code, { reason: REASONS[standing][locale] });
}

const REASONS: Readonly<Record<Exclude<OperatorStanding, 'OPERATOR'>, LocalizedText>> = {
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

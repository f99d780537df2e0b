import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { OperatorActor } from '../../src/request/actor.ts';
import {
  createOperatorCheck,
  isOperator,
  type OperatorRefusal,
  requireOperator,
} from '../../src/request/operator.ts';

const TOKEN = 'a-token-of-operators';

describe('who is an operator', () => {
  const HOLDER: OperatorActor = { kind: 'operator', name: 'operator-token' };

  it.each<[string, string | undefined, OperatorActor | OperatorRefusal]>([
    ['the token', `Bearer ${TOKEN}`, HOLDER],
    ['the token, the scheme in lower case', `bearer ${TOKEN} `, HOLDER],
    ['nothing', undefined, 'NO_TOKEN'],
    ['another scheme', 'Basic YTpi', 'NO_TOKEN'],
    ['another token', `Bearer ${TOKEN}x`, 'WRONG_TOKEN'],
    ['its beginning', `Bearer ${TOKEN.slice(0, -1)}`, 'WRONG_TOKEN'],
    ['the token and more', `Bearer ${TOKEN} x`, 'NO_TOKEN'],
  ])('%s · sent · then %j', (_, authorization, expected) => {
    const checked = createOperatorCheck(() => TOKEN)(authorization);
    expect(checked).toEqual(expected);
    expect(isOperator(checked)).toBe(expected === HOLDER);
  });

  it('a token · renewed while the gateway runs · then the new one is accepted, and the old one is not', () => {
    let token = TOKEN;
    const check = createOperatorCheck(() => token);
    token = 'another-token-of-operators';
    expect(check(`Bearer ${TOKEN}`)).toBe('WRONG_TOKEN');
    expect(check(`Bearer ${token}`)).toEqual(HOLDER);
  });

  it('a token that can no longer be read · then there are no operators, and no request fails', () => {
    const check = createOperatorCheck(() => {
      throw new Error('the file is gone');
    });
    expect(check(`Bearer ${TOKEN}`)).toBe('NO_OPERATORS');
    expect(check(undefined)).toBe('NO_TOKEN');
  });

  it('no token is set · any header sent · then no operator', () => {
    expect(createOperatorCheck(undefined)(`Bearer ${TOKEN}`)).toBe('NO_OPERATORS');
  });

  it.each<[OperatorRefusal, string, RegExp]>([
    ['NO_TOKEN', 'UNAUTHENTICATED', /Authorization: Bearer/],
    ['WRONG_TOKEN', 'FORBIDDEN', /not the right one/],
    ['NO_OPERATORS', 'UNAUTHENTICATED', /OPERATOR_TOKEN/],
  ])('%s · at a field for operators · then an error with the way out', (standing, code, reason) => {
    const refusal = (() => {
      try {
        requireOperator(standing);
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(refusal).toBeInstanceOf(GatewayError);
    expect(refusal).toMatchObject({
      code,
      reason: { en: expect.stringMatching(reason), vi: expect.any(String) },
    });
  });

  it('an operator · at such a field · then the operator', () => {
    expect(requireOperator(HOLDER)).toBe(HOLDER);
  });
});

import { describe, expect, it } from 'vitest';
import { ANONYMOUS, createIdentity, type Identity } from '../../src/request/identity/identity.ts';
import { createOperatorCheck, isOperator, type OperatorRefusal } from '../../src/request/operator.ts';

const TOKEN = 'a-token-of-operators';

describe('who is an operator', () => {
  const HOLDER = createIdentity({
    ...ANONYMOUS,
    actor: { kind: 'staff', name: 'operator-token' },
    roles: new Set(['operator']),
  });

  it.each<[string, string | undefined, Identity | OperatorRefusal]>([
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
});

// The text that says which answers are the same: what differs must show, what says only who asked when must not.
import { describe, expect, it } from 'vitest';
import { compileInputKey } from '../../src/connect/bind/call.ts';
import { compileSharedKey, type Sharing } from '../../src/connect/bind/shared-key.ts';
import type { ConnectContext, Purpose } from '../../src/connect/contract.ts';
import type { VariableUse } from '../../src/connect/mapping/index.ts';
import { callerOf } from '../../src/request/actor.ts';

function use(text: string): VariableUse {
  const [variable, ...path] = text.split('.');
  return { variable: variable as VariableUse['variable'], path };
}
const PURPOSE: Purpose = { dossier: 'D1', procedure: 'P1' };
const context = (officer = 'o1', agency = 'a1') =>
  ({ caller: callerOf({ kind: 'officer', officer, agency }) }) as ConnectContext;

const key = (uses: string[], vars: object, sharing: Sharing = 'ANYONE', purpose = PURPOSE, who = context()) =>
  compileSharedKey(uses.map(use), sharing)(vars, purpose, who);

describe('a shared key', () => {
  it('what is read · differs with it; what is not read · does not', () => {
    expect(key(['$this.id'], { this: { id: '1', name: 'a' } })).toBe(
      key(['$this.id'], { this: { id: '1' } }),
    );
    expect(key(['$this.id'], { this: { id: '1' } })).not.toBe(key(['$this.id'], { this: { id: '2' } }));
    expect(key(['$this.id'], { this: { id: '1' } })).not.toBe(key(['$this.id'], { this: { id: 1 } }));
  });

  it('two values · have different keys', () => {
    const uses = ['$args.a', '$args.b'];
    expect(key(uses, { args: { a: 'xs1:', b: '' } })).not.toBe(key(uses, { args: { a: 'x', b: 's1:' } }));
  });

  it('a path through a list · differs with the items', () => {
    const uses = ['$this.refs.code'];
    expect(key(uses, { this: { refs: [{ code: 1 }] } })).not.toBe(
      key(uses, { this: { refs: [{ code: 2 }] } }),
    );
    const inputKey = compileInputKey(uses.map(use));
    expect(inputKey({ this: { refs: [{ code: 1 }] } }, PURPOSE)).not.toBe(
      inputKey({ this: { refs: [{ code: 2 }] } }, PURPOSE),
    );
  });

  it('a batch · differs with its keys', () => {
    expect(key(['$batch.id'], { batch: [{ id: 1 }] })).not.toBe(key(['$batch.id'], { batch: [{ id: 2 }] }));
  });

  it('the context · actor, purpose, locale and client headers count; ids and times do not', () => {
    const uses = [
      '$context.actor.officer',
      '$context.purpose.dossier',
      '$context.request.locale',
      '$request.headers.x',
    ];
    const vars = (officer: string, dossier: string, locale: string, x: string) => ({
      context: { actor: { officer }, purpose: { dossier }, request: { locale } },
      request: { headers: { x: [x] } },
    });
    const all = [
      vars('o', 'd', 'vi', 'x'),
      vars('p', 'd', 'vi', 'x'),
      vars('o', 'e', 'vi', 'x'),
      vars('o', 'd', 'en', 'x'),
      vars('o', 'd', 'vi', 'y'),
    ].map((each) => key(uses, each));
    expect(new Set(all).size).toBe(5);
    const timely = ['$context.call.id', '$context.request.id', '$context.request.at'];
    expect(key(timely, { context: { call: { id: 1 }, request: { id: 1, at: 1 } } })).toBe('');
  });

  it('the whole context read · no key, so nothing is shared', () => {
    expect(key(['$context'], { context: {} })).toBeUndefined();
    expect(key(['$context.request'], { context: {} })).toBeUndefined();
  });

  it('for the same caller only · differs with officer, agency, dossier and procedure', () => {
    const vars = { this: { id: '1' } };
    const uses = ['$this.id'];
    const keys = [
      key(uses, vars, 'SAME_CALLER'),
      key(uses, vars, 'SAME_CALLER', { ...PURPOSE, dossier: 'D2' }),
      key(uses, vars, 'SAME_CALLER', { ...PURPOSE, procedure: 'P2' }),
      key(uses, vars, 'SAME_CALLER', PURPOSE, context('o2')),
      key(uses, vars, 'SAME_CALLER', PURPOSE, context('o1', 'a2')),
    ];
    expect(new Set(keys).size).toBe(5);
    expect(compileSharedKey([], 'SAME_CALLER')(vars, undefined, context())).toBeDefined();
  });
});

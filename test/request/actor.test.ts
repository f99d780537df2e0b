import { expect, it } from 'vitest';
import { type Actor, callerOf } from '../../src/request/actor.ts';

const ACTORS: Actor[] = [
  { kind: 'anonymous' },
  { kind: 'citizen', personalId: 'A' },
  { kind: 'citizen', personalId: 'B' },
  { kind: 'enterprise', code: 'A', personalId: null },
  { kind: 'enterprise', code: 'A', personalId: 'A' },
  { kind: 'machine', client: 'A', agency: null },
  { kind: 'machine', client: 'A', agency: 'A' },
  { kind: 'staff', name: 'A' },
  { kind: 'officer', officer: 'A', agency: 'B' },
  { kind: 'officer', officer: 'A","B', agency: 'C' },
  { kind: 'officer', officer: 'A', agency: 'B","C' },
];

it('actors · of every kind · then each is a caller of its own, by value', () => {
  const keys = ACTORS.map((actor) => callerOf(actor).key);
  expect(new Set(keys).size).toBe(ACTORS.length);
  expect(keys).toEqual(ACTORS.map((actor) => callerOf({ ...actor }).key));
});

it('$context.actor · of an officer · then officer and agency; of a program · then its agency; of anybody else · then null', () => {
  for (const actor of ACTORS) {
    const { officer, agency } = callerOf(actor).actor;
    expect([officer, agency]).toEqual(
      actor.kind === 'officer'
        ? [actor.officer, actor.agency]
        : [null, actor.kind === 'machine' ? actor.agency : null],
    );
  }
});

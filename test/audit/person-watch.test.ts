// Persons whom many officers look up: one alarm per person and window, without naming anybody.

import { expect, it } from 'vitest';
import { createPersonWatch, OFFICERS_LIMIT, WATCH_WINDOW_MS } from '../../src/audit/person-watch.ts';
import { createLog } from '../../src/observe/log.ts';

const DIGEST = 'kQ3mUq8vSxk5v7JcZ0yB1n2pR4tW6aE9hL0fDgKiMoU';

function aWatch() {
  const lines: string[] = [];
  let at = 0;
  const watch = createPersonWatch(
    createLog({ level: 'debug', write: (line) => void lines.push(line) }),
    () => at,
  );
  const look = (officer: number, more: Partial<Parameters<typeof watch.look>[0][0]> = {}) =>
    watch.look([
      {
        kind: 'ACCESS',
        system: 'population',
        subject: DIGEST,
        actorKind: 'officer',
        actor: `CB${officer}`,
        ...more,
      },
    ]);
  return { ...watch, look, lines, pass: (ms: number) => (at += ms) };
}

it('more officers than the limit · within the window · then one alarm that names nobody', () => {
  const watch = aWatch();
  for (let i = 0; i < OFFICERS_LIMIT; i++) for (let again = 0; again < 3; again++) watch.look(i);
  expect(watch.alarms()).toBe(0);
  for (let i = 0; i < 5; i++) watch.look(OFFICERS_LIMIT + i);
  expect(watch.alarms()).toBe(1);
  expect(watch.lines).toHaveLength(1);
  expect(watch.lines[0]).not.toContain(DIGEST);
  expect(watch.lines[0]).not.toContain('CB');
});

it('the same officers · spread over several windows · then no alarm', () => {
  const watch = aWatch();
  for (let i = 0; i < 4 * OFFICERS_LIMIT; i++) {
    watch.look(i);
    watch.pass(WATCH_WINDOW_MS / 5);
  }
  expect(watch.alarms()).toBe(0);
});

it('dossiers of the store, other callers, actions and unknown subjects · then not counted', () => {
  const watch = aWatch();
  for (let i = 0; i < 3 * OFFICERS_LIMIT; i++) {
    watch.look(i, { system: 'store' });
    watch.look(i, { actorKind: 'machine' });
    watch.look(i, { kind: 'ACTION' });
    watch.look(i, { subject: null });
    watch.look(i, { subject: `${DIGEST}${i}` });
  }
  expect(watch.alarms()).toBe(0);
});

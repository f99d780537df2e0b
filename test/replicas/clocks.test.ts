// Two replicas on one PostgreSQL whose machines disagree about the time: what they share follows the clock of the database.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGuard, type Guard, type QuotaLimits } from '../../src/guard/guard.ts';
import { createLog } from '../../src/observe/log.ts';
import { createReplicas, type Replicas } from '../../src/replicas/replicas.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { eventually } from '../gateway/eventually.ts';
import { aGuardOptions } from '../guard/made.ts';
import { postgres, type StorePlace } from '../store/each-store.ts';

const SCOPE = { signal: new AbortController().signal, deadlineAt: Number.POSITIVE_INFINITY };

interface Machine {
  readonly store: Store;
  readonly replicas: Replicas;
  readonly log: Record<string, unknown>[];
  /** What its wall clock shows beyond the time, ms. */
  skewMs: number;
  guard(quota?: QuotaLimits): Guard;
}

describe.skipIf(postgres === null)('two machines with different clocks', () => {
  let place: StorePlace;
  const open: { close(): unknown }[] = [];
  beforeEach(async () => {
    place = await (postgres as NonNullable<typeof postgres>).place();
  });
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
    await place.drop();
  });

  async function aMachine(skewMs: number): Promise<Machine> {
    const store = await openStore(place.options);
    const log: Record<string, unknown>[] = [];
    const clock = { skewMs };
    const now = (): number => Date.now() + clock.skewMs;
    const replicas = await createReplicas({
      store,
      now,
      log: createLog({ write: (line) => void log.push(JSON.parse(line)) }),
    });
    open.push(store, replicas);
    const machine: Machine = {
      store,
      replicas,
      log,
      get skewMs() {
        return clock.skewMs;
      },
      set skewMs(ms) {
        clock.skewMs = ms;
      },
      guard: (quota) => {
        const guard = createGuard(aGuardOptions({ quota: quota && { ...quota, classes: {} } }), {
          now,
          sharedNow: replicas.now,
          ...(quota !== undefined && { quotaLedger: replicas.quotaLedger('postal', quota) }),
        } as Parameters<typeof createGuard>[1]);
        const end = replicas.onGate((_, setting) => guard.setGate(setting));
        open.push({ close: end }, guard);
        return guard;
      },
    };
    return machine;
  }

  const call = (guard: Guard): Promise<boolean> =>
    guard
      .run('Op', async () => true, SCOPE)
      .catch((error) => {
        if (error.code !== 'QUOTA_EXCEEDED') throw error;
        return false;
      });

  describe.each([
    ['two seconds apart', 1_500, -500],
    ['one two seconds late', 0, -2_000],
    ['five minutes early', 300_000, 0],
    ['ten minutes apart', 300_000, -300_000],
  ])('%s', (_, first, second) => {
    it('a quota of 10 a second · then at most 10 of each second of the database, and both get some', async () => {
      const machines = [await aMachine(first), await aMachine(second)];
      const guards = machines.map((machine) => machine.guard({ perSecond: 10 }));
      const seconds = new Map<number, number>();
      const shares = [0, 0];
      const endsAt = performance.now() + 3_200;
      const press = async (guard: Guard, i: number): Promise<void> => {
        while (performance.now() < endsAt) {
          // The second of the database in which the call is made, as the other machine knows it.
          const at = (machines[1 - i] as Machine).replicas.now();
          if (await call(guard)) {
            const second = Math.floor(at / 1_000);
            seconds.set(second, (seconds.get(second) ?? 0) + 1);
            shares[i] = (shares[i] ?? 0) + 1;
          } else await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      await Promise.all(guards.map(press));
      // A call at the very edge of a second may count in the one before.
      for (const count of seconds.values()) expect(count).toBeLessThanOrEqual(11);
      const total = [...seconds.values()].reduce((sum, count) => sum + count, 0);
      expect(total).toBeLessThanOrEqual(10 * 5);
      expect(total).toBeGreaterThanOrEqual(10 * 3);
      expect(Math.min(...shares)).toBeGreaterThan(0);
    });

    it('a quota of a day · then the day is the same for both', async () => {
      const [one, other] = [await aMachine(first), await aMachine(second)];
      const guards = [one.guard({ perDay: 20 }), other.guard({ perDay: 20 })];
      let taken = 0;
      for (let i = 0; i < 60; i++) if (await call(guards[i % 2] as Guard)) taken++;
      expect(taken).toBe(20);
    });

    it('a gate closed until a time · then it opens on both at that time, and at no other', async () => {
      const [one, other] = [await aMachine(first), await aMachine(second)];
      const guards = [one.guard(), other.guard()];
      const until = one.replicas.now() + 1_500;
      await one.replicas.setGate('any', { gate: 'CLOSED', until }, 'CB0001');
      await eventually(() => guards.every((guard) => !guard.gate().passes), 'closed on both', 1_000);
      const openedAt = await Promise.all(
        guards.map(async (guard) => {
          await eventually(() => guard.gate().passes, 'open again', 4_000);
          return other.replicas.now();
        }),
      );
      for (const at of openedAt) {
        expect(at).toBeGreaterThanOrEqual(until - 20);
        expect(at).toBeLessThan(until + 500);
      }
    });

    it('the view · then both are alive, with times of the database and their own skew', async () => {
      const [one, other] = [await aMachine(first), await aMachine(second)];
      const views = await one.replicas.views();
      expect(views.map(({ isThis }) => isThis)).toEqual([true, false]);
      for (const { startedAt, seenAt } of views) {
        expect(Math.abs(startedAt - Date.now())).toBeLessThan(10_000);
        expect(Math.abs(seenAt - Date.now())).toBeLessThan(10_000);
      }
      expect(views[0]?.clockSkewMs).toBeCloseTo(first, -2);
      expect(views[1]?.clockSkewMs).toBeCloseTo(second, -2);
      for (const { log, skewMs } of [one, other]) {
        const lines = log.filter(({ clockSkewMs }) => clockSkewMs !== undefined);
        expect(lines).toHaveLength(Math.abs(skewMs) > 1_000 ? 1 : 0);
      }
    });
  });

  it('a clock that jumps while it runs · then the quota and the gate follow the database all the time', async () => {
    const machine = await aMachine(0);
    const guard = machine.guard({ perDay: 10 });
    await machine.replicas.setGate(
      'any',
      { gate: 'CLOSED', until: machine.replicas.now() + 60_000 },
      'CB0001',
    );
    for (const skew of [300_000, -300_000, 86_400_000, -86_400_000]) {
      machine.skewMs = skew;
      expect(guard.gate().passes).toBe(false);
      expect(Math.abs(machine.replicas.now() - Date.now())).toBeLessThan(100);
    }
    await machine.replicas.setGate('any', { gate: 'AUTOMATIC' }, 'CB0001');
    let taken = 0;
    for (let i = 0; i < 24; i++) {
      machine.skewMs = i % 2 === 0 ? 86_400_000 : -86_400_000;
      if (await call(guard)) taken++;
    }
    expect(taken).toBe(10);
  });
});

// Ledgers of several replicas over one store: what they hand out together, what it costs, and what holds while the store is away.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { QuotaLimits } from '../../src/guard/contract.ts';
import { createQuota } from '../../src/guard/quota/quota.ts';
import { createLog } from '../../src/observe/log.ts';
import { createLeaseDesk } from '../../src/replicas/lease-desk.ts';
import { createLeasedLedger } from '../../src/replicas/leased-ledger.ts';
import { createReplicaStatements } from '../../src/replicas/replica-statements.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';

const NOON = Date.parse('2026-11-25T12:00:00+07:00');
const MIDNIGHT = Date.parse('2026-11-25T00:00:00+07:00');
const REPLICAS = 3;
const RUNS = Number(process.env.LEDGER_RUNS ?? 60);

let place: StorePlace;
let store: Store;
let statements: ReturnType<typeof createReplicaStatements>;
let made = 0;
/** Of one test: no other has counted for it. */
const aConnector = (): string => `connector-${made++}`;

/** The calls that the store counts for a connector today. */
async function countedOf(connector: string, kind: 'second' | 'day' = 'day'): Promise<number> {
  const rows = await store.db
    .selectFrom('quota_counts')
    .select('used')
    .where('connector', '=', connector)
    .where('kind', '=', kind)
    .execute();
  return rows.reduce((sum, { used }) => sum + used, 0);
}

type Run = Store['run'];

/** A ledger as a replica has it, with what lies between it and the store. */
function aLedger(
  connector: string,
  limits: QuotaLimits,
  { run = (...args) => store.run(...args) as never, living = REPLICAS }: { run?: Run; living?: number } = {},
) {
  const clock = { at: NOON };
  const log: string[] = [];
  let leases = 0;
  const counting: Run = (...args) => {
    leases++;
    return run(...args) as never;
  };
  const desk = createLeaseDesk({
    store: { run: counting },
    statements,
    clock: { tick: () => clock.at, measured: () => {} },
    log: createLog({ write: (line) => void log.push(JSON.parse(line).msg) }),
  });
  const ledger = createLeasedLedger(connector, limits, { desk, living: () => living, now: () => clock.at });
  const take = async (allowed: number): Promise<boolean> => ledger.take('day', MIDNIGHT, allowed);
  return {
    clock,
    log,
    ledger,
    take,
    leases: () => leases,
    giveBack: (allowed: number) => ledger.giveBack('day', MIDNIGHT, allowed),
    used: () => ledger.used('day', MIDNIGHT),
  };
}

const taken = async (calls: Promise<boolean>[]): Promise<number> =>
  (await Promise.all(calls)).filter(Boolean).length;

interface Call {
  readonly replica: number;
  readonly isBatch: boolean;
  readonly isGivenBack: boolean;
}
const call: fc.Arbitrary<Call> = fc.record({
  replica: fc.nat(REPLICAS - 1),
  isBatch: fc.boolean(),
  isGivenBack: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
});
const limit = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 90 }));
const blockOf = (max: number): number => Math.max(1, Math.floor(max / 16));

describe.each(storeCases)('on $kind', ({ place: makePlace, kind }) => {
  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
    statements = createReplicaStatements(store.db);
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await place?.drop();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('any concurrent calls of all replicas · never exceed the limit together, and the store ends with the exact count', async () => {
    // A machine that is busy must not turn a slow lease into an outage.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        limit,
        fc.array(call, { maxLength: 120 }),
        async (scheduler, max, calls) => {
          const connector = aConnector();
          const ceiling = Math.max(1, Math.floor(max / 2));
          // Statements arrive, and their answers, in any order.
          const run: Run = async (statement, params) => {
            await scheduler.schedule(Promise.resolve(), 'sent');
            const rows = await store.run(statement, params);
            await scheduler.schedule(Promise.resolve(), 'answered');
            return rows as never;
          };
          const replicas = Array.from({ length: REPLICAS }, () =>
            aLedger(connector, { perDay: max }, { run }),
          );
          let held = 0;
          let ofBatch = 0;
          const end = calls.map(async ({ replica, isBatch, isGivenBack }) => {
            const allowed = isBatch ? ceiling : max;
            const { take, giveBack } = replicas[replica] as (typeof replicas)[0];
            // Each comes at its own moment.
            await scheduler.schedule(Promise.resolve(), 'called');
            if (!(await take(allowed))) return false;
            held++;
            if (isBatch) ofBatch++;
            expect(held).toBeLessThanOrEqual(max);
            expect(ofBatch).toBeLessThanOrEqual(ceiling);
            if (isGivenBack) {
              held--;
              if (isBatch) ofBatch--;
              giveBack(allowed);
            }
            return true;
          });
          await scheduler.waitFor(Promise.all(end));
          await scheduler.waitFor(Promise.all(replicas.map(({ ledger }) => ledger.settle())));
          expect(await countedOf(connector)).toBe(held);
          expect(replicas.flatMap(({ log }) => log)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  }, 120_000);

  it('any sequential calls · a class is refused when its share is used, and not much earlier', async () => {
    await fc.assert(
      fc.asyncProperty(limit, fc.array(call, { maxLength: 120 }), async (max, calls) => {
        const connector = aConnector();
        const ceiling = Math.max(1, Math.floor(max / 2));
        const replicas = Array.from({ length: REPLICAS }, () => aLedger(connector, { perDay: max }));
        let held = 0;
        for (const { replica, isBatch, isGivenBack } of calls) {
          const allowed = isBatch ? ceiling : max;
          const { take, giveBack, ledger } = replicas[replica] as (typeof replicas)[0];
          if (await take(allowed)) {
            expect(held).toBeLessThan(allowed);
            if (isGivenBack) {
              giveBack(allowed);
              // What a class gives back is there for all as soon as the store knows.
              if (isBatch) await ledger.settle();
            } else held++;
          } else {
            // What the others hold in advance is not there for this one; calls given back may lie with them, too.
            const back = calls.filter((each) => each.isGivenBack && !each.isBatch).length;
            expect(held).toBeGreaterThanOrEqual(allowed - REPLICAS * blockOf(max) - back);
          }
        }
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  it('concurrent calls · share one lease', async () => {
    const { take, leases } = aLedger(aConnector(), { perDay: 1_000 });
    expect(await taken(Array.from({ length: 100 }, () => take(1_000)))).toBe(100);
    // The first one's, and that of those who came while it was under way.
    expect(leases()).toBe(2);
  });

  it('sequential calls · one lease per block, and no waiting in between', async () => {
    const { take, ledger, leases } = aLedger(aConnector(), { perDay: 1_600 });
    expect(await take(1_600)).toBe(true);
    for (let i = 1; i < 100; i++) expect(ledger.take('day', MIDNIGHT, 1_600)).toBe(true);
    expect(leases()).toBe(1);
    expect(await take(1_600)).toBe(true);
    expect(leases()).toBe(2);
  });

  it('the last calls of a window · are not held by a replica that does not need them', async () => {
    const connector = aConnector();
    const [greedy, idle] = [aLedger(connector, { perDay: 64 }), aLedger(connector, { perDay: 64 })] as const;
    for (let i = 0; i < 60; i++) expect(await greedy.take(64)).toBe(true);
    expect(await idle.take(64)).toBe(true);
    for (let i = 61; i < 64; i++) expect(await greedy.take(64)).toBe(true);
    expect(await greedy.take(64)).toBe(false);
  });

  it('a used-up window · refuses at once, without the store', async () => {
    const { take, ledger, leases } = aLedger(aConnector(), { perDay: 2 });
    expect(await taken([take(2), take(2), take(2)])).toBe(2);
    const before = leases();
    for (let i = 0; i < 50; i++) expect(ledger.take('day', MIDNIGHT, 2)).toBe(false);
    expect(leases()).toBe(before);
  });

  it('a used-up day · read again after half a minute, for calls that others returned', async () => {
    const connector = aConnector();
    const [one, other] = [aLedger(connector, { perDay: 32 }), aLedger(connector, { perDay: 32 })] as const;
    expect(await other.take(32)).toBe(true);
    while (await one.take(32));
    await other.ledger.settle();
    expect(await one.take(32)).toBe(false);
    one.clock.at += 30_001;
    expect(await one.take(32)).toBe(true);
    expect(await one.take(32)).toBe(false);
  });

  it('calls unused between two heartbeats · returned, and leased again when needed', async () => {
    const connector = aConnector();
    const { take, ledger } = aLedger(connector, { perDay: 160 });
    await take(160);
    expect(await countedOf(connector)).toBe(10);
    ledger.tidy();
    expect(await countedOf(connector)).toBe(10);
    ledger.tidy();
    await vi.waitFor(async () => expect(await countedOf(connector)).toBe(1));
    expect(await take(160)).toBe(true);
    await ledger.settle();
    expect(await countedOf(connector)).toBe(2);
  });

  it('calls of a class that did not reach the source · available to the class again, on any replica', async () => {
    const connector = aConnector();
    const [one, other] = [aLedger(connector, { perDay: 4 }), aLedger(connector, { perDay: 4 })] as const;
    expect(await taken([one.take(2), one.take(2), other.take(2)])).toBe(2);
    one.giveBack(2);
    await vi.waitFor(async () => expect(await countedOf(connector)).toBe(1));
    const third = aLedger(connector, { perDay: 4 });
    expect(await third.take(2)).toBe(true);
    expect(await third.take(2)).toBe(false);
    expect(await third.take(4)).toBe(true);
  });

  it('the next second · starts from zero', async () => {
    const connector = aConnector();
    const { ledger } = aLedger(connector, { perSecond: 2 });
    const inSecond = async (at: number): Promise<number> =>
      taken([1, 2, 3].map(async () => ledger.take('second', at, 2)));
    expect(await inSecond(NOON)).toBe(2);
    expect(await inSecond(NOON + 1_000)).toBe(2);
    ledger.giveBack('second', NOON, 2);
    expect(ledger.used('second', NOON)).toBe(0);
    expect(ledger.used('second', NOON + 1_000)).toBe(2);
    expect(await countedOf(connector, 'second')).toBe(4);
  });

  it('a call aborted while it waits · ends with the reason of its signal, and uses no quota', async () => {
    const connector = aConnector();
    let letGo: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const run: Run = async (...args) => {
      await gate;
      return store.run(...args) as never;
    };
    const limits = { perSecond: 5, perDay: 1 };
    const { ledger } = aLedger(connector, limits, { run });
    const quota = createQuota({ ...limits, classes: {} }, ledger);
    const controller = new AbortController();
    const waiting = quota?.take(NOON, undefined, controller.signal);
    controller.abort(new GatewayError('DEADLINE_EXCEEDED'));
    await expect(waiting).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    letGo();
    await ledger.settle();
    await quota?.take(NOON, undefined, new AbortController().signal);
    await ledger.settle();
    expect(await countedOf(connector)).toBe(1);
    expect(await countedOf(connector, 'second')).toBe(1);
  });

  describe('an unavailable store', () => {
    const failing =
      (state: { isAway: boolean }): Run =>
      (...args) =>
        state.isAway
          ? Promise.reject(new GatewayError('STORE_UNAVAILABLE', { detail: 'store: test' }))
          : (store.run(...args) as never);

    it('each replica grants its fair share of the rest at once, logs it once, and counts it for all afterwards', async () => {
      const connector = aConnector();
      const state = { isAway: false };
      const { take, ledger, clock, log, leases } = aLedger(
        connector,
        { perDay: 30 },
        { run: failing(state), living: 3 },
      );
      expect(await take(30)).toBe(true);
      state.isAway = true;
      expect(await taken(Array.from({ length: 20 }, () => take(30)))).toBe(9);
      const before = leases();
      expect(ledger.take('day', MIDNIGHT, 30)).toBe(false);
      expect(leases()).toBe(before);
      clock.at += 1_001;
      expect(ledger.take('day', MIDNIGHT, 30)).toBe(false);
      await new Promise(setImmediate);
      expect(log).toHaveLength(1);
      expect(log[0]).toContain('the store does not answer');

      state.isAway = false;
      clock.at += 1_001;
      ledger.take('day', MIDNIGHT, 30);
      await vi.waitFor(() => expect(log).toHaveLength(2));
      expect(await countedOf(connector)).toBe(10);
      expect(await taken(Array.from({ length: 40 }, () => take(30)))).toBe(20);
      expect(await countedOf(connector)).toBe(30);
    });

    it('calls counted alone without a later lease · stored with the next heartbeat', async () => {
      const connector = aConnector();
      const state = { isAway: true };
      const limits = { perDay: 30, perSecond: 100 };
      const { take, ledger, clock, log } = aLedger(connector, limits, { run: failing(state) });
      expect(await taken([take(30), take(30)])).toBe(2);
      ledger.tidy();
      state.isAway = false;
      clock.at += 1_001;
      // The count of the second finds out that the store is back.
      ledger.take('second', NOON, 100);
      await vi.waitFor(() => expect(log).toHaveLength(2));
      expect(await countedOf(connector)).toBe(0);
      ledger.tidy();
      await vi.waitFor(async () => expect(await countedOf(connector)).toBe(2));
    });

    it('a limit smaller than the number of replicas · one call each', async () => {
      const { take } = aLedger(aConnector(), { perDay: 2 }, { run: failing({ isAway: true }), living: 5 });
      expect(await taken([take(2), take(2), take(2)])).toBe(1);
    });

    it('calls that others had used before the outage · are not granted again', async () => {
      const connector = aConnector();
      const state = { isAway: false };
      const other = aLedger(connector, { perDay: 10 });
      for (let i = 0; i < 8; i++) await other.take(10);
      const { take } = aLedger(connector, { perDay: 10 }, { run: failing(state), living: 2 });
      expect(await take(10)).toBe(true);
      state.isAway = true;
      expect(await taken(Array.from({ length: 10 }, () => take(10)))).toBe(1);
    });

    it('calls returned during the outage · can be granted again here', async () => {
      const { take, giveBack } = aLedger(
        aConnector(),
        { perDay: 4 },
        { run: failing({ isAway: true }), living: 2 },
      );
      expect(await taken([take(4), take(4), take(4)])).toBe(2);
      giveBack(4);
      expect(await taken([take(4), take(4)])).toBe(1);
    });
  });

  it('a store that does not answer in time · waiting calls continue alone; the late answer counts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const connector = aConnector();
    let letGo: () => void = () => {};
    const hang = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let hangs = true;
    const run: Run = async (...args) => {
      if (hangs) await hang;
      return store.run(...args) as never;
    };
    const { take, ledger, log, clock } = aLedger(connector, { perDay: 32 }, { run, living: 2 });
    const waiting = [take(32), take(32)];
    await vi.advanceTimersByTimeAsync(500);
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(log).toHaveLength(1);
    hangs = false;
    letGo();
    clock.at += 1_001;
    ledger.take('day', MIDNIGHT, 32);
    await vi.waitFor(() => expect(log).toHaveLength(2));
    await ledger.settle();
    expect(await countedOf(connector)).toBe(3);
    expect(ledger.used('day', MIDNIGHT)).toBe(3);
  });

  it.runIf(kind === 'postgres')(
    'many connections at once · the statement alone enforces the limit',
    async () => {
      const connector = aConnector();
      const asks = Array.from({ length: 200 }, (_, i) =>
        store.run(statements.lease, [connector, 'day', new Date(MIDNIGHT).toISOString(), 0, 150, 1, i % 3]),
      );
      const granted = (await Promise.all(asks)).reduce((sum, [row]) => sum + (row?.granted ?? 0), 0);
      expect(granted).toBe(150);
      expect(await countedOf(connector)).toBe(150);
    },
  );
});

// A source that asks one gateway for fewer calls is spared by all gateways on the store: over real sockets, with clocks that differ,
// without notifications, and with a store that is away. Each gateway is a guard and its replica object.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import type { Guard, Hold } from '../../src/guard/guard.ts';
import { createReplicas, type Replicas } from '../../src/replicas/replicas.ts';
import { createSharedHolds } from '../../src/replicas/shared-holds.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { eventually } from '../gateway/eventually.ts';
import { aGuardWith, type GuardOverrides } from '../guard/made.ts';
import { administer, postgres, type StorePlace, storeCases } from '../store/each-store.ts';
import { anUpstream, aRequest, aSource, type Behaviour, json } from '../upstream/a-source.ts';

/** What operators are promised. */
const WITHIN_MS = 2_000;

const refusing =
  (retryAfter: number): Behaviour =>
  (response) =>
    void response.writeHead(429, { 'retry-after': String(retryAfter) }).end();

interface Machine {
  readonly store: Store;
  readonly replicas: Replicas;
  readonly guard: Guard;
  /** @returns `OK`, or the code of the failure */
  call(operation?: string): Promise<string>;
  /** What is left of a hold, ms; 0 without one. */
  heldMs(operation?: string): number;
}

let place: StorePlace;
const open: { close(): unknown }[] = [];
const closeAll = async (): Promise<void> => {
  for (const each of open.splice(0).reverse()) await each.close();
};

async function aMachine(origin: string, skewMs = 0, overrides: GuardOverrides = {}): Promise<Machine> {
  const store = await openStore(place.options);
  const now = (): number => Date.now() + skewMs;
  const replicas = await createReplicas({ store, now });
  const upstream = anUpstream();
  const request = aRequest(origin);
  const guard = aGuardWith(
    { connector: 'busy', retry: { maxAttempts: 1 }, ...overrides },
    { now, sharedNow: replicas.now, onHold: (hold) => replicas.shareHold('busy', hold) },
  );
  for (const hold of replicas.holdsOf('busy')) guard.holdBack(hold);
  const end = replicas.onHold((connector, hold) => {
    if (connector === 'busy') guard.holdBack(hold);
  });
  open.push(store, replicas, guard, { close: end });
  return {
    store,
    replicas,
    guard,
    call: (operation = 'Thing') =>
      guard
        .run(operation, (signal) => upstream.attempt(request, signal), {
          signal: new AbortController().signal,
          deadlineAt: now() + 10_000,
        })
        .then(
          () => 'OK',
          ({ code }: GatewayError) => code,
        ),
    heldMs: (operation = 'Thing') => {
      const { heldBack, retryAfterMs = 0 } = guard.state(operation);
      return heldBack === true ? retryAfterMs : 0;
    },
  };
}

describe.each(storeCases)('one gateway on $kind', ({ place: makePlace }) => {
  beforeEach(async () => {
    place = await makePlace();
  }, 60_000);
  afterEach(async () => {
    await closeAll();
    await place.drop();
  });

  it('a hold · outlives a restart of the gateway', async () => {
    const source = await aSource(refusing(30));
    const before = await aMachine(source.origin);
    expect(await before.call()).toBe('UPSTREAM_THROTTLED');
    await eventually(
      async () => (await before.store.db.selectFrom('source_holds').selectAll().execute()).length === 1,
      'the row',
    );
    await closeAll();
    source.behave(json({}));
    const after = await aMachine(source.origin);
    expect(await after.call()).toBe('UPSTREAM_THROTTLED');
    expect(after.heldMs()).toBeGreaterThan(25_000);
    expect(source.asked).toHaveLength(1);
    // PGlite is opened twice, which takes its time on a busy machine.
  }, 60_000);

  it('a hold that has ended · is not kept', async () => {
    const source = await aSource(json({}));
    const { store, replicas, call } = await aMachine(source.origin);
    replicas.shareHold('busy', { operation: 'Thing', until: replicas.now() + 50 });
    expect(await call()).toBe('UPSTREAM_THROTTLED');
    await eventually(() => replicas.holdsOf('busy').length === 0, 'the end');
    expect(await call()).toBe('OK');
    const later = await createReplicas({ store });
    expect(later.holdsOf('busy')).toEqual([]);
    await later.close();
  });
});

describe.skipIf(postgres === null)('two gateways on one PostgreSQL', () => {
  beforeEach(async () => {
    place = await (postgres as NonNullable<typeof postgres>).place();
  });
  afterEach(async () => {
    await closeAll();
    await place.drop();
  });

  it.each([
    ['clocks that agree', 0, 0],
    ['clocks ten minutes apart', 300_000, -300_000],
  ])('%s · a refusal at one holds both back, until the time that the source named', async (_, a, b) => {
    const source = await aSource(refusing(2));
    const [one, other] = [await aMachine(source.origin, a), await aMachine(source.origin, b)];
    expect(await one.call()).toBe('UPSTREAM_THROTTLED');
    const refusedAt = performance.now();
    source.behave(json({}));
    await eventually(() => other.heldMs() > 0, 'the hold', WITHIN_MS);
    expect(other.heldMs()).toBeLessThanOrEqual(2_000);
    expect(await other.call()).toBe('UPSTREAM_THROTTLED');
    expect(source.asked).toHaveLength(1);
    for (const { call } of [other, one])
      await eventually(async () => (await call()) === 'OK', 'the end', 4_000);
    expect(performance.now() - refusedAt).toBeGreaterThan(1_900);
    expect(performance.now() - refusedAt).toBeLessThan(3_500);
    expect(source.asked).toHaveLength(3);
  });

  it('a refusal that means the whole source · holds back every operation at the other', async () => {
    const source = await aSource(refusing(30));
    const whole: GuardOverrides = { throttle: { scope: 'source' } };
    const [one, other] = [await aMachine(source.origin, 0, whole), await aMachine(source.origin, 0, whole)];
    await one.call();
    await eventually(() => other.heldMs('Another') > 0, 'the hold', WITHIN_MS);
    expect(await other.call('Another')).toBe('UPSTREAM_THROTTLED');
    expect(source.asked).toHaveLength(1);
  });

  it('a gateway that starts during the hold · keeps it from its first call on', async () => {
    const source = await aSource(refusing(30));
    const one = await aMachine(source.origin);
    const other = await aMachine(source.origin);
    await one.call();
    await eventually(() => other.heldMs() > 0, 'the hold', WITHIN_MS);
    const late = await aMachine(source.origin, -300_000);
    expect(await late.call()).toBe('UPSTREAM_THROTTLED');
    expect(late.heldMs()).toBeGreaterThan(25_000);
    expect(source.asked).toHaveLength(1);
  });

  it('a notification that is lost · the hold arrives within two seconds', async () => {
    const source = await aSource(json({}));
    const { store, heldMs } = await aMachine(source.origin);
    await sql`insert into source_holds values ('busy', 'Thing', now() + interval '20 s')`.execute(store.db);
    await eventually(() => heldMs() > 0, 'the hold', WITHIN_MS);
    expect(heldMs()).toBeGreaterThan(17_000);
  });

  it('a hold beyond the limit of this gateway · is cut to it', async () => {
    const source = await aSource(json({}));
    const machine = await aMachine(source.origin, 0, { throttle: { maxHoldMs: 10_000 } });
    await sql`insert into source_holds values ('busy', 'Thing', now() + interval '1 year')`.execute(
      machine.store.db,
    );
    await eventually(() => machine.heldMs() > 0, 'the hold', WITHIN_MS);
    expect(machine.heldMs()).toBeLessThanOrEqual(10_000);
  });

  it('a shorter time from another gateway · shortens no hold; a longer one extends it', async () => {
    const source = await aSource(refusing(10));
    const [one, other] = [await aMachine(source.origin), await aMachine(source.origin)];
    await one.call();
    await eventually(() => other.heldMs() > 0, 'the hold', WITHIN_MS);
    other.replicas.shareHold('busy', { operation: 'Thing', until: other.replicas.now() + 1_000 });
    other.replicas.shareHold('busy', { operation: 'Thing', until: other.replicas.now() + 60_000 });
    await eventually(() => one.heldMs() > 50_000, 'the longer hold', WITHIN_MS);
    expect(one.heldMs()).toBeLessThanOrEqual(60_000);
  });

  it('an operator lets calls through at one · its own hold does not come back', async () => {
    const source = await aSource(refusing(30));
    const [one, other] = [await aMachine(source.origin), await aMachine(source.origin)];
    await one.call();
    await eventually(() => other.heldMs() > 0, 'the hold', WITHIN_MS);
    source.behave(json({}));
    other.guard.probeNow();
    // Longer than the interval of the polls.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await other.call()).toBe('OK');
    expect(await one.call()).toBe('UPSTREAM_THROTTLED');
  });

  it('64 calls refused at once · are a few statements', async () => {
    const source = await aSource(refusing(30));
    const one = await aMachine(source.origin);
    const other = await aMachine(source.origin);
    let statements = 0;
    const { run } = one.store;
    (one.store as { run: Store['run'] }).run = (statement, ...rest) => {
      if (statement.name === 'lt_holds_store') statements++;
      return run(statement, ...rest);
    };
    expect(new Set(await Promise.all(Array.from({ length: 64 }, () => one.call())))).toEqual(
      new Set(['UPSTREAM_THROTTLED']),
    );
    await eventually(() => other.heldMs() > 0, 'the hold', WITHIN_MS);
    expect(statements).toBeLessThan(6);
  });

  it('a store that is away · delays no call, the hold is kept here, and reaches the others when it is back', async () => {
    const source = await aSource(refusing(60));
    const [one, other] = [await aMachine(source.origin), await aMachine(source.origin)];
    const name = new URL(place.options.databaseUrl ?? '').pathname.slice(1);
    const allow = (connections: boolean) =>
      administer(`alter database ${name} with allow_connections ${connections}`);
    try {
      await allow(false);
      await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      const startedAt = performance.now();
      for (let i = 0; i < 50; i++) expect(await one.call()).toBe('UPSTREAM_THROTTLED');
      expect(performance.now() - startedAt).toBeLessThan(500);
      expect(source.asked).toHaveLength(1);
      source.behave(json({}));
      expect(await other.call()).toBe('OK');
    } finally {
      await allow(true);
    }
    await eventually(() => other.heldMs() > 50_000, 'the hold at the other', 10_000);
  });
});

it('a store that hangs · no call waits, and one statement at a time is under way', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const holds = createSharedHolds({
    store: {
      run: (_, __, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    },
    statements: { readHolds: { name: 'r', sql: '' }, storeHolds: { name: 's', sql: '' } },
    now: Date.now,
    log: undefined,
  });
  const heard: Hold[] = [];
  holds.onHold((_, hold) => heard.push(hold));
  for (let i = 0; i < 100; i++)
    holds.shareHold('busy', { operation: 'Thing', until: Date.now() + 1_000 + i });
  await holds.read(async () => []);
  expect(heard).toHaveLength(100);
  expect(signals).toHaveLength(1);
  // A limit ends it.
  expect(signals[0]?.aborted).toBe(false);
});

// Replicas over one store: gates that hold for all and stay, who lives and what they show, and a store that is away.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGate } from '../../src/guard/gate/gate.ts';
import { createLog } from '../../src/observe/log.ts';
import { createReplicas, type GateListener, type Replicas } from '../../src/replicas/replicas.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { eventually } from '../gateway/eventually.ts';
import { administer, postgres, type StorePlace, storeCases } from '../store/each-store.ts';

/** What operators are promised. */
const WITHIN_MS = 2_000;
const TEXT = { vi: 'Bảo trì đột xuất.', en: 'Unplanned maintenance.' };

let place: StorePlace;
const open: { replicas?: Replicas; store: Store }[] = [];

/** One gateway's part on the store of the test: with connections of its own, or on a store that is open already. */
async function aReplica(
  on?: Store,
): Promise<{ replicas: Replicas; store: Store; heard: Parameters<GateListener>[]; log: string[] }> {
  const store = on ?? (await openStore(place.options));
  const entry: (typeof open)[0] = { store };
  if (on === undefined) open.push(entry);
  const log: string[] = [];
  const heard: Parameters<GateListener>[] = [];
  const replicas = await createReplicas({ store, log: createLog({ write: (line) => void log.push(line) }) });
  entry.replicas = replicas;
  replicas.onGate((...said) => heard.push(said));
  return { replicas, store, heard, log };
}

async function closeAll(): Promise<void> {
  for (const { replicas, store } of open.splice(0)) {
    await replicas?.close();
    await store.close();
  }
}

describe.each(storeCases)('on $kind', ({ place: makePlace, kind }) => {
  let store: Store;
  let replica: Awaited<ReturnType<typeof aReplica>>;
  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await place.drop();
  });
  beforeEach(async () => {
    await store.db.deleteFrom('gate_settings').execute();
    replica = await aReplica(store);
  });
  afterEach(() => replica.replicas.close());

  /** A gate that another process sets, and its notification. */
  const ELSEWHERE = ['elsewhere', { gate: 'CLOSED', since: expect.any(Number) }];
  const changeElsewhere = async (): Promise<void> => {
    await sql`insert into gate_settings (connector, gate, set_by) values ('elsewhere', 'CLOSED', 'x')`.execute(
      store.db,
    );
    await sql`select pg_notify('lienthong_gates', '')`.execute(store.db);
  };

  it('a gate setting · takes effect here at once, is published once, and is complete', async () => {
    const { replicas, heard } = replica;
    const until = Date.parse('2030-01-01T00:00:00Z');
    const setting = { gate: 'CLOSED', reason: 'cutover', until, text: TEXT } as const;
    const said = await replicas.setGate('population', setting, 'CB0001');
    expect(said).toEqual({
      connector: 'population',
      setting: { ...setting, since: said.at },
      by: 'CB0001',
      at: expect.any(Number),
      version: 1,
    });
    expect(Math.abs(said.at - Date.now())).toBeLessThan(60_000);
    expect(replicas.gates().get('population')).toEqual(said);
    expect(heard).toEqual([['population', said.setting]]);
    const next = await replicas.setGate('population', { gate: 'AUTOMATIC' }, 'CB0002');
    expect(next).toMatchObject({ setting: { gate: 'AUTOMATIC' }, by: 'CB0002', version: 2 });
    // Its own notifications bring nothing new: the next change that is heard is another's.
    await changeElsewhere();
    await eventually(() => heard.length > 2, 'the change');
    expect(heard.slice(2)).toEqual([ELSEWHERE]);
  });

  it('a gate setting · survives a restart; an expired one does not close the gate again', async () => {
    const { replicas } = replica;
    await replicas.setGate('population', { gate: 'CLOSED' }, 'CB0001');
    await replicas.setGate('postal', { gate: 'CLOSED', until: Date.now() + 30 }, 'CB0001');
    await replicas.close();
    const again = await aReplica(store);
    const passes = (id: string, at: number): boolean => {
      const gate = createGate([]);
      gate.set(again.replicas.gates().get(id)?.setting ?? { gate: 'AUTOMATIC' });
      return gate.state(at).passes;
    };
    expect(again.heard).toEqual([]);
    expect(passes('population', Date.now())).toBe(false);
    expect(passes('postal', Date.now() + 60)).toBe(true);
    expect(passes('payment', Date.now())).toBe(true);
    await again.replicas.close();
  });

  it('a cache drop · broadcast · then received here once, without a gate setting', async () => {
    const { replicas, heard } = replica;
    const dropped: string[] = [];
    const end = replicas.onDropCache((connector) => dropped.push(connector));
    await replicas.dropCache('population', 'CB0001');
    await replicas.dropCache('population', 'CB0001');
    await changeElsewhere();
    await eventually(() => heard.length > 0, 'the change');
    expect(dropped).toEqual(['population', 'population']);
    expect(heard).toEqual([ELSEWHERE]);
    expect(replicas.gates().has('population')).toBe(false);
    const said = await replicas.setGate('population', { gate: 'CLOSED' }, 'CB0001');
    expect(said.version).toBe(1);
    expect(dropped).toHaveLength(2);
    end();
  });

  it('a listener that throws · the others still receive the change, and the error is logged', async () => {
    const { replicas, log } = replica;
    const told: string[] = [];
    const ends = [
      replicas.onGate(() => {
        throw new Error('no');
      }),
      replicas.onGate((connector) => told.push(connector)),
    ];
    await replicas.setGate('payment', { gate: 'OPEN' }, 'CB0001');
    expect(told).toEqual(['payment']);
    expect(log.join()).toContain('a listener failed to apply a gate setting or cache drop');
    for (const stop of ends) stop();
    await replicas.setGate('payment', { gate: 'AUTOMATIC' }, 'CB0001');
    expect(told).toEqual(['payment']);
  });

  it('a single replica · sees itself with its current view', async () => {
    const { replicas } = replica;
    expect(await replicas.views()).toEqual([
      expect.objectContaining({ id: replicas.id, isThis: true, view: null }),
    ]);
    let breaker = 'CLOSED';
    replicas.publish(() => ({ breaker }));
    breaker = 'OPEN';
    expect((await replicas.views())[0]?.view).toEqual({ breaker: 'OPEN' });
  });

  it('a quota · is counted in the store only if several replicas can share it', async () => {
    const { replicas } = replica;
    const ledger = replicas.quotaLedger('postal', { perDay: 5 });
    if (kind === 'pglite') expect(ledger).toBeUndefined();
    else {
      expect(ledger).toBeDefined();
      expect(replicas.quotaLedger('postal', { perDay: 5 })).toBe(ledger);
      expect(replicas.quotaLedger('postal', { perDay: 6 })).not.toBe(ledger);
    }
  });
});

describe.skipIf(postgres === null)('several on one PostgreSQL', () => {
  beforeEach(async () => {
    place = await (postgres as NonNullable<typeof postgres>).place();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await closeAll();
    await place.drop();
  });

  it('a gate setting on one replica · takes effect on the other within two seconds', async () => {
    const [one, other] = [await aReplica(), await aReplica()];
    await one.replicas.setGate('population', { gate: 'CLOSED', text: TEXT }, 'CB0001');
    await eventually(() => other.heard.length > 0, 'the word', WITHIN_MS);
    expect(other.heard).toEqual([['population', { gate: 'CLOSED', text: TEXT, since: expect.any(Number) }]]);
    expect(other.replicas.gates()).toEqual(one.replicas.gates());
  });

  it('two concurrent gate settings · all replicas end with the same one', async () => {
    const all = [await aReplica(), await aReplica(), await aReplica()];
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        all[i % 3]?.replicas.setGate('payment', { gate: i % 2 === 0 ? 'CLOSED' : 'OPEN' }, `CB${i}`),
      ),
    );
    const versions = () => all.map(({ replicas }) => replicas.gates().get('payment')?.version);
    await eventually(() => versions().every((version) => version === 12), 'the last word', WITHIN_MS);
    expect(new Set(all.map(({ replicas }) => replicas.gates().get('payment')?.by)).size).toBe(1);
    for (const { heard, replicas } of all)
      expect(heard.at(-1)?.[1]).toEqual(replicas.gates().get('payment')?.setting);
  });

  it('a cache drop on one replica · takes effect on the other within two seconds', async () => {
    const [one, other] = [await aReplica(), await aReplica()];
    const dropped: string[] = [];
    const end = other.replicas.onDropCache((connector) => dropped.push(connector));
    await one.replicas.dropCache('postal', 'CB0001');
    await eventually(() => dropped.length > 0, 'the word', WITHIN_MS);
    expect(dropped).toEqual(['postal']);
    end();
  });

  it('a change without a notification · takes effect within two seconds', async () => {
    const { store, heard } = await aReplica();
    await sql`insert into gate_settings (connector, gate, set_by) values ('postal', 'CLOSED', 'x')`.execute(
      store.db,
    );
    await eventually(() => heard.length > 0, 'the change', WITHIN_MS);
    expect(heard).toEqual([['postal', { gate: 'CLOSED', since: expect.any(Number) }]]);
  });

  it('a connection lost during a gate setting · the setting takes effect within two seconds', async () => {
    const [one, other] = [await aReplica(), await aReplica()];
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(one.store.db);
    await eventually(
      () =>
        one.replicas.setGate('population', { gate: 'CLOSED' }, 'CB0001').then(
          () => true,
          () => false,
        ),
      'the word',
    );
    await eventually(() => other.heard.length > 0, 'the word on the other', WITHIN_MS);
  });

  it('an unavailable store · the last settings stay in effect, new ones fail with an error, and all recovers with the store', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { replicas, store, heard } = await aReplica();
    await replicas.setGate('population', { gate: 'CLOSED' }, 'CB0001');
    const name = new URL(place.options.databaseUrl ?? '').pathname.slice(1);
    const allow = (connections: boolean) =>
      administer(`alter database ${name} with allow_connections ${connections}`);
    try {
      await allow(false);
      await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      const setGate = () => replicas.setGate('population', { gate: 'OPEN' }, 'CB0001');
      await expect(setGate()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      // The time of several looks.
      await vi.advanceTimersByTimeAsync(5_000);
      await expect(setGate()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(replicas.gates().get('population')?.setting.gate).toBe('CLOSED');
      expect(heard).toHaveLength(1);
    } finally {
      await allow(true);
    }
    await sql`update gate_settings set gate = 'OPEN', version = version + 1`.execute(store.db);
    await eventually(() => {
      vi.advanceTimersByTime(1_000);
      return heard.length === 2;
    }, 'the word after the return');
    expect(heard[1]).toEqual(['population', { gate: 'OPEN', since: expect.any(Number) }]);
  });

  it('views · are seen by all soon after a change; a replica that leaves is removed', async () => {
    const [one, other] = [await aReplica(), await aReplica()];
    let breaker = 'CLOSED';
    one.replicas.publish(() => ({ breaker }));
    const seen = async () => (await other.replicas.views()).find(({ isThis }) => !isThis);
    await eventually(async () => (await seen())?.view !== null, 'the first view');
    expect(await seen()).toMatchObject({ id: one.replicas.id, view: { breaker: 'CLOSED' } });
    expect(Math.abs(((await seen())?.seenAt ?? 0) - Date.now())).toBeLessThan(60_000);
    breaker = 'OPEN';
    one.replicas.publish(() => ({ breaker }));
    await eventually(
      async () => JSON.stringify((await seen())?.view).includes('OPEN'),
      'the change',
      WITHIN_MS,
    );
    expect((await other.replicas.views()).map(({ isThis }) => isThis)).toEqual([false, true]);
    expect((await seen())?.label).toMatch(/^gateway [0-9a-f]{8}$/);
    await one.replicas.close();
    expect(await other.replicas.views()).toHaveLength(1);
  });

  it('a replica not seen for 15 s · counts as dead, and is removed', async () => {
    const { replicas, store } = await aReplica();
    await sql`
      insert into replicas (id, label, started_at, seen_at)
      values ('dead', 'x', now() - interval '1 hour', now() - interval '16 s'),
             ('quiet', 'y', now() - interval '1 hour', now() - interval '10 s')`.execute(store.db);
    await sql`
      insert into quota_counts (connector, kind, starts_at, used, granted)
      values ('c', 'second', now() - interval '2 minutes', 1, 1), ('c', 'second', now(), 1, 1),
             ('c', 'day', now() - interval '3 days', 1, 1), ('c', 'day', now() - interval '1 day', 1, 1)`.execute(
      store.db,
    );
    expect((await replicas.views()).map(({ id }) => id)).toEqual(['quiet', replicas.id]);
    replicas.publish(() => null);
    await eventually(async () => {
      const rows = await store.db.selectFrom('replicas').select('id').execute();
      return !rows.some(({ id }) => id === 'dead');
    }, 'the end of the dead one');
    expect(await store.db.selectFrom('quota_counts').select('kind').execute()).toHaveLength(2);
    expect((await replicas.views()).map(({ id }) => id)).toEqual(['quiet', replicas.id]);
  });

  it('a view that cannot be read · is logged, and the replica stays', async () => {
    const [one, other] = [await aReplica(), await aReplica()];
    one.replicas.publish(() => {
      throw new Error('no');
    });
    await eventually(() => one.log.join().includes('could not be read'), 'the line');
    expect(await other.replicas.views()).toHaveLength(2);
  });

  it('closed · unused leased calls are returned', async () => {
    const { replicas, store } = await aReplica();
    const day = Date.parse('2026-11-25T00:00:00+07:00');
    const ledger = replicas.quotaLedger('postal', { perDay: 160 });
    expect(await ledger?.take('day', day, 160)).toBe(true);
    const used = async () =>
      (await store.db.selectFrom('quota_counts').select('used').executeTakeFirst())?.used;
    expect(await used()).toBe(10);
    await replicas.close();
    expect(await used()).toBe(1);
  });
});

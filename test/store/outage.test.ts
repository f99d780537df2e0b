// A PostgreSQL server that fails: nothing is left hanging, and the store works again within 5 s of the server's return.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/database.ts';
import type { Statement } from '../../src/store/statement.ts';
import { aDatabaseProxy, type DatabaseProxy } from './a-database-proxy.ts';
import { postgres, type StorePlace } from './each-store.ts';

const ONE: Statement<{ one: number }> = { name: 'test_one', sql: 'select 1 as one' };
const SLEEP: Statement<object> = { name: 'test_sleep', sql: 'select pg_sleep($1)' };

/** More than there are connections. */
const MANY = 50;
const RECOVERY_MS = 5_000;

let place: StorePlace;
let proxy: DatabaseProxy;
let store: Store;

const begin = async (): Promise<void> => {
  place = await (postgres as NonNullable<typeof postgres>).place();
  proxy = await aDatabaseProxy(place.options.databaseUrl as string);
  store = await openStore({ ...place.options, databaseUrl: proxy.url });
};
const end = async (): Promise<void> => {
  await store?.close();
  await proxy?.close();
  await place?.drop();
};

const many = (): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.allSettled(Array.from({ length: MANY }, () => store.run(ONE, [])));
const codesOf = (results: readonly PromiseSettledResult<unknown>[]): unknown[] => [
  ...new Set(results.map((result) => (result.status === 'rejected' ? result.reason.code : 'OK'))),
];

/** Opens every connection of the pool. */
const warmUp = async (): Promise<void> => expect(codesOf(await many())).toEqual(['OK']);

/** The store answers, on every connection, within the time it has. */
async function expectRecovery(): Promise<void> {
  const limit = performance.now() + RECOVERY_MS;
  for (;;) {
    const results = await many();
    if (codesOf(results).join() === 'OK') break;
    if (performance.now() > limit) throw new Error(`still ${codesOf(results)} after ${RECOVERY_MS} ms`);
  }
  expect(performance.now()).toBeLessThan(limit);
}

describe.skipIf(postgres === null)('a PostgreSQL server', () => {
  beforeEach(begin, 60_000);
  afterEach(end, 60_000);

  it('that accepts and never answers · many statements · each fails, and the store works after its return', async () => {
    await warmUp();
    proxy.mode('SILENT');
    expect(codesOf(await many())).toEqual(['STORE_UNAVAILABLE']);
    expect(codesOf(await many())).toEqual(['STORE_UNAVAILABLE']);
    proxy.mode('PASS');
    await expectRecovery();
  }, 60_000);

  it('whose connections lead nowhere after a fail-over · one statement · fails, and the store works on new ones', async () => {
    await warmUp();
    proxy.lose();
    await expect(store.run(ONE, [])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expectRecovery();
  }, 60_000);

  it('slow and then cut · while statements of both kinds run · they fail, the process lives and the store works', async () => {
    await warmUp();
    proxy.slow(400);
    const running = [
      ...Array.from({ length: 10 }, () => store.run(ONE, [])),
      ...Array.from({ length: 10 }, () => sql`select 1`.execute(store.db)),
      store.check(new AbortController().signal),
      // Between its statements the connection is taken and idle.
      store.db.transaction().execute(async (tx) => {
        await sql`select 1`.execute(tx);
        await new Promise((resolve) => setTimeout(resolve, 300));
        await sql`select 1`.execute(tx);
      }),
    ];
    const settled = Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve, 600));
    proxy.cut();
    proxy.slow(0);
    expect((await settled).some(({ status }) => status === 'rejected')).toBe(true);
    await expectRecovery();
  }, 60_000);

  it('that restarts · statements meanwhile · fail at once, and the store works after its return', async () => {
    await warmUp();
    proxy.mode('REFUSE');
    proxy.cut();
    expect(codesOf(await many())).toEqual(['STORE_UNAVAILABLE']);
    proxy.mode('PASS');
    await expectRecovery();
  }, 60_000);

  it('with a second one at another address · that takes over · is used', async () => {
    const second = await aDatabaseProxy(place.options.databaseUrl as string);
    const url = proxy.url.replace(proxy.hostAndPort, `${proxy.hostAndPort},${second.hostAndPort}`);
    const both = await openStore({ ...place.options, databaseUrl: url });
    try {
      expect(both.describe()).toContain(`${proxy.hostAndPort}, ${second.hostAndPort}`);
      expect(await both.run(ONE, [])).toEqual([{ one: 1 }]);
      proxy.mode('REFUSE');
      proxy.cut();
      const limit = performance.now() + RECOVERY_MS;
      while ((await both.run(ONE, []).catch(() => undefined)) === undefined)
        expect(performance.now()).toBeLessThan(limit);
      await both.run(ONE, []);
    } finally {
      await both.close();
      await second.close();
    }
  }, 60_000);

  it('that runs a statement · whose request ends · cancels it, and keeps the connection', async () => {
    const [{ pid } = { pid: 0 }] = await store.run<{ pid: number }>(
      { name: 'test_pid', sql: 'select pg_backend_pid() as pid' },
      [],
    );
    const request = new AbortController();
    const reason = new Error('the request has ended');
    const statement = store.run(SLEEP, [2], request.signal);
    setTimeout(() => request.abort(reason), 100);
    await expect(statement).rejects.toBe(reason);
    const activity = {
      name: 'test_activity',
      sql: 'select state, query from pg_stat_activity where pid = $1',
    };
    const [row] = await store.run<{ state: string; query: string }>(activity, [pid]);
    // This statement itself, on the same connection.
    expect(row).toEqual({ state: 'active', query: activity.sql });
  });

  it('whose pool is used up · a statement whose request ends · does not wait', async () => {
    const request = new AbortController();
    const busy = Array.from({ length: 20 }, () => store.run(SLEEP, [1]));
    const waiting = store.run(ONE, [], request.signal);
    setTimeout(() => request.abort(new Error('over')), 50);
    await expect(waiting).rejects.toThrow('over');
    await Promise.all(busy);
    await warmUp();
  });
});

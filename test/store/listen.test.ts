// Hearing NOTIFY through the store: on both, and on PostgreSQL over a connection that is lost.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, openStore, type Store } from '../../src/store/database.ts';
import { eventually } from '../gateway/eventually.ts';
import { postgres, type StorePlace, storeCases } from './each-store.ts';

const ONE = { name: 'test_one', sql: 'select 1 as one' };

let place: StorePlace;
let store: Store;
let listening: Listening | undefined;
const heard: string[] = [];
let reconnects = 0;

async function begin(makePlace: () => Promise<StorePlace>): Promise<void> {
  heard.length = 0;
  reconnects = 0;
  place = await makePlace();
  store = await openStore(place.options);
  listening = await store.listen('test_channel', {
    onMessage: (payload) => heard.push(payload),
    onReconnect: () => void reconnects++,
  });
}
async function end(): Promise<void> {
  await listening?.close();
  await store?.close();
  await place?.drop();
}
const say = (payload: string): Promise<unknown> =>
  sql`select pg_notify('test_channel', ${payload})`.execute(store.db);

describe.each(storeCases)('on $kind', ({ place: makePlace }) => {
  beforeEach(() => begin(makePlace), 60_000);
  afterEach(end);

  it('notifications · are received in order; none after the end', async () => {
    await say('a');
    await say('b');
    await eventually(() => heard.length === 2, 'two messages');
    expect(heard).toEqual(['a', 'b']);
    await listening?.close();
    await say('c');
    await store.run(ONE, []);
    expect(heard).toEqual(['a', 'b']);
    expect(reconnects).toBe(0);
  });

  it('a statement · runs on the listening connection; a refused one leaves it listening', async () => {
    expect(await listening?.run(ONE, [])).toEqual([{ one: 1 }]);
    await expect(listening?.run({ name: 'test_bad', sql: 'select 1 / 0' }, [])).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
    });
    await say('a');
    await eventually(() => heard.length === 1, 'the message');
  });
});

describe.skipIf(postgres === null)('on a connection to PostgreSQL', () => {
  beforeEach(() => begin((postgres as NonNullable<typeof postgres>).place), 60_000);
  afterEach(end);

  const pidOfListener = async (): Promise<number | undefined> =>
    (
      await sql<{ pid: number }>`
        select pid from pg_stat_activity
        where datname = current_database() and query like 'listen %'`.execute(store.db)
    ).rows[0]?.pid;

  it('that breaks · reconnects by itself, reports it, and receives again', async () => {
    const pid = await pidOfListener();
    await sql`select pg_terminate_backend(${pid})`.execute(store.db);
    await eventually(() => reconnects === 1, 'the return');
    expect(await pidOfListener()).not.toBe(pid);
    await say('a');
    await eventually(() => heard.length === 1, 'the message');
    expect(await listening?.run(ONE, [])).toEqual([{ one: 1 }]);
  });

  it('that does not answer · is dropped after a second, and replaced', async () => {
    const hanging = listening?.run({ name: 'test_sleep', sql: 'select pg_sleep(30)' }, []);
    await expect(hanging).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(listening?.run(ONE, [])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await eventually(() => reconnects === 1, 'the return');
    await say('a');
    await eventually(() => heard.length === 1, 'the message');
  });

  it('that is ended · is closed, and does not reconnect', async () => {
    const pid = await pidOfListener();
    await listening?.close();
    await eventually(async () => (await pidOfListener()) === undefined, 'the end of the connection');
    expect(pid).toBeGreaterThan(0);
    expect(reconnects).toBe(0);
  });
});

// PGlite in its worker: a statement that brings it to a halt stops neither the event loop nor the store for long.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPgliteConnection, type PgliteConnection } from '../../src/store/pglite/connection.ts';
import { eventually } from '../gateway/eventually.ts';
import { aFolder } from './each-store.ts';

/** Runs for minutes, and cannot be interrupted. */
const ENDLESS = 'select count(*) from generate_series(1, 100000000) as a, generate_series(1, 1000) as b';

let folder: ReturnType<typeof aFolder>;
let pglite: PgliteConnection | undefined;

const open = async (options = {}): Promise<PgliteConnection> => {
  pglite = await openPgliteConnection(`${folder.path}/store`, options);
  return pglite;
};
const firstValue = async (sql: string): Promise<string | null | undefined> =>
  (await pglite?.query(sql, []))?.rows[0]?.[0];

beforeEach(() => {
  folder = aFolder();
});
afterEach(async () => {
  await pglite?.close();
  folder.drop();
}, 20_000);

describe('PGlite', () => {
  it('a statement without end · running · the event loop is free; the worker is replaced, and nothing is lost', async () => {
    const opened = await open({ answerTimeoutMs: 1_500 });
    await opened.query('create table kept (id int)', []);
    await opened.query('insert into kept values (1)', []);
    const heard: string[] = [];
    let restarts = 0;
    await opened.listen(
      'test_channel',
      (payload) => heard.push(payload),
      () => void restarts++,
    );
    let turns = 0;
    const timer = setInterval(() => void turns++, 10);
    await expect(opened.query(ENDLESS, [])).rejects.toMatchObject({ code: '57P01' });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);

    await expect(opened.query('select 1', [])).rejects.toMatchObject({ code: '57P03' });
    await eventually(
      async () => (await firstValue('select count(*) from kept').catch(() => null)) === '1',
      'its return',
    );
    expect(restarts).toBe(1);
    await opened.query(`select pg_notify('test_channel', 'again')`, []);
    await eventually(() => heard.length === 1, 'the message');
  }, 60_000);

  it('a statement without end · whose request ends · is left at once', async () => {
    const opened = await open({ answerTimeoutMs: 1_500 });
    const request = new AbortController();
    setTimeout(() => request.abort(new Error('over')), 50);
    await expect(opened.query(ENDLESS, [], request.signal)).rejects.toThrow('over');
  }, 60_000);

  it('closing · while a statement without end runs · ends', async () => {
    const opened = await open();
    const endless = opened.query(ENDLESS, []);
    endless.catch(() => {});
    await opened.close();
    await expect(endless).rejects.toMatchObject({ code: '57P01' });
  }, 60_000);

  it('little free space · reads work, and what would write is refused before it is begun', async () => {
    const writable = await open();
    await writable.query('create table kept (id int)', []);
    await writable.close();
    const opened = await open({ floorBytes: Number.MAX_SAFE_INTEGER });
    expect(await firstValue('select count(*) from kept')).toBe('0');
    for (const sql of ['insert into kept values (1)', 'WITH x AS (DELETE FROM kept RETURNING 1) SELECT 1'])
      await expect(opened.query(sql, [])).rejects.toMatchObject({ code: '53100' });
    expect(await firstValue('select count(*) from kept')).toBe('0');
  }, 60_000);

  it('transactions at once · one after the other; a failed one leaves nothing', async () => {
    const opened = await open();
    await opened.query('create table kept (id int primary key)', []);
    const insert = (id: number, fails: boolean) =>
      opened.transaction(async (query) => {
        await query('insert into kept values ($1)', [id]);
        await query('select 1', []);
        if (fails) throw new Error('no');
      });
    const results = await Promise.allSettled([insert(1, false), insert(2, true), insert(3, false)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await firstValue('select sum(id) from kept')).toBe('4');
  }, 60_000);
});

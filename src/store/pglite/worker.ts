// PGlite in a worker: whatever a statement does, the event loop of the gateway is free, and the worker can be ended.
import { statfsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type QueryOptions, type Transaction, types } from '@electric-sql/pglite';
import type { Reply, Request, Rows, WorkerSettings } from './protocol.ts';

/** Values stay texts: a text is copied to the other thread at little cost, and is read there. */
const OPTIONS: QueryOptions = {
  rowMode: 'array',
  parsers: Object.fromEntries(Object.values(types).map((oid) => [oid, (text: string) => text])),
};

/** PGlite has one session: a pool's worth of buffers is memory that nothing uses. */
const START_PARAMS = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB', '-c', 'wal_buffers=1MB'];

/** A statement that may write. Reads must work on a full disk. */
const WRITES =
  /\b(?:insert|update|delete|merge|create|alter|drop|truncate|copy|vacuum|reindex|setval|nextval)\b/i;

/** Bytes that opening may write: one segment of the log. */
const OPENING_BYTES = 16 * 1024 * 1024;

/** The SQLSTATE of a full disk. */
const DISK_FULL = '53100';

/** Serves the requests of the parent until it asks to close. */
export async function runPgliteWorker(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('not a worker');
  const { folder, floorBytes } = workerData as WorkerSettings;
  const reply = (message: Reply): void => port.postMessage(message);
  let pglite: PGlite;
  try {
    assertFree(folder, Math.min(floorBytes, OPENING_BYTES));
    pglite = await PGlite.create({ dataDir: folder, startParams: START_PARAMS });
    // The same settings as on a server: UTC, and a preference for indexes.
    await pglite.exec(`set timezone to 'UTC'; set random_page_cost to 1.1`);
  } catch (error) {
    reply({ opened: false, error: errorOf(error) });
    port.close();
    return;
  }

  let transaction: OpenTransaction | undefined;
  const query = async (on: PGlite | Transaction, sql: string, params: readonly unknown[]): Promise<Rows> => {
    if (WRITES.test(sql)) assertFree(folder, floorBytes);
    const { fields, rows, affectedRows } = await on.query<(string | null)[]>(sql, [...params], OPTIONS);
    return {
      names: fields.map(({ name }) => name),
      types: fields.map(({ dataTypeID }) => dataTypeID),
      rows,
      affected: affectedRows,
    };
  };

  const answer = async (request: Request): Promise<Rows | Uint8Array | null> => {
    switch (request.kind) {
      case 'query':
        return query(pglite, request.sql, request.params);
      case 'begin':
        transaction = await begin(pglite);
        return null;
      case 'inside':
        if (transaction === undefined) throw new Error('no transaction is open');
        return query(transaction.tx, request.sql, request.params);
      case 'commit':
      case 'rollback': {
        const ended = transaction;
        transaction = undefined;
        await ended?.end(request.kind === 'commit');
        return null;
      }
      case 'listen':
        await pglite.listen(request.channel, (payload) => reply({ channel: request.channel, payload }));
        return null;
      case 'dump':
        return new Uint8Array(await (await pglite.dumpDataDir('gzip')).arrayBuffer());
      case 'close':
        await pglite.close();
        return null;
    }
  };

  port.on('message', (request: Request) => {
    answer(request).then(
      (result) => {
        reply({ id: request.id, result });
        if (request.kind === 'close') port.close();
      },
      (error) => reply({ id: request.id, error: errorOf(error) }),
    );
  });
  reply({ opened: true });
}

interface OpenTransaction {
  readonly tx: Transaction;
  /** Resolves when the transaction has ended. @throws what the commit throws */
  readonly end: (commits: boolean) => Promise<void>;
}

/** Opens a transaction that stays open until it is ended. */
async function begin(pglite: PGlite): Promise<OpenTransaction> {
  const begun = Promise.withResolvers<Transaction>();
  const decided = Promise.withResolvers<boolean>();
  const ended = pglite.transaction(async (tx) => {
    begun.resolve(tx);
    if (!(await decided.promise)) await tx.rollback();
  });
  ended.catch(begun.reject);
  const tx = await begun.promise;
  return {
    tx,
    end: async (commits) => {
      decided.resolve(commits);
      await ended;
    },
  };
}

/** @throws an error with the SQLSTATE of a full disk */
function assertFree(folder: string, floorBytes: number): void {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    free = bavail * bsize;
  } catch {
    // The folder is not there yet.
    return;
  }
  if (free >= floorBytes) return;
  throw Object.assign(new Error('too little space is free on the disk'), { code: DISK_FULL });
}

/** Only what is safe to show: messages of the database may contain values of rows. */
function errorOf(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : 'UNKNOWN', message: String(message) };
}

// The store's side of the worker in which PGlite runs: requests by number, and a watchdog that ends a worker which does not
// answer and opens the folder again in a new one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Asked, Reply, Request, Rows, WorkerSettings } from './protocol.ts';

export interface PgliteConnection {
  /** @throws an error with the SQLSTATE as its code; the reason of the signal */
  query(sql: string, params: readonly unknown[], signal?: AbortSignal): Promise<Rows>;
  /** Statements of others wait until the transaction has ended. */
  transaction<T>(run: (query: PgliteConnection['query']) => Promise<T>): Promise<T>;
  /** Notifications of a channel; `onRestart` after those sent meanwhile may have been lost. */
  listen(channel: string, onMessage: (payload: string) => void, onRestart: () => void): Promise<() => void>;
  /** The data folder as a compressed tar archive, of one moment. */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes that must stay free: PGlite needs a segment of its log, of 16 MB, to end what it has begun. */
export const FLOOR_BYTES = 64 * 1024 * 1024;
/** A statement that takes longer has brought PGlite to a halt: with one session, everything waits for it. */
const ANSWER_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** Opening may replay the log of a process that was killed. */
const OPEN_TIMEOUT_MS = 60_000;
/** Delay before a worker is started again after one that could not open the folder. */
const RESTART_DELAY_MS = 1_000;

export interface PgliteOptions {
  readonly answerTimeoutMs?: number;
  readonly floorBytes?: number;
}

interface Waiting {
  readonly resolve: (result: Rows | Uint8Array | null) => void;
  readonly reject: (error: Error) => void;
}

interface Subscription {
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  readonly onRestart: () => void;
}

/** @throws an error with a code when the folder cannot be opened */
export async function openPgliteConnection(
  folder: string,
  options: PgliteOptions = {},
): Promise<PgliteConnection> {
  const { answerTimeoutMs = ANSWER_TIMEOUT_MS, floorBytes = FLOOR_BYTES } = options;
  const settings: WorkerSettings = { folder, floorBytes };
  const subscriptions = new Set<Subscription>();
  let isOpen = false;
  let isClosed = false;
  if (!existsSync(join(folder, 'PG_VERSION'))) await create(folder, floorBytes);
  let current = await start();
  let restarting: Promise<void> | undefined;
  isOpen = true;

  /** A worker with the folder open. */
  async function start(): Promise<RunningWorker> {
    return startWorker(settings, answerTimeoutMs, {
      onNotification: (channel, payload) => {
        for (const one of subscriptions) if (one.channel === channel) one.onMessage(payload);
      },
      onEnd: () => {
        if (isOpen && !isClosed) restart();
      },
    });
  }

  function restart(): void {
    restarting ??= (async () => {
      while (!isClosed) {
        try {
          current = await start();
          for (const channel of new Set([...subscriptions].map((one) => one.channel)))
            await current.ask({ kind: 'listen', channel });
          restarting = undefined;
          for (const { onRestart } of subscriptions) onRestart();
          return;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS).unref());
        }
      }
    })();
  }

  const ask = (request: Asked): Promise<Rows | Uint8Array | null> => {
    if (isClosed) return Promise.reject(new Error('the store is closed'));
    if (restarting !== undefined)
      return Promise.reject(Object.assign(new Error('PGlite is starting again'), { code: '57P03' }));
    return current.ask(request);
  };

  // Statements outside a transaction wait for it in the worker; transactions wait for each other here.
  let turn: Promise<unknown> = Promise.resolve();

  return {
    query: (sql, params, signal) =>
      unlessAborted(signal, () => ask({ kind: 'query', sql, params }) as Promise<Rows>),
    transaction: (run) => {
      const result = turn.then(async () => {
        await ask({ kind: 'begin' });
        let value: Awaited<ReturnType<typeof run>>;
        try {
          value = await run((sql, params) => ask({ kind: 'inside', sql, params }) as Promise<Rows>);
        } catch (error) {
          await ask({ kind: 'rollback' }).catch(() => {});
          throw error;
        }
        await ask({ kind: 'commit' });
        return value;
      });
      turn = result.catch(() => {});
      return result;
    },
    listen: async (channel, onMessage, onRestart) => {
      const subscription = { channel, onMessage, onRestart };
      const isNew = ![...subscriptions].some((one) => one.channel === channel);
      subscriptions.add(subscription);
      try {
        if (isNew) await ask({ kind: 'listen', channel });
      } catch (error) {
        subscriptions.delete(subscription);
        throw error;
      }
      return () => void subscriptions.delete(subscription);
    },
    dump: () => ask({ kind: 'dump' }) as Promise<Uint8Array>,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await endWorker(current);
    },
  };
}

/** @throws an error with a code: that of the file system, or NOT_CREATED */
async function create(folder: string, floorBytes: number): Promise<void> {
  const parent = statfsSync(dirname(folder));
  if (parent.bavail * parent.bsize < floorBytes)
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const program = fileURLToPath(new URL('./create.mjs', import.meta.url));
  // Elsewhere first: what an interrupted start leaves behind must not pass for a database.
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  // In a process group of its own: a Ctrl-C for the gateway must not end it half way.
  const child = spawn(process.execPath, ['--no-warnings', program, draft], {
    detached: true,
    stdio: 'ignore',
  });
  const [exit] = (await once(child, 'exit')) as [number | null];
  if (exit !== 0) throw Object.assign(new Error('it could not be created'), { code: 'NOT_CREATED' });
  renameSync(draft, folder);
}

interface RunningWorker {
  ask(request: Asked): Promise<Rows | Uint8Array | null>;
  terminate(): Promise<void>;
}

/** Lets the worker close the database, and ends it when that takes too long. */
async function endWorker(worker: RunningWorker): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  await Promise.race([worker.ask({ kind: 'close' }).catch(() => {}), late]);
  clearTimeout(timer);
  await worker.terminate();
}

interface WorkerEvents {
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called once after a worker that had opened the folder has ended. */
  readonly onEnd: () => void;
}

function startWorker(
  settings: WorkerSettings,
  answerTimeoutMs: number,
  { onNotification, onEnd }: WorkerEvents,
): Promise<RunningWorker> {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: settings,
    // The flags of this process, such as those of a profiler or a test runner, are not meant for it.
    execArgv: ['--no-warnings'],
    stdout: true,
    stderr: true,
  });
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let hasEnded = false;
  let watchdog: NodeJS.Timeout | undefined;

  const opening = setTimeout(() => void worker.terminate(), OPEN_TIMEOUT_MS);

  /** Counts from the last answer: while answers come, PGlite works. */
  const watch = (): void => {
    clearTimeout(watchdog);
    if (waiting.size > 0) watchdog = setTimeout(() => void worker.terminate(), answerTimeoutMs);
  };

  return new Promise((resolve, reject) => {
    let isOpen = false;
    worker.on('message', (message: Reply) => {
      if ('channel' in message) onNotification(message.channel, message.payload);
      else if ('opened' in message) {
        clearTimeout(opening);
        if (!message.opened) return reject(Object.assign(new Error(message.error.message), message.error));
        isOpen = true;
        resolve({
          ask: (request) =>
            new Promise((done, failed) => {
              if (hasEnded) return failed(unanswered());
              const id = next++;
              // Before it is noted: a value that cannot be copied is an error of this statement alone.
              worker.postMessage({ ...request, id } as Request);
              waiting.set(id, { resolve: done, reject: failed });
              if (waiting.size === 1) watch();
            }),
          terminate: async () => void (await worker.terminate()),
        });
      } else {
        const asked = waiting.get(message.id);
        waiting.delete(message.id);
        watch();
        if ('error' in message) asked?.reject(Object.assign(new Error(message.error.message), message.error));
        else asked?.resolve(message.result);
      }
    });
    worker.on('error', (error) => reject(error));
    worker.on('exit', () => {
      clearTimeout(watchdog);
      clearTimeout(opening);
      hasEnded = true;
      for (const { reject: fail } of waiting.values()) fail(unanswered());
      waiting.clear();
      if (isOpen) onEnd();
      else reject(new Error('the worker ended'));
    });
  });
}

const unanswered = (): Error => Object.assign(new Error('PGlite did not answer'), { code: '57P01' });

function unlessAborted<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  if (signal === undefined) return run();
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

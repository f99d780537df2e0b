// Ships the spool to the store, several times a second, and the spools that ended processes left in the data folder. A record is
// deleted from the spool only when the store has it; shipping it twice changes nothing.

import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isGatewayError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import { lockFolder } from '../store/folder-lock.ts';
import type { AuditKeys } from './keys.ts';
import { readSpoolFile, type Spool, type SpooledLinks, spoolFiles } from './spool.ts';
import type { AuditQuery } from './statements.ts';

export interface Shipping {
  /** Ships what is written so far. @throws GatewayError STORE_UNAVAILABLE */
  ship(): Promise<void>;
  /** Age of the oldest record that is not shipped, ms; 0 when there is none. */
  lagMs(): number;
  close(): Promise<void>;
}

export interface ShippingParts {
  readonly query: AuditQuery;
  readonly spool: Spool;
  readonly keys: AuditKeys;
  /** The folder of all spools. */
  readonly folder: string;
  /** The folder of this process in it. */
  readonly own: string;
  readonly log: Log;
  readonly everyMs?: number;
}

const EVERY_MS = 250;
const RETRY_MS = 2_000;
/** How often the spools of other processes are looked at. */
const ADOPT_MS = 60_000;
/** What a close may wait for the store: the rest is shipped by the next start. */
const CLOSE_MS = 3_000;

export function createShipping(parts: ShippingParts): Shipping {
  const { query, spool, keys, folder, own, log, everyMs = EVERY_MS } = parts;
  let pendingSince: number | undefined;
  let adoptedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let hasFailed = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const shipOwn = async (): Promise<void> => {
    if (spool.bytes() === 0) {
      pendingSince = undefined;
      return;
    }
    pendingSince ??= Date.now();
    await spool.rotate();
    for (const file of spool.finished()) {
      await store(query, await readSpoolFile(file, keys));
      await spool.remove(file);
    }
    pendingSince = undefined;
  };

  const adopt = async (): Promise<void> => {
    for (const name of readdirSync(folder)) {
      const other = join(folder, name);
      if (other === own || !statSync(other, { throwIfNoEntry: false })?.isDirectory()) continue;
      const lock = lockUnlessHeld(other);
      if (lock === undefined) continue;
      try {
        for (const file of spoolFiles(other)) {
          await store(query, await readSpoolFile(file, keys));
          await rm(file);
        }
        lock.release();
        rmSync(other, { recursive: true, force: true });
      } finally {
        lock.release();
      }
    }
    adoptedAt = performance.now();
  };

  const once = (): Promise<void> => {
    running ??= (async () => {
      await shipOwn();
      if (performance.now() - adoptedAt > ADOPT_MS) await adopt();
    })().finally(() => {
      running = undefined;
    });
    return running;
  };

  const loop = (): void => {
    timer = setTimeout(
      async () => {
        try {
          await once();
          if (hasFailed) log.info({}, 'audit records are shipped to the store again');
          hasFailed = false;
        } catch (error) {
          const code = isGatewayError(error)
            ? error.code
            : ((error as NodeJS.ErrnoException).code ?? 'UNKNOWN');
          if (!hasFailed) log.warn({ code }, 'audit records stay in the spool: the store does not take them');
          hasFailed = true;
        }
        if (!isClosed) loop();
      },
      hasFailed ? RETRY_MS : everyMs,
    ).unref();
  };
  loop();

  return {
    ship: async () => {
      // What runs may have begun before the last write.
      await running?.catch(() => {});
      await once();
    },
    lagMs: () => (pendingSince === undefined ? 0 : Date.now() - pendingSince),
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        late = setTimeout(resolve, CLOSE_MS);
      });
      const last = (running ?? Promise.resolve()).catch(() => {}).then(once);
      await Promise.race([last.catch(() => {}), patience]);
      clearTimeout(late);
    },
  };
}

async function store(query: AuditQuery, links: readonly SpooledLinks[]): Promise<void> {
  if (links.length === 0) return;
  const records = `[${links.map(({ records: each }) => each.slice(1, -1)).join(',')}]`;
  // The newest head of each day.
  const heads = new Map(links.map((each) => [`${each.day} ${each.chain}`, each]));
  const rows = [...heads.values()].map(({ day, chain, seq, hash, mac }) => [day, chain, seq, hash, mac]);
  await query('store', [records, JSON.stringify(rows)]);
}

/** The lock of a folder that no running process uses. */
function lockUnlessHeld(folder: string): ReturnType<typeof lockFolder> | undefined {
  try {
    return lockFolder(folder);
  } catch {
    return undefined;
  }
}

/** Creates the folder of a process and takes its lock. @throws StoreStartError */
export function takeSpoolFolder(folder: string): ReturnType<typeof lockFolder> {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return lockFolder(folder);
}

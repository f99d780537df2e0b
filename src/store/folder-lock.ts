// Keeps two gateways off one data folder: PGlite has no lock of its own, and two processes lose acknowledged rows.
// Called by open-pglite.ts before the store is touched. The lock names its process; the lock of a dead one is taken over.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreStartError } from './start-error.ts';

export interface FolderLock {
  /** Removes the lock, if it still is ours. Safe to call twice. */
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** RFC 3339: when it took the lock. */
  readonly since: string;
  readonly host: string;
  /** Boot, pid namespace and start time of the process where /proc tells them: a pid alone may be someone else's by now. */
  readonly identity: string | null;
}

const LOCK = 'gateway.lock';
const TAKEOVER = 'gateway.lock.takeover';
/** Taking over is two file operations; a marker older than this was left by a crash in between. */
const TAKEOVER_MS = 5_000;

/**
 * Takes the lock of a folder that exists, at once or not at all.
 * @throws StoreStartError naming the process that runs on it.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK);
  const own: Holder = {
    pid: process.pid,
    since: new Date().toISOString(),
    host: hostname(),
    identity: identityOf(process.pid),
  };
  const text = `${JSON.stringify(own)}\n`;
  for (let round = 0; round < 3; round++) {
    if (createWhole(folder, path, text)) return held(path, text);
    const holder = readHolder(path);
    if (holder === 'gone') continue;
    if (isRunning(holder, own)) throw refusal(holder, folder);
    takeOver(folder, path, own);
  }
  throw new StoreStartError(
    `The lock ${path} could not be taken: another gateway is starting on this data folder. Try again, or set DATA_DIR.`,
  );
}

const held = (path: string, text: string): FolderLock => ({
  release: () => {
    try {
      if (readFileSync(path, 'utf8') === text) rmSync(path);
    } catch {
      // Someone removed the folder under us: there is no lock left to remove.
    }
  },
});

/** Creates the file with its content in one step, so that nobody ever reads half of it. False where it exists. */
function createWhole(folder: string, path: string, text: string): boolean {
  const draft = join(folder, `${LOCK}.${process.pid}`);
  writeFileSync(draft, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // A file system without hard links: exclusive creation is the next best.
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    } catch (second) {
      if ((second as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw second;
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(path: string): Holder | null | 'gone' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    const value = JSON.parse(text) as Holder;
    return typeof value.pid === 'number' && typeof value.host === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** Where it cannot be known whether the holder lives, it is taken to live: rows matter more than comfort. */
function isRunning(holder: Holder | null, own: Holder): boolean {
  if (holder === null) return true;
  if (holder.host !== own.host) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (holder.identity === null) return true;
  const identity = identityOf(holder.pid);
  return identity === null || identity === holder.identity;
}

function refusal(holder: Holder | null, folder: string): StoreStartError {
  if (holder === null) {
    return new StoreStartError(
      `The data folder ${folder} has a lock that cannot be read: if no gateway runs on it, remove ${join(folder, LOCK)}.`,
    );
  }
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  return new StoreStartError(
    `The data folder ${folder} is in use by process ${holder.pid}${where}, running since ${holder.since}: ` +
      (where === ''
        ? 'stop that process, or set DATA_DIR to another folder.'
        : `stop that process, set DATA_DIR to another folder, or, if it no longer runs, remove ${join(folder, LOCK)}.`),
  );
}

/** Removes the lock of a dead process. Only one process at a time gets past the marker, and it looks again first. */
function takeOver(folder: string, path: string, own: Holder): void {
  const marker = join(folder, TAKEOVER);
  try {
    mkdirSync(marker);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isOld(marker)) rmdirSync(marker);
    return;
  }
  try {
    const holder = readHolder(path);
    if (holder !== 'gone' && !isRunning(holder, own)) rmSync(path);
  } finally {
    rmdirSync(marker);
  }
}

function isOld(marker: string): boolean {
  const stat = statSync(marker, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > TAKEOVER_MS;
}

function identityOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the command's closing bracket, since a command may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const started = fields[19];
    // A zombie answers to signals, and holds no file any more.
    if (fields[0] === 'Z') return 'dead';
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}/${started}`;
  } catch {
    return null;
  }
}

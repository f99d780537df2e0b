// Prevents two gateways from using one data folder: PGlite has no lock of its own, and two processes on one folder lose
// committed rows. The lock file names its process. The lock of a process that has ended is taken over.
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
import { timeText } from '../time-text.ts';
import { StoreStartError } from './start-error.ts';

export interface FolderLock {
  /** Removes the lock file, unless another process has taken the lock over. May be called twice. */
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** The time at which the process took the lock, RFC 3339. */
  readonly since: string;
  readonly host: string;
  /**
   * Boot, pid namespace and start time of the process, where /proc has them. A pid alone does not identify a process, because
   * it is reused.
   */
  readonly identity: string | null;
  /** Device and inode of the folder: a copy of the folder has others. Absent in locks of older versions. */
  readonly folder?: string | undefined;
}

const LOCK = 'gateway.lock';
const TAKEOVER = 'gateway.lock.takeover';
/** A takeover is two file operations: an older marker was left by a process that crashed between them. */
const TAKEOVER_TIMEOUT_MS = 5_000;

/**
 * Takes the lock of an existing folder, without waiting.
 * @throws StoreStartError that names the process that holds the lock
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK);
  const own: Holder = {
    pid: process.pid,
    since: new Date().toISOString(),
    host: hostname(),
    identity: identityOf(process.pid),
    folder: folderIdentity(folder),
  };
  const text = `${JSON.stringify(own)}\n`;
  for (let round = 0; round < 3; round++) {
    if (createWhole(folder, path, text)) return held(path, text);
    const holder = readHolder(path);
    if (holder === 'gone') continue;
    if (holder?.folder !== undefined && holder.folder !== own.folder) throw copyRefusal(path, folder);
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
      // The folder was removed, and the lock file with it.
    }
  },
});

/** Creates the file with its content in one step, so that no process reads a part of it. False when the file exists. */
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
    // The file system has no hard links: fall back to exclusive creation.
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

/** Where this cannot be determined the answer is true: a refused start is better than lost rows. */
function isRunning(holder: Holder | null, own: Holder): boolean {
  if (holder === null) return true;
  if (holder.host !== own.host) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process runs under another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (holder.identity === null) return true;
  const identity = identityOf(holder.pid);
  return identity === null || identity === holder.identity;
}

function refusal(holder: Holder | null, folder: string): StoreStartError {
  if (holder === null) {
    return new StoreStartError(
      `The data folder ${folder} has a lock file that cannot be read: if no gateway uses the folder, remove ${join(folder, LOCK)}.`,
    );
  }
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  const since = Date.parse(holder.since);
  const started = Number.isNaN(since) ? '' : `, running since ${timeText(since).en} (Vietnam time)`;
  return new StoreStartError(
    `The data folder ${folder} is in use by process ${holder.pid}${where}${started}: ` +
      (where === ''
        ? 'stop that process, or set DATA_DIR to another folder.'
        : `stop that process, set DATA_DIR to another folder, or, if it no longer runs, remove ${join(folder, LOCK)}.`),
  );
}

/** A copy that was made while a gateway wrote has files of different moments: it may open, and have lost rows. */
const copyRefusal = (path: string, folder: string): StoreStartError =>
  new StoreStartError(
    `The data folder ${folder} is a copy of a folder that a gateway was using, and its files may be of different moments: ` +
      `take a backup with "lienthong store backup" and restore it. If the folder was moved after its gateway had ended, remove ${path}.`,
  );

function folderIdentity(folder: string): string {
  const { dev, ino } = statSync(folder);
  return `${dev}:${ino}`;
}

/** Removes the lock of a process that has ended. The marker admits one process at a time, which checks the lock again. */
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
  return stat !== undefined && Date.now() - stat.mtimeMs > TAKEOVER_TIMEOUT_MS;
}

function identityOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The start time is field 22. Fields are counted after the closing bracket of the command, which may contain spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const started = fields[19];
    // A zombie process accepts signals but has closed its files.
    if (fields[0] === 'Z') return 'dead';
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}/${started}`;
  } catch {
    return null;
  }
}

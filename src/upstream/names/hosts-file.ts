// The names of the hosts file (/etc/hosts), read again when the file has changed. Reading is synchronous, of a local file, and happens
// at most once a second: no thread of the pool is involved.
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Address } from './answer.ts';

export interface HostsFile {
  /** The addresses of a name in lower case; `undefined` when the file does not list it. */
  find(name: string): readonly Address[] | undefined;
}

/** How long the file's state is used before it is examined again, ms. */
const CHECK_MS = 1_000;

const SYSTEM_PATH =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/** @param tick monotonic ms */
export function createHostsFile(tick: () => number, path: string = SYSTEM_PATH): HostsFile {
  let names: ReadonlyMap<string, readonly Address[]> = new Map();
  let version = '';
  let checkedAt = Number.NEGATIVE_INFINITY;

  const check = (): void => {
    const now = tick();
    if (now - checkedAt < CHECK_MS) return;
    checkedAt = now;
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const found = `${mtimeMs} ${size} ${ino}`;
      if (found === version) return;
      names = parseHosts(readFileSync(path, 'utf8'));
      version = found;
    } catch {
      // A file that is being replaced: the last names remain in force. Without a file, there are none.
    }
  };

  return {
    find: (name) => {
      check();
      return names.get(name);
    },
  };
}

function parseHosts(text: string): Map<string, Address[]> {
  const names = new Map<string, Address[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const alias of aliases) {
      const name = alias.toLowerCase();
      const known = names.get(name) ?? [];
      if (!known.some((one) => one.address === address)) known.push({ address, family });
      names.set(name, known);
    }
  }
  return names;
}

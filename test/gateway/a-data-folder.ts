// A data folder that is seeded already. Seeding costs seconds, so the first test that needs one makes it and all others
// copy it: it is kept in the system's temporary folder under a name that changes with the day and with the store's code.

import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCity } from '../../src/city/city.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import { openStore } from '../../src/store/database.ts';
import { eventually } from './eventually.ts';

const CODE = new URL('../../src/', import.meta.url).pathname;
const LOCK_FILE = new URL('../../package-lock.json', import.meta.url).pathname;
/** Longer than a slow machine needs to seed. */
const SEEDING_MS = 120_000;

/** The day in Vietnam so many days ago, `yyyy-MM-dd`: the store is seeded as of today. */
export const dayInVietnam = (daysAgo = 0): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(
    new Date(Date.now() - daysAgo * 86_400_000),
  );

/** An empty temporary folder of its own, for a test that wants a first start. */
export const anEmptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'gateway-data-'));

/** A copy of the seeded folder; whoever asks removes it. */
export async function aDataFolder(): Promise<string> {
  const folder = await anEmptyFolder();
  await cp(await seededFolder(), folder, { recursive: true });
  return folder;
}

async function seededFolder(): Promise<string> {
  const anchor = dayInVietnam();
  const ready = join(tmpdir(), `gateway-seeded-${anchor}-${await digestOfCode()}`);
  const seeding = `${ready}.seeding`;
  return eventually(
    async () => {
      if (await exists(ready)) return ready;
      // One worker seeds, the others wait for it.
      if (!(await begins(seeding))) return null;
      try {
        const store = await openStore({ dataDir: join(seeding, 'data'), databaseUrl: undefined });
        try {
          await seedIfEmpty(store, createCity({ anchor }));
        } finally {
          await store.close();
        }
        await rename(join(seeding, 'data'), ready);
        await removeOld(ready);
      } finally {
        await rm(seeding, { recursive: true, force: true });
      }
      return ready;
    },
    'a seeded data folder',
    SEEDING_MS,
  );
}

async function begins(marker: string): Promise<boolean> {
  try {
    await mkdir(marker);
    return true;
  } catch {
    // A marker that old was left by a run that was killed.
    const made = await stat(marker).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > SEEDING_MS) {
      await rm(marker, { recursive: true, force: true });
    }
    return false;
  }
}

async function removeOld(current: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const path = join(tmpdir(), name);
    if (!/^gateway-seeded-[\d-]+-[0-9a-f]{12}$/.test(name) || path === current) continue;
    const made = await stat(path).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > 2 * SEEDING_MS)
      await rm(path, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Of everything that decides what a seeded store holds. */
async function digestOfCode(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(LOCK_FILE));
  for (const name of (await readdir(CODE, { recursive: true })).sort()) {
    if (/^(city|store\/migrations)\/.*\.ts$|^dossiers\/ids\.ts$/.test(name))
      hash.update(await readFile(join(CODE, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

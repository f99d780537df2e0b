// Backups: from each engine into each, while the store is in use, and files that are none.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import { backupCommand } from '../../src/cli/store/backup-command.ts';
import { restoreCommand } from '../../src/cli/store/restore-command.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { openTexts } from '../../src/store/backup/open-texts.ts';
import { readBackup } from '../../src/store/backup/read-backup.ts';
import { type Line, migrationsOf, writeBackup } from '../../src/store/backup/write-backup.ts';
import { openStore, type StoreOptions } from '../../src/store/database.ts';
import { aFolder, type StorePlace, storeCases } from './each-store.ts';

const said: string[] = [];
const terminal = {
  print: (text: string) => said.push(text),
  printError: (text: string) => said.push(text),
} as unknown as Terminal;

let folder: ReturnType<typeof aFolder>;
let file: string;
const places: StorePlace[] = [];

beforeAll(() => {
  folder = aFolder();
  file = `${folder.path}/store.backup`;
});
beforeEach(() => {
  said.length = 0;
});
afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
  rmSync(file, { force: true });
});
afterAll(() => folder.drop());

const placeOf = async ({ place: make }: (typeof storeCases)[number]): Promise<StoreOptions> => {
  const place = await make();
  places.push(place);
  return place.options;
};

/** Everything in the store, but for the moment of the backup. */
async function contentOf(options: StoreOptions): Promise<Line[]> {
  const store = await openTexts(options);
  try {
    const lines: Line[] = [];
    await writeBackup(store.transaction, async (line) => void lines.push(line));
    return lines.slice(1);
  } finally {
    await store.close();
  }
}

describe.each(storeCases)('a store on $kind', (from) => {
  it.each(storeCases)(
    'in use · backed up, and restored on $kind · holds the same',
    async (to) => {
      const source = await placeOf(from);
      const store = await openStore(source);
      await seedIfEmpty(store, createCity({ anchor: '2026-06-09', dossiers: 50 }));
      expect(await backupCommand(file, source, terminal)).toBe(0);
      await store.close();
      expect(said[0]).toMatch(/[0-9,]+ rows in /);

      const target = await placeOf(to);
      expect(await restoreCommand(file, target, terminal)).toBe(0);
      expect(await contentOf(target)).toEqual(await contentOf(source));

      // A second time it would mix two stores.
      expect(await restoreCommand(file, target, terminal)).toBe(1);
      expect(said.at(-1)).toContain('The store is not empty');
    },
    120_000,
  );
});

describe('a backup', () => {
  const HEADER = { format: 'lienthong-store/1', createdAt: '2026-06-09T00:00:00Z' };
  const AGENCIES = { table: 'agencies', columns: ['id', 'level', 'code', 'old_code', 'name'] };
  const ROW = ['1', 'CITY', 'H26', '000.00.00.H26', 'Thành phố'];
  const END = { end: { rows: 1 } };

  let target: StoreOptions;
  let whole: Line[];
  beforeAll(async () => {
    target = { dataDir: `${folder.path}/target` };
    await (await openStore(target)).close();
    const texts = await openTexts(target);
    const migrations = await texts.transaction(migrationsOf);
    await texts.close();
    whole = [{ ...HEADER, migrations } as Line, AGENCIES, ROW, END];
  }, 60_000);

  it('that is damaged or of another kind · restored · is refused with the reason, and the store stays empty', async () => {
    const cases: [readonly unknown[], RegExp][] = [
      [whole.slice(0, -1), /damaged: its end is missing/],
      [whole.toSpliced(2, 1), /damaged: it has 0 rows of 1/],
      [whole.with(2, ['1']), /a row of agencies has 1 values/],
      [whole.toSpliced(1, 1), /a row stands before its table/],
      [[...whole, ROW], /something follows its end/],
      [whole.with(1, { table: 'agencies', columns: ['id', 'x', 'a', 'b', 'c'] }), /agencies has no column x/],
      [
        whole.with(0, { ...HEADER, format: 'lienthong-store/1', migrations: ['0001-city'] }),
        /by another version/,
      ],
      [[{ format: 'x' }], /found x, expected lienthong-store\/1/],
      [[], /found no header/],
    ];
    const store = await openTexts(target);
    try {
      for (const [changed, message] of cases) {
        const lines = changed.map((line) => JSON.stringify(line));
        await expect(readBackup(store.transaction, Readable.from(lines))).rejects.toThrow(message);
      }
      await expect(readBackup(store.transaction, Readable.from(['{']))).rejects.toThrow('a line is not JSON');
      const { rows } = await store.transaction((query) => query('select count(*)::text from agencies'));
      expect(rows).toEqual([['0']]);
      expect(
        await readBackup(store.transaction, Readable.from(whole.map((line) => JSON.stringify(line)))),
      ).toBe(1);
    } finally {
      await store.close();
    }
  }, 60_000);

  it('that is not compressed, of no store, or into a file that exists · is refused', async () => {
    writeFileSync(file, 'text');
    expect(await restoreCommand(file, target, terminal)).toBe(1);
    expect(said.at(-1)).toContain('cannot be decompressed');
    await expect(backupCommand(file, target, terminal)).rejects.toThrow('exists already');
    const nothing = { dataDir: `${folder.path}/nothing` };
    await expect(backupCommand(`${file}2`, nothing, terminal)).rejects.toThrow('There is no store in');
    expect(readFileSync(file, 'utf8')).toBe('text');
  }, 60_000);
});

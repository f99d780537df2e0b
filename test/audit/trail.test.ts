// Writing: a group per turn, what happens while nothing can be written, and the spool of a process that was killed.

import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createChain, type Links } from '../../src/audit/chain.ts';
import { createSpool, readSpoolFile, spoolFiles } from '../../src/audit/spool.ts';
import { createTrail } from '../../src/audit/trail.ts';
import { createLog } from '../../src/observe/log.ts';
import { anEntry, KEYS } from './a-trail.ts';

const log = createLog({ level: 'silent', write: () => {} });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-audit-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** A spool that fails on demand. */
function aSpool() {
  const written: (readonly Links[])[] = [];
  const state = { fails: false, bytes: 0 };
  return {
    state,
    written,
    bytes: () => state.bytes,
    write: async (links: readonly Links[]) => {
      if (state.fails) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      written.push(structuredClone(links));
    },
    close: async () => {},
  };
}

test('requests that end in one turn · written as one group, each answered after the write', async () => {
  const spool = aSpool();
  const trail = createTrail({ chain: 'p', spool, log, maxSpoolBytes: 1e9 });
  await Promise.all([trail.add([anEntry()]), trail.add([anEntry()]), trail.add([anEntry(), anEntry()])]);
  expect(spool.written).toHaveLength(1);
  // With the record that opens the chain.
  expect(spool.written[0]?.[0]?.texts).toHaveLength(5);
  expect(trail.figures()).toMatchObject({ waiting: 0, written: 5, isOpen: true });
});

test('a disk that does not write · refused until it does, and no record is lost or changes its place', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const spool = aSpool();
  const trail = createTrail({ chain: 'p', spool, log, maxSpoolBytes: 1e9 });
  await trail.add([anEntry({ request: 'first' })]);
  spool.state.fails = true;
  await expect(trail.add([anEntry({ request: 'second' })])).rejects.toMatchObject({
    code: 'AUDIT_UNAVAILABLE',
  });
  expect(trail.refusal()).toMatchObject({ code: 'AUDIT_UNAVAILABLE', retryable: true, fault: 'GATEWAY' });
  spool.state.fails = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(trail.refusal()).toBeUndefined();
  await trail.add([anEntry({ request: 'third' })]);
  const texts = spool.written.flat().flatMap((links) => links.texts);
  const rows = texts.map((text) => JSON.parse(text) as (string | number)[]);
  expect(rows.map((row) => row[4])).toEqual(['', 'first', 'second', 'third']);
  expect(rows.map((row) => row[2])).toEqual([0, 1, 2, 3]);
  for (const [index, row] of rows.slice(1).entries()) expect(row[25]).toBe(rows[index]?.[26]);
});

test('a spool that is full · refused, and again accepted when it has been shipped', async () => {
  const spool = aSpool();
  const trail = createTrail({ chain: 'p', spool, log, maxSpoolBytes: 100 });
  spool.state.bytes = 100;
  expect(trail.refusal()).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  spool.state.bytes = 0;
  expect(trail.refusal()).toBeUndefined();
});

test('a spool with a torn last line · read · what was written whole, and nothing of the rest', async () => {
  const spool = createSpool(folder, KEYS);
  const trail = createTrail({ chain: 'p', spool, log, maxSpoolBytes: 1e9 });
  await trail.add([anEntry(), anEntry()]);
  await trail.add([anEntry()]);
  const [file = ''] = spoolFiles(folder);
  const [whole] = await readSpoolFile(file, KEYS);
  appendFileSync(file, `${whole?.mac} 2026-06-08 p 9 forged [[1,2,3]]\nabc 2026-06-08 p 4 x [["torn"`);
  const lines = await readSpoolFile(file, KEYS);
  expect(lines.map(({ seq }) => seq)).toEqual([2, 3]);
  expect(lines.flatMap(({ records }) => JSON.parse(records) as unknown[])).toHaveLength(4);
  await trail.close();
});

test('a file that ends and another that begins · the names keep the order, and a removed one frees its bytes', async () => {
  const spool = createSpool(folder, KEYS);
  const trail = createTrail({ chain: 'p', spool, log, maxSpoolBytes: 1e9 });
  await trail.add([anEntry()]);
  await spool.rotate();
  await trail.add([anEntry()]);
  await spool.rotate();
  expect(readdirSync(folder).sort()).toEqual(['000000001.spool', '000000002.spool']);
  for (const file of spool.finished()) await spool.remove(file);
  expect(spool.bytes()).toBe(0);
  await trail.close();
});

test('files that end while records are written · every write succeeds, and every record is there once', async () => {
  const spool = createSpool(folder, KEYS);
  const chain = createChain(
    'p',
    () => Date.now(),
    () => null,
  );
  const numbers: number[] = [];
  for (let round = 0; round < 100; round++) {
    const [links] = chain.add([anEntry()]).slice(-1) as [Links];
    numbers.push(links.seq);
    // The next file is begun and ended in the same turn.
    await Promise.all([
      spool.write([links]),
      spool.rotate(),
      spool.write([links]),
      spool.rotate(),
      spool.rotate(),
    ]);
  }
  const lines = (await Promise.all(spoolFiles(folder).map((file) => readSpoolFile(file, KEYS)))).flat();
  expect(lines.map(({ seq }) => seq)).toEqual(numbers.flatMap((seq) => [seq, seq]));
});

// `npm run bench -- seed`: the CPU time that a first start spends on the synthetic city, on the embedded store: the tables
// created, then 5,000 dossiers written. Flags: --rounds=3.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCity } from '../src/city/city.ts';
import { seedIfEmpty } from '../src/city/seed.ts';
import { openStore } from '../src/store/database.ts';

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const anchor = new Date().toISOString().slice(0, 10);

async function cpuMs<Result>(run: () => Promise<Result> | Result): Promise<[Result, number]> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return [result, Math.round((user + system) / 1_000)];
}

for (let round = 1; round <= Number(flags.rounds); round++) {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const [city, generateMs] = await cpuMs(() => createCity({ anchor }));
  const [store, openMs] = await cpuMs(() => openStore({ dataDir: folder }));
  const [, seedMs] = await cpuMs(() => seedIfEmpty(store, city));
  console.log(`round ${round}: city ${generateMs} ms, empty store ${openMs} ms, seeding ${seedMs} ms of CPU`);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

// `npm run bench -- store`: what the store costs and how it fails. The worker thread of PGlite against PGlite in this thread, as
// a ratio with an A/A control; the memory of a gateway at rest on each engine; and the time until the store is good again after
// PostgreSQL has failed in each of five ways. Flags: --rounds=9 --write (into docs/resilience.md).

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { createCity } from '../src/city/city.ts';
import { seedIfEmpty } from '../src/city/seed.ts';
import { createDossierStatements } from '../src/dossiers/dossier-statements.ts';
import { openStore, type Store } from '../src/store/database.ts';
import type { Statement } from '../src/store/statement.ts';
import { freePorts } from '../test/gateway/free-ports.ts';
import { aDatabaseProxy, type DatabaseProxy } from '../test/store/a-database-proxy.ts';
import { postgres } from '../test/store/each-store.ts';
import { writeBetween } from './page/markers.ts';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, write: { type: 'boolean', default: false } },
});
const ROUNDS = Number(flags.rounds);
const loadBefore = loadavg()[0] ?? 0;
const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-store-'));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

// —— the worker thread ——

interface Cost {
  readonly cpuUs: number;
  readonly wallUs: number;
}

async function costOf(times: number, run: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let i = 0; i < times; i++) await run();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / times, wallUs: ((performance.now() - startedAt) * 1000) / times };
}

async function measureThread(): Promise<string[]> {
  const dataDir = join(folder, 'thread');
  const store = await openStore({ dataDir });
  await seedIfEmpty(store, createCity({ anchor: '2026-06-09' }));
  const lists = { payments: true, deliveries: true, events: false };
  const page = createDossierStatements(store.db)('ALL', lists).firstPage;
  await store.close();

  const inThread = await PGlite.create({
    dataDir: join(dataDir, 'store'),
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
  });
  await inThread.exec(`set timezone to 'UTC'; set random_page_cost to 1.1`);
  const copy = join(folder, 'copy');
  const other = await openStore({ dataDir: copy });
  await seedIfEmpty(other, createCity({ anchor: '2026-06-09' }));

  const rows: string[] = [];
  const cases: [string, string, readonly unknown[], number][] = [
    ['`select 1`', 'select 1 as one', [], 2_000],
    ['a page of 20 dossiers', page.sql, [21], 60],
  ];
  for (const [name, sql, params, times] of cases) {
    const statement: Statement<object> = { name: `bench_${times}`, sql };
    const subjects = {
      thread: () => other.run(statement, params),
      direct: () => inThread.query(sql, [...params]),
      again: () => inThread.query(sql, [...params]),
    };
    const ratios: Record<'cpu' | 'wall' | 'control', number[]> = { cpu: [], wall: [], control: [] };
    const costs: Cost[] = [];
    for (const run of Object.values(subjects)) await costOf(times, run);
    for (let round = 0; round < ROUNDS; round++) {
      const thread = await costOf(times, subjects.thread);
      const direct = await costOf(times, subjects.direct);
      const again = await costOf(times, subjects.again);
      costs.push(thread);
      ratios.cpu.push(thread.cpuUs / direct.cpuUs);
      ratios.wall.push(thread.wallUs / direct.wallUs);
      ratios.control.push(again.cpuUs / direct.cpuUs);
    }
    rows.push(
      `| ${name} | ${median(costs.map(({ cpuUs }) => cpuUs)).toFixed(0)} | **${median(ratios.cpu).toFixed(2)}** | ${median(ratios.wall).toFixed(2)} | ${median(ratios.control).toFixed(2)} |`,
    );
  }
  await inThread.close();
  await other.close();
  return [
    '### The worker thread of PGlite',
    '',
    '| statement | CPU in the worker, µs | ÷ in the thread of the gateway | elapsed time ÷ | again (A/A), CPU |',
    '|---|--:|--:|--:|--:|',
    ...rows,
  ];
}

// —— memory ——

/** Resident memory of a gateway without connectors' calls, 10 s after its start, in MB. */
async function memoryOf(environment: Readonly<Record<string, string>>): Promise<number> {
  const [port] = await freePorts(1);
  const root = new URL('..', import.meta.url).pathname;
  const { PATH = '', HOME = '' } = process.env;
  const args = ['--no-warnings', 'src/main.ts', '--port', String(port)];
  const env = { PATH, HOME, ...environment };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
  try {
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const [, kb] = /VmRSS:\s+([0-9]+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
    return Number(kb) / 1024;
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

async function measureMemory(): Promise<string[]> {
  const DATA_DIR = join(folder, 'memory');
  const rows = [
    ['PGlite, first start', await memoryOf({ DATA_DIR })],
    ['PGlite, later start', await memoryOf({ DATA_DIR })],
  ] as [string, number][];
  const place = await postgres?.place();
  if (place !== undefined) {
    rows.push(['PostgreSQL', await memoryOf({ DATABASE_URL: place.options.databaseUrl ?? '' })]);
    await place.drop();
  }
  return [
    '### Memory of a gateway with its simulators, at rest',
    '',
    '| store | MB |',
    '|---|--:|',
    ...rows.map(([name, mb]) => `| ${name} | ${mb.toFixed(0)} |`),
  ];
}

// —— outages ——

const ONE: Statement<object> = { name: 'bench_one', sql: 'select 1' };
const MANY = 50;

interface Outage {
  readonly name: string;
  readonly begin: (proxy: DatabaseProxy) => void;
  readonly end: (proxy: DatabaseProxy) => void;
  readonly lastsMs: number;
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'silent for 20 s: accepts, never answers',
    begin: (proxy) => proxy.mode('SILENT'),
    end: (proxy) => proxy.mode('PASS'),
    lastsMs: 20_000,
  },
  {
    name: 'slow by 400 ms, then every connection cut',
    begin: (proxy) => {
      proxy.slow(400);
      setTimeout(proxy.cut, 600);
    },
    end: (proxy) => proxy.slow(0),
    lastsMs: 1_000,
  },
  {
    name: 'restart: 5 s without a server',
    begin: (proxy) => {
      proxy.mode('REFUSE');
      proxy.cut();
    },
    end: (proxy) => proxy.mode('PASS'),
    lastsMs: 5_000,
  },
  {
    name: 'open connections lead nowhere (fail-over of an address)',
    begin: (proxy) => proxy.lose(),
    end: () => {},
    lastsMs: 0,
  },
];

async function measureOutages(): Promise<string[]> {
  const place = await postgres?.place();
  if (place === undefined) return ['No PostgreSQL server answered: outages were not measured.'];
  const rows: string[] = [];
  for (const outage of OUTAGES) {
    const proxy = await aDatabaseProxy(place.options.databaseUrl as string);
    const store = await openStore({ ...place.options, databaseUrl: proxy.url });
    rows.push(await rowOf(outage, proxy, store));
    await store.close();
    await proxy.close();
  }
  await place.drop();
  return [
    '### Outages of PostgreSQL',
    '',
    'Fifty statements at a time, all the time. Good again: all fifty succeed.',
    '',
    '| what happens | statements that failed | longest statement, s | good again after the return, s (goal 5) |',
    '|---|--:|--:|--:|',
    ...rows,
  ];
}

async function rowOf(
  { name, begin, end, lastsMs }: Outage,
  proxy: DatabaseProxy,
  store: Store,
): Promise<string> {
  let failed = 0;
  let longestMs = 0;
  const batch = async (): Promise<boolean> => {
    const results = await Promise.allSettled(
      Array.from({ length: MANY }, async () => {
        const startedAt = performance.now();
        try {
          await store.run(ONE, []);
        } finally {
          longestMs = Math.max(longestMs, performance.now() - startedAt);
        }
      }),
    );
    const lost = results.filter(({ status }) => status === 'rejected').length;
    failed += lost;
    return lost === 0;
  };
  while (!(await batch()));
  failed = 0;
  longestMs = 0;
  begin(proxy);
  const endsAt = performance.now() + lastsMs;
  let returned: number | undefined;
  setTimeout(() => {
    end(proxy);
    returned = performance.now();
  }, lastsMs);
  while (returned === undefined || performance.now() < endsAt) await batch();
  let goodAt = performance.now();
  while (!(await batch())) goodAt = performance.now();
  return `| ${name} | ${failed} | ${(longestMs / 1000).toFixed(2)} | **${(Math.max(0, goodAt - returned) / 1000).toFixed(2)}** |`;
}

const sections = [await measureOutages(), await measureThread(), await measureMemory()];
const intro = [
  new Date().toISOString().slice(0, 10),
  `${cpus().length} cores`,
  `Node ${process.version}`,
  `${ROUNDS} rounds`,
  `load average before: ${loadBefore.toFixed(1)}`,
].join(' · ');
const body = [intro, ...sections.map((lines) => lines.join('\n'))].join('\n\n');
console.log(body);
if (flags.write) {
  const document = new URL('../docs/resilience.md', import.meta.url);
  const markers = { begin: '<!-- bench store: begin -->', end: '<!-- bench store: end -->' };
  await writeBetween(document, markers, `${body}\n`);
}
rmSync(folder, { recursive: true, force: true });

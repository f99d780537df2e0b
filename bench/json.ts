// `npm run bench -- json`: a plain JSON page through the gateway, everything on, against a hand-written endpoint. Five REST sources, no
// SOAP and no store: the list itself comes from a source. CPU per query as a ratio, rounds interleaved, with an A/A control.
// Flags: --rounds=5 --pages=1500 (queries per measurement; six times as many single calls) --write (into docs/performance.md)
// --against=<folder> (the gateway of another checkout as a further row) --profile=page|single (the gateway alone, under --cpu-prof).

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OPERATIONS, PAGES, writeConnectors } from './json/sources.ts';
import { ask, cpuMsOf, load } from './page/load.ts';
import { writeBetween } from './page/markers.ts';
import { createDatabase } from './page/places.ts';
import { type Row, type Scenario, tableOf } from './page/report.ts';
import { type Subject, startGateway, startHandWritten } from './page/subjects.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    pages: { type: 'string', default: '1500' },
    write: { type: 'boolean', default: false },
    against: { type: 'string' },
    profile: { type: 'string' },
  },
});
const rounds = Number(flags.rounds);
const pages = Number(flags.pages);
type Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS];
const queriesOf = (operation: Operation): number => (operation === OPERATIONS.page ? pages : pages * 6);
const variables = Array.from({ length: PAGES }, (_, page) => ({ page }));
const loadBefore = loadavg()[0] ?? 0;

const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-json-'));
const sources = fork(new URL('./json/server.ts', import.meta.url), { execArgv: ['--no-warnings'] });
const [{ ports }] = (await once(sources, 'message')) as [{ ports: Record<string, number> }];
const connectorsDir = join(folder, 'connectors');
await writeConnectors(connectorsDir);
const database = await createDatabase();
const environment = {
  CONNECTORS_DIR: connectorsDir,
  ...Object.fromEntries(
    Object.entries(ports).map(([id, port]) => [`${id.toUpperCase()}_URL`, `http://127.0.0.1:${port}`]),
  ),
};
const started: Subject[] = [];

async function close(): Promise<void> {
  await Promise.all(started.map((subject) => subject.stop()));
  if (sources.connected) sources.disconnect();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => close().finally(() => process.exit(130)));
}

function placeOf(name: string) {
  const own = join(folder, name);
  mkdirSync(own);
  return { environment, databaseUrl: database?.url, folder: own };
}

async function keep(starting: Promise<Subject>): Promise<Subject> {
  const subject = await starting;
  started.push(subject);
  return subject;
}

async function countCalls(): Promise<Readonly<Record<string, number>>> {
  sources.send('count');
  const [{ calls, misses }] = (await once(sources, 'message')) as [
    { calls: Record<string, number>; misses: number },
  ];
  assert.equal(misses, 0, 'calls without an answer');
  return calls;
}

/** Every subject returns the same data by the same calls, on every page. */
async function compare(subjects: readonly Subject[]): Promise<void> {
  const [first, ...others] = subjects as [Subject, ...Subject[]];
  for (const operation of Object.values(OPERATIONS)) {
    for (const input of variables) {
      const observe = async (subject: Subject) => {
        const { data, errors } = await ask(subject, operation, input);
        assert.equal(errors, undefined, `${subject.name}: ${JSON.stringify(errors)}`);
        return { data, calls: await countCalls() };
      };
      const expected = await observe(first);
      for (const other of others) assert.deepEqual(await observe(other), expected, other.name);
      if (input === variables[0]) console.log(`Calls, ${operation.path}: ${JSON.stringify(expected.calls)}`);
    }
  }
}

/** Rounds of A B A: each subject once, and the gateway again as a control. */
async function measure(operation: Operation, subjects: readonly Subject[]): Promise<Row[]> {
  const [gateway] = subjects as [Subject];
  const entries = [
    ...subjects.map((subject) => ({ subject, name: subject.name })),
    { subject: gateway, name: 'gateway again (A/A)' },
  ];
  const queries = queriesOf(operation);
  for (const subject of subjects) await load(subject, operation, variables, queries);
  const rows = entries.map(({ name }): Row => ({ name, rounds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, { subject }] of entries.entries()) {
      const before = cpuMsOf(sources.pid as number);
      const measured = await load(subject, operation, variables, queries);
      const recordedLoad = (cpuMsOf(sources.pid as number) - before) / measured.lastedMs;
      rows[i]?.rounds.push({ ...measured, recordedLoad });
    }
  }
  return rows;
}

async function measureAll(): Promise<void> {
  const subjects = [await keep(startGateway('gateway', placeOf('gateway')))];
  if (flags.against !== undefined) {
    const repository = resolve(flags.against);
    subjects.push(await keep(startGateway('gateway of the other', placeOf('other'), { repository })));
  }
  const file = new URL('./json/hand-written.ts', import.meta.url).pathname;
  subjects.push(await keep(startHandWritten('hand-written', 'request', placeOf('hand-written'), file)));
  await compare(subjects);
  const done: Scenario[] = [];
  for (const operation of Object.values(OPERATIONS)) {
    const scenario = { title: operation.title, rows: await measure(operation, subjects) };
    done.push(scenario);
    console.log(tableOf([scenario]));
  }
  await countCalls();
  if (!flags.write) return;
  const intro =
    `${new Date().toISOString().slice(0, 10)} · ${cpus().length} cores · Node ${process.version} · ${rounds} rounds of ${pages} pages ` +
    `(six times as many single calls) each, interleaved · load average before: ${loadBefore.toFixed(1)}`;
  await writeBetween(
    new URL('../docs/performance.md', import.meta.url),
    {
      begin: '<!-- bench json: begin, written by `npm run bench -- json --write` -->',
      end: '<!-- bench json: end -->',
    },
    `${intro}\n\n${tableOf(done)}`,
  );
}

async function profile(id: string): Promise<void> {
  if (!(id in OPERATIONS)) throw new Error('--profile: expected page or single');
  const operation = OPERATIONS[id as keyof typeof OPERATIONS];
  const nodeFlags = ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILES ?? 'profiles'}`];
  const gateway = await keep(startGateway('gateway', placeOf('gateway'), { nodeFlags }));
  console.log(await load(gateway, operation, variables, queriesOf(operation)));
}

try {
  if (flags.profile !== undefined) await profile(flags.profile);
  else await measureAll();
} finally {
  await close();
}

// `npm run bench -- page`: the page query through the gateway, everything on, against hand-written endpoints that make the
// same calls and read the same store. CPU per query as a ratio, rounds interleaved. docs/performance.md explains it.
// Flags: --rounds=3 --pages=1500 (queries per measurement) --write (into docs/performance.md) --only=page,dossier,store
// --against=<folder> (another checkout's gateway in place of the hand-written ones) --profile=page (the gateway alone, profiled).

import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DOSSIER, type Operation, PAGE, type Places, STORE, variablesOf } from './page/documents.ts';
import type { Variant } from './page/hand-written/variants.ts';
import { cpuMsOf, load, queriesFor } from './page/load.ts';
import { compare, prepareGround, walk } from './page/places.ts';
import { type Row, type Scenario, tableOf, writeTable } from './page/report.ts';
import { type Subject, startGateway, startHandWritten } from './page/subjects.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    pages: { type: 'string', default: '1500' },
    only: { type: 'string', default: 'page,dossier,store' },
    write: { type: 'boolean', default: false },
    against: { type: 'string' },
    profile: { type: 'string' },
  },
});
const HAND_WRITTEN: readonly (readonly [string, Variant])[] = [
  ['`request`', 'request'],
  ['`request`, tuned', 'tuned'],
  ['`dispatch`, the limit', 'limit'],
];
const rounds = Number(flags.rounds);
const pages = Number(flags.pages);
const wanted = flags.only.split(',');
// What else the machine had to do: far from 0, and the figures are to be taken again.
const loadBefore = loadavg()[0] ?? 0;

const ground = await prepareGround();
const started: Subject[] = [];
async function keep(starting: Promise<Subject>): Promise<Subject> {
  const subject = await starting;
  started.push(subject);
  return subject;
}

async function close(): Promise<void> {
  await Promise.all(started.map((subject) => subject.stop()));
  await ground.close();
}
// No process and no database is left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => close().finally(() => process.exit(130)));
}

try {
  if (flags.profile !== undefined) await profile(flags.profile);
  else await measureAll();
} finally {
  await close();
}

async function record(gateway: Subject): Promise<Places> {
  const places = await walk(gateway);
  await ground.recorded.replay();
  await ground.simulators.close();
  return places;
}

async function measureAll(): Promise<void> {
  const gateway = await keep(startGateway('gateway', ground.place('gateway')));
  const places = await record(gateway);
  const subjects = [gateway];
  if (flags.against !== undefined) {
    const repository = resolve(flags.against);
    const place = await ground.placeOf(repository, 'other');
    subjects.push(await keep(startGateway('gateway of the other', place, { repository })));
  }
  const handWritten = flags.against === undefined ? HAND_WRITTEN : HAND_WRITTEN.slice(-1);
  for (const [name, variant] of handWritten)
    subjects.push(await keep(startHandWritten(name, variant, ground.place(name))));

  const calls = await compare(subjects, places, ground.recorded);
  console.log(
    `Same data and same calls on ${places.cursors.length} pages and ${places.codes.length} dossiers.`,
  );
  for (const [id, bySystem] of Object.entries(calls)) {
    const each = Object.entries(bySystem).map(([system, count]) => `${system} ${count.toFixed(1)}`);
    console.log(`Calls per query, ${id}: ${each.join(', ')}`);
  }

  const scenarios: [Operation, number][] = [
    [PAGE, 0],
    [PAGE, 20],
    [DOSSIER, 0],
    [STORE, 0],
  ];
  const done: Scenario[] = [];
  for (const [operation, latencyMs] of scenarios) {
    if (!wanted.includes(operation.id)) continue;
    await ground.recorded.setLatency(latencyMs);
    const title =
      operation === STORE ? operation.title : `${operation.title}, upstream latency ${latencyMs} ms`;
    const scenario = { title, rows: await measure(operation, places, subjects) };
    done.push(scenario);
    console.log(tableOf([scenario]));
  }
  const facts = {
    cores: cpus().length,
    node: process.version,
    store: ground.store,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    pages,
    loadBefore,
    calls,
  };
  if (flags.write) await writeTable(done, facts);
}

/** Rounds of A B C D A: each subject once, and the gateway once more as a control. */
async function measure(operation: Operation, places: Places, subjects: readonly Subject[]): Promise<Row[]> {
  const [gateway] = subjects as [Subject];
  const entries = [
    ...subjects.map((subject) => ({ subject, name: subject.name })),
    { subject: gateway, name: 'gateway again (A/A)' },
  ];
  const queries = queriesFor(operation, pages);
  // Once before it counts: code compiled, documents and plans cached, tokens fetched, sockets open.
  for (const subject of subjects) await load(subject, operation, variablesOf(operation, places), queries);
  const rows: Row[] = entries.map(({ name }) => ({ name, rounds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, { subject }] of entries.entries()) {
      const before = cpuMsOf(ground.recorded.pid);
      const measured = await load(subject, operation, variablesOf(operation, places), queries);
      // Share of a core that the recorded answers took: far from 1, or it would be the bottleneck.
      const recordedLoad = (cpuMsOf(ground.recorded.pid) - before) / measured.lastedMs;
      rows[i]?.rounds.push({ ...measured, recordedLoad });
    }
  }
  const { misses } = await ground.recorded.count();
  if (misses > 0) throw new Error(`${misses} calls had no recorded answer`);
  return rows;
}

/** The gateway alone under `--cpu-prof`: `--profile=page`; the profile is left in ./profiles. */
async function profile(id: string): Promise<void> {
  const operation = [PAGE, DOSSIER, STORE].find((one) => one.id === id);
  if (operation === undefined) throw new Error('--profile: expected page, dossier or store');
  const gateway = await keep(
    startGateway('gateway', ground.place('gateway'), {
      nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILES ?? 'profiles'}`],
    }),
  );
  const places = await record(gateway);
  console.log(await load(gateway, operation, variablesOf(operation, places), queriesFor(operation, pages)));
}

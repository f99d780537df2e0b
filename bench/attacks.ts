// `npm run bench -- attacks`: documents that ask for too much, sent to a gateway of its own without a pause, while another caller
// sends a small query every 20 ms. Prints for each attack the verdict, the time of the fastest refusal and of the median, the
// largest answer, the other caller's p99, and memory: what is kept after a collection of garbage, and what the process occupies.
// Flags: --seconds=4 (for each attack).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { heapOf } from './attacks/heap.ts';

const { values: flags } = parseArgs({ options: { seconds: { type: 'string', default: '4' } } });
const attackMs = 1000 * Number(flags.seconds);

const many = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (levels: number): string =>
  `{ agencies { ${'parent { '.repeat(levels)} code ${'} '.repeat(levels)} } }`;
const doubled = (levels: number): string =>
  `{ agencies { ...F0 } } ${many(levels, (i) => `fragment F${i} on Agency { parent { ...F${i + 1} } p: parent { ...F${i + 1} } }`)} fragment F${levels} on Agency { code }`;
const VARIABLE = 'query ($first: Int) { dossiers(first: $first) { edges { cursor } } }';

/** Bodies; a function makes another one for each request, so that nothing is remembered. */
const ATTACKS: Readonly<Record<string, (i: number) => string>> = {
  aliases: (i) =>
    query(`{ ${many(150, (n) => `a${n}x${i}: dossiers(first: 100) { edges { node { code } } }`)} }`),
  directives: (i) => query(`{ a${i}: agencies ${'@x '.repeat(2_000)}{ code } }`),
  fragments: (i) => query(doubled(40).replace('agencies', `a${i}: agencies`)),
  depth: (i) => query(nested(200).replace('agencies', `a${i}: agencies`)),
  width: (i) => query(`{ a${i}: agencies { ${many(4_000, (n) => `f${n}`)} } }`),
  'list size': (i) => query(`{ a${i}: procedures(first: 2147483647) { edges { node { code name } } } }`),
  'pages of every source': (i) =>
    query(
      `{ ${many(30, (n) => `a${n}x${i}: dossiers(first: 100) { edges { node { applicant { fullName } deliveries { events { at } } } } }`)} }`,
    ),
  'duplicate fields': (i) =>
    query(`{ a${i}: dossiers(first: 100) { ${'edges { node { code } } '.repeat(800)} } }`),
  'deep literal': (i) => query(`{ a${i}: dossiers(first: ${'['.repeat(20_000)}) { edges { cursor } } }`),
  'deep variable': () =>
    `{"query":${JSON.stringify(VARIABLE)},"variables":{"first":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
  'many values': () =>
    JSON.stringify({ query: VARIABLE, variables: { first: Array.from({ length: 100_000 }, () => 1) } }),
};
const query = (text: string): string => JSON.stringify({ query: text });

const folder = await mkdtemp(join(tmpdir(), 'lienthong-attacks-'));
const child = spawn(
  process.execPath,
  [
    '--no-warnings',
    '--inspect=127.0.0.1:0',
    'src/main.ts',
    '--port',
    '0',
    '--data-dir',
    folder,
    '--log-level',
    'error',
  ],
  {
    cwd: new URL('..', import.meta.url).pathname,
    env: { PATH: process.env.PATH, OPERATORS_PORT: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  },
);
let out = '';
child.stdout.on('data', (chunk) => {
  out += chunk;
});
let errors = '';
child.stderr.on('data', (chunk) => {
  errors = (errors + chunk).slice(0, 10_000);
});

try {
  while (!out.includes('Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`The gateway did not start: ${out}${errors}`);
    await pause(50);
  }
  const heap = await heapOf(/ws:\/\/\S+/.exec(errors)?.[0] as string);
  const url = /GraphQL +(\S+)/.exec(out)?.[1] as string;
  console.log(`${cpus()[0]?.model}, ${cpus().length} CPUs, load ${loadavg()[0]?.toFixed(1)}\n`);
  console.log(
    '| attack | requests | answer | fastest ms | median ms | largest bytes | other caller p99 ms | kept MB | occupied MB |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  await measure(url, heap.keptMb, 'none', () => query('{ __typename }'));
  for (const [name, body] of Object.entries(ATTACKS)) await measure(url, heap.keptMb, name, body);
  heap.close();
} finally {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
  await rm(folder, { recursive: true, force: true });
}

async function post(url: string, body: string): Promise<[code: string, bytes: number, ms: number]> {
  const started = performance.now();
  const headers = { 'content-type': 'application/json', 'accept-language': 'en' };
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  const code = /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? '';
  return [`${response.status} ${code}`.trim(), text.length, performance.now() - started];
}

async function measure(
  url: string,
  keptMb: () => Promise<number>,
  name: string,
  body: (i: number) => string,
): Promise<void> {
  const [kept, before] = [await keptMb(), memoryMb()];
  const end = performance.now() + attackMs;
  const attacks: [string, number, number][] = [];
  const others: number[] = [];
  const attacking = (async () => {
    for (let i = 0; performance.now() < end; i++) attacks.push(await post(url, body(i)));
  })();
  const waiting: Promise<unknown>[] = [];
  while (performance.now() < end) {
    waiting.push(
      post(url, query('{ procedures(first: 20) { edges { node { code name } } } }')).then(([, , ms]) =>
        others.push(ms),
      ),
    );
    await pause(20);
  }
  await Promise.all([attacking, ...waiting]);
  const occupied = memoryMb();
  const times = attacks.map(([, , ms]) => ms).sort((a, b) => a - b);
  const answers = [...new Set(attacks.map(([answer]) => answer))].join(', ');
  const largest = Math.max(...attacks.map(([, bytes]) => bytes));
  const p99 = others.sort((a, b) => a - b)[Math.floor(0.99 * (others.length - 1))] ?? 0;
  const numbers = [times[0] ?? 0, times[times.length >> 1] ?? 0].map((ms) => ms.toFixed(1));
  console.log(
    `| ${name} | ${attacks.length} | ${answers} | ${numbers.join(' | ')} | ${largest} | ${p99.toFixed(1)} | ${kept} → ${await keptMb()} | ${before} → ${occupied} |`,
  );
}

/** Resident memory of the gateway. */
function memoryMb(): number {
  try {
    return Math.round(
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    );
  } catch {
    return 0;
  }
}

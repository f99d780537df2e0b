// `npm run bench -- growth`: what each method, codec and scalar costs on its worst hostile input of 1 KB, 32 KB and 1 MB, and how
// the cost per byte grows between the last two. The inputs are those on which the tests count steps. Each measurement is
// made twice, interleaved; the second is the A/A control. Flags: --write (into docs/performance.md).

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { compileMapping, METHODS, parseSelection, print } from '../src/connect/mapping/index.ts';
import { createScalars } from '../src/dossiers/scalars.ts';
import { inflate } from '../src/upstream/inflate.ts';
import { GROWTH_CASES } from '../test/connect/mapping/growth-cases.ts';
import { CODEC_CASES } from '../test/growth/codec-cases.ts';
import { scalarCases } from '../test/growth/scalar-cases.ts';
import { SIZES } from '../test/growth/sizes.ts';
import { writeBetween } from './page/markers.ts';

interface Subject {
  /** The row of the table; the costliest subject of a row is shown. */
  readonly row: string;
  readonly name: string;
  readonly prepare: (bytes: number) => () => unknown;
}

interface Measured {
  readonly subject: Subject;
  /** CPU milliseconds per size; the second measurement of the largest. */
  readonly ms: readonly number[];
  readonly again: number;
}

const OPTIONS = { version: '0.4', extensions: true } as const;
/** CPU time that one measurement takes at least, in milliseconds. */
const ROUND_MS = 4;
const ROUNDS = 3;

const { values: flags } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const loadBefore = loadavg()[0] ?? 0;

const methods = GROWTH_CASES.flatMap(({ name, mapping, input }): Subject[] => {
  const tree = parseSelection(mapping, OPTIONS);
  const used = new Set([...print(tree).matchAll(/->(\w+)/g)].map(([, method = '']) => method));
  // A case is about the methods that its name begins with, else about all that it uses.
  const [subject = ''] = name.split(' ');
  const named = METHODS.has(subject) ? [subject] : [...used];
  const prepare = (bytes: number) => {
    const { run } = compileMapping(tree);
    const value = input(bytes);
    return () => run(value);
  };
  return named.map((method) => ({ row: `\`->${method}\``, name, prepare }));
});

const codecs = CODEC_CASES.map(
  ({ name, protocol, kind, unwraps, prepare }): Subject => ({
    row: unwraps === undefined ? `${protocol}, ${kind}` : `unwrap ${unwraps}`,
    name: name.replace(/^[^:]*: /, '').replace(', encoded', ''),
    prepare,
  }),
);

const scalars = Object.entries(createScalars()).flatMap(([scalar, code]) =>
  scalarCases(scalar).map(({ name, input }): Subject => {
    const prepare = (bytes: number) => {
      const value = input(bytes);
      return () => code.parseValue(value);
    };
    return { row: `\`${scalar}\``, name, prepare };
  }),
);

const compressed: Subject = {
  row: 'gzip',
  name: 'zero bytes, decompressed',
  prepare: (bytes) => {
    const packed = gzipSync(Buffer.alloc(bytes));
    return () => inflate(packed, 'gzip', bytes);
  },
};

/** CPU milliseconds of this thread: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds per run; a refusal counts like a result. */
function time(run: () => unknown): number {
  let runs = 0;
  const start = cpuMs();
  let now = start;
  while (runs === 0 || now - start < ROUND_MS) {
    try {
      run();
    } catch {
      // A limit ends the run.
    }
    runs++;
    now = cpuMs();
  }
  return (now - start) / runs;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] as number;

function measure(subject: Subject): Measured {
  const runs = SIZES.map((bytes) => subject.prepare(bytes));
  const times = [...runs, runs.at(-1) as () => unknown].map((run) => ({ run, ms: [] as number[] }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { run, ms } of times) {
      const spent = time(run);
      // The first round compiles.
      if (round > 0) ms.push(spent);
    }
  }
  const [again, ...ms] = times.map((row) => median(row.ms)).toReversed() as [number, ...number[]];
  return { subject, ms: ms.toReversed(), again };
}

const shown = (ms: number): string => (ms < 0.01 ? '<0.01' : ms.toFixed(ms < 1 ? 2 : 1));

/** The costliest subject of each row, in the order of the rows. */
function tableOf(title: string, subjects: readonly Subject[]): string {
  const worst = new Map<string, Measured>();
  for (const subject of subjects) {
    const measured = measure(subject);
    const known = worst.get(subject.row);
    if (known === undefined || (measured.ms[2] ?? 0) > (known.ms[2] ?? 0)) worst.set(subject.row, measured);
  }
  const lines = [...worst].map(([row, { subject, ms, again }]) => {
    const [small = 0, medium = 0, large = 0] = ms;
    // Below a tenth of a millisecond the fixed part dominates.
    const perByte = large < 0.1 ? '–' : (large / medium / (SIZES[2] / SIZES[1])).toFixed(2);
    const control = large < 0.1 ? '–' : (again / large).toFixed(2);
    return `| ${row} | ${subject.name} | ${shown(small)} | ${shown(medium)} | ${shown(large)} | ${perByte} | ${control} |`;
  });
  return [
    `| ${title} | worst input | 1 KB, ms | 32 KB, ms | 1 MB, ms | per byte, 1 MB ÷ 32 KB | again (A/A) |`,
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

const tables = [
  tableOf('method', methods),
  tableOf('codec', [...codecs, compressed]),
  tableOf('scalar', scalars),
].join('\n\n');
const intro =
  `${new Date().toISOString().slice(0, 10)} · ${cpus().length} cores · Node ${process.version} · CPU time of the thread, median of ` +
  `${ROUNDS} · load average before: ${loadBefore.toFixed(1)}`;
console.log(`${intro}\n\n${tables}`);
if (flags.write) {
  await writeBetween(
    new URL('../docs/performance.md', import.meta.url),
    {
      begin: '<!-- bench growth: begin, written by `npm run bench -- growth --write` -->',
      end: '<!-- bench growth: end -->',
    },
    `${intro}\n\n${tables}\n`,
  );
}

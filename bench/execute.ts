// `npm run bench -- execute`: what the execution of a document costs, without HTTP, parsing and calls: the gateway's
// executor against graphql-js on the same schema and resolvers, interleaved, with an A/A control. Microseconds of CPU.
// Flags: --rounds=31.

import { deepStrictEqual } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLObjectType,
  isObjectType,
  parse,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { isNotList } from '../src/connect/bind/bind-schema.ts';
import { OPEN_VIEW } from '../src/graph/access/access.ts';
import { createPlan } from '../src/graph/plan.ts';
import { pageQuery } from '../src/http/page-query.ts';

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '31' } } });
const ROUNDS = Number(flags.rounds);
const ROUND_US = 10_000;

const published = await readFile(new URL('../schema/published.graphql', import.meta.url), 'utf8');

const time = '2026-06-09T01:30:00.000Z';
const provenance = { connector: 'population', source: null, fetchedAt: time, ageMs: 12, freshness: 'LIVE' };

/** A dossier as the store and its connectors complete it. */
const dossier = (i: number) => ({
  code: `000.00.00.H26-200524-${String(i).padStart(4, '0')}`,
  status: 'IN_PROCESS',
  channel: 'ONLINE',
  submittedAt: time,
  receivedAt: time,
  dueAt: time,
  finishedAt: null,
  procedure: { code: '1.005129', name: 'Đăng ký khai sinh', level: 'FULL' },
  agency: { code: 'H26.12.34', name: 'Phường Một' },
  applicant: {
    personalId: `0010990${10000 + i}`,
    fullName: `Nguyễn Văn ${i}`,
    birthDate: { year: 1990, month: 1 + (i % 12), day: null },
    gender: 'FEMALE',
    permanentAddress: { detail: '1 Trần Phú', provinceCode: '01', communeCode: '00001' },
    provenance,
  },
  business:
    i % 2 === 0
      ? null
      : {
          code: `010${1000000 + i}`,
          name: `Công ty ${i}`,
          type: 'LIMITED',
          status: 'ACTIVE',
          headOffice: '1 Trần Phú',
          representatives: [{ fullName: 'Trần Thị B' }],
          provenance,
        },
  payments:
    i % 3 === 0
      ? []
      : [{ reference: `P${i}`, amount: 20000, currency: 'VND', status: 'PAID', paidAt: time, provenance }],
  deliveries:
    i % 2 === 0
      ? []
      : [
          {
            trackingCode: `VN${i}`,
            status: 'DELIVERED',
            statusText: 'Đã phát',
            events: [
              { at: time, status: 'AT_POST_OFFICE', statusText: 'Chấp nhận' },
              { at: time, status: 'DELIVERED', statusText: 'Đã phát' },
            ],
            provenance,
          },
        ],
});

type Resolve = (source: Record<string, unknown>) => unknown;

/** @param entity how a field that returns an entity resolves */
function aSchema(entity: ((field: string) => Resolve) | undefined) {
  const schema = buildSchema(published);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !type.name.startsWith('__')) type.isTypeOf = isNotList;
  }
  const resolveAt = (typeName: string, field: string, resolve: (source: never) => unknown) => {
    const found = (schema.getType(typeName) as GraphQLObjectType).getFields()[field];
    if (found !== undefined) found.resolve = resolve as never;
  };
  const edges = Array.from({ length: 20 }, (_, i) => ({ cursor: `c${i}`, node: dossier(i) }));
  const pageInfo = { hasNextPage: true, hasPreviousPage: false, startCursor: 'c0', endCursor: 'c19' };
  resolveAt('Query', 'dossiers', () => ({ edges, pageInfo }));
  resolveAt('Query', 'dossier', () => edges[1]?.node);
  if (entity !== undefined) {
    for (const field of ['applicant', 'business', 'payments', 'deliveries'])
      resolveAt('Dossier', field, entity(field));
  }
  return schema;
}

type Run = () => unknown;

interface Case {
  readonly name: string;
  readonly subjects: readonly (readonly [string, Run])[];
}

const ready = aSchema((field) => (source) => source[field]);
const promised = aSchema((field) => (source) => {
  const value = source[field];
  return Array.isArray(value) ? value.map((item) => Promise.resolve(item)) : Promise.resolve(value);
});

const SMALL =
  'query One($code: DossierCode!) { dossier(code: $code) { code status procedure { code name } } }';
const CODE = { code: '000.00.00.H26-200524-0001' };

function subjectsOf(schema: typeof ready, document: DocumentNode, variableValues: Record<string, unknown>) {
  const plan = createPlan(document, null, { schema, connectorsAt: () => [] });
  const again = createPlan(document, null, { schema, connectorsAt: () => [] });
  const compiled = compileQuery(schema, document as never, undefined, {
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) throw new Error('graphql-jit cannot compile this');
  return [
    ['ours', () => plan.run({}, variableValues, OPEN_VIEW)],
    ['graphql-js', () => execute({ schema, document, contextValue: {}, variableValues })],
    ['graphql-jit', () => compiled.query(undefined, {}, variableValues)],
    ['ours again (A/A)', () => again.run({}, variableValues, OPEN_VIEW)],
  ] as const;
}

let fresh = 0;
const cases: Case[] = [
  { name: 'page, all values ready', subjects: subjectsOf(ready, parse(pageQuery), { first: 20 }) },
  { name: 'page, entities promised', subjects: subjectsOf(promised, parse(pageQuery), { first: 20 }) },
  { name: 'one dossier, five fields', subjects: subjectsOf(ready, parse(SMALL), CODE) },
  {
    name: 'page, a new document each time (parsed before)',
    subjects: (() => {
      const documents = Array.from({ length: 64 }, () => parse(pageQuery));
      const next = () => documents[fresh++ % documents.length] as DocumentNode;
      const run = () =>
        createPlan(next(), null, { schema: ready, connectorsAt: () => [] }).run({}, { first: 20 }, OPEN_VIEW);
      return [
        ['ours', run],
        [
          'graphql-js',
          () => execute({ schema: ready, document: next(), contextValue: {}, variableValues: { first: 20 } }),
        ],
        [
          'graphql-jit',
          () => {
            const compiled = compileQuery(ready, next() as never, undefined, {
              disablingCapturingStackErrors: true,
            });
            return isCompiledQuery(compiled) ? compiled.query(undefined, {}, { first: 20 }) : undefined;
          },
        ],
        ['ours again (A/A)', run],
      ] as const;
    })(),
  },
];

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds per run, over about one round's time. */
async function timeRuns(run: Run): Promise<number> {
  let runs = 0;
  const start = cpuUs();
  let now = start;
  while (now - start < ROUND_US) {
    for (let i = 0; i < 8; i++) await run();
    runs += 8;
    now = cpuUs();
  }
  return (now - start) / runs;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

for (const { name, subjects } of cases) {
  const [, expected] = subjects[1] as (typeof subjects)[number];
  for (const [, run] of subjects) {
    const answer = plain(await run());
    deepStrictEqual(answer, plain(await expected()));
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors[0]));
  }
  const times = subjects.map((): number[] => []);
  for (const [, run] of subjects) for (let i = 0; i < 10; i++) await timeRuns(run);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, run]] of subjects.entries()) times[i]?.push(await timeRuns(run));
  }
  console.log(name);
  for (const [i, [subject]] of subjects.entries()) {
    const ratios = (times[i] as number[]).map((value, round) => value / (times[0]?.[round] as number));
    console.log(
      `  ${subject.padEnd(18)} ${median(times[i] as number[])
        .toFixed(1)
        .padStart(8)} µs   ${median(ratios).toFixed(2)} × ours`,
    );
  }
}

function plain(result: unknown): { readonly errors?: readonly unknown[] } {
  return JSON.parse(JSON.stringify(result));
}

// The cost of an operation before it is executed, over the gateway's own connectors: what is counted, what is refused, what
// passes, and how long a refusal takes.

import { globSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costProblem } from '../../src/graph/cost/cost-problem.ts';
import { createPrepare, type PreparedOperation } from '../../src/graph/prepare.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { aBoundSchema } from './execute/a-bound-schema.ts';
import { aDocument, type DocumentOptions } from './execute/a-document.ts';
import { aChoices } from './execute/choices.ts';

const { schema, connectorsAt, listSizes, fieldWeights } = aBoundSchema();
const OPTIONS = { schema, connectorsAt, listSizes, fieldWeights };
const prepare = createPrepare(OPTIONS);

/** Prepared without limits, so that the cost of anything can be asked for. */
const prepareAll = createPrepare({
  ...OPTIONS,
  limits: {
    maxCost: 1e15,
    maxConnectorCalls: 1e15,
    maxObjects: 1e15,
    maxAnswerBytes: 1e15,
    maxDepth: 100,
    maxAliases: 5000,
    maxRootFields: 5000,
  },
});

function operationOf(text: string, from = prepareAll): PreparedOperation {
  const prepared = from({ text });
  if (prepared.kind === 'refusal') throw new Error(prepared.problems[0]?.text.en);
  return prepared;
}

const costOf = (text: string, variables?: Record<string, unknown>) => operationOf(text).cost.of(variables);

/** The problems of a request, before it is executed. */
function problemsOf(text: string, variables?: Record<string, unknown>, from = prepare) {
  const prepared = from({ text });
  if (prepared.kind === 'refusal') return prepared.problems;
  const problem = costProblem(prepared.cost, variables, DEFAULT_LIMITS);
  return problem === undefined ? [] : [problem];
}

describe('what is counted', () => {
  it('objects · of a page · then the connection, its edges and their nodes', () => {
    expect(costOf('{ dossiers(first: 30) { edges { node { code } } } }')).toMatchObject({
      objects: 1 + 30 + 30,
      connectorCalls: 0,
      // one statement, an object each, a tenth for each code
      total: 10 + 61 + 3,
    });
  });

  it.each([
    ['myDataUsage', '(first: 1) { edges { cursor } }', 200],
    ['auditTrail', '(first: 1) { edges { cursor } }', 500],
    ['auditAnomalies', '{ __typename }', 2_000],
  ])('%s · the weight that its schema declares, for each alias', (name, rest, weight) => {
    const { total } = costOf(`{ ${name}${rest} }`);
    expect(total).toBeGreaterThanOrEqual(weight + 10);
    expect(total).toBeLessThan(weight + 20);
    expect(costOf(`{ a: ${name}${rest} b: ${name}${rest} }`).total).toBeGreaterThanOrEqual(2 * weight + 20);
  });

  it.each([
    ['the default of the argument', '{ dossiers { edges { cursor } } }', undefined, 20],
    ['a literal', '{ dossiers(first: 7) { edges { cursor } } }', undefined, 7],
    ['null', '{ dossiers(first: null) { edges { cursor } } }', undefined, 20],
    ['a variable', 'query ($n: Int) { dossiers(first: $n) { edges { cursor } } }', { n: 5 }, 5],
    ['no value', 'query ($n: Int) { dossiers(first: $n) { edges { cursor } } }', undefined, 20],
    [
      'the default of the variable',
      'query ($n: Int = 9) { dossiers(first: $n) { edges { cursor } } }',
      {},
      9,
    ],
    ['a null variable', 'query ($n: Int = 9) { dossiers(first: $n) { edges { cursor } } }', { n: null }, 20],
    ['a negative variable', 'query ($n: Int) { dossiers(first: $n) { edges { cursor } } }', { n: -5 }, 0],
    ['a text', 'query ($n: Int) { dossiers(first: $n) { edges { cursor } } }', { n: 'x' }, 20],
  ])('the size of a page · by %s · then that many edges', (_what, text, variables, edges) => {
    expect(costOf(text, variables).objects).toBe(1 + edges);
  });

  it('lists within lists · multiplied · then a call for each element of each', () => {
    const text =
      '{ dossiers(first: 10) { edges { node { applicant { fullName } payments { paidAt } deliveries { events { at } } } } } }';
    // 10 applicants, 2 payments and 2 deliveries each, and the events of each delivery
    expect(costOf(text).connectorCalls).toBe(10 + 20 + 20);
  });

  it('fields of the store on a type of a connector · then no call', () => {
    expect(
      costOf('{ dossiers(first: 10) { edges { node { payments { reference } } } } }').connectorCalls,
    ).toBe(0);
  });

  it('a batch · of three keys · then a third of the calls', () => {
    // the list itself, and 9 places in batches of 3, with one more at most
    expect(costOf('{ places(limit: 9) { id rating } }').connectorCalls).toBe(1);
    expect(costOf('{ places(limit: 9) { next { id } } }').connectorCalls).toBe(1 + 9);
  });

  it('equal fields · merged · then counted once; under another name twice', () => {
    const once = costOf('{ dossiers(first: 10) { edges { node { code } } } }');
    expect(
      costOf('{ dossiers(first: 10) { edges { node { code code ...F } } } } fragment F on Dossier { code }'),
    ).toEqual(once);
    expect(
      costOf(
        '{ a: dossiers(first: 10) { edges { node { code } } } b: dossiers(first: 10) { edges { node { code } } } }',
      ).total,
    ).toBe(2 * once.total);
  });

  it('an interface · several types · then the dearest', () => {
    const place = costOf('{ nearest { ... on Place { next { id } } } }');
    const both = costOf('{ nearest { ... on Place { next { id } } ... on Keeper { id } } }');
    expect(both.connectorCalls).toBe(place.connectorCalls);
  });

  it('a condition · on a field · then counted as met', () => {
    const text =
      'query ($no: Boolean!) { dossiers(first: 10) { edges { node { applicant { fullName } @include(if: $no) } } } }'.replace(
        '{ fullName } @include(if: $no)',
        '@include(if: $no) { fullName }',
      );
    expect(costOf(text, { no: false }).connectorCalls).toBe(10);
  });
});

describe('what passes', () => {
  it('the page of 100 dossiers with every source', () => {
    expect(problemsOf(pageQuery, { first: 100 })).toEqual([]);
    const cost = costOf(pageQuery, { first: 100 });
    expect(cost).toEqual({ total: 22_103, connectorCalls: 800, objects: 4_802, bytes: expect.any(Number) });
    expect(cost.bytes).toBeGreaterThan(500_000);
    expect(cost.bytes).toBeLessThan(2_000_000);
  });

  it('the operations of the documentation and of the clients', () => {
    const root = new URL('../../', import.meta.url);
    const blocks = globSync(['docs/**/*.md', 'README.md', 'connectors/README.md', 'explorer/*.md'], {
      cwd: root,
    }).flatMap((page) =>
      [...readFileSync(new URL(page, root), 'utf8').matchAll(/^ *```graphql\n(.*?)^ *```/gms)].map(
        ([, code]) => code ?? '',
      ),
    );
    const operations = [
      ...blocks.filter((code) => /^\s*(query|mutation|\{)/.test(code)),
      getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, schemaDescription: true }),
    ];
    expect(operations.length).toBeGreaterThan(1);
    for (const text of operations) {
      const codes = problemsOf(text).map(({ code }) => code);
      expect(
        codes.filter((code) => code === 'QUERY_TOO_COSTLY'),
        text,
      ).toEqual([]);
    }
  });

  const MODEST: DocumentOptions = {
    depth: 5,
    width: 4,
    size: 40,
    literals: {
      DossierCode: ['"000.00.00.H26-260609-0002"'],
      ProcedureCode: ['"1.005129"'],
      DateTime: ['"2026-06-09T08:30:00+07:00"'],
      Int: ['5', '20'],
    },
  };

  const SEED = Number(process.env.COST_SEED ?? Date.now() % 2 ** 31);

  it(`1,000 modest documents at random (seed ${SEED})`, () => {
    const random = randomNumbers(SEED);
    let checked = 0;
    while (checked < 1000) {
      const { text, operationNames } = aDocument(schema, aChoices(random(200)), MODEST);
      for (const operationName of operationNames) {
        const prepared = prepare({ text, operationName });
        const problem =
          prepared.kind === 'refusal'
            ? prepared.problems[0]
            : costProblem(prepared.cost, undefined, DEFAULT_LIMITS);
        expect(problem?.code === 'QUERY_TOO_COSTLY' ? problem.text.en : undefined, text).toBeUndefined();
        if (problem === undefined) checked += 1;
      }
    }
  }, 60_000);
});

/** Lists of 32-bit numbers (xorshift). */
function randomNumbers(seed: number): (count: number) => Uint32Array {
  let state = seed | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return (count) => Uint32Array.from({ length: count }, next);
}

describe('what is refused', () => {
  const times = (count: number, text: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => text(i)).join(' ');
  const PAGE = 'edges { node { code } }';

  it.each<[string, string, Record<string, unknown> | undefined, RegExp]>([
    [
      '150 aliases of a page of 100',
      `{ ${times(150, (i) => `a${i}: dossiers(first: 100) { ${PAGE} }`)} }`,
      undefined,
      /^The query is too costly\. Root fields: 150, at most 50\.$/,
    ],
    [
      'a page of everything under 10 names',
      `query ($n: Int) { ${times(10, (i) => `a${i}: dossiers(first: $n) { edges { node { applicant { fullName } payments { paidAt } deliveries { status } } } }`)} }`,
      { n: 100 },
      /^The query is too costly\. Calls to source systems: 5,000 in the worst case, the limit is 2,000; most of it is a0 \(10%\)\./,
    ],
    [
      'one huge page',
      'query ($n: Int) { procedures(first: $n) { edges { node { code } } } }',
      { n: 2_147_483_647 },
      /^The query is too costly\. Objects in the answer: 4,294,967,295 in the worst case, the limit is 20,000; most of it is procedures\.edges\.node|^The query/,
    ],
    [
      'agencies and their parents, 39 levels',
      `{ ${times(5, (i) => `a${i}: agencies { ${'parent { '.repeat(36)} code ${'} '.repeat(36)} }`)} }`,
      undefined,
      /^The query is too costly\. Objects in the answer: 27,750/,
    ],
    [
      'lists within lists',
      `{ places(limit: 100) { ${'keeper { home { '.repeat(15)} id rating ${'} } '.repeat(15)} } }`,
      undefined,
      /^The query is too costly\. Calls to source systems: 3,\d+ in the worst case/,
    ],
  ])(
    '%s · asked for · then refused with cost, limit and place, in time',
    (_what, text, variables, message) => {
      const started = performance.now();
      const problems = problemsOf(text, variables);
      const duration = performance.now() - started;
      expect(problems).toMatchObject([
        { code: 'QUERY_TOO_COSTLY', text: { en: expect.stringMatching(message) } },
      ]);
      expect(JSON.stringify(problems).length).toBeLessThan(2_000);
      // 20 ms is the limit of a whole refusal; machines that run tests are shared.
      expect(duration).toBeLessThan(100);
    },
  );

  it('the reason · as data · then what was asked, the limits and the heaviest field', () => {
    const [problem] = problemsOf(
      'query ($n: Int) { dossiers(first: $n) { edges { node { deliveries { status events { at } } } } } }',
      {
        n: 2000,
      },
    );
    expect(problem?.extensions).toMatchObject({
      cost: {
        measure: 'connectorCalls',
        requested: { connectorCalls: expect.any(Number) },
        limit: { total: 50_000, connectorCalls: 2_000, objects: 20_000, bytes: 4_000_000 },
        heaviest: { path: expect.stringMatching(/^dossiers\.edges\.node\.deliveries/), share: 0.5 },
      },
    });
  });

  it('doubled fragments · deep · then numbers stay finite and the work small', () => {
    const text = `{ agencies { ...F0 } } ${times(7, (i) => `fragment F${i} on Agency { a${i}: parent { ...F${i + 1} } b${i}: parent { ...F${i + 1} } }`)} fragment F7 on Agency { code }`;
    expect(costOf(text).objects).toBe(150 * (2 ** 8 - 1));
  });
});

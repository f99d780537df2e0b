// A whole gateway answers a document alike at its first, fourth and tenth run, over the same sockets, whether the systems
// behind it are healthy or not. That these are the answers of graphql-js is held in test/graph/execute.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pageQuery } from '../../src/http/page-query.ts';
import type { FaultSettings } from '../../src/simulator/kit.ts';
import { wholeErrors } from '../whole-errors.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { CONNECTORS, comparable } from './expected-page.ts';

let folder: ConnectorsFolder;
let gate: TestGateway;

beforeAll(async () => {
  folder = await aConnectorsFolder({
    attemptTimeoutMs: 30_000,
    maxWaitMs: 30_000,
    minimumCalls: 1_000_000,
  });
  gate = await aGateway({ connectorsDir: folder.path, args: ['--request-deadline-ms', '60000'] });
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

afterEach(() => {
  for (const id of CONNECTORS) gate.simulator(id).faults({});
});

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** Stands for the code of a dossier that has everything; which one is known when the city is. */
const SOME_DOSSIER = 'some dossier';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'the page': { query: pageQuery },
  'the page with variables': { query: pageQuery, variables: { first: 3 } },
  'one dossier': {
    query: `query One($code: DossierCode!) { dossier(code: $code) {
      code receivedAt finishedAt events { at status actor note }
      applicant { declared { fullName birthDate { year month day } } fullName placeOfOrigin { provinceCode } nationality }
      business { code representatives { fullName } } payments { transactionId bank startedAt }
      deliveries { statusAt orderedAt } } }`,
    variables: { code: SOME_DOSSIER },
  },
  'aliases and fragments': {
    query: `query Twice { a: dossiers(first: 2) { ...Rows } b: dossiers(first: 3) { ...Rows edges { node { who: applicant { gender } } } } }
      fragment Rows on DossierConnection { __typename edges { node { code ...Owner ... on Dossier { business { n: name } } } } }
      fragment Owner on Dossier { applicant { fullName ...Born } }
      fragment Born on Citizen { birthDate { year } }`,
  },
  'fields merged from two places': {
    query: `{ dossiers(first: 2) { edges { node { applicant { fullName } } } edges { node { applicant { gender } code } } } }`,
  },
  'directives that leave out': {
    query: `query Some($with: Boolean = false, $without: Boolean!) { dossiers(first: 2) { edges { node { code
      applicant @include(if: $with) { fullName } business @skip(if: $without) { name }
      payments { reference status @include(if: $with) } ... @include(if: $without) { channel } } } } }`,
    variables: { without: true },
  },
  'directives that let in': {
    query: `query Others($with: Boolean = false, $without: Boolean!) { dossiers(first: 2) { edges { node { code
      applicant @include(if: $with) { fullName } business @skip(if: $without) { name } } } } }`,
    variables: { with: true, without: false },
  },
  'the catalogue': {
    query: `{ procedures(first: 5) { edges { cursor node { code fee level } } pageInfo { hasNextPage endCursor } }
      procedure(code: "9.999999") { code } agencies(level: DEPARTMENT) { code parent { code parent { code } } }
      connectors { id title status breaker message } }`,
  },
  'an enum in a variable': {
    query: 'query Level($level: AgencyLevel) { agencies(level: $level) { code } }',
    variables: { level: 'CITY' },
  },
  introspection: {
    query:
      '{ __schema { queryType { name } } __type(name: "Citizen") { name description fields { name type { kind name } } } }',
  },
  'a null variable': {
    query: 'query ($first: Int) { dossiers(first: $first) { edges { node { code } } } }',
    variables: { first: null },
  },
  'first out of range': {
    query: 'query ($first: Int) { dossiers(first: $first) { edges { node { code } } } }',
    variables: { first: 101 },
  },
  'a cursor that is none': {
    query: '{ dossiers(after: "abc") { edges { node { code } } } connectors { id } }',
  },
  'a variable of the wrong type': {
    query: 'query ($first: Int) { dossiers(first: $first) { edges { node { code } } } }',
    variables: { first: 'many' },
  },
  'a variable that is missing': { query: 'query ($code: DossierCode!) { dossier(code: $code) { code } }' },
  'a scalar that is refused': {
    query: 'query ($code: DossierCode!) { dossier(code: $code) { code } }',
    variables: { code: 'not-a-code' },
  },
  'an enum value that does not exist': {
    query: 'query ($level: AgencyLevel) { agencies(level: $level) { code } }',
    variables: { level: 'MOON' },
  },
  ...Object.fromEntries(
    [1.5, 3.0, 2_147_483_648, -1, true, '3', [3], {}].map((value) => [
      `first is ${JSON.stringify(value)}`,
      {
        query: 'query ($first: Int) { dossiers(first: $first) { edges { node { code } } } }',
        variables: { first: value },
      },
    ]),
  ),
  'text that is a number': {
    query: 'query ($after: String) { dossiers(first: 1, after: $after) { edges { cursor } } }',
    variables: { after: 5 },
  },
  'null where a value must be': {
    query: 'query ($code: DossierCode!) { dossier(code: $code) { code } }',
    variables: { code: null },
  },
  'a variable that nobody declared': {
    query: 'query ($first: Int = 2) { dossiers(first: $first) { edges { node { code } } } }',
    variables: { second: 1 },
  },
};

/**
 * Without what differs from request to request. Errors come in the order in which calls end: they are sorted by path, and
 * have the text and code of the error to which they refer. Only that one has locations.
 */
const essence = ({ data, errors, extensions, status }: Answer): unknown => ({
  status,
  data: comparable(data),
  errors: wholeErrors(errors)
    .map(({ message, path, extensions: { requestId: _id, retryAfterMs, ...rest } }) => ({
      message,
      path,
      extensions: { ...rest, retryAfterMs: typeof retryAfterMs },
    }))
    .sort((a, b) => (JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1)),
  sources: extensions?.sources?.map(({ durationMs: _durationMs, retryAfterMs, ...row }) => ({
    ...row,
    retryAfterMs: typeof retryAfterMs,
  })),
});

let round = 0;

/** The answers of the first, the fourth and the tenth run of a document that nobody has sent before. */
async function answersOf({ query, variables: given }: Operation): Promise<[unknown, unknown, unknown]> {
  const code = gate.city.dossiers.find(
    (each) => each.enterprise && each.payments[0] && each.deliveries[0],
  )?.code;
  const variables = given?.code === SOME_DOSSIER ? { ...given, code } : given;
  const fresh = `# ${++round}\n${query}`;
  const answers: unknown[] = [];
  for (let run = 1; run <= 10; run++) answers.push(essence(await gate.ask(fresh, variables)));
  return [answers[0], answers[3], answers[9]];
}

/** Those that ask a connector: the others answer alike in sickness. */
const ASKING = Object.entries(OPERATIONS).slice(0, 7);

describe.each<readonly [string, FaultSettings, readonly (readonly [string, Operation])[]]>([
  ['all healthy', {}, Object.entries(OPERATIONS)],
  ['all answer 503', { status: 503 }, ASKING],
  ['all answer garbage', { garbage: true }, ASKING],
])('%s', (_state, settings, operations) => {
  it.each(operations)('%s · run ten times · then equal answers', async (_name, operation) => {
    for (const id of CONNECTORS) gate.simulator(id).faults(settings);
    const [first, fourth, tenth] = await answersOf(operation);
    expect(fourth).toEqual(first);
    expect(tenth).toEqual(first);
  });
});

it.each(CONNECTORS)('only %s unhealthy · page run ten times · then equal answers', async (id) => {
  gate.simulator(id).faults({ status: 503 });
  const [first, fourth, tenth] = await answersOf({ query: pageQuery });
  expect(fourth).toEqual(first);
  expect(tenth).toEqual(first);
});

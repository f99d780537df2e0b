// The start report: which data the store holds and whether the explorer is served.
import { describe, expect, test } from 'vitest';
import type { StartReport } from '../src/gateway-reports.ts';
import { startReport } from '../src/start-report.ts';

const aReport = (changes: Partial<StartReport>): StartReport => ({
  graphqlUrl: 'http://127.0.0.1:4000/graphql',
  explorerUrl: null,
  operatorsUrl: 'http://127.0.0.1:4100',
  development: null,
  store: 'PGlite in data/store',
  syntheticCity: 'ABSENT',
  simulators: false,
  connectors: [],
  exampleQuery: '{ agencies { code } }',
  readyInMs: 1_500,
  ...changes,
});

const lineOf = (name: string, changes: Partial<StartReport>): string | undefined =>
  startReport(aReport(changes))
    .split('\n')
    .find((line) => line.trimStart().startsWith(name))
    ?.trim();

describe('a real start', () => {
  test('an empty store · then the report states why it has no synthetic data', () =>
    expect(lineOf('Store', {})).toBe(
      'Store     PGlite in data/store, without synthetic data, because the simulators are off',
    ));

  test('a store that was filled earlier · then a warning', () => {
    expect(lineOf('WARNING', { syntheticCity: 'PRESENT' })).toBe(
      'WARNING   The store holds the synthetic city and the simulators are off: the systems below receive requests about people who do not exist.',
    );
    expect(lineOf('WARNING', {})).toBeUndefined();
  });

  test('its callers sign in at issuers of the access file · then the report has nothing about issuers', () =>
    expect(startReport(aReport({}))).not.toMatch(/issuer|sign-in|development/i));

  test('no explorer · then the report states how to serve it', () => {
    expect(lineOf('Explorer', {})).toBe('Explorer  off without simulators; EXPLORER=on serves it');
    expect(lineOf('Explorer', { explorerUrl: 'http://127.0.0.1:4000/explorer' })).toBe(
      'Explorer  http://127.0.0.1:4000/explorer',
    );
  });
});

test('the port of operators · then its address, or that it is off', () => {
  expect(lineOf('Operators', {})).toBe('Operators http://127.0.0.1:4100/metrics, /status');
  expect(lineOf('Operators', { operatorsUrl: null })).toBe('Operators OPERATORS_PORT=off');
});

describe('a start with simulators', () => {
  test.each([
    ['WRITTEN', 'Store     PGlite in data/store, filled with the synthetic city'],
    ['PRESENT', 'Store     PGlite in data/store, holds the synthetic city'],
    ['ABSENT', 'Store     PGlite in data/store'],
  ] as const)('the city is %s · then the report says so, without a warning', (syntheticCity, line) => {
    expect(lineOf('Store', { syntheticCity, simulators: true })).toBe(line);
    expect(lineOf('WARNING', { syntheticCity, simulators: true })).toBeUndefined();
  });

  test('the explorer switched off · then off', () =>
    expect(lineOf('Explorer', { simulators: true })).toBe('Explorer  off'));
});

test('the query · of a real start · then the example alone, since tokens come from elsewhere', () => {
  expect(startReport(aReport({}))).toContain(
    'A query to send, with an access token:\n\n{ agencies { code } }\n',
  );
  expect(startReport(aReport({}))).not.toMatch(/curl|Sign-in/);
});

test('the query · of a start with simulators · then one curl, with a token, that a shell can run', () => {
  const development = { issuerUrl: 'http://127.0.0.1:4005', token: 'a.b.c' };
  const report = startReport(aReport({ development, exampleQuery: '{ a(b: "it\'s") { c } }' }));
  expect(report.match(/curl/g)).toHaveLength(1);
  expect(report).toContain(
    `curl -s http://127.0.0.1:4000/graphql -H 'content-type: application/json' -H 'authorization: Bearer a.b.c' -d '{"query":"{a(b:\\"it'\\''s\\"){c}}","variables":{"first":1}}'`,
  );
  expect(report).toContain('Sign-in   http://127.0.0.1:4005 (development issuer');
});

test('fields that a connector declares non-null · then the report lists the first that are published as nullable', () => {
  const aConnector = (nullable: string[]): StartReport['connectors'][number] => ({
    id: 'postal',
    title: 'Postal services',
    status: 'OK',
    breaker: 'CLOSED',
    since: '2026-01-01T00:00:00.000Z',
    message: null,
    url: 'http://127.0.0.1:9',
    simulated: false,
    nullable,
  });
  const lineFor = (nullable: string[]) => lineOf('declared non-null', { connectors: [aConnector(nullable)] });
  expect(lineFor([])).toBeUndefined();
  expect(lineFor(['A.a', 'A.b'])).toBe('declared non-null, published as nullable: A.a, A.b');
  expect(lineFor(['A.a', 'A.b', 'A.c', 'A.d', 'A.e', 'A.f', 'A.g'])).toMatch(/A\.e and 2 more$/);
});

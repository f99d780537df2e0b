// What a manifest says of retries and operations, and what the calls of each operation then say of themselves.
import { describe, expect, it } from 'vitest';
import type { CompiledConnector } from '../../src/connect/compile-connector.ts';
import type { ConnectRequest } from '../../src/connect/contract.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { buildGuardOptions, compileCallPlans } from '../../src/registry/guard-spec.ts';

const LEAST = `
id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "http://127.0.0.1:9" }
`;
const read = (yaml = '') => readManifest(LEAST + yaml, 'connectors/thing/connector.yaml');

type Parts = { name: string; typeName: string; method: string; headers?: { name: string; from?: string }[] };
/** As much of a compiled connector as the plans look at. */
const compiled = (...operations: Parts[]) =>
  ({
    operations,
    schema: {
      file: 'connectors/thing/schema.graphql',
      sources: [],
      connects: operations.map(({ name, typeName, method, headers = [] }) => ({
        id: name,
        coordinate: typeName,
        method,
        headers,
      })),
    },
  }) as unknown as CompiledConnector;

const aRequest = (parts: Partial<ConnectRequest> = {}): ConnectRequest => ({
  operation: 'x',
  source: undefined,
  method: 'POST',
  origin: 'http://127.0.0.1:9',
  path: '/',
  headers: {},
  ...parts,
});

describe('repeatable calls', () => {
  const thing = compiled(
    { name: 'get', typeName: 'Thing', method: 'GET' },
    { name: 'post', typeName: 'Thing', method: 'POST' },
    { name: 'lookUp', typeName: 'Thing', method: 'POST' },
    { name: 'field', typeName: 'Query', method: 'PUT' },
    { name: 'pay', typeName: 'Mutation', method: 'POST' },
    { name: 'getByMutation', typeName: 'Mutation', method: 'GET' },
  );
  const idempotent = (yaml: string, name: string, request = aRequest()) =>
    compileCallPlans(read(yaml), thing).calls.get(name)?.(request).idempotent;

  it('a look-up · is repeatable, whatever its method, unless the manifest declares otherwise', () => {
    expect(idempotent('', 'get')).toBe(true);
    expect(idempotent('', 'post')).toBe(true);
    expect(idempotent('', 'field')).toBe(true);
    expect(idempotent('operations: { lookUp: { idempotent: true } }', 'lookUp')).toBe(true);
    expect(idempotent('operations: { lookUp: { idempotent: false } }', 'lookUp')).toBe(false);
    expect(idempotent('operations: { get: { idempotent: false } }', 'get')).toBe(false);
    expect(idempotent('operations: { lookUp: { coalesce: true } }', 'lookUp')).toBe(true);
    expect(idempotent('operations: { lookUp: { coalesce: true, idempotent: false } }', 'lookUp')).toBe(false);
  });

  it('a mutation · is not repeatable, unless its request has the idempotency key of the source or the manifest declares it', () => {
    expect(idempotent('', 'pay')).toBe(false);
    expect(idempotent('operations: { pay: { idempotent: false } }', 'pay')).toBe(false);
    expect(idempotent('operations: { pay: { idempotent: true } }', 'pay')).toBe(true);
    expect(idempotent('', 'getByMutation')).toBe(false);
    const keyed = 'operations: { pay: { idempotencyKey: Idempotency-Key } }';
    expect(idempotent(keyed, 'pay')).toBe(false);
    expect(idempotent(keyed, 'pay', aRequest({ headers: { 'idempotency-key': '' } }))).toBe(false);
    expect(idempotent(keyed, 'pay', aRequest({ headers: { 'idempotency-key': 'k1' } }))).toBe(true);
    expect(
      idempotent(
        'operations: { pay: { idempotencyKey: requestId } }',
        'pay',
        aRequest({ body: { requestId: 'k1' } }),
      ),
    ).toBe(true);
  });

  it('a mutation that was sent · runs to its end; other calls end with their caller', () => {
    const { calls } = compileCallPlans(read('operations: { pay: { idempotencyKey: k } }'), thing);
    expect(calls.get('pay')?.(aRequest()).runsToCompletion).toBe(true);
    expect(calls.get('pay')?.(aRequest({ body: { k: '1' } })).runsToCompletion).toBe(true);
    for (const name of ['get', 'post', 'lookUp', 'field'])
      expect(calls.get(name)?.(aRequest()).runsToCompletion).toBeUndefined();
  });

  it('an unknown operation · refused with its name and the known ones', () => {
    expect(() => compileCallPlans(read('operations: { gte: { idempotent: true } }'), thing)).toThrow(
      /connector\.yaml ManifestInvalid operations\.gte.*\n.*found: +gte\n.*get, post, lookUp, field, pay/,
    );
  });
});

it('a minimal manifest · guard options · retries with their defaults', () => {
  expect(buildGuardOptions(read()).retry).toMatchObject({
    maxAttempts: 2,
    budgetShare: 0.1,
    budgetFloorPerMinute: 3,
  });
});

describe('maintenance windows', () => {
  it('weekly and single windows · read · as options of the guard', () => {
    const yaml = `maintenance:
  - { days: [sat, sun], from: "22:00", to: "02:00", text: { vi: Bảo trì, en: Maintenance } }
  - { from: "2026-12-31T20:00", to: "2027-01-01T06:00" }
`;
    expect(buildGuardOptions(read(yaml)).maintenance).toEqual([
      { days: ['sat', 'sun'], from: '22:00', to: '02:00', text: { vi: 'Bảo trì', en: 'Maintenance' } },
      { from: '2026-12-31T20:00', to: '2027-01-01T06:00' },
    ]);
  });

  it.each([
    '{ days: [sat], from: "25:00", to: "02:00" }',
    '{ from: "2026-04-31T00:00", to: "2026-05-01T00:00" }',
    '{ from: "2026-05-02T00:00", to: "2026-05-01T00:00" }',
    '{ days: [], from: "22:00", to: "02:00" }',
  ])('%s · read · refused', (window) => {
    expect(() => read(`maintenance: [${window}]\n`)).toThrow(/ManifestInvalid maintenance/);
  });
});

describe('shared answers', () => {
  const thing = compiled(
    { name: 'get', typeName: 'Thing', method: 'GET' },
    { name: 'copying', typeName: 'Thing', method: 'GET', headers: [{ name: 'X-Unit', from: 'x-unit' }] },
    { name: 'pay', typeName: 'Mutation', method: 'POST' },
  );
  const plansOf = (yaml: string) => compileCallPlans(read(yaml), thing);
  const cached = 'operations: { get: { cache: { ttlMs: 1000, maxAgeMs: 5000 } } }\n';

  it('a cache · shared by all callers; with personal data · per caller', () => {
    expect(plansOf(cached).sharing).toEqual(new Map([['get', 'ANYONE']]));
    expect(plansOf(`${cached}data: { classification: personal }\n`).sharing).toEqual(
      new Map([['get', 'SAME_CALLER']]),
    );
    expect(plansOf('').sharing.size).toBe(0);
    expect(buildGuardOptions(read(cached)).operations?.get?.cache).toMatchObject({
      ttlMs: 1000,
      maxAgeMs: 5000,
    });
  });

  it('a shared operation · its calls have a key of their request', () => {
    const describeGet = plansOf(cached).calls.get('get');
    expect(describeGet?.(aRequest({ inputKey: 's1:1' }))).toEqual({ idempotent: true, key: 's1:1' });
    expect(describeGet?.(aRequest())).toEqual({ idempotent: true, key: undefined });
  });

  it("headers copied from the client's request · part of the key", () => {
    const plan = plansOf('operations: { copying: { coalesce: true } }').calls.get('copying');
    const keyOf = (unit: string) => plan?.(aRequest({ inputKey: 'k', headers: { 'x-unit': unit } })).key;
    expect(keyOf('a')).not.toBe(keyOf('b'));
    expect(keyOf('a')).toContain('k');
  });

  it.each([
    ['operations: { pay: { cache: { ttlMs: 1000 } } }', 'operations.pay.cache: A mutation'],
    ['operations: { pay: { coalesce: true } }', 'operations.pay.coalesce: A mutation'],
    [
      'operations: { get: { cache: { ttlMs: 1000 } } }\ndata: { classification: personal }',
      'operations.get.cache.maxAgeMs: Personal data is kept without a bound',
    ],
  ])('%s · refused', (yaml, message) => {
    expect(() => plansOf(`${yaml}\n`)).toThrow(message);
  });
});

it('a quota · read · as options of the guard; a share without a quota · refused', () => {
  expect(
    buildGuardOptions(read('quota: { perSecond: 20, classes: { batch: { share: 0.5 } } }\n')).quota,
  ).toEqual({
    perSecond: 20,
    classes: { batch: { share: 0.5 } },
  });
  expect(() => read('quota: { classes: { batch: { share: 0 } } }\n')).toThrow(/quota\.classes\.batch\.share/);
});

it('hedging · off unless declared; declared and not enabled · off; an impossible window · refused', () => {
  expect(buildGuardOptions(read()).hedge).toBeUndefined();
  expect(buildGuardOptions(read('hedge: { enabled: false }\n')).hedge).toBeUndefined();
  expect(buildGuardOptions(read('hedge: { maxDelayMs: 500 }\n')).hedge).toMatchObject({
    quantile: 0.95,
    minimumCalls: 50,
    minDelayMs: 10,
    maxDelayMs: 500,
  });
  expect(() => read('hedge: { minDelayMs: 600, maxDelayMs: 500 }\n')).toThrow(
    /ManifestInvalid hedge.*maxDelayMs must not be under minDelayMs/s,
  );
  expect(() => read('hedge: { quantile: 95 }\n')).toThrow(/ManifestInvalid hedge\.quantile/);
});

it('a budget per operation · read · as an option of the guard', () => {
  expect(buildGuardOptions(read('operations: { get: { budgetMs: 800 } }\n')).operations).toMatchObject({
    get: { budgetMs: 800 },
  });
  expect(() => read('operations: { get: { budgetMs: 0 } }\n')).toThrow(/operations\.get\.budgetMs/);
});

it('an adaptive bulkhead · off unless declared; crossed bounds · refused', () => {
  expect(buildGuardOptions(read()).bulkhead?.adaptive).toBeUndefined();
  expect(buildGuardOptions(read('bulkhead: { adaptive: {} }\n')).bulkhead).toMatchObject({
    maxConcurrent: 64,
    adaptive: { minConcurrent: 4 },
  });
  expect(() => read('bulkhead: { maxConcurrent: 8, adaptive: { minConcurrent: 9 } }\n')).toThrow(
    /ManifestInvalid bulkhead.*adaptive\.minConcurrent must not be over maxConcurrent/s,
  );
});

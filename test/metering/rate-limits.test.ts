// Rate limits by cost: over HTTP the answer and its headers; the buckets, whom they belong to, and what gateways share.

import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuckets } from '../../src/metering/buckets.ts';
import { createRateLimits, type RateLimitQuotas } from '../../src/metering/rate-limits.ts';
import { createSharedUsage } from '../../src/metering/shared-usage.ts';
import { createLog } from '../../src/observe/log.ts';
import { createAddressOf, networkOf } from '../../src/request/address.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { ANONYMOUS, createIdentity, type Identity } from '../../src/request/identity/identity.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { aServer, OPERATOR_TOKEN } from '../http/a-server.ts';
import { anIdentity, anOfficer } from '../request/an-identity.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';

const OFF: RateLimitQuotas = { rateLimitActor: null, rateLimitClient: null, rateLimitAddress: null };

function limitsOf(quotas: Partial<RateLimitQuotas>) {
  let now = 0;
  const limits = createRateLimits({
    quotas: { ...OFF, ...quotas },
    digest: (text) => hash('sha256', text),
    addressOf: createAddressOf(['10.0.0.1', '127.0.0.1']),
    tick: () => now,
  });
  const admit = (identity: Identity, units: number, peer = '192.0.2.1', forwarded?: string) => {
    const context = createRequestContext({
      requestId: 'r',
      locale: 'en',
      identity,
      deadlineMs: 1000,
      peer,
      clientHeaders: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    });
    context.dispose();
    return limits.admit(context, units);
  };
  return {
    ...limits,
    admitContext: limits.admit,
    admit,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const ofClient = (client: string, officer: string): Identity =>
  createIdentity({ ...anOfficer(officer), client: { id: client, class: undefined } });

describe('a caller', () => {
  it('within the quota, then beyond it · then refused until the bucket has filled', () => {
    const { admit, pass } = limitsOf({ rateLimitActor: 6_000 });
    expect(admit(anOfficer('A'), 4_000)).toMatchObject({
      retryAfterMs: undefined,
      headers: [
        ['ratelimit-policy', '"actor";q=6000;w=60'],
        ['ratelimit', '"actor";r=2000;t=40'],
      ],
    });
    // The last one may go beyond what is left.
    expect(admit(anOfficer('A'), 3_000).retryAfterMs).toBeUndefined();
    const refused = admit(anOfficer('A'), 1);
    // 1,000 units of debt at 100 a second
    expect(refused.retryAfterMs).toBeGreaterThanOrEqual(10_000);
    expect(refused.retryAfterMs).toBeLessThan(10_100);
    expect(refused.headers[1]?.[1]).toMatch(/^"actor";r=0;t=1[01]$/);
    expect(admit(anOfficer('B'), 1).retryAfterMs).toBeUndefined();
    pass(refused.retryAfterMs ?? 0);
    expect(admit(anOfficer('A'), 1).retryAfterMs).toBeUndefined();
  });

  it('what it did not use · given back · then it may use it', () => {
    const { admit } = limitsOf({ rateLimitActor: 6_000 });
    admit(anOfficer('A'), 6_500).refund(6_000);
    expect(admit(anOfficer('A'), 5_000).retryAfterMs).toBeUndefined();
  });

  it('one request far beyond the quota · then a wait of a minute at most', () => {
    const { admit } = limitsOf({ rateLimitActor: 6_000 });
    admit(anOfficer('A'), 1e9);
    expect(admit(anOfficer('A'), 1).retryAfterMs).toBeLessThan(61_000);
  });

  it('an operator · then never refused', () => {
    const { admit } = limitsOf({ rateLimitActor: 1_000 });
    const operator = anIdentity({ kind: 'staff', name: 'op' }, ['operator']);
    for (let i = 0; i < 5; i++) expect(admit(operator, 1e6).retryAfterMs).toBeUndefined();
  });

  it('two officers of one application · then the limit of the application applies to both', () => {
    const { admit } = limitsOf({ rateLimitClient: 1_000 });
    admit(ofClient('app', 'A'), 1_500);
    expect(admit(ofClient('app', 'B'), 1).headers[0]?.[1]).toBe('"client";q=1000;w=60');
    expect(admit(ofClient('app', 'B'), 1).retryAfterMs).toBeGreaterThan(0);
    expect(admit(ofClient('other', 'B'), 1).retryAfterMs).toBeUndefined();
  });

  it('without a token · then by address: that of the client behind a trusted proxy, never one that a client names', () => {
    const { admit } = limitsOf({ rateLimitAddress: 1_000 });
    admit(ANONYMOUS, 2_000, '10.0.0.1', 'spoofed, 198.51.100.7');
    expect(admit(ANONYMOUS, 1, '10.0.0.1', '198.51.100.7').retryAfterMs).toBeGreaterThan(0);
    expect(admit(ANONYMOUS, 1, '10.0.0.1', '198.51.100.8').retryAfterMs).toBeUndefined();
    admit(ANONYMOUS, 2_000, '192.0.2.9', '1.1.1.1');
    expect(admit(ANONYMOUS, 1, '192.0.2.9', '2.2.2.2').retryAfterMs).toBeGreaterThan(0);
    expect(admit(anOfficer('A'), 1, '192.0.2.9').headers).toEqual([]);
  });
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the network of %s · is %s', (address, network) => expect(networkOf(address)).toBe(network));

it('buckets · of many callers · then the number that is kept is bounded', () => {
  const buckets = createBuckets(1_000, () => 0);
  buckets.take('first', 1_000);
  for (let i = 0; i < 50_000; i++) buckets.take(`k${i}`, 1);
  expect(buckets.waitMs('first')).toBe(0);
});

describe('over HTTP', () => {
  it('admitted and refused · then RateLimit fields, 429, Retry-After and RATE_LIMITED', async () => {
    const { admit } = limitsOf({ rateLimitAddress: 1_000 });
    const server = await aServer({ admit: ({ identity }) => admit(identity, 600) });
    try {
      const first = await server.post({ query: '{ hello }' });
      expect([first.status, first.headers.get('ratelimit'), first.headers.get('ratelimit-policy')]).toEqual([
        200,
        '"address";r=400;t=36',
        '"address";q=1000;w=60',
      ]);
      await server.post({ query: '{ hello }' });
      const refused = await server.post({ query: '{ hello }' });
      const { errors, data } = (await refused.json()) as { errors: unknown; data: unknown };
      expect([refused.status, refused.headers.get('retry-after'), data]).toEqual([429, '12', undefined]);
      expect(errors).toMatchObject([
        {
          message: 'Too much was requested within a minute.',
          extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) },
        },
      ]);
    } finally {
      await server.close();
    }
  });
});

describe('addresses over HTTP', () => {
  const statusOf = async ({ url }: { url: string }, headers: Record<string, string>): Promise<number> => {
    const { status, body } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ hello }"}',
    });
    await body?.cancel();
    return status;
  };

  it('two clients of one proxy · then each has a limit of its own', async () => {
    const { admitContext } = limitsOf({ rateLimitAddress: 1_000 });
    const server = await aServer({ admit: (context) => admitContext(context, 1_500) });
    try {
      const of = (address: string) => statusOf(server, { 'x-forwarded-for': address });
      expect([await of('192.0.2.7'), await of('192.0.2.7'), await of('192.0.2.8')]).toEqual([200, 429, 200]);
    } finally {
      await server.close();
    }
  });

  it('refused credentials · then charged to the address like requests without credentials, and never to an operator', async () => {
    const { admitContext, chargeRefusal, pass } = limitsOf({ rateLimitAddress: 1_000 });
    const server = await aServer({ admit: (context) => admitContext(context, 1), chargeRefusal });
    try {
      const send = (address: string, token: string) =>
        server.post(
          { query: '{ hello }' },
          { 'x-forwarded-for': address, ...(token !== '' && { authorization: `Bearer ${token}` }) },
        );
      const first = await send('192.0.2.7', 'made-up');
      expect([first.status, first.headers.get('ratelimit')]).toEqual([401, '"address";r=980;t=2']);
      for (let i = 0; i < 49; i++) expect((await send('192.0.2.7', `made-up-${i}`)).status).toBe(401);
      const refused = await send('192.0.2.7', 'made-up');
      expect([
        refused.status,
        refused.headers.get('retry-after'),
        refused.headers.get('www-authenticate'),
      ]).toEqual([429, '1', null]);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
      expect((await send('192.0.2.7', '')).status).toBe(429);
      expect((await send('192.0.2.7', OPERATOR_TOKEN)).status).toBe(200);
      expect((await send('192.0.2.8', 'made-up')).status).toBe(401);
      pass(1_000);
      expect((await send('192.0.2.7', 'made-up')).status).toBe(401);
    } finally {
      await server.close();
    }
  });
});

it('more callers than fit into one statement, on a store that others share · then nothing is counted twice within a minute', async () => {
  const held = new Map<string, number>();
  const store = {
    run: async (_statement: unknown, [batch]: readonly unknown[]) =>
      (JSON.parse(String(batch)) as { key: string; units: number }[]).map(({ key, units }) => {
        held.set(key, (held.get(key) ?? 0) + units);
        return { key, slot: 1, units: held.get(key) };
      }),
  };
  const usage = createSharedUsage({
    store: store as unknown as Pick<Store, 'run'>,
    log: createLog({ level: 'silent' }),
  });
  try {
    const others: unknown[] = [];
    usage.onOthers((key, units) => others.push([key, units]));
    const keys = Array.from({ length: 12_000 }, (_, i) => `actor ${i}`);
    for (let round = 0; round < 2; round++) {
      for (const key of keys) usage.add(key, 5);
      for (let i = 0; i < 12; i++) await usage.sync();
    }
    expect(held.get('actor 11999')).toBe(10);
    expect(others).toEqual([]);
  } finally {
    usage.close();
  }
});

describe.each(storeCases)('gateways on one store, on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
  }, 60_000);
  afterAll(async () => {
    await store.close();
    await place.drop();
  });

  it('what one admits · shared · then the other counts it, once, and nothing of its own twice', async () => {
    const log = createLog({ level: 'silent' });
    const seen: [string, number][] = [];
    const [one, two] = [createSharedUsage({ store, log }), createSharedUsage({ store, log })];
    try {
      two.onOthers((key, units) => seen.push([key, units]));
      one.add('actor x', 500);
      await one.sync();
      two.add('actor x', 20);
      await two.sync();
      one.add('actor x', -100);
      await one.sync();
      two.add('actor x', 1);
      await two.sync();
      // Where a minute ended in between, what others had admitted before it is not counted again.
      expect(seen.slice(0, 2)).toEqual([
        ['actor x', 500],
        ['actor x', -100],
      ]);
    } finally {
      one.close();
      two.close();
    }
  });

  it('the store is away · then what was counted is kept, the log says so once, and it is written later', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
    let isAway = true;
    const usage = createSharedUsage({
      store: { run: (...args) => (isAway ? Promise.reject(new Error('away')) : store.run(...args)) },
      log,
    });
    const other = createSharedUsage({ store, log });
    try {
      usage.add('actor y', 70);
      await usage.sync();
      await usage.sync();
      isAway = false;
      await usage.sync();
      let others = 0;
      other.onOthers((_key, units) => {
        others = units;
      });
      other.add('actor y', 1);
      await other.sync();
      expect(others).toBe(70);
      expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
        'rate limits are not shared: the store is away',
        'rate limits are shared again',
      ]);
    } finally {
      usage.close();
      other.close();
    }
  });
});

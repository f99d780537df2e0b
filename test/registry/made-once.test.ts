// Mutations with an idempotency key, over sockets and stores: a source that does not recognise repetitions receives one request,
// however often and through however many gateways the mutation is asked.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCall } from '../../src/connect/bind/call.ts';
import type { Operation } from '../../src/connect/request/operation.ts';
import { GatewayError } from '../../src/errors.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { createLog } from '../../src/observe/log.ts';
import { createLiveConnector, type LiveConnector } from '../../src/registry/live-connector.ts';
import type { MutationLedger } from '../../src/registry/mutation-ledger.ts';
import { createMutationLedger } from '../../src/replicas/mutation-ledger.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { sql } from '../../src/store/query.ts';
import { aConnector } from '../connect/a-connector.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aDatabaseProxy, type DatabaseProxy } from '../store/a-database-proxy.ts';
import { postgres, type StorePlace, storeCases } from '../store/each-store.ts';

const SCHEMA = `
type Query { a: Int @connect(id: "a", source: "api", http: { GET: "/a" }, selection: "$.a") }
type Mutation {
  pay(key: String, amount: Int, who: String): String
    @connect(
      id: "pay"
      source: "api"
      http: { POST: "/pay", headers: [{ name: "Idempotency-Key", value: "{$args.key}" }], body: "amount: $args.amount who: $args.who" }
      selection: "$.receipt"
    )
}
`;
const GATEWAY_ALONE =
  'retry: { maxAttempts: 1 }\noperations: { pay: { idempotencyKey: Idempotency-Key, sourceRecognisesKey: false } }';
const WITH_SOURCE = 'retry: { maxAttempts: 1 }\noperations: { pay: { idempotencyKey: Idempotency-Key } }';

let source: Server;
let origin = '';
/** Bodies of the requests that the source received. */
const received: string[] = [];
let respond: (response: ServerResponse, count: number) => void;
const answerReceipt = (response: ServerResponse, count: number): void => {
  response.setHeader('content-type', 'application/json');
  setTimeout(() => response.end(`{"receipt":"no. ${count}","big":90071992547409931}`), 150);
};

const failLater = (response: ServerResponse): void =>
  void setTimeout(() => response.writeHead(500).end(), 300);

beforeAll(async () => {
  source = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(body);
      respond(response, received.length);
    });
  });
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
});
afterAll(() => {
  source.closeAllConnections();
  source.close();
});

const open: LiveConnector[] = [];
beforeEach(() => {
  received.length = 0;
  respond = answerReceipt;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Asked {
  readonly key: string | null;
  readonly amount?: number;
  readonly officer?: string;
  readonly deadlineMs?: number;
}

/** A gateway's part: a connector with a ledger. `pay` returns the receipt, or the code of the error. */
function aGateway(mutationLedger: MutationLedger | undefined, yaml = GATEWAY_ALONE) {
  const compiled = aConnector(SCHEMA);
  const manifest = readManifest(
    `
id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "${origin}" }
limits: { attemptTimeoutMs: 1500 }
${yaml}`,
    'connectors/thing/connector.yaml',
  );
  const live = createLiveConnector({
    manifest,
    digest: 'd',
    instance: 1,
    compiled,
    baseUrl: origin,
    config: {},
    env: {},
    references: { readEnv: () => undefined },
    channels: createChannels(),
    mutationLedger,
  });
  open.push(live);
  const operation = compiled.operations.find(({ name }) => name === 'pay') as Operation;
  const buildRequest: Operation['buildRequest'] = (vars) => ({ ...operation.buildRequest(vars), origin });
  const call = createCall({ ...operation, buildRequest }, live.bound);
  const ask = ({ key, amount = 5, officer = 'o1', deadlineMs = 10_000 }: Asked) => {
    const context = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer(officer, 'a'),
      deadlineMs,
    });
    const answer = call({ args: { key, amount, who: 'Nguyễn Thị Kín' } }, undefined, context)
      .then(
        ({ value, freshness }) => ({ value, freshness, code: undefined }),
        ({ code, retryable }: GatewayError) => ({ value: undefined, freshness: undefined, code, retryable }),
      )
      .finally(context.dispose);
    return { answer, context };
  };
  return {
    live,
    ask,
    pay: async (asked: Asked) => {
      const { value, code } = await ask(asked).answer;
      return value ?? code;
    },
  };
}

const twenty = <T>(make: (index: number) => T): T[] => Array.from({ length: 20 }, (_, index) => make(index));

describe.each(storeCases)('on $kind', ({ place: makePlace, kind }) => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  const stores: Store[] = [];
  const ledgers: ReturnType<typeof createMutationLedger>[] = [];
  const log = createLog({ write: () => {} });
  const aLedger = (store: Store) => {
    const ledger = createMutationLedger({ store, log });
    ledgers.push(ledger);
    return ledger;
  };
  let store: Store;
  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
    stores.push(store);
  }, 60_000);
  afterAll(async () => {
    for (const ledger of ledgers) ledger.close();
    for (const each of stores) await each.close();
    await place.drop();
  });
  beforeEach(() => store.db.deleteFrom('mutations').execute());

  it('20 at once · then the source receives one request, and all receive its answer', async () => {
    const { pay } = aGateway(aLedger(store));
    expect(new Set(await Promise.all(twenty(() => pay({ key: 'k' }))))).toEqual(new Set(['no. 1']));
    expect(received).toHaveLength(1);
  });

  it('20 at once through two gateways on one store · then one request', async () => {
    const second = kind === 'postgres' ? await openStore(place.options) : store;
    if (second !== store) stores.push(second);
    const gateways = [aGateway(aLedger(store)), aGateway(aLedger(second))];
    const answers = await Promise.all(twenty((index) => gateways[index % 2]?.pay({ key: 'k' })));
    expect(new Set(answers)).toEqual(new Set(['no. 1']));
    expect(received).toHaveLength(1);
  });

  it('again later, and after a restart · then the first answer, CACHED, and no request', async () => {
    const first = aGateway(aLedger(store));
    expect(await first.pay({ key: 'k' })).toBe('no. 1');
    const again = await first.ask({ key: 'k' }).answer;
    expect(again).toMatchObject({ value: 'no. 1', freshness: 'CACHED' });
    await first.live.close();
    expect(await aGateway(aLedger(store)).pay({ key: 'k' })).toBe('no. 1');
    expect(received).toHaveLength(1);
  });

  it('other keys, other actors and no key · then a request for each', async () => {
    const { pay } = aGateway(aLedger(store));
    const asked = [
      { key: 'k' },
      { key: 'l' },
      { key: 'k', officer: 'o2' },
      { key: null },
      { key: null },
      { key: '' },
    ];
    const answers = await Promise.all(asked.map(pay));
    expect(new Set(answers).size).toBe(asked.length);
    expect(received).toHaveLength(asked.length);
  });

  it('the same key with another body · at once and later · then IDEMPOTENCY_KEY_REUSED', async () => {
    const { pay } = aGateway(aLedger(store));
    const answers = await Promise.all([pay({ key: 'k', amount: 5 }), pay({ key: 'k', amount: 6 })]);
    expect(answers).toEqual(['no. 1', 'IDEMPOTENCY_KEY_REUSED']);
    expect(await pay({ key: 'k', amount: 6 })).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await aGateway(aLedger(store)).pay({ key: 'k', amount: 6 })).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(received).toHaveLength(1);
  });

  it('the first is refused by the source · then all receive the refusal, and a later repetition is sent', async () => {
    respond = (response) => void response.writeHead(409).end();
    const { pay } = aGateway(aLedger(store));
    const answers = await Promise.all(twenty(() => pay({ key: 'k' })));
    expect(new Set(answers)).toEqual(new Set(['UPSTREAM_REFUSED']));
    expect(received).toHaveLength(1);
    respond = answerReceipt;
    expect(await pay({ key: 'k', amount: 6 })).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await pay({ key: 'k' })).toBe('no. 2');
  });

  it('the first fails with an unknown outcome · then it is never sent again, and repetitions receive OUTCOME_UNKNOWN', async () => {
    respond = failLater;
    const gateways = [aGateway(aLedger(store)), aGateway(aLedger(store))];
    const answers = await Promise.all(twenty((index) => gateways[index % 2]?.pay({ key: 'k' })));
    expect([...new Set(answers)].sort()).toEqual(['OUTCOME_UNKNOWN', 'UPSTREAM_FAULT']);
    respond = answerReceipt;
    expect(await gateways[0]?.ask({ key: 'k' }).answer).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
    });
    expect(received).toHaveLength(1);
  });

  it('the first was certainly not sent · then a later repetition is', async () => {
    const there = origin;
    origin = 'http://127.0.0.1:1';
    const answer = await aGateway(aLedger(store)).ask({ key: 'k' }).answer;
    origin = there;
    expect(answer).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', retryable: true });
    expect(await aGateway(aLedger(store)).pay({ key: 'k' })).toBe('no. 1');
  });

  it('the same, where the source recognises the key · then the failure is shared, and a later repetition is sent', async () => {
    respond = failLater;
    const gateways = [aGateway(aLedger(store), WITH_SOURCE), aGateway(aLedger(store), WITH_SOURCE)];
    const answers = await Promise.all(twenty((index) => gateways[index % 2]?.pay({ key: 'k' })));
    expect(new Set(answers)).toEqual(new Set(['UPSTREAM_FAULT']));
    expect(received).toHaveLength(1);
    respond = answerReceipt;
    expect(await gateways[1]?.pay({ key: 'k' })).toBe('no. 2');
  });

  it('its gateway ended before the answer · then OUTCOME_UNKNOWN after the lease, and nothing is sent', async () => {
    const { pay, ask } = aGateway(aLedger(store));
    expect(await pay({ key: 'k' })).toBe('no. 1');
    await store.db
      .updateTable('mutations')
      .set({
        state: 'CLAIMED',
        answer: null,
        owner: 'gone',
        lease_until: sql<string>`now() + interval '1 second'`,
      })
      .execute();
    // Until then the owner may be alive.
    expect((await ask({ key: 'k', deadlineMs: 300 }).answer).code).toBe('DEADLINE_EXCEEDED');
    expect(await pay({ key: 'k' })).toBe('OUTCOME_UNKNOWN');
    expect(received).toHaveLength(1);
  });

  it('the time of remembering is over · then it is sent again', async () => {
    const { pay } = aGateway(aLedger(store));
    await pay({ key: 'k' });
    await store.db.updateTable('mutations').set({ expires_at: sql<string>`now()` }).execute();
    expect(await pay({ key: 'k' })).toBe('no. 2');
  });

  it('the client that asked first leaves · then the others receive the answer', async () => {
    const { ask, pay } = aGateway(aLedger(store));
    const first = ask({ key: 'k' });
    const others = twenty(() => pay({ key: 'k' }));
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000, interval: 1 });
    first.context.cancel();
    expect((await first.answer).code).toBe('CANCELLED');
    expect(new Set(await Promise.all(others))).toEqual(new Set(['no. 1']));
    expect(received).toHaveLength(1);
  });

  it('every client leaves · then it is made, and a repetition receives the answer', async () => {
    const { ask, pay } = aGateway(aLedger(store));
    const all = twenty(() => ask({ key: 'k' }));
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000, interval: 1 });
    for (const { context } of all) context.cancel();
    await Promise.all(all.map(({ answer }) => answer));
    expect(await pay({ key: 'k' })).toBe('no. 1');
    expect(received).toHaveLength(1);
  });

  it('a closed gateway · waits for the answer and records it', async () => {
    const first = aGateway(aLedger(store));
    const asked = first.pay({ key: 'k' });
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000, interval: 1 });
    await first.live.close();
    expect(await asked).toBe('no. 1');
    expect(await aGateway(aLedger(store)).pay({ key: 'k' })).toBe('no. 1');
    expect(received).toHaveLength(1);
  });

  it('the store · holds neither key nor actor nor body', async () => {
    await aGateway(aLedger(store)).pay({ key: 'the-key-of-the-client', officer: 'CB7777' });
    const rows = JSON.stringify(await store.db.selectFrom('mutations').selectAll().execute());
    expect(rows).toContain('no. 1');
    expect(rows).toContain('90071992547409931');
    expect(rows).not.toMatch(/the-key|CB7777|Kín/);
  });
});

describe('a store that is away', () => {
  const away: MutationLedger = {
    claim: () => Promise.reject(new GatewayError('STORE_UNAVAILABLE')),
    read: () => Promise.reject(new GatewayError('STORE_UNAVAILABLE')),
    renew: () => Promise.reject(new Error('away')),
    renewEveryMs: 5_000,
    settle: () => Promise.reject(new Error('away')),
  };

  it('before the mutation · then STORE_UNAVAILABLE, and nothing is sent', async () => {
    const { pay } = aGateway(away);
    const answers = await Promise.all(twenty(() => pay({ key: 'k' })));
    expect(new Set(answers)).toEqual(new Set(['STORE_UNAVAILABLE']));
    expect(received).toEqual([]);
  });

  it('after the mutation · then the answer is given, also to repetitions', async () => {
    const { pay } = aGateway({ ...away, claim: async () => undefined });
    expect(await pay({ key: 'k' })).toBe('no. 1');
    expect(await pay({ key: 'k' })).toBe('no. 1');
    expect(received).toHaveLength(1);
  });

  it('no store at all · then repetitions at once share one request', async () => {
    const { pay } = aGateway(undefined);
    expect(new Set(await Promise.all(twenty(() => pay({ key: 'k' }))))).toEqual(new Set(['no. 1']));
    expect(received).toHaveLength(1);
  });
});

describe('a store that does not answer', () => {
  const hanging = (): Promise<never> => new Promise(() => {});
  const silent: MutationLedger = {
    claim: hanging,
    read: hanging,
    renew: hanging,
    renewEveryMs: 50,
    settle: hanging,
  };
  const timed = async <T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> => {
    const startedAt = performance.now();
    const result = await work;
    return { result, ms: performance.now() - startedAt };
  };

  it('at the claim · STORE_UNAVAILABLE within seconds, nothing is sent, and a close does not wait for it', async () => {
    const { pay, live } = aGateway(silent);
    const { result, ms } = await timed(Promise.all(twenty(() => pay({ key: 'k' }))));
    expect(new Set(result)).toEqual(new Set(['STORE_UNAVAILABLE']));
    expect(ms).toBeLessThan(5_500);
    expect(received).toEqual([]);
    expect((await timed(live.close())).ms).toBeLessThan(5_500);
  });

  it('at the claim, until after the deadline · the store is named and not the source, and nothing is sent', async () => {
    let claim: (known: undefined) => void = () => {};
    const settled: unknown[] = [];
    const { ask } = aGateway({
      ...silent,
      claim: () => new Promise((resolve) => (claim = resolve)),
      settle: async (_, __, outcome) => void settled.push(outcome),
    });
    const { result, ms } = await timed(ask({ key: 'k', deadlineMs: 300 }).answer);
    expect(result).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(ms).toBeLessThan(1_000);
    settled.length = 0;
    // The store has made the claim after all: it is given back.
    claim(undefined);
    await vi.waitFor(() => expect(settled).toEqual([{ state: 'FREE', failure: 'STORE_UNAVAILABLE' }]));
    expect(received).toEqual([]);
  });

  it('after the claim · the answer comes at most a second late, also to repetitions, and a close is bounded', async () => {
    const { pay, live } = aGateway({ ...silent, claim: async () => undefined });
    const { result, ms } = await timed(pay({ key: 'k' }));
    expect(result).toBe('no. 1');
    expect(ms).toBeLessThan(2_000);
    expect(await pay({ key: 'k' })).toBe('no. 1');
    expect(received).toHaveLength(1);
    expect((await timed(live.close())).ms).toBeLessThan(5_500);
  });
});

describe.skipIf(postgres === null)('a PostgreSQL server that fails', () => {
  let place: StorePlace;
  let proxy: DatabaseProxy;
  const closers: (() => unknown)[] = [];
  const aLedger = async (databaseUrl: string | undefined): Promise<MutationLedger> => {
    const store = await openStore({ ...place.options, databaseUrl });
    const ledger = createMutationLedger({ store, log: createLog({ write: () => {} }) });
    closers.push(() => store.close(), ledger.close);
    return ledger;
  };
  beforeEach(async () => {
    place = await (postgres as NonNullable<typeof postgres>).place();
    proxy = await aDatabaseProxy(place.options.databaseUrl as string);
  }, 60_000);
  afterEach(async () => {
    proxy.mode('PASS');
    await Promise.all(open.splice(0).map((each) => each.close()));
    for (const close of closers.splice(0).reverse()) await close();
    await proxy.close();
    await place.drop();
  }, 60_000);

  it.each(['SILENT', 'REFUSE'] as const)(
    'goes down (%s) while the mutation is made · it is made once, its answer is given in time, and recorded when the server is back',
    async (mode) => {
      const here = aGateway(await aLedger(proxy.url));
      const elsewhere = aGateway(await aLedger(place.options.databaseUrl));
      const first = here.pay({ key: 'k' });
      await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000, interval: 1 });
      proxy.mode(mode);
      if (mode === 'REFUSE') proxy.cut();
      const startedAt = performance.now();
      expect(await first).toBe('no. 1');
      expect(await here.pay({ key: 'k' })).toBe('no. 1');
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      // Another gateway sees the claim, and sends nothing.
      expect((await elsewhere.ask({ key: 'k', deadlineMs: 300 }).answer).code).toBe('DEADLINE_EXCEEDED');
      proxy.mode('PASS');
      expect(await elsewhere.pay({ key: 'k' })).toBe('no. 1');
      expect(received).toHaveLength(1);
    },
  );

  it('stays down, and the gateway is gone · another one says OUTCOME_UNKNOWN after the lease, and sends nothing', async () => {
    const ledger = await aLedger(proxy.url);
    const here = aGateway(ledger);
    const elsewhere = aGateway(await aLedger(place.options.databaseUrl));
    const first = here.pay({ key: 'k' });
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000, interval: 1 });
    proxy.mode('REFUSE');
    proxy.cut();
    expect(await first).toBe('no. 1');
    const direct = await openStore(place.options);
    closers.push(() => direct.close());
    await direct.db.updateTable('mutations').set({ lease_until: sql<string>`now()` }).execute();
    expect(await elsewhere.ask({ key: 'k' }).answer).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
    });
    expect(received).toHaveLength(1);
  });

  it('is silent at the claim · STORE_UNAVAILABLE in time, nothing is sent; when it is back the mutation is made once', async () => {
    const { pay, ask } = aGateway(await aLedger(proxy.url));
    await pay({ key: 'before' });
    proxy.mode('SILENT');
    const startedAt = performance.now();
    const answers = await Promise.all(twenty(() => ask({ key: 'k' }).answer));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['STORE_UNAVAILABLE']));
    expect(performance.now() - startedAt).toBeLessThan(5_500);
    expect(received).toHaveLength(1);
    proxy.mode('PASS');
    await vi.waitFor(async () => expect(await pay({ key: 'k' })).toBe('no. 2'), {
      timeout: 15_000,
      interval: 200,
    });
    expect(received).toHaveLength(2);
  }, 40_000);
});

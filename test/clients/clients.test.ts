// Client libraries with an answer of the gateway, over a real socket to the source: a dossier is loaded, then its
// population register fails. Each client sees the failure at the fields, and none takes a null for a value.

import { readFileSync } from 'node:fs';
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  InMemoryCache,
  Observable,
} from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { print } from 'graphql';
import { toe } from 'graphql-toe';
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ASource, aSource } from '../connect/conformance/a-source.ts';
import { aWorld, type Result, type World } from '../connect/conformance/a-world.ts';
import { wholeErrors } from '../whole-errors.ts';
import { DOSSIER_QUERY } from './dossier-query.ts';
import { keepKnownFields } from './keep-known-fields.ts';

const CORE = `
  extend type Query { dossier: Dossier }
  type Dossier { id: ID! applicant: Citizen }
  type Citizen @key(fields: "id", resolvable: false) { id: ID! }`;
const PEOPLE = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
    @source(name: "api", http: { baseURL: "http://people.example" })
  type Citizen @connect(source: "api", http: { GET: "/{$this.id}" }, selection: "id name born home { street ward }") {
    id: ID! name: String born: Int home: Home }
  type Home { street: String ward: String }`;
const KNOWN = { id: '7', name: 'Lê Văn Bình', born: 1980, home: { street: 'Lê Lợi', ward: 'An Hải' } };
const QUERY = `query DossierQuery { dossier { id applicant { id name born home { street ward } } } }`;
const FAILED_PATHS = ['name', 'born', 'home'].map((field) => ['dossier', 'applicant', field]);

let source: ASource;
let world: World;
let isDown: boolean;

beforeAll(async () => {
  source = await aSource();
  world = aWorld(
    source,
    { people: PEOPLE },
    {
      core: CORE,
      resolvers: { Query: { dossier: () => ({ id: 'd1', applicant: { id: '7' } }) } },
      manifest: { breaker: { minimumCalls: 1000 } },
    },
  );
});
afterAll(async () => {
  await world.close();
  await source.close();
});
beforeEach(() => {
  isDown = false;
});

type Answer = Pick<Result, 'data' | 'errors'>;
type Ask = (query: string) => Promise<Answer>;

/** An answer as a client receives it: without `errors` where nothing failed. */
const ask: Ask = async (query) => {
  const reply = isDown ? { status: 503, body: {} } : { body: KNOWN };
  const { data, errors } = await world.run(query, { answer: () => reply });
  return (errors.length === 0 ? { data } : { data, errors }) as Answer;
};

/** The contract before decision 21: one error at the object, which still has data. */
const askWithErrorAtTheObject: Ask = async (query) => {
  const { data, errors } = await ask(query);
  const [first] = errors ?? [];
  return first === undefined
    ? { data, errors }
    : { data, errors: [{ ...first, path: ['dossier', 'applicant'] }] };
};

describe('the answer', () => {
  it('the source down · queried · an error at each null field, and the key', async () => {
    isDown = true;
    const { data, errors } = await ask(QUERY);
    expect(data.dossier.applicant).toEqual({ id: '7', name: null, born: null, home: null });
    expect(errors.map(({ path }) => path)).toEqual(FAILED_PATHS);
    expect(wholeErrors(errors).map(({ extensions }) => extensions.connector)).toEqual(
      Array(3).fill('people'),
    );
  });
});

describe('graphql-toe', () => {
  const applicantOf = async (answer: Ask) =>
    toe((await answer(QUERY)) as Parameters<typeof toe>[0]).dossier.applicant;

  it('the source down · a null read · throws the failure; known values are returned', async () => {
    isDown = true;
    const applicant = await applicantOf(ask);
    expect(applicant.id).toBe('7');
    for (const field of ['name', 'born', 'home']) {
      expect(() => applicant[field]).toThrow(
        expect.objectContaining({ path: ['dossier', 'applicant', field] }),
      );
    }
  });

  it('an error at the object · a null read · taken for a value', async () => {
    isDown = true;
    expect((await applicantOf(askWithErrorAtTheObject)).name).toBeNull();
  });
});

describe('urql with graphcache', () => {
  const aClient = (answer: Ask) =>
    new Client({
      url: 'http://gateway.example/graphql',
      preferGetMethod: false,
      exchanges: [cacheExchange({ keys: { Home: () => null } }), fetchExchange],
      fetch: async (_url, init) => {
        const { query } = JSON.parse(String(init?.body)) as { query: string };
        return Response.json(await answer(query));
      },
    });
  const load = async (client: Client) =>
    client.query(QUERY, {}, { requestPolicy: 'network-only' }).toPromise();
  const cached = async (client: Client) =>
    (await client.query(QUERY, {}, { requestPolicy: 'cache-only' }).toPromise()).data?.dossier?.applicant;
  /** From the cache where it has all fields, else from the gateway. */
  const read = async (client: Client) =>
    (await client.query(QUERY, {}, { requestPolicy: 'cache-first' }).toPromise()).data?.dossier?.applicant;

  it('the source down · loaded again · the failure at the fields, which the cache does not have until they load', async () => {
    const client = aClient(ask);
    await load(client);
    isDown = true;
    const { error } = await load(client);
    expect(error?.graphQLErrors.map(({ path }) => path)).toEqual(FAILED_PATHS);
    expect(await cached(client)).toBeUndefined();
    isDown = false;
    expect(await read(client)).toMatchObject(KNOWN);
  });

  it('an error at the object · loaded again · known values overwritten with null, also when the source is back', async () => {
    const client = aClient(askWithErrorAtTheObject);
    await load(client);
    isDown = true;
    await load(client);
    isDown = false;
    expect(await read(client)).toMatchObject({ id: '7', name: null, born: null, home: null });
  });
});

describe('Apollo Client', () => {
  const document = gql(QUERY);
  const aClient = (link: ApolloLink[] = []) =>
    new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([
        ...link,
        new ApolloLink(
          ({ query }) =>
            new Observable((observer) => {
              ask(print(query)).then(
                (answer) => {
                  observer.next(answer as never);
                  observer.complete();
                },
                (error: unknown) => observer.error(error),
              );
            }),
        ),
      ]),
    });
  const cached = (client: ApolloClient) =>
    client.readQuery<{ dossier: { applicant: unknown } }>({ query: document })?.dossier.applicant;

  afterEach(() => vi.restoreAllMocks());

  it('the source down · loaded again · the failure at the fields, the known values kept', async () => {
    const client = aClient();
    await client.query({ query: document });
    isDown = true;
    const failed = client.query({ query: document, fetchPolicy: 'network-only' });
    const error = await failed.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(CombinedGraphQLErrors.is(error) && error.errors.map(({ path }) => path)).toEqual(FAILED_PATHS);
    expect(cached(client)).toMatchObject(KNOWN);
  });

  it('the source down, errorPolicy "all" · loaded again with the link of docs/clients.md · failure and known values', async () => {
    // In development Apollo Client logs the fields that a result does not have.
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const client = aClient([keepKnownFields]);
    await client.query({ query: document });
    isDown = true;
    const { data, error } = await client.query<{ dossier: { applicant: unknown } }>({
      query: document,
      fetchPolicy: 'network-only',
      errorPolicy: 'all',
    });
    expect(CombinedGraphQLErrors.is(error) && error.errors.map(({ path }) => path)).toEqual(FAILED_PATHS);
    expect(data?.dossier.applicant).toMatchObject(KNOWN);
    expect(cached(client)).toMatchObject(KNOWN);
    expect(logged.mock.calls.every(([message]) => /issing field/.test(String(message)))).toBe(true);
  });

  it('docs/clients.md · compared with the link that is tested · the same code', () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const [, code] = /(import \{ ApolloLink[\s\S]+)$/.exec(read('./keep-known-fields.ts')) ?? [];
    expect(read('../../docs/clients.md')).toContain(code);
  });
});

describe('Relay', () => {
  const operation = createOperationDescriptor(DOSSIER_QUERY, {});
  const anEnvironment = (answer: Ask) =>
    new Environment({
      network: Network.create(async ({ text }) => (await answer(String(text))) as never),
      store: new Store(new RecordSource()),
    });
  const load = (environment: Environment) =>
    fetchQuery(environment, DOSSIER_QUERY, {}, { fetchPolicy: 'network-only' }).toPromise();
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts
  const applicantIn = (environment: Environment): any =>
    (environment.lookup(operation.fragment).data as { dossier?: { applicant?: unknown } }).dossier?.applicant;

  it('the source down · read with @catch · the failure at the fields, never null as a value', async () => {
    const environment = anEnvironment(ask);
    await load(environment);
    expect(applicantIn(environment).name).toEqual({ ok: true, value: KNOWN.name });
    isDown = true;
    await load(environment);
    const { id, ...fields } = applicantIn(environment);
    expect(id).toBe('7');
    expect(Object.keys(fields)).toEqual(['name', 'born', 'home']);
    for (const field of Object.values(fields)) expect(field).toMatchObject({ ok: false });
  });

  it('an error at the object · read with @catch · null taken for a value', async () => {
    const environment = anEnvironment(askWithErrorAtTheObject);
    await load(environment);
    isDown = true;
    await load(environment);
    expect(applicantIn(environment).name).toEqual({ ok: true, value: null });
  });
});

// Prepares the measurement: a store for the bench, recorded answers of the four systems, and a check that every subject returns the
// same data with the same calls.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { createCity } from '../../src/city/city.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import { readConnectorFolders } from '../../src/registry/registry.ts';
import { type Simulators, startSimulators } from '../../src/simulator/simulators.ts';
import { openStore } from '../../src/store/database.ts';
import { DOSSIER, PAGE, type Places, STORE, variablesOf } from './documents.ts';
import { ask } from './load.ts';
import { type Recorded, startRecorded } from './recorded.ts';
import type { Subject, SubjectPlace } from './subjects.ts';

export interface Ground {
  readonly store: 'PostgreSQL' | 'PGlite';
  readonly recorded: Recorded;
  readonly simulators: Simulators;
  /** A place for one more process, with the seeded store. */
  readonly place: (name: string) => SubjectPlace;
  /** A place with a store that another checkout's code has made and filled, since its migrations may differ. */
  readonly placeOf: (repository: string, name: string) => Promise<SubjectPlace>;
  readonly close: () => Promise<void>;
}

/** `none`: the embedded store, also where a server answers. */
const SERVER_URL = process.env.BENCH_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/postgres';
const PAGES = 100;

/** A seeded store, the real simulators of its city, and the recording server before them. */
export async function prepareGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const database = await createDatabase();
  const anchor = new Date().toISOString().slice(0, 10);
  const city = createCity({ anchor });
  const seedDir = join(folder, 'seed');
  await fillStore({ createCity, seedIfEmpty, openStore }, anchor, database?.url, seedDir);

  const folders = await readConnectorFolders(new URL('../../connectors/', import.meta.url).pathname);
  const simulators = await startSimulators({
    folders,
    city,
    host: '127.0.0.1',
    basePort: 0,
    ports: {},
    readEnv: () => undefined,
  });
  const urls = Object.fromEntries([...simulators.running].map(([id, { url }]) => [id, url]));
  const recorded = await startRecorded(urls);
  const environment: Record<string, string> = {};
  for (const [id, { secrets }] of simulators.running) {
    environment[`${id.toUpperCase().replaceAll('-', '_')}_URL`] = recorded.urls[id] ?? '';
    Object.assign(environment, secrets);
  }

  const databases = [database];
  const folderOf = (name: string): string => join(folder, name.replaceAll(/\W+/g, '-'));

  return {
    store: database === undefined ? 'PGlite' : 'PostgreSQL',
    recorded,
    simulators,
    place: (name) => {
      const own = folderOf(name);
      if (database === undefined) cpSync(seedDir, own, { recursive: true });
      else mkdirSync(own, { recursive: true });
      return { environment, databaseUrl: database?.url, folder: own };
    },
    placeOf: async (repository, name) => {
      const own = folderOf(name);
      const other = database && (await createDatabase(`_${databases.length}`));
      databases.push(other);
      await fillStore(await storeCodeOf(repository), anchor, other?.url, own);
      mkdirSync(own, { recursive: true });
      return { environment, databaseUrl: other?.url, folder: own };
    },
    close: async () => {
      recorded.stop();
      await simulators.close();
      await Promise.all(databases.map((each) => each?.drop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface StoreCode {
  readonly createCity: typeof createCity;
  readonly seedIfEmpty: typeof seedIfEmpty;
  readonly openStore: typeof openStore;
}

async function storeCodeOf(repository: string): Promise<StoreCode> {
  const files = ['city/city.ts', 'city/seed.ts', 'store/database.ts'];
  const modules = files.map((file) => import(pathToFileURL(join(repository, 'src', file)).href));
  return Object.assign({}, ...(await Promise.all(modules)));
}

async function fillStore(
  code: StoreCode,
  anchor: string,
  databaseUrl: string | undefined,
  dataDir: string,
): Promise<void> {
  const store = await code.openStore({ databaseUrl, dataDir });
  await code.seedIfEmpty(store, code.createCity({ anchor }));
  await store.close();
}

interface BenchDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/**
 * An empty database of the bench's own; `undefined` where no server answers.
 * @param suffix of its name, for a second one
 */
export async function createDatabase(suffix = ''): Promise<BenchDatabase | undefined> {
  if (SERVER_URL === 'none') return undefined;
  const name = `lienthong_bench_${process.pid}${suffix}`;
  const administer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: SERVER_URL, connectionTimeoutMillis: 1000 });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  try {
    await administer(`create database ${name}`);
  } catch (error) {
    if (process.env.BENCH_DATABASE_URL !== undefined) throw error;
    return undefined;
  }
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) };
}

/** Walks pages through the gateway, so that every answer is recorded, and notes where requests can go. */
export async function walk(gateway: Subject): Promise<Places> {
  const cursors: (string | null)[] = [];
  const codes: string[] = [];
  let after: string | null = null;
  while (cursors.length < PAGES) {
    const { data, errors } = await ask(gateway, PAGE, { first: 20, after });
    assert.equal(errors, undefined, `the gateway reports errors: ${JSON.stringify(errors)?.slice(0, 500)}`);
    cursors.push(after);
    const { edges, pageInfo } = (data as unknown as PageData).dossiers;
    for (const { node } of edges) {
      if (node.business !== null && node.payments.length > 0 && node.deliveries.length > 0)
        codes.push(node.code);
    }
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  return { cursors, codes };
}

interface PageData {
  readonly dossiers: {
    readonly edges: readonly {
      readonly node: {
        readonly code: string;
        readonly business: unknown;
        readonly payments: readonly unknown[];
        readonly deliveries: readonly unknown[];
      };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

/** Every subject: the same data (but for times of provenance), by as many calls to each system, on every page. */
export async function compare(
  subjects: readonly Subject[],
  places: Places,
  recorded: Recorded,
): Promise<Calls> {
  const found: Calls = {};
  // Tokens are fetched at the first page.
  for (const subject of subjects) await ask(subject, PAGE, {});
  await recorded.count();
  for (const operation of [PAGE, DOSSIER, STORE]) {
    const total: Record<string, number> = {};
    const all = variablesOf(operation, places).slice(0, PAGES);
    for (const variables of all) {
      const [first, ...others] = subjects as [Subject, ...Subject[]];
      const expected = await observe(first);
      for (const [id, calls] of Object.entries(expected.calls)) total[id] = (total[id] ?? 0) + calls;
      for (const other of others) {
        const what = `${other.name} · ${operation.id} · ${JSON.stringify(variables)}`;
        const seen = await observe(other);
        assert.deepEqual(seen.data, expected.data, `${what}: other data than ${first.name}`);
        assert.deepEqual(seen.calls, expected.calls, `${what}: other calls than ${first.name}`);
      }
      async function observe(subject: Subject) {
        const { data, errors } = await ask(subject, operation, variables);
        assert.equal(errors, undefined, `${subject.name} reports errors`);
        const { calls, misses } = await recorded.count();
        assert.equal(misses, 0, `${subject.name} asked what is not recorded`);
        return { data: JSON.parse(JSON.stringify(data, withoutTimes)), calls: { ...NO_CALLS, ...calls } };
      }
    }
    found[operation.id] = Object.fromEntries(
      Object.entries(total).map(([id, calls]) => [id, calls / all.length]),
    );
  }
  return found;
}

/** Calls per query by operation and system. */
export type Calls = Record<string, Readonly<Record<string, number>>>;

const NO_CALLS = { population: 0, 'business-registry': 0, payment: 0, postal: 0 };

const withoutTimes = (key: string, value: unknown): unknown => (key === 'fetchedAt' ? 'then' : value);

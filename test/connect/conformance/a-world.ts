// A connector schema at work, whole: read, checked, compiled, composed with a small core, bound, and run by the executor
// behind its guard and its upstream, over a real socket. What an author sees: a schema and a query in, the requests that
// left and the answer out. Only the origin is redirected, on the way to the socket; schemas stay as they are written.

import type { BoundConnector } from '../../../src/connect/bind/call.ts';
import { compileConnector } from '../../../src/connect/compile-connector.ts';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { buildGeneration, type GenerationParts } from '../../../src/graph/build-generation.ts';
import { createGraphExecutor } from '../../../src/graph/executor.ts';
import { manifestSchema } from '../../../src/manifest/manifest.ts';
import { createChannels } from '../../../src/observe/channels.ts';
import { createLiveConnector, type LiveConnector } from '../../../src/registry/live-connector.ts';
import { createRequestContext } from '../../../src/request/context.ts';
import { anOfficer } from '../../request/an-identity.ts';
import type { Answer, ASource, Seen } from './a-source.ts';

/** What the gateway's own schema has beside a connector's. */
const CORE = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { core: String connectors: [String] }
scalar DateTime
enum Freshness { LIVE CACHED STALE }
type Provenance @shareable { connector: String! source: String fetchedAt: DateTime! ageMs: Int! freshness: Freshness! }
`;

export interface WorldOptions {
  /** Types of the store, added to the core schema, and what answers them. */
  readonly core?: string;
  readonly resolvers?: GenerationParts['resolvers'];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Parts of the manifest, besides what every one has. */
  readonly manifest?: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly run: (query: string, options?: RunOptions) => Promise<Result>;
  readonly connectors: readonly LiveConnector[];
  readonly close: () => Promise<void>;
}

export interface RunOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** The client's headers, lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: every request is answered `{}`. */
  readonly answer?: Answer;
}

export interface Result {
  // biome-ignore lint/suspicious/noExplicitAny: results are read by tests that know the query
  readonly data: any;
  /** Public errors, as a front-end gets them. */
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  // biome-ignore lint/suspicious/noExplicitAny: see data
  readonly extensions: any;
  /** What came over the wire, in order. */
  readonly seen: readonly Seen[];
  /** Where each request was meant to go. */
  readonly origins: readonly string[];
  /** `path: message` of the mapping problems. */
  readonly problems: readonly string[];
}

const channels = createChannels();
const REFERENCES = { readEnv: () => undefined, readFile: () => undefined } as never;

/** @param sdls connector schemas by connector id */
export function aWorld(
  source: ASource,
  sdls: Readonly<Record<string, string>>,
  options: WorldOptions = {},
): World {
  const { config = {}, env = {} } = options;
  let origins: string[] = [];
  let problems: string[] = [];
  const connectors = Object.entries(sdls).map(([id, sdl]): LiveConnector => {
    const schema = readConnectorSchema(sdl, `connectors/${id}/schema.graphql`);
    const compiled = compileConnector(schema, { id, config, env });
    const manifest = manifestSchema.parse({
      id,
      title: { vi: id, en: id },
      owner: { agency: 'Test', contact: 'test@example.test' },
      source: { baseUrl: source.origin },
      // One attempt, so that requests can be counted.
      retry: { maxAttempts: 1 },
      ...options.manifest,
    });
    const live = createLiveConnector({
      manifest,
      digest: id,
      instance: 1,
      compiled,
      baseUrl: source.origin,
      config,
      env,
      references: REFERENCES,
      channels,
    });
    const bound: BoundConnector = {
      ...live.bound,
      send: (request, scope) => {
        origins.push(request.origin);
        return live.bound.send({ ...request, origin: source.origin }, scope);
      },
      onProblems: (_operation, found) => {
        for (const { path, message } of found.described) problems.push(`${path.join('.')}: ${message}`);
      },
    };
    return { ...live, bound };
  });
  const generation = buildGeneration({
    core: [{ file: 'schema/core.graphql', body: `${CORE}${options.core ?? ''}` }],
    resolvers: options.resolvers ?? {},
    connectors,
    purposes: {},
    onRetired: () => {},
  });
  const executor = createGraphExecutor(generation);

  const run: World['run'] = async (query, asked = {}) => {
    origins = [];
    problems = [];
    const seen = source.serve(asked.answer ?? (() => ({ body: {} })));
    const context = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer('o', 'a'),
      deadlineMs: 5000,
      clientHeaders: asked.headers,
    });
    const { outcome, result } = await executor.answer(
      { text: query, operationName: asked.operationName, variables: asked.variables },
      context,
    );
    context.dispose();
    const { data, errors = [], extensions } = JSON.parse(JSON.stringify(result));
    if (outcome === 'REFUSED') throw new Error(`The query does not fit: ${JSON.stringify(errors)}`);
    return { data, errors, extensions, seen, origins, problems };
  };
  return {
    run,
    connectors,
    close: async () => {
      await Promise.all(connectors.map((connector) => connector.close()));
    },
  };
}

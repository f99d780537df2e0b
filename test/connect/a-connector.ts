// Makes connector schemas for tests: a few lines of SDL below the links that every one of them has.

import {
  type CompiledConnector,
  type ConnectorSettings,
  compileConnector,
} from '../../src/connect/compile-connector.ts';
import type { ConnectAnswer } from '../../src/connect/contract.ts';
import { readConnectorSchema } from '../../src/connect/read/read-schema.ts';
import type { Operation } from '../../src/connect/request/operation.ts';

export interface AConnectorOptions {
  readonly version?: string;
  readonly config?: Record<string, unknown>;
  readonly source?: string;
  readonly requiresPurpose?: boolean;
  readonly settings?: Partial<ConnectorSettings>;
}

export const LINKS = (version = '0.3') => `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  @link(url: "https://specs.apollo.dev/connect/v${version}", import: ["@source", "@connect"])
`;

export function aConnector(sdl: string, options: AConnectorOptions = {}): CompiledConnector {
  const source = options.source ?? '@source(name: "api", http: { baseURL: "http://127.0.0.1:9/v1/" })';
  const schema = readConnectorSchema(
    `${LINKS(options.version)}${source}\n${sdl}`,
    'connectors/test/schema.graphql',
  );
  return compileConnector(schema, {
    id: 'test',
    config: options.config ?? {},
    env: {},
    requiresPurpose: options.requiresPurpose,
    ...options.settings,
  });
}

/** The only operation of a connector whose `Query.it` has this `@connect`. */
export function anOperation(connect: string, options: AConnectorOptions = {}): Operation {
  // The second field resolves all of T, whatever the tested selection leaves out.
  const sdl = `type Query { it(id: ID, name: String, list: [String], n: Int, input: In): T @connect(${connect})
      whole: T @connect(http: { GET: "http://127.0.0.1:9/" }, selection: "id name") }
    input In { a: String b: [Int] } type T { id: ID name: String }`;
  const [operation] = aConnector(sdl, options).operations;
  if (operation === undefined) throw new Error('the connector has no operation');
  return operation;
}

export const anAnswer = (body: unknown, more: Partial<ConnectAnswer> = {}): ConnectAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
  fetchedAt: 0,
  freshness: 'LIVE',
  ...more,
});

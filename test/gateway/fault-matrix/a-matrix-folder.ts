// The connectors of the matrix, written into a temporary folder: for each way that a source is reached one that speaks
// REST, one that speaks SOAP 1.1 (document/literal) and one that is asked for several things at once; and one that is well.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CERTIFICATES } from './a-raw-source.ts';

/** The columns of the matrix. */
export type Column = 'rest' | 'soap' | 'batch';

/** How a source is reached; "hurried" has a short limit for one attempt, all others one that no deadline reaches. */
export type Way = 'http' | 'hurried' | 'https' | 'hurried https' | 'nowhere';

export const COLUMNS: Readonly<Record<Way, readonly Column[]>> = {
  http: ['rest', 'soap', 'batch'],
  hurried: ['rest', 'soap', 'batch'],
  https: ['rest', 'soap'],
  'hurried https': ['rest', 'soap'],
  nowhere: ['rest', 'soap'],
};

export const WAYS = Object.keys(COLUMNS) as Way[];

/** What a source that hangs costs a row, twice. No healthy answer is expected within it. */
export const HURRIED_MS = 250;
/** Most that an answer's body may hold. */
export const MAX_BYTES = 256 * 1024;

/** The name of a connector, of its root field and of its operation, e.g. `rest-hurried`, `restHurried`, `RestHurried`. */
export interface Names {
  readonly connector: string;
  readonly field: string;
  readonly operation: string;
}

export function namesOf(column: Column, way: Way): Names {
  const words = [column, ...(way === 'http' ? [] : way.split(' '))];
  const operation = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return {
    connector: words.join('-'),
    field: operation.charAt(0).toLowerCase() + operation.slice(1),
    operation,
  };
}

/** @returns where the folder is, and how to remove it. Base URLs come from the environment: `REST_URL`, `SOAP_HTTPS_URL`, … */
export async function aMatrixFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'fault-matrix-'));
  const write = async (id: string, manifest: string, schema: string): Promise<void> => {
    await mkdir(join(path, id));
    await writeFile(join(path, id, 'connector.yaml'), manifest);
    await writeFile(join(path, id, 'schema.graphql'), HEAD + schema);
  };
  for (const way of WAYS) {
    for (const column of COLUMNS[way]) {
      const names = namesOf(column, way);
      await write(names.connector, manifestOf(names.connector, column, way), SCHEMAS[column](names));
    }
  }
  await write('well', manifestOf('well', 'rest', 'http'), WELL);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const urlVariable = (connector: string): string =>
  `${connector.toUpperCase().replaceAll('-', '_')}_URL`;

/** Of the breaker only failures in a row count, and it lets a probe through at once: each row finds it closed again. */
const manifestOf = (id: string, column: Column, way: Way): string => `id: ${id}
title: { vi: ${id}, en: ${id} }
owner: { agency: Tests, contact: tests@city.example }
protocol: ${column === 'soap' ? 'soap11' : 'json'}
source:
  baseUrl: \${env:${urlVariable(id)}}
limits:
  attemptTimeoutMs: ${way.startsWith('hurried') ? HURRIED_MS : 60_000}
  maxResponseBytes: ${MAX_BYTES}
throttle: { defaultHoldMs: 1, maxHoldMs: 1 }
breaker: { minimumCalls: 1000000, failuresInARow: 2, openMs: 20, probes: 1, recoverMs: 0 }
retry: { maxAttempts: 1 }
${column === 'soap' ? SOAP : ''}${way.endsWith('https') ? TLS : ''}`;

const SOAP = `soap: { namespace: "urn:people", operation: GetPerson, responseRoots: [PersonResponse] }
`;
const TLS = `tls: { ca: "\${file:${new URL('ca.crt', CERTIFICATES).pathname}}" }
`;

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "people", http: { baseURL: "{$config.baseUrl}" })
`;

const SCHEMAS: Readonly<Record<Column, (names: Names) => string>> = {
  rest: ({ field, operation }) => `
"A person, from a source that speaks REST."
type ${operation}Person { name: String home: String }
type Query {
  ${field}(id: ID!): ${operation}Person
    @connect(
      id: "${operation}"
      source: "people"
      http: { GET: "/people/{$args.id}" }
      selection: "$.person { name home }"
    )
}
`,
  soap: ({ field, operation }) => `
"A person, from a source that speaks SOAP."
type ${operation}Person { name: String home: String }
type Query {
  ${field}(id: ID!): ${operation}Person
    @connect(
      id: "${operation}"
      source: "people"
      http: { POST: "/people-service", body: "Id: $args.id" }
      selection: "$.PersonResponse.Person { name: Name home: Home }"
    )
}
`,
  batch: ({ operation }) => `
"A member of a list, from a source that is asked for all of them at once."
type ${operation}Member
  @key(fields: "id")
  @connect(
    id: "${operation}"
    source: "people"
    http: { GET: "/members?ids={$($batch.id)->joinNotNull(',')}" }
    batch: { maxSize: 50 }
    selection: "$.people { id name home }"
  ) {
  id: ID!
  name: String
  home: String
}
`,
};

const memberTypes = WAYS.filter((way) => COLUMNS[way].includes('batch')).map((way) => namesOf('batch', way));

/** The source that nothing ever goes wrong with; it knows who is in the lists, and no more of them. */
const WELL = `
type Well {
  text: String
${memberTypes.map(({ field, operation }) => `  ${field}: [${operation}Member]`).join('\n')}
}
${memberTypes.map(({ operation }) => `type ${operation}Member @key(fields: "id", resolvable: false) { id: ID! }`).join('\n')}
type Query {
  well: Well
    @connect(
      id: "Well"
      source: "people"
      http: { GET: "/well" }
      selection: "text ${memberTypes.map(({ field }) => `${field}: members { id }`).join(' ')}"
    )
}
`;

// `npm run bench -- registration`: what it costs to register 50 connectors with 500 fields each: read, parse, check,
// compile, compose. Printed per phase, in CPU time, cold (as at a start) and warm (as at a reload). Goal: under 1 s in all, cold.

import { readdirSync, readFileSync } from 'node:fs';
import { checkConnector } from '../src/connect/check/check-connector.ts';
import { type CompiledConnector, compileConnector } from '../src/connect/compile-connector.ts';
import { parseTexts } from '../src/connect/read/parse-texts.ts';
import { readConnectorSchema } from '../src/connect/read/read-schema.ts';
import { composeSchema, type SchemaFile } from '../src/graph/compose.ts';

const CONNECTORS = 50;
const FIELDS = 500;
const FIELDS_PER_TYPE = 20;
const GOAL_MS = 1000;
const WARM_ROUNDS = 3;

const core = coreSchema();
const texts = Array.from({ length: CONNECTORS }, (_, index) => connectorSchema(index));
const settings = { config: { baseUrl: 'https://system.example.com' }, env: {} };

const cold = register();
const warm = Array.from({ length: WARM_ROUNDS }, register).toSorted((a, b) => a.total - b.total)[
  Math.floor(WARM_ROUNDS / 2)
] as Phases;

const kilobytes = Math.round(texts.join('').length / 1024);
console.log(
  `registration: ${CONNECTORS} connectors × ${FIELDS} fields, ${kilobytes} kB of SDL, Node ${process.version}; CPU ms\n`,
);
console.log(row('phase', 'cold', 'warm'));
for (const phase of ['read', 'parse', 'check', 'compile', 'compose', 'total'] as const) {
  console.log(row(phase, cold[phase].toFixed(0), warm[phase].toFixed(0)));
}
console.log(`\ngoal: total under ${GOAL_MS} ms, cold: ${cold.total < GOAL_MS ? 'met' : 'missed'}`);

interface Phases {
  readonly read: number;
  readonly parse: number;
  readonly check: number;
  readonly compile: number;
  readonly compose: number;
  readonly total: number;
}

/** `compileConnector` parses and checks by itself: its share is what it costs beyond these, measured just before. */
function register(): Phases {
  const [schemas, read] = timed(() =>
    texts.map((text, index) => readConnectorSchema(text, `connectors/system-${index}/schema.graphql`)),
  );
  const [connectors, all] = timed(() =>
    schemas.map(
      (schema, index): CompiledConnector => compileConnector(schema, { id: `system-${index}`, ...settings }),
    ),
  );
  const [, compose] = timed(() => composeSchema(core, connectors));
  // Again, only to tell the shares apart; not part of the total.
  const [parsed, parse] = timed(() => schemas.map(parseTexts));
  const [, check] = timed(() => parsed.map((one) => checkConnector(one)));
  const total = read + all + compose;
  return { read, parse, check, compile: Math.max(0, all - parse - check), compose, total };
}

/** CPU milliseconds of this thread: other work on the machine does not count. */
function timed<T>(run: () => T): [T, number] {
  const before = process.threadCpuUsage();
  const value = run();
  const { user, system } = process.threadCpuUsage(before);
  return [value, (user + system) / 1000];
}

function row(...cells: string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(10) : cell.padStart(10))).join('');
}

// —— schemas ——

/** Half of the types are entities by key, one in ten of them in batches; the others hang below them. */
function connectorSchema(connector: number): string {
  const types = Array.from({ length: FIELDS / FIELDS_PER_TYPE }, (_, index) =>
    typeText(`S${connector}T${index}`, index),
  );
  const roots = Array.from(
    { length: 5 },
    (
      _,
      index,
    ) => `  s${connector}List${index}(page: Int = 1, filter: S${connector}Filter): [S${connector}T${index * 2}]
    @connect(
      source: "system"
      http: { GET: "/list/${index}?page={$args.page}&q={$args.filter.text}" }
      selection: "$.items { id: identifier }"
    )`,
  );
  return `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "system", http: { baseURL: "{$config.baseUrl}", headers: [{ name: "X-System", value: "s${connector}" }] })

type Query {
${roots.join('\n')}
}

input S${connector}Filter {
  text: String
}

${types.join('\n')}`;
}

function typeText(name: string, index: number): string {
  const isEntity = index % 2 === 0;
  const below = name.replace(/T\d+$/, `T${index + 1}`);
  const plain = Array.from({ length: FIELDS_PER_TYPE - (isEntity ? 2 : 0) }, (_, field) => field);
  const fields = plain.map(
    (field) => `  "Field ${field} of ${name}. Source: the system, F_${field}."\n  f${field}: String`,
  );
  if (!isEntity) return `"What ${name} holds."\ntype ${name} {\n${fields.join('\n')}\n}\n`;
  const hasBelow = index + 1 < FIELDS / FIELDS_PER_TYPE;
  const batched = index % 20 === 0;
  const inner = `{ ${Array.from({ length: FIELDS_PER_TYPE }, (_, field) => `f${field}: g_${field}?`).join(' ')} }`;
  const selection = [
    'id: identifier',
    ...plain.map((field) =>
      field % 5 === 0
        ? `f${field}: F_${field}->match(["0", "no"], ["1", "yes"], [@, null])`
        : `f${field}: data.F_${field}`,
    ),
    hasBelow ? `below: details ${inner}` : 'below: $.last',
  ];
  const http = batched
    ? `{ POST: "/${name}", body: "ids: $batch.id" }\n    batch: { maxSize: 50 }`
    : `{ GET: "/${name}/{$this.id}?all=true" }`;
  return `"An object of the system, ${name}."
type ${name}
  @key(fields: "id")
  @connect(
    source: "system"
    http: ${http}
    selection: """
    $.result {
      ${selection.join('\n      ')}
    }
    """
  ) {
  "Its key."
  id: ID!
  "What hangs below it."
  below: ${hasBelow ? below : 'String'}
${fields.join('\n')}
}
`;
}

/** The gateway's own schema, as it stands in `schema/`. */
function coreSchema(): SchemaFile[] {
  const folder = new URL('../schema/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql') && name !== 'published.graphql')
    .map((name) => ({ file: `schema/${name}`, body: readFileSync(new URL(name, folder), 'utf8') }));
}

// The arguments of `@source` and `@connect`, by version of the spec, and their reader: an unknown name, a value of the
// wrong kind or an argument of a later version is reported, and the other arguments are still read.

import {
  type ArgumentNode,
  type ConstObjectFieldNode,
  type ConstValueNode,
  Kind,
  type StringValueNode,
} from 'graphql';
import { nearestName } from '../mapping/syntax-error.ts';
import type { SpecVersion } from './links.ts';
import type { Fields, Text } from './model.ts';
import type { Report } from './report.ts';

type ValueKind = 'string' | 'object' | 'boolean' | 'integer' | 'list';

interface ArgumentSpec {
  readonly kind: ValueKind;
  readonly since: SpecVersion;
}

type ArgumentTable = ReadonlyMap<string, ArgumentSpec>;

type Rows = Readonly<Record<string, ValueKind | readonly [ValueKind, SpecVersion]>>;

const table = (rows: Rows): ArgumentTable =>
  new Map(
    Object.entries(rows).map(([name, row]) =>
      typeof row === 'string' ? [name, { kind: row, since: '0.1' }] : [name, { kind: row[0], since: row[1] }],
    ),
  );

const ANSWER: Rows = { isSuccess: ['string', '0.2'], errors: ['object', '0.2'] };
const PARTS: Rows = { headers: 'list', path: ['string', '0.2'], queryParams: ['string', '0.2'] };
const METHODS: Rows = { GET: 'string', POST: 'string', PUT: 'string', PATCH: 'string', DELETE: 'string' };

/** `@connect(…)`, `@source(…)` and the objects inside them. */
export const ARGUMENTS = {
  source: table({ name: 'string', http: 'object', ...ANSWER }),
  sourceHttp: table({ baseURL: 'string', ...PARTS }),
  connect: table({
    source: 'string',
    id: 'string',
    http: 'object',
    selection: 'string',
    entity: 'boolean',
    batch: ['object', '0.2'],
    ...ANSWER,
  }),
  connectHttp: table({ ...METHODS, body: 'string', ...PARTS }),
  errors: table({ message: 'string', extensions: 'string' }),
  batch: table({ maxSize: 'integer' }),
  header: table({ name: 'string', value: 'string', from: 'string' }),
} as const;

const KINDS: Readonly<Record<ValueKind, readonly string[]>> = {
  string: [Kind.STRING],
  object: [Kind.OBJECT],
  boolean: [Kind.BOOLEAN],
  integer: [Kind.INT],
  // GraphQL coerces a single value to a list of one.
  list: [Kind.LIST, Kind.OBJECT],
};

const EXAMPLES: Readonly<Record<ValueKind, string>> = {
  string: 'a string, "…"',
  object: 'an object, { … }',
  boolean: 'true or false',
  integer: 'a whole number',
  list: 'a list, [ … ]',
};

export interface ArgumentPlace {
  readonly table: ArgumentTable;
  /** The name of the place in messages: `@connect`, `http of @connect`. */
  readonly where: string;
  readonly coordinate: string | undefined;
  readonly version: SpecVersion;
}

/** The valid arguments by name. Values of the wrong kind are reported and omitted; `null` counts as absent. */
export function readArguments(
  nodes: readonly (ArgumentNode | ConstObjectFieldNode)[] | undefined,
  place: ArgumentPlace,
  report: Report,
): Fields {
  const { table, where, coordinate, version } = place;
  const fields = new Map<string, ConstValueNode>();
  for (const node of nodes ?? []) {
    const name = node.name.value;
    const value = node.value as ConstValueNode;
    const spec = table.get(name);
    if (spec === undefined) {
      const near = nearestName(name, table.keys());
      report({
        code: 'GraphQLError',
        at: node,
        coordinate,
        message: `${where} has no argument "${name}".`,
        found: name,
        expected: [...table.keys()].join(', '),
        wayOut: near === undefined ? 'Remove the argument.' : `Did you mean "${near}"?`,
      });
      continue;
    }
    if (spec.since > version) {
      report({
        code: 'ConnectVersionTooOld',
        at: node,
        coordinate,
        message: `"${name}" of ${where} needs connect v${spec.since}.`,
        found: `connect v${version}`,
        expected: `connect v${spec.since} or later`,
        wayOut: `${linkVersion(spec.since)}, or remove "${name}".`,
      });
    }
    if (value.kind === Kind.NULL) continue;
    if (!KINDS[spec.kind].includes(value.kind)) {
      report({
        code: 'GraphQLError',
        at: value,
        coordinate,
        message: `"${name}" of ${where} has a value of the wrong kind.`,
        found: textOfValue(value),
        expected: EXAMPLES[spec.kind],
        wayOut: `Write ${name}: ${EXAMPLES[spec.kind].split(', ').at(-1)}.`,
      });
      continue;
    }
    fields.set(name, value);
  }
  return fields;
}

/** The instruction to link a later version, as the beginning of a sentence. */
export const linkVersion = (version: SpecVersion): string =>
  `Link https://specs.apollo.dev/connect/v${version} in \`extend schema @link(…)\``;

const textOfValue = (node: ConstValueNode): string =>
  node.loc === undefined
    ? node.kind
    : node.loc.source.body.slice(node.loc.start, Math.min(node.loc.end, node.loc.start + 60));

export const fieldsOfObject = (
  node: ConstValueNode | undefined,
): readonly ConstObjectFieldNode[] | undefined => (node?.kind === Kind.OBJECT ? node.fields : undefined);

export const textOf = (node: ConstValueNode | undefined): Text | undefined =>
  node?.kind === Kind.STRING ? { value: node.value, node: node as StringValueNode } : undefined;

// Renders docs/manifest.md from the manifest's schema: for each key its type, default, unit, range, description and an example. A file of
// `manifest-prose/` named after a key is inserted below its description.
import { existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { SchemaNode } from '../src/manifest/json-schema.ts';

const INTRODUCTION = `# \`connector.yaml\`

Every key of a connector's manifest. This page is generated from the schema that reads the manifest (\`src/manifest/\`): run
\`npm run generate\` after a change. \`connectors/connector.schema.json\` offers the same descriptions to editors:

\`\`\`yaml
# yaml-language-server: $schema=../connector.schema.json
\`\`\`

A value may contain references where its description mentions them: \`\${env:NAME}\`, \`\${env:NAME:-default}\` and \`\${file:/path}\`.
Secrets are accepted only by reference. References are read at each use, so that a rotated secret needs no restart.

A key without a default is either required or optional; for an optional key the column "default" states what its absence means.

## Values

Where a table has the type "value", credentials may hold one of these:

| value | what is sent |
| --- | --- |
| \`\${env:PASSWORD}\` | the text with its references |
| \`{ digest: md5, of: '\${env:PASSWORD}' }\` | a digest (\`md5\`, \`sha1\`, \`sha256\`, \`sha384\`, \`sha512\`) as lower-case hexadecimal digits |
| \`{ digest: sha256, of: '\${env:PASSWORD}', encoding: hex, case: upper }\` | the same in upper case; \`encoding\` may also be \`base64\` or \`base64url\` |
| \`{ digest: sha256, of: '\${env:PASSWORD}', key: '\${env:SECRET}' }\` | an HMAC with that key |
| \`{ digest: md5, of: ['\${env:PASSWORD}', { timestamp: epochMs }] }\` | a digest over parts, joined without a separator; a part may be a digest |
| \`{ timestamp: epochSeconds }\` | the time of the request: \`epochSeconds\`, \`epochMs\`, \`yyyyMMddHHmmss\` (Vietnam time), \`iso8601\` (UTC) or \`httpDate\` |

All values of one request have the same time. A digest must cover or use at least one reference. Keys that expect a secret accept no
timestamp alone.
`;

interface Section {
  /** In headings: \`soap.operations.<name>\`, \`unwrap[]\`. */
  readonly path: string;
  /** Of a member of a union: what tells it from the others. */
  readonly member?: string;
  readonly node: SchemaNode;
}

export function renderManifestPage(schema: SchemaNode): string {
  const { properties = {}, required = [] } = schema;
  const entries = Object.entries(properties);
  const plain = entries.filter(([key, node]) => sectionsOf(key, node).length === 0);
  const rest = entries.filter(([key, node]) => sectionsOf(key, node).length > 0);
  return [
    INTRODUCTION,
    '## General\n',
    renderTable({ properties: Object.fromEntries(plain), required }),
    ...rest.map(([key, node]) => renderKey(key, node, required.includes(key))),
  ].join('\n');
}

function renderKey(key: string, node: SchemaNode, isRequired: boolean): string {
  return [
    `## \`${key}\`\n`,
    `${node.description}\n`,
    `${isRequired ? 'Required.' : `Default: ${defaultOf(node)}.`}\n`,
    renderExample({ [key]: node.example }),
    ...proseOf(key),
    ...sectionsOf(key, node).map((section) => renderSection(section, key)),
  ].join('\n');
}

function proseOf(key: string): string[] {
  const file = new URL(`manifest-prose/${key}.md`, import.meta.url);
  return existsSync(file) ? [readFileSync(file, 'utf8')] : [];
}

function renderSection({ path, member, node }: Section, key: string): string {
  const title = member === undefined ? `\`${path}\`` : `\`${path}\` · ${member}`;
  const isTop = path === key && member === undefined;
  const example = path.endsWith('[]') ? [node.example] : node.example;
  // An item of a list deeper in the key is shown in the example of its holder.
  const hasExample = member !== undefined && (!path.endsWith('[]') || path === `${key}[]`);
  return [
    ...(isTop ? [] : [`### ${title}\n`]),
    ...(isTop || node.description === `${member}.` ? [] : [`${node.description}\n`]),
    ...(hasExample ? [renderExample({ [key]: example })] : []),
    renderTable(node),
  ].join('\n');
}

/** The objects at a key: itself, its items, its values, the members of its union, and those inside them. */
export function sectionsOf(path: string, node: SchemaNode): Section[] {
  const { properties, items, additionalProperties: values } = node;
  // Described once, in the introduction.
  if (node.credentialValue === true) return [];
  if (properties !== undefined) {
    const inner = Object.entries(properties).flatMap(([key, one]) => sectionsOf(`${path}.${key}`, one));
    return [{ path, node }, ...inner];
  }
  const members = (node.oneOf ?? node.anyOf ?? []).filter((one) => one.properties !== undefined);
  if (members.length > 0) {
    return members.flatMap((one) => [
      { path, node: one, member: memberOf(one) },
      ...sectionsOf(path, one).slice(1),
    ]);
  }
  if (items !== undefined) return sectionsOf(`${path}[]`, items);
  return typeof values === 'object' ? sectionsOf(`${path}.<name>`, values) : [];
}

/** By its discriminator, else by its description. */
function memberOf({ properties, description = '' }: SchemaNode): string {
  const type = properties?.type?.const;
  return type === undefined ? description.replace(/\.$/, '') : `\`type: ${String(type)}\``;
}

function renderTable({ properties = {}, required = [] }: SchemaNode): string {
  const rows = Object.entries(properties).map(([key, node]) =>
    [
      `\`${key}\``,
      typeOf(node) + (node.unit === undefined ? '' : `, ${node.unit}`),
      required.includes(key) ? 'required' : defaultOf(node),
      rangeOf(node),
      node.description ?? '',
      code(stringify(node.example, { collectionStyle: 'flow', lineWidth: 0 }).trim()),
    ].map((cell) => cell.replaceAll('|', '\\|')),
  );
  const header = ['key', 'type, unit', 'default', 'range', 'description', 'example'];
  return `${[header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function typeOf(node: SchemaNode): string {
  if (node.const !== undefined) return code(String(node.const));
  if (node.enum !== undefined) return node.enum.map((value) => code(String(value))).join(' ');
  if (node.credentialValue === true) return `[value](#values), reference`;
  const members = node.oneOf ?? node.anyOf;
  if (members !== undefined) {
    return members.every(({ properties }) => properties !== undefined)
      ? 'object'
      : [...new Set(members.map(typeOf))].join(' or ');
  }
  if (node.items !== undefined) return `list of ${typeOf(node.items)}`;
  if (node.properties !== undefined) return 'object';
  if (node.type === 'object') {
    return typeof node.additionalProperties === 'object' && Object.keys(node.additionalProperties).length > 0
      ? `map of ${typeOf(node.additionalProperties)}`
      : 'map';
  }
  const kind = node.pem === undefined ? (node.type ?? 'any value') : 'PEM text';
  return node.reference === true ? `${kind}, reference` : kind;
}

function defaultOf({ default: value, whenAbsent }: SchemaNode): string {
  if (value === undefined) return whenAbsent ?? '';
  if (value === '') return 'empty';
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? 'none' : code(stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim());
}

/** Without the bounds that every integer of JSON Schema has. */
function rangeOf({ minimum, exclusiveMinimum, maximum, minItems, pattern, type }: SchemaNode): string {
  const isBound = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const parts = [
    isBound(exclusiveMinimum) ? `> ${exclusiveMinimum}` : isBound(minimum) ? `≥ ${minimum}` : '',
    isBound(maximum) ? `≤ ${maximum}` : '',
    minItems === undefined ? '' : `at least ${minItems}`,
    type === 'string' && pattern !== undefined && !pattern.includes('env|file') ? code(pattern) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const renderExample = (value: unknown): string => `\`\`\`yaml\n${stringify(value, { lineWidth: 0 })}\`\`\`\n`;

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

// Hostile connectors of any size: texts of a manifest and a schema.

import { readFileSync } from 'node:fs';
import { many } from './sizes.ts';

export interface CheckCase {
  readonly name: string;
  readonly texts: (bytes: number) => { readonly manifest: string; readonly schema: string };
}

const folder = new URL('../../connectors/postal/', import.meta.url);
export const MANIFEST = readFileSync(new URL('connector.yaml', folder), 'utf8');
export const SCHEMA = readFileSync(new URL('schema.graphql', folder), 'utf8').replace(
  'connect/v0.3',
  'connect/v0.4',
);

const inManifest = (name: string, text: (bytes: number) => string): CheckCase => ({
  name: `manifest: ${name}`,
  texts: (bytes) => ({ manifest: `${MANIFEST}\n${text(bytes)}`, schema: SCHEMA }),
});
const inSchema = (name: string, text: (bytes: number) => string): CheckCase => ({
  name: `schema: ${name}`,
  texts: (bytes) => ({ manifest: MANIFEST, schema: `${SCHEMA}\n${text(bytes)}` }),
});
const inSelection = (name: string, text: (bytes: number) => string): CheckCase => ({
  name: `mapping: ${name}`,
  texts: (bytes) => ({
    manifest: MANIFEST,
    schema: SCHEMA.replace(/selection: """/, () => `selection: """\n${text(bytes)}\n`),
  }),
});

const field = (connect: string, args = ''): string =>
  `extend type Query { q${args}: Int @connect(source: "myvnpost", ${connect}) }`;
const rows = (bytes: number, make: (i: string) => string): string[] => {
  const size = make('00000').length + 1;
  return many(bytes, size, (i) => make(String(i).padStart(5, '0')));
};
const lines = (bytes: number, make: (i: string) => string): string => rows(bytes, make).join('\n');

export const CHECK_CASES: readonly CheckCase[] = [
  inManifest('unknown keys', (n) => lines(n, (i) => `unknown${i}: 1`)),
  inManifest('one key', (n) => lines(n, () => 'unknown: 1')),
  inManifest('settings', (n) => `config:\n${lines(n, (i) => `  key${i}: 1`)}`),
  inManifest('list items', (n) => `x:\n${lines(n, () => '  - 1')}`),
  inManifest('lines that are no YAML', (n) => lines(n, () => '  - x: [')),
  inManifest('nested lists', (n) => `x: ${'['.repeat(n / 2)}${']'.repeat(n / 2)}`),
  inManifest('aliases', (n) => `x: &x 1\n${lines(n, (i) => `y${i}: *x`)}`),
  inManifest('comments', (n) => lines(n, () => '# x')),
  inManifest('references', (n) => `config:\n  a: "${'${env:'.repeat(n / 6)}"`),
  inSchema('unknown types', (n) => `type Extra {\n${lines(n, (i) => `  f${i}: Unknown${i}`)}\n}`),
  inSchema('types with an unknown type each', (n) => lines(n, (i) => `type Known${i} { f: Unknow${i} }`)),
  inSchema('unknown directives', (n) => `type Extra {\n${lines(n, (i) => `  f${i}: Int @unknown${i}`)}\n}`),
  inSchema('one type many times', (n) => lines(n, () => 'type Extra { f: Int }')),
  inSchema('fields without a source', (n) => `extend type Delivery {\n${lines(n, (i) => `  f${i}: Int`)}\n}`),
  inSchema('unknown arguments', (n) =>
    field(
      `http: { GET: "/${rows(n / 2, (i) => `{$args.b${i}}`).join('/')}" }, selection: "$"`,
      `(${rows(n / 2, (i) => `a${i}: Int`).join(' ')})`,
    ),
  ),
  inSchema(
    'unknown sources',
    (n) =>
      `extend type Query {\n${lines(n, (i) => `  q${i}: Int @connect(source: "no${i}", http: { GET: "/" }, selection: "$")`)}\n}`,
  ),
  inSchema('spaces in a template', (n) => field(`http: { GET: "/${' '.repeat(n)}x" }, selection: "$"`)),
  inSchema('spaces in a header', (n) =>
    field(
      `http: { GET: "/", headers: [{ name: "x-a", value: "a${' '.repeat(n)}x{$args.b}" }] }, selection: "$"`,
      '(b: Int)',
    ),
  ),
  inSchema('a host of many characters', (n) =>
    field(`http: { GET: "http://${'a'.repeat(n)} {" }, selection: "$"`).replace('source: "myvnpost", ', ''),
  ),
  inSchema('keys', (n) => `type Extra ${rows(n, (i) => `@key(fields: "a${i}")`).join(' ')} { a: Int }`),
  inSchema(
    'implementing types',
    (n) => `interface I { a: Int }\n${lines(n, (i) => `type T${i} implements I { a: Int }`)}`,
  ),
  inSchema('members of a union', (n) => `union U = ${rows(n, (i) => `T${i}`).join('|')}`),
  inSchema('values of an enum', (n) => `enum E { ${rows(n, (i) => `V${i}`).join(' ')} }`),
  inSchema('nested types', (n) => `type Extra { a: ${'['.repeat(n / 2)}Int${']'.repeat(n / 2)} }`),
  inSchema(
    'nested constants',
    (n) => `type Extra { a: Int @x(a: ${'['.repeat(n / 2)}${']'.repeat(n / 2)}) }`,
  ),
  inSchema('a text where a name is expected', (n) => `type """${'Expected , found\n'.repeat(n / 17)}"""`),
  inSchema('types in a circle', (n) => `${lines(n, (i) => `type C${i} { n: C${i} m: C00000 }`)}`),
  inSchema(
    'a long name of a source',
    (n) => `extend schema @source(name: "${'-'.repeat(n)}a", http: { baseURL: "http://a.b" })`,
  ),
  inSchema('a selection doubled over matching types', (n) => {
    const depth = Math.min(55, Math.floor(n / 100));
    const types = Array.from({ length: depth }, (_, i) => `type N${i} { a: N${i + 1} b: N${i + 1} }`);
    const selection = `$({ c: 1 })${'->echo({ a: @, b: @ })'.repeat(depth)}`;
    return `${types.join('\n')}\ntype N${depth} { c: Int }\n${field(`http: { GET: "/" }, selection: "${selection}"`).replace('Int', 'N0')}`;
  }),
  inSelection('unknown keys', (n) => rows(n, (i) => `key${i}`).join(' ')),
  inSelection('unknown methods', (n) => rows(n, (i) => `x${i}: $->unknown`).join(' ')),
  inSelection('arguments of methods', (n) => `x: $(1)->add(${rows(n, (i) => `$args.a${i}`).join(', ')})`),
  inSelection('maps over variables', (n) => rows(n, (i) => `x${i}: $this.a${i}->map(@)`).join(' ')),
  inSelection('fallbacks', (n) => `x: $(a${rows(n, (i) => ` ?? b${i}`).join('')})`),
  inSelection('nested selections', (n) => `x: ${'a { b: '.repeat(n / 9)}c${' }'.repeat(n / 9)}`),
  inSelection('nested groups', (n) => `x: ${'$(['.repeat(n / 5)}1${'])'.repeat(n / 5)}`),
  inSelection('cases of a match', (n) => `x: $->match(${rows(n, (i) => `["${i}", 1]`).join(', ')})`),
  inSelection('spreads of two cases', (n) =>
    rows(n, (i) => `... $->match(["a", { a${i}: 1 }], ["b", { b${i}: 1 }])`).join('\n'),
  ),
  inSelection('spreads', (n) => rows(n, (i) => `... a${i}`).join('\n')),
  inSelection('spreads of objects', (n) => rows(n, (i) => `... $({ a${i}: 1 })`).join('\n')),
  inSelection('lists doubled', (n) => rows(n, (i) => `x${i}: $${'->echo([@, @])'.repeat(50)}`).join(' ')),
  inSelection('objects doubled', (n) =>
    rows(n, (i) => `x${i}: $${'->echo({ a: @, b: @ })'.repeat(50)}`).join(' '),
  ),
  inSelection('choices doubled', (n) =>
    rows(n, (i) => `x${i}: $(1)${'->echo(@? ?? @)'.repeat(50)}`).join(' '),
  ),
  inSelection('variables', (n) =>
    rows(n, (i) => `x${i}: $${'->as($v)->echo([$v, @])'.repeat(25)}`).join(' '),
  ),
  inSelection('white space', (n) => ' '.repeat(n)),
  inSelection('a text that does not end', (n) => `x: $("${'a'.repeat(n)})`),
];

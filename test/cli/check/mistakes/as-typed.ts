// Connectors with a mistake as a person types it: typing errors, wrong indentation, wrong units, quotes, and lines copied from other
// tools. Each is a sound connector with one change; `mistakes.md` has the report that each receives.

/** A REST system with most sections of a manifest. */
export const REST_MANIFEST = `id: library
title:
  vi: Thư viện
  en: Library
owner:
  agency: City library
  contact: library@city.example
config:
  branch: HUE
env: [CITY_CODE]
source:
  baseUrl: \${env:LIBRARY_URL:-http://127.0.0.1:9}
  hosts: [lib.example]
  connections: 16
credentials:
  type: basic
  user: \${env:LIBRARY_USER}
  password: \${env:LIBRARY_PASSWORD}
outcome:
  at: status
  success: [ok]
  notFound: [none]
  otherwise: fault
limits:
  attemptTimeoutMs: 2000
  perRequest: 8
breaker:
  failureRate: 0.5
  openMs: 5000
operations:
  Query.book:
    cache: { ttlMs: 60000 }
data:
  classification: internal
  fields:
    Book.title: public
`;

export const REST_SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(
    name: "library"
    http: {
      baseURL: "{$config.baseUrl}"
      headers: [{ name: "x-branch", value: "{$config.branch}" }, { name: "x-city", value: "{$env.CITY_CODE}" }]
    }
  )

type Query {
  "One book by its number."
  book(isbn: ID!): Book
    @connect(
      source: "library"
      http: { GET: "/books/{$args.isbn}" }
      selection: """
      isbn
      title
      author: writer.name
      pages
      """
      entity: true
    )
}

type Book @key(fields: "isbn") {
  isbn: ID!
  title: String
  author: String
  pages: Int
}
`;

/** A SOAP system. */
export const SOAP_MANIFEST = `id: library
title: { vi: Sổ thuế, en: Tax roll }
owner: { agency: Tax office, contact: tax@city.example }
protocol: soap11
source:
  baseUrl: \${env:TAX_URL:-http://127.0.0.1:9}
soap:
  namespace: urn:tax
  operation: LookUp
  lists: [Debt]
  responseRoots: [LookUpResponse]
  headers: { Token: "\${env:TAX_TOKEN}" }
`;

export const SOAP_SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "tax", http: { baseURL: "{$config.baseUrl}" })

type Query {
  "What a taxpayer owes."
  taxpayer(code: ID!): Taxpayer
    @connect(
      source: "tax"
      http: { POST: "/", body: "Code: $args.code" }
      selection: """
      $.LookUpResponse {
        code: Code
        name: Name
        debts: Debt { amount: Amount }
      }
      """
      entity: true
    )
}

type Taxpayer @key(fields: "code") {
  code: ID!
  name: String
  debts: [Debt!]
}

type Debt {
  amount: String
}
`;

export interface Mistake {
  /** What the person did. */
  readonly what: string;
  readonly of?: 'rest' | 'soap';
  /** Replaces the first text by the second, in the manifest or in the schema. */
  readonly manifest?: readonly [from: string, to: string] | string;
  readonly schema?: readonly [from: string, to: string];
  /** Findings, when the change is more than one mistake. Default: 1. */
  readonly findings?: number;
}

const at = (from: string, to: string): Pick<Mistake, 'manifest'> => ({ manifest: [from, to] });
const inSchema = (from: string, to: string): Pick<Mistake, 'schema'> => ({ schema: [from, to] });

export const MISTAKES: readonly Mistake[] = [
  // — typing errors in keys —
  { what: 'a key at the top, two letters exchanged', ...at('outcome:', 'outcoem:') },
  { what: 'a key at the top in the plural', ...at('limits:', 'limit:') },
  { what: 'a key inside a section', ...at('perRequest', 'perRequests') },
  { what: 'a key two levels down', ...at('ttlMs', 'ttlMS') },
  { what: 'a key of credentials', ...at('password: ', 'pasword: '), findings: 1 },
  { what: 'a key in snake case', ...at('attemptTimeoutMs', 'attempt_timeout_ms') },
  { what: 'a key in kebab case', ...at('failureRate', 'failure-rate') },
  { what: 'a capital letter', ...at('config:', 'Config:'), findings: 1 },
  {
    what: 'two keys wrong at once',
    manifest: REST_MANIFEST.replace('limits:', 'limit:').replace('openMs', 'openms'),
    findings: 2,
  },
  { what: 'a key in the section above its own', manifest: `${REST_MANIFEST}connections: 16\n` },
  { what: 'a required key left out', ...at('  agency: City library\n', '') },
  {
    what: 'a required section left out',
    ...at('owner:\n  agency: City library\n  contact: library@city.example\n', ''),
  },
  {
    what: 'a section without its content',
    ...at('breaker:\n  failureRate: 0.5\n  openMs: 5000\n', 'breaker:\n'),
  },

  // — wrong values —
  { what: 'a number as text', ...at('perRequest: 8', 'perRequest: "8"') },
  { what: 'a duration with a unit', ...at('attemptTimeoutMs: 2000', 'attemptTimeoutMs: 2s') },
  { what: 'seconds in place of milliseconds', ...at('openMs: 5000', 'openMs: 0.5') },
  { what: 'a percentage', ...at('failureRate: 0.5', 'failureRate: 50%') },
  { what: 'a percentage without its sign', ...at('failureRate: 0.5', 'failureRate: 50') },
  { what: 'a number of bytes with a unit', ...at('perRequest: 8', 'perRequest: 8\n  maxResponseBytes: 1MB') },
  { what: 'a negative number', ...at('connections: 16', 'connections: -1') },
  { what: 'a word for a truth value', ...at('connections: 16', 'compression: yes') },
  { what: 'one value where a list is expected', ...at('hosts: [lib.example]', 'hosts: lib.example') },
  { what: 'a list where one value is expected', ...at('at: status', 'at: [status]') },
  { what: 'a title in one language', ...at('title:\n  vi: Thư viện\n  en: Library', 'title: Library') },
  {
    what: 'a word that is nearly one of the allowed',
    ...at('classification: internal', 'classification: intern'),
  },
  { what: 'a word of another tool', ...at('classification: internal', 'classification: confidential') },
  { what: 'a kind of credentials that is nearly one', ...at('type: basic', 'type: Basic') },
  { what: 'a kind of credentials of another tool', ...at('type: basic', 'type: apiKey') },
  { what: 'a protocol that does not exist', ...at('env: [CITY_CODE]', 'env: [CITY_CODE]\nprotocol: rest') },
  { what: 'an id that is not the name of the folder', ...at('id: library', 'id: libary') },
  { what: 'an id with capital letters', ...at('id: library', 'id: Library') },
  { what: 'an id with a space', ...at('id: library', 'id: city library') },

  // — references and URLs —
  {
    what: 'a misspelt kind of reference',
    ...at('${env:LIBRARY_URL:-http://127.0.0.1:9}', '${enw:LIBRARY_URL}'),
  },
  {
    what: 'a misspelt kind of reference in a secret',
    ...at('${env:LIBRARY_PASSWORD}', '${enw:LIBRARY_PASSWORD}'),
  },
  { what: 'a reference as in a shell', ...at('${env:LIBRARY_PASSWORD}', '$LIBRARY_PASSWORD') },
  { what: 'a reference as in Docker Compose', ...at('${env:LIBRARY_PASSWORD}', '${LIBRARY_PASSWORD}') },
  {
    what: 'a reference as in GitHub Actions',
    ...at('${env:LIBRARY_PASSWORD}', '"${{ secrets.LIBRARY_PASSWORD }}"'),
  },
  { what: 'a reference as in Spring', ...at('${env:LIBRARY_USER}', '"#{environment.LIBRARY_USER}"') },
  { what: 'a password in clear text', ...at('${env:LIBRARY_PASSWORD}', 'Tr4ngTien!') },
  { what: 'a reference that is not closed', ...at('${env:LIBRARY_PASSWORD}', '${env:LIBRARY_PASSWORD') },
  { what: 'an ftp URL', ...at('${env:LIBRARY_URL:-http://127.0.0.1:9}', 'ftp://lib.example/v1') },
  { what: 'a URL without its scheme', ...at('${env:LIBRARY_URL:-http://127.0.0.1:9}', 'lib.example/v1') },
  { what: 'a URL with one slash', ...at('${env:LIBRARY_URL:-http://127.0.0.1:9}', 'http:/lib.example') },

  // — YAML —
  { what: 'a tab as indentation', ...at('  connections: 16', '\tconnections: 16') },
  { what: 'a key indented by one space less', ...at('  connections: 16', ' connections: 16') },
  { what: 'a key indented too far', ...at('  connections: 16', '    connections: 16') },
  { what: 'no space after a colon', ...at('perRequest: 8', 'perRequest:8') },
  { what: 'a colon and a space in a text', ...at('agency: City library', 'agency: Library: main branch') },
  { what: 'a quote that is not closed', ...at('en: Library', 'en: "Library') },
  { what: 'a bracket that is not closed', ...at('[lib.example]', '[lib.example') },
  { what: 'a brace that is not closed', ...at('{ ttlMs: 60000 }', '{ ttlMs: 60000') },
  { what: 'a text that begins with an at sign', ...at('agency: City library', 'agency: @library') },
  { what: 'a text that begins with a percent sign', ...at('agency: City library', 'agency: %library') },
  { what: 'a text that begins with a star', ...at('agency: City library', 'agency: *library') },
  { what: 'a pattern of hosts without quotes', ...at('[lib.example]', '[*.lib.example]') },
  { what: 'a backslash in double quotes', ...at('agency: City library', 'agency: "C:\\library"') },
  { what: 'a key written twice', ...at('  perRequest: 8', '  perRequest: 8\n  perRequest: 4') },
  { what: 'two manifests in one file', manifest: `${REST_MANIFEST}---\n${REST_MANIFEST}` },
  {
    what: 'a merge key',
    manifest: `${REST_MANIFEST.replace('limits:', 'limits: &usual')}bulkhead:\n  <<: *usual\n`,
  },
  { what: 'an alias that refers to nothing', ...at('branch: HUE', 'branch: *hue') },
  {
    what: 'aliases that multiply',
    ...at('branch: HUE', 'a: &a [x, x]\n  b: &b [*a, *a]\n  c: &c [*b, *b]'),
    findings: 1,
  },
  { what: 'a tag of another tool', ...at('${env:LIBRARY_PASSWORD}', '!Ref LibraryPassword') },
  { what: 'an equals sign', ...at('perRequest: 8', 'perRequest = 8') },
  {
    what: 'JSON with a comma at the end of a line',
    ...at('  agency: City library\n', '  agency: City library,\n  "phone": "1",\n'),
    findings: 1,
  },
  { what: 'typographic quotes', ...at('type: basic', 'type: “basic”') },
  { what: 'a file with nothing but comments', manifest: '# to be written\n' },
  { what: 'a list at the top', manifest: `- ${REST_MANIFEST.trimEnd().replaceAll('\n', '\n  ')}\n` },

  // — copied from other tools —
  {
    what: 'a section of a Kubernetes manifest',
    manifest: `apiVersion: v1\nkind: ConfigMap\n${REST_MANIFEST}`,
    findings: 2,
  },
  { what: 'retries as in a service mesh', manifest: `${REST_MANIFEST}retries:\n  attempts: 3\n` },
  { what: 'a rule of a field as in a schema', ...at('Book.title: public', 'Book.titel: public') },
  { what: 'an operation that the schema does not have', ...at('Query.book:', 'Query.bok:') },
  {
    what: 'an operation with its prefix',
    of: 'soap',
    manifest: ['operation: LookUp', 'operation: "tax:LookUp"'],
  },
  { what: 'a list element with its prefix', of: 'soap', manifest: ['lists: [Debt]', 'lists: ["tax:Debt"]'] },

  // — the schema —
  { what: 'a key of XML with its prefix', of: 'soap', ...inSchema('name: Name', 'name: "ns:Name"') },
  {
    what: 'a root of XML with its prefix',
    of: 'soap',
    ...inSchema('$.LookUpResponse', '$."tax:LookUpResponse"'),
  },
  { what: 'a type that GraphQL does not have', ...inSchema('pages: Int', 'pages: Integer') },
  { what: 'a field left out of the selection', ...inSchema('      pages\n', '') },
  { what: 'a method misspelt', ...inSchema('writer.name', 'writer.name->frist') },
  { what: 'a setting that the manifest does not have', ...inSchema('{$config.branch}', '{$config.brnach}') },
  { what: 'a variable that the manifest does not list', ...inSchema('$env.CITY_CODE', '$env.CITY') },
  { what: 'a source that does not exist', ...inSchema('source: "library"', 'source: "libary"') },
  { what: 'single quotes around a text', ...inSchema('source: "library"', "source: 'library'") },
  { what: 'a bracket left open', ...inSchema('entity: true\n    )', 'entity: true\n') },
  { what: 'a colon left out of a field', ...inSchema('author: String\n', 'author String\n') },
];

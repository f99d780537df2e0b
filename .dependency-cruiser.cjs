// The walls of the house, as src/README.md draws them: imports run one way, and each library has one home.

const SRC = '^src/';
/** folder → what it may import from src, besides itself */
const may = {
  observe: ['errors', 'printable'],
  store: ['errors', 'observe', 'time-text', 'strip-types'],
  upstream: ['errors', 'exact-number', 'header-names', 'manifest-keys', 'normal-form', 'observe', 'references'],
  guard: ['errors', 'exact-number', 'observe'],
  connect: ['errors', 'diagnostic', 'exact-number', 'header-names', 'linear-pattern', 'normal-form', 'observe'],
  manifest: [
    'errors',
    'diagnostic',
    'header-names',
    'linear-pattern',
    'manifest-keys',
    'masks',
    'references',
    'connect/read',
    // The kinds of credentials and signatures bring their own keys: decision 14.
    'upstream/credentials/kinds',
    'upstream/signing/kinds',
    'upstream/signing/http-message',
  ],
  registry: [
    'errors',
    'diagnostic',
    'exact-number',
    'observe',
    'references',
    'manifest',
    'connect',
    'guard',
    'upstream',
  ],
  admission: [
    'errors',
    'diagnostic',
    'references',
    'manifest',
    'connect',
    'registry',
    'upstream',
    'graph/compose',
    'graph/core-schema',
    'strip-types',
  ],
  dossiers: ['errors', 'exact-number', 'masks', 'observe', 'generated', 'store'],
  city: ['dossiers/ids', 'store'],
  simulator: ['errors', 'manifest/read-folder', 'city/contract', 'city/random'],
  development: ['city/contract'],
  replicas: [
    'errors',
    'observe',
    'store',
    'guard/contract',
    'guard/quota/quota-ledger',
    'registry/mutation-ledger',
  ],
  operate: [
    'errors',
    'observe',
    'config',
    'references',
    'time-text',
    'guard',
    'registry',
    'store/stored-values',
  ],
  audit: ['errors', 'observe', 'references', 'store', 'connect/contract', 'request'],
  request: ['errors', 'manifest-keys', 'observe', 'references', 'connect/contract'],
  documents: ['errors', 'observe', 'store'],
  metering: ['errors', 'observe', 'request', 'store'],
  graph: [
    'errors',
    'diagnostic',
    'exact-number',
    'masks',
    'manifest/data-keys',
    'manifest/manifest',
    'dossiers/data-classes',
    'observe',
    'connect',
    'registry',
    'operate',
    'request',
    'generated',
    'limits',
  ],
  http: ['errors', 'exact-number', 'limits', 'observe', 'request', 'graph', 'operate', 'config'],
};

const walls = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder}/ may import from src only: ${allowed.join(', ')}.`,
  severity: 'error',
  from: { path: `${SRC}${folder}/` },
  to: { path: SRC, pathNot: [`${SRC}${folder}/`, ...allowed.map((name) => `${SRC}${name}[./]`)] },
}));

/** library → the only places that may import it */
const homes = {
  pino: ['observe'],
  'prom-client': ['observe'],
  '@opentelemetry': ['observe'],
  undici: ['upstream', 'request/identity'],
  jose: ['request/identity', 'upstream/credentials'],
  'oidc-provider': ['development'],
  opossum: ['guard'],
  dataloader: ['connect'],
  yaml: ['manifest', 'admission'],
  kysely: ['store'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  '@apollo/server': ['http'],
  fastify: ['http'],
  '@graphql-tools/schema': ['graph'],
  '@theguild/federation-composition': ['graph'],
  msw: ['simulator'],
};

const libraries = Object.entries(homes).map(([library, folders]) => ({
  name: `${library}-at-home`,
  comment: `${library} is walled in src/${folders.join(', src/')}.`,
  severity: 'error',
  from: { path: SRC, pathNot: folders.map((folder) => `${SRC}${folder}[./]`) },
  to: { path: `node_modules/${library}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...walls,
    ...libraries,
    {
      name: 'roots-import-nothing',
      comment:
        'What every folder imports imports nothing itself, but for the table of errors.ts and the escaping of printable.ts.',
      severity: 'error',
      from: {
        path: '^src/(errors|error-codes|printable|diagnostic|exact-number|masks|references|limits)\\.ts$',
      },
      to: { path: SRC, pathNot: '^src/(error-codes|printable)\\.ts$' },
    },
    {
      name: 'manifest-keys-import-references',
      comment: 'The building blocks of manifest keys are shared by manifest and upstream.',
      severity: 'error',
      from: { path: '^src/manifest-keys\\.ts$' },
      to: { path: SRC, pathNot: '^src/references\\.ts$' },
    },
    {
      name: 'error-codes-through-errors',
      comment: 'The table of codes is imported from errors.ts, which exports it.',
      severity: 'error',
      from: { path: SRC, pathNot: '^src/errors\\.ts$' },
      to: { path: '^src/error-codes\\.ts$' },
    },
    {
      name: 'connectors-import-the-kit',
      comment: 'A connector knows nothing of src but #connector.',
      severity: 'error',
      from: { path: '^connectors/' },
      to: { path: SRC, pathNot: '^src/simulator/kit\\.ts$' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^(src|connectors)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

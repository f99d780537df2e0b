// The walls of the house, as src/README.md draws them: imports run one way, and each library has one home.

const SRC = '^src/';
/** folder → what it may import from src, besides itself */
const may = {
  observe: ['errors'],
  upstream: ['errors', 'observe'],
  guard: ['errors', 'observe'],
  connect: ['errors', 'observe'],
  store: ['errors', 'observe'],
  dossiers: ['errors', 'observe', 'generated', 'store'],
  city: ['dossiers/ids', 'store'],
  replicas: ['errors', 'observe', 'store', 'guard/contract', 'guard/quota-ledger'],
  registry: ['errors', 'observe', 'upstream', 'guard', 'connect', 'connector', 'city/contract'],
  request: ['errors', 'observe', 'connect/contract'],
  graph: ['errors', 'observe', 'connect', 'registry', 'request', 'generated'],
  http: ['errors', 'observe', 'request', 'graph', 'config'],
  connector: ['errors', 'city/contract', 'city/random'],
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
  undici: ['upstream'],
  opossum: ['guard'],
  dataloader: ['connect'],
  yaml: ['registry'],
  kysely: ['store'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  '@apollo/server': ['http'],
  fastify: ['http'],
  ruru: ['http'],
  'graphql-jit': ['graph'],
  '@graphql-tools/schema': ['graph'],
  '@theguild/federation-composition': ['graph'],
  msw: ['connector'],
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
      name: 'errors-import-nothing',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: { path: SRC },
    },
    {
      name: 'connectors-import-the-kit',
      comment: 'A connector knows nothing of src but #connector.',
      severity: 'error',
      from: { path: '^connectors/' },
      to: { path: SRC, pathNot: '^src/connector\\.ts$' },
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

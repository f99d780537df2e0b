// Writes schema/published.graphql, the whole unified schema as front-ends see it. `--check` writes nothing and fails
// when the file is not what the connectors and schema/ give: so a review sees every change of the API.

import { readFile, writeFile } from 'node:fs/promises';
import { compileConnector } from '../connect/compile-connector.ts';
import { composeSchema, printPublished } from '../graph/compose.ts';
import { readCoreSchema } from '../graph/core-schema.ts';
import { readConnectorFolders } from '../registry/registry.ts';

const PUBLISHED = new URL('../../schema/published.graphql', import.meta.url).pathname;

const folders = await readConnectorFolders('connectors');
const compiled = folders.map(({ manifest, schema }) =>
  // Where a connector is reached does not show in the schema.
  compileConnector(schema, {
    id: manifest.id,
    config: { ...manifest.config, baseUrl: 'http://localhost' },
    env: {},
  }),
);
const core = await readCoreSchema();
const published = printPublished(composeSchema(core, compiled));

if (process.argv.includes('--check')) {
  const committed = await readFile(PUBLISHED, 'utf8').catch(() => '');
  if (committed !== published) {
    console.error(
      'schema/published.graphql is not what connectors/ and schema/ give. Run `npm run generate`.',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(PUBLISHED, published);
  console.log('schema/published.graphql written');
}

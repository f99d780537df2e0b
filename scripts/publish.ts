// Writes the generated files that are committed: schema/published.graphql (the unified schema as front-ends see it),
// connectors/connector.schema.json (the manifest, for editors), docs/manifest.md and docs/access-matrix.md. `--check` writes nothing and fails when a file
// differs from its sources, so that a review sees every change of these contracts.

import { readFile, writeFile } from 'node:fs/promises';
import { compileConnector } from '../src/connect/compile-connector.ts';
import { createAccess } from '../src/graph/access/access.ts';
import { readDataClasses } from '../src/graph/access/classes.ts';
import { readRequirements } from '../src/graph/access/requirements.ts';
import { composeSchema, parseCore, printPublished } from '../src/graph/compose.ts';
import { readCoreSchema } from '../src/graph/core-schema.ts';
import { readEditorSchema, readManifestSchema } from '../src/manifest/json-schema.ts';
import { readConnectorFolders } from '../src/registry/registry.ts';
import { renderAccessPage } from './access-page.ts';
import { renderManifestPage } from './manifest-page.ts';

const ROOT = new URL('../', import.meta.url);

async function compileAll() {
  const folders = await readConnectorFolders('connectors');
  return folders.map(({ manifest, schema }) => ({
    manifest,
    // Where a connector is reached does not show in the schema.
    compiled: compileConnector(schema, {
      id: manifest.id,
      config: { ...manifest.config, baseUrl: 'http://localhost' },
      env: Object.fromEntries(manifest.env.map((name) => [name, ''])),
      requiresPurpose: manifest.data.purpose === 'required',
    }),
  }));
}

const connectors = await compileAll();
const core = await readCoreSchema();
const unified = composeSchema(
  core,
  connectors.map(({ compiled }) => compiled),
);

const accessPage = (): string => {
  const subgraphs = [parseCore(core), ...connectors.map(({ compiled }) => compiled.schema.subgraph)];
  const access = createAccess(readRequirements(subgraphs), readDataClasses(unified.schema, connectors));
  return renderAccessPage(unified.schema, access);
};

const editorSchema = (): string =>
  `${JSON.stringify({ title: 'A connector manifest of Liên Thông', ...readEditorSchema() }, null, 2)}\n`;

const files: readonly (readonly [string, string])[] = [
  ['schema/published.graphql', printPublished(unified)],
  ['connectors/connector.schema.json', editorSchema()],
  ['docs/access-matrix.md', accessPage()],
  ['docs/manifest.md', renderManifestPage(readManifestSchema())],
];

for (const [name, text] of files) {
  const path = new URL(name, ROOT);
  if (!process.argv.includes('--check')) {
    await writeFile(path, text);
    console.log(`${name} written`);
  } else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    console.error(`${name} is not what the sources give. Run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  }
}

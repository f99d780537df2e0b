// Writes the generated files that are committed: schema/published.graphql (the unified schema as front-ends see it),
// connectors/connector.schema.json (the manifest, for editors) and docs/manifest.md. `--check` writes nothing and fails when a file
// differs from its sources, so that a review sees every change of these contracts.

import { readFile, writeFile } from 'node:fs/promises';
import { compileConnector } from '../src/connect/compile-connector.ts';
import { composeSchema, printPublished } from '../src/graph/compose.ts';
import { readCoreSchema } from '../src/graph/core-schema.ts';
import { readEditorSchema, readManifestSchema } from '../src/manifest/json-schema.ts';
import { readConnectorFolders } from '../src/registry/registry.ts';
import { renderManifestPage } from './manifest-page.ts';

const ROOT = new URL('../', import.meta.url);

async function unifiedSchema(): Promise<string> {
  const folders = await readConnectorFolders('connectors');
  const compiled = folders.map(({ manifest, schema }) =>
    // Where a connector is reached does not show in the schema.
    compileConnector(schema, {
      id: manifest.id,
      config: { ...manifest.config, baseUrl: 'http://localhost' },
      env: {},
      requiresPurpose: manifest.data.purpose === 'required',
    }),
  );
  return printPublished(composeSchema(await readCoreSchema(), compiled));
}

const editorSchema = (): string =>
  `${JSON.stringify({ title: 'A connector manifest of Liên Thông', ...readEditorSchema() }, null, 2)}\n`;

const files: readonly (readonly [string, string])[] = [
  ['schema/published.graphql', await unifiedSchema()],
  ['connectors/connector.schema.json', editorSchema()],
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

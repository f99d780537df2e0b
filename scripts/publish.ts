// Writes what is generated and committed: schema/published.graphql, the whole unified schema as front-ends see it, and
// connectors/connector.schema.json, the manifest for editors. `--check` writes nothing and fails when a file is not what
// the sources give, so that a review sees every change of the two contracts.

import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { compileConnector } from '../src/connect/compile-connector.ts';
import { composeSchema, printPublished } from '../src/graph/compose.ts';
import { readCoreSchema } from '../src/graph/core-schema.ts';
import { manifestSchema } from '../src/manifest/manifest.ts';
import { readConnectorFolders } from '../src/registry/registry.ts';

const ROOT = new URL('../', import.meta.url);

async function unifiedSchema(): Promise<string> {
  const folders = await readConnectorFolders('connectors');
  const compiled = folders.map(({ manifest, schema }) =>
    // Where a connector is reached does not show in the schema.
    compileConnector(schema, {
      id: manifest.id,
      config: { ...manifest.config, baseUrl: 'http://localhost' },
      env: {},
    }),
  );
  return printPublished(composeSchema(await readCoreSchema(), compiled));
}

const manifestForEditors = (): string =>
  `${JSON.stringify({ title: 'A connector manifest of Liên Thông', ...z.toJSONSchema(manifestSchema, { io: 'input' }) }, null, 2)}\n`;

const files: readonly (readonly [string, string])[] = [
  ['schema/published.graphql', await unifiedSchema()],
  ['connectors/connector.schema.json', manifestForEditors()],
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

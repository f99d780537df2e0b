// The gateway's own subgraph, `schema/*.graphql`: what a connector has to fit. Read by `connector check`.

import { readdir, readFile } from 'node:fs/promises';
import type { SchemaFile } from '../graph/compose.ts';

const FOLDER = new URL('../../schema/', import.meta.url);

/** Every file but the published whole. `gateway.ts` reads the same; importing it would load servers and the store. */
export async function readCoreSchema(): Promise<SchemaFile[]> {
  const names = (await readdir(FOLDER)).filter(
    (name) => name.endsWith('.graphql') && name !== 'published.graphql',
  );
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ file: `schema/${name}`, body: await readFile(new URL(name, FOLDER), 'utf8') })),
  );
}

// The gateway's own subgraph, `schema/*.graphql`: what a connector has to fit. Read by `gateway.ts` and by the command line.

import { readdir, readFile } from 'node:fs/promises';
import type { SchemaFile } from './compose.ts';

const FOLDER = new URL('../../schema/', import.meta.url);

/** Every file but the published whole. */
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

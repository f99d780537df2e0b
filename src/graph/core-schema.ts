// Reads the subgraph of the gateway itself, `schema/*.graphql`, with which every connector must compose.

import { readdir, readFile } from 'node:fs/promises';
import type { SchemaFile } from './compose.ts';

const FOLDER = new URL('../../schema/', import.meta.url);

/** All files except the published schema, which contains all subgraphs. */
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

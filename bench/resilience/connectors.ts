// The five connectors of the resilience bench, and the queries. Each has one entity over one GET. The manifests set nothing about the
// guard, so that its defaults are measured.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, readManifest } from '../../src/manifest/manifest.ts';

export const IDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const;
export type SourceId = (typeof IDS)[number];

const typeOf = (id: string): string => `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`;

const manifestOf = (id: string, url: string): string => `id: ${id}
title: { vi: "Hệ thống ${id}", en: "System ${id}" }
owner: { agency: Bench, contact: bench@city.example }
source: { baseUrl: "${url}" }
`;

const schemaOf = (id: string): string => `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "{$config.baseUrl}" })

type Query {
  "A record by its id. Source: ${id}."
  ${id}(id: ID!): ${typeOf(id)}
    @connect(source: "api", http: { GET: "/records/{$args.id}" }, selection: "id name", entity: true)
}

"A record of ${id}. Source: ${id}."
type ${typeOf(id)} @key(fields: "id") {
  "Its id. Source: ${id}."
  id: ID!
  "Its name. Source: ${id}."
  name: String
}
`;

/** Writes the connector folders. @returns a manifest of theirs, with all defaults */
export async function writeConnectors(
  folder: string,
  urls: Readonly<Record<string, string>>,
): Promise<Manifest> {
  for (const id of IDS) {
    await mkdir(join(folder, id), { recursive: true });
    await writeFile(join(folder, id, 'connector.yaml'), manifestOf(id, urls[id] ?? ''));
    await writeFile(join(folder, id, 'schema.graphql'), schemaOf(id));
  }
  return readManifest(manifestOf(IDS[0], urls[IDS[0]] ?? ''), 'connector.yaml');
}

const FIELDS = 'id name provenance { fetchedAt }';

/** One record of one source; of two, `own` and `other`. The variable is `$id`. */
export const queryOf = (own: SourceId, other?: SourceId): string =>
  `query Records($id: ID!) { own: ${own}(id: $id) { ${FIELDS} }${
    other === undefined ? '' : ` other: ${other}(id: $id) { ${FIELDS} }`
  } }`;

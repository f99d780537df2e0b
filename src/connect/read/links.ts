// Reads the `@link`s of a connector schema: the version of the connect spec, the local names of its directives, and
// whether the schema uses the extension methods of this gateway.

import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { isRecord, readConst } from './values.ts';

export const SPEC_VERSIONS = ['0.1', '0.2', '0.3', '0.4'] as const;
export type SpecVersion = (typeof SPEC_VERSIONS)[number];

const CONNECT_URL = 'https://specs.apollo.dev/connect/';
const MAPPING_URL = 'https://specs.lienthong.example/mapping/v0.1';

export interface Links {
  readonly version: SpecVersion;
  /** The local names of the two directives in this document. */
  readonly connect: string;
  readonly source: string | undefined;
  /** True when the document links the mapping extension of this gateway (`->personName` and others). */
  readonly extensions: boolean;
  readonly connectLink: ConstDirectiveNode;
  /** `@link` nodes that composition does not know; they are removed from the plain subgraph. */
  readonly own: ReadonlySet<ConstDirectiveNode>;
}

export type LinksResult =
  | { readonly kind: 'links'; readonly links: Links }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown-version'; readonly url: string; readonly node: ConstDirectiveNode };

/** Reads the connect links of a schema document. Never throws; returns `none` for a document without a connect link. */
export function readLinks(document: DocumentNode): LinksResult {
  const own = new Set<ConstDirectiveNode>();
  let connectLink: ConstDirectiveNode | undefined;
  let version: SpecVersion | undefined;
  let connect = 'connect';
  let source: string | undefined = 'connect__source';
  let extensions = false;

  for (const node of linkDirectives(document)) {
    const args = Object.fromEntries((node.arguments ?? []).map((a) => [a.name.value, readConst(a.value)]));
    const url = args.url;
    if (typeof url !== 'string') continue;
    if (url === MAPPING_URL) {
      extensions = true;
      own.add(node);
      continue;
    }
    if (!url.startsWith(CONNECT_URL)) continue;
    own.add(node);
    const found = SPEC_VERSIONS.find((known) => url === `${CONNECT_URL}v${known}`);
    if (found === undefined) return { kind: 'unknown-version', url, node };
    connectLink = node;
    version = found;
    const prefix = typeof args.as === 'string' ? args.as : 'connect';
    // A directive with the name of its specification has the bare prefix: `@connect`, not `@connect__connect`.
    connect = prefix;
    source = `${prefix}__source`;
    for (const item of Array.isArray(args.import) ? args.import : []) {
      const name = typeof item === 'string' ? item : isRecord(item) ? item.name : undefined;
      const alias = isRecord(item) && typeof item.as === 'string' ? item.as : name;
      if (name === '@connect' && typeof alias === 'string') connect = alias.slice(1);
      if (name === '@source' && typeof alias === 'string') source = alias.slice(1);
    }
  }
  if (connectLink === undefined || version === undefined) return { kind: 'none' };
  return { kind: 'links', links: { version, connect, source, extensions, connectLink, own } };
}

function* linkDirectives(document: DocumentNode): Generator<ConstDirectiveNode> {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      if (directive.name.value === 'link') yield directive;
    }
  }
}

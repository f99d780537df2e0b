// Reads the local names of federation's directives in a connector schema: `@key` may be imported under another name, or
// be used with the prefix of its specification.

import { type DocumentNode, Kind } from 'graphql';
import { isRecord, readConst } from './values.ts';

const FEDERATION_URL = 'https://specs.apollo.dev/federation/';

const DIRECTIVES = [
  'key',
  'external',
  'requires',
  'provides',
  'shareable',
  'override',
  'context',
  'fromContext',
  'interfaceObject',
  'authenticated',
  'requiresScopes',
  'policy',
] as const;

export type FederationDirective = (typeof DIRECTIVES)[number];

/** Local names without `@`. */
export interface FederationNames extends Readonly<Record<FederationDirective, string>> {
  /** False where the document links no federation version; composition then needs a link of its own. */
  readonly linked: boolean;
}

/** Without a federation link every directive has its plain name. */
export function readFederationNames(document: DocumentNode): FederationNames {
  const plain = Object.fromEntries(DIRECTIVES.map((name) => [name, name])) as Record<
    FederationDirective,
    string
  >;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      if (directive.name.value !== 'link') continue;
      const args = Object.fromEntries(
        (directive.arguments ?? []).map((a) => [a.name.value, readConst(a.value)]),
      );
      const url = args.url;
      if (typeof url !== 'string' || !url.startsWith(FEDERATION_URL)) continue;
      const prefix = typeof args.as === 'string' ? args.as : 'federation';
      const names = Object.fromEntries(DIRECTIVES.map((name) => [name, `${prefix}__${name}`]));
      for (const item of Array.isArray(args.import) ? args.import : []) {
        const name = typeof item === 'string' ? item : isRecord(item) ? item.name : undefined;
        const alias = isRecord(item) && typeof item.as === 'string' ? item.as : name;
        if (typeof name === 'string' && typeof alias === 'string' && name.startsWith('@')) {
          names[name.slice(1)] = alias.slice(1);
        }
      }
      return { ...(names as Record<FederationDirective, string>), linked: true };
    }
  }
  return { ...plain, linked: false };
}

// Namespace declarations in scope while a document is read (Namespaces in XML 1.0).

import { XmlError } from './xml-text.ts';

/** Declarations of the open elements, innermost last. */
export interface Scope {
  readonly prefixes: string[];
  readonly uris: string[];
  /** Depth of the element that carries each declaration. */
  readonly depths: number[];
}

export const createScope = (): Scope => ({ prefixes: [], uris: [], depths: [] });

export const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
/** Attributes of that namespace. They describe the document, not the data; rpc-style servers put `type` on every leaf. */
export const SCHEMA_INSTANCE_NAMES: ReadonlySet<string> = new Set([
  'nil',
  'type',
  'schemaLocation',
  'noNamespaceSchemaLocation',
]);
/** @param depth of the element that carries the declaration, 0 for the root */
export function declare(scope: Scope, prefix: string, uri: string, depth: number, offset: number): void {
  for (let i = scope.depths.length - 1; i >= 0 && scope.depths[i] === depth; i--) {
    if (scope.prefixes[i] === prefix) throw new XmlError(`a namespace is declared twice at offset ${offset}`);
  }
  if (scope.prefixes.length >= MAX_DECLARATIONS) {
    throw new XmlError(`more than ${MAX_DECLARATIONS} namespace declarations at offset ${offset}`);
  }
  scope.prefixes.push(prefix);
  scope.uris.push(uri);
  scope.depths.push(depth);
}

/** Declarations in scope at most. Real documents have under ten; a prefix is looked up among them one by one. */
const MAX_DECLARATIONS = 64;

/** Forgets the declarations of elements at `depth` or deeper. */
export function leaveScope({ prefixes, uris, depths }: Scope, depth: number): void {
  while (depths.length > 0 && (depths[depths.length - 1] as number) >= depth) {
    depths.pop();
    prefixes.pop();
    uris.pop();
  }
}

/** The namespace of a prefix, `''` for the default one. `xmlns=""` takes elements out of the default namespace. */
export function namespaceOf({ prefixes, uris }: Scope, prefix: string): string | undefined {
  for (let i = prefixes.length - 1; i >= 0; i--) {
    if (prefixes[i] === prefix) return uris[i] === '' ? undefined : uris[i];
  }
  return undefined;
}

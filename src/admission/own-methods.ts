// The methods of our mapping extension that a connector uses: other runtimes of the connect spec do not have them.

import { METHODS } from '../connect/mapping/index.ts';
import type { ConnectorSchema } from '../connect/read/model.ts';
import { mappingsOf, parseTexts } from '../connect/read/parse-texts.ts';

/** Names in alphabetical order, each once. */
export function ownMethods(schema: ConnectorSchema): string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const { kind, name } = node as { kind?: unknown; name?: unknown };
      if (kind === 'method' && METHODS.get(String(name))?.portable === false) found.add(String(name));
      Object.values(node).forEach(visit);
    }
  };
  const parsed = parseTexts(schema);
  for (const part of [...parsed.sources, ...parsed.connects]) {
    for (const { tree } of mappingsOf(part)) visit(tree.body);
  }
  return [...found].sort();
}

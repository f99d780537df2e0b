// What the answer of a call depends on, as one text, so that requests of other people may share it: everything that its request and
// selection read and that differs between requests. Called by `call.ts` for operations whose answers may be shared.
import type { ConnectContext, Purpose } from '../contract.ts';
import type { MappingVariables, VariableUse } from '../mapping/index.ts';

/** With whom an answer may be shared: with all, or with the same officer of the same agency for the same purpose. */
export type Sharing = 'ANYONE' | 'SAME_CALLER';

export type SharedKey = (
  vars: MappingVariables,
  purpose: Purpose | undefined,
  context: ConnectContext,
) => string | undefined;

type Root = 'this' | 'args' | 'batch' | 'context' | 'request';

/** Gives `undefined` for each call when the operation reads something whole that differs with every request. */
export function compileSharedKey(uses: readonly VariableUse[], sharing: Sharing): SharedKey {
  const paths = new Map<string, { root: Root; path: readonly string[] }>();
  for (const { variable, path } of uses) {
    const root = variable.slice(1);
    if (!isRoot(root)) continue;
    if (root === 'context') {
      if (path.length === 0 || (path[0] === 'request' && path.length === 1)) return () => undefined;
      // Ids and times of the call and of the request: they say who asked when, not what.
      if (path[0] === 'call' || (path[0] === 'request' && path[1] !== 'locale')) continue;
    }
    // The items of a batch were picked already.
    const read = root === 'batch' ? [] : path;
    paths.set(JSON.stringify([root, read]), { root, path: read });
  }
  const readers = [...paths.values()];
  return (vars, purpose, { caller }) => {
    let key = '';
    if (sharing === 'SAME_CALLER')
      key = part(caller.key) + part(purpose?.dossier ?? null) + part(purpose?.procedure ?? null);
    for (const { root, path } of readers) key += part(valueAt(vars[root], path));
    return key;
  };
}

const isRoot = (name: string): name is Root =>
  name === 'this' || name === 'args' || name === 'batch' || name === 'context' || name === 'request';

/** Length first, so that no value can pass for two. */
function part(value: unknown): string {
  if (typeof value === 'string') return `s${value.length}:${value}`;
  const text = JSON.stringify(value) ?? '';
  return `j${text.length}:${text}`;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const step of path) {
    // A path looks through lists: from here on everything counts.
    if (Array.isArray(value)) return value;
    value = (value as Record<string, unknown> | null | undefined)?.[step];
  }
  return value;
}

// The key under which requests may share an answer: one text made of everything that the call's request and selection
// read and that differs between requests.
import type { ConnectContext, Purpose } from '../contract.ts';
import type { MappingVariables, VariableUse } from '../mapping/index.ts';

/** Who may share an answer: everyone, or only the same officer of the same agency for the same purpose. */
export type Sharing = 'ANYONE' | 'SAME_CALLER';

export type SharedKey = (
  vars: MappingVariables,
  purpose: Purpose | undefined,
  context: ConnectContext,
) => string | undefined;

type Root = 'this' | 'args' | 'batch' | 'context' | 'request';

/** The compiled function returns `undefined` when the operation reads an object that differs in every request. */
export function compileSharedKey(uses: readonly VariableUse[], sharing: Sharing): SharedKey {
  const paths = new Map<string, { root: Root; path: readonly string[] }>();
  for (const { variable, path } of uses) {
    const root = variable.slice(1);
    if (!isRoot(root)) continue;
    if (root === 'context') {
      if (path.length === 0 || (path[0] === 'request' && path.length === 1)) return () => undefined;
      // Ids and times of the call and of the request do not influence the answer.
      if (path[0] === 'call' || (path[0] === 'request' && path[1] !== 'locale')) continue;
    }
    // Batch items contain the key fields only, so the whole list is the key.
    const steps = root === 'batch' ? [] : path;
    paths.set(JSON.stringify([root, steps]), { root, path: steps });
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

/** The length prefix makes the concatenation unambiguous. */
function part(value: unknown): string {
  if (typeof value === 'string') return `s${value.length}:${value}`;
  const text = JSON.stringify(value) ?? '';
  return `j${text.length}:${text}`;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const step of path) {
    // A path applies to every element of a list: the whole list is part of the key.
    if (Array.isArray(value)) return value;
    value = (value as Record<string, unknown> | null | undefined)?.[step];
  }
  return value;
}

// Does a document select a field under this one? Lets a resolver load payments, parcels and history only where they are
// asked for. Called by resolvers.ts for each page; the answer is worked out once per document and kept with its node.
import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

/** The part of GraphQLResolveInfo that is read here. */
export interface SelectionInfo {
  readonly fieldNodes: readonly FieldNode[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** `path` is field names from the one being resolved down, e.g. `edges.node.payments`; aliases do not matter. */
export type Selects = (info: SelectionInfo, path: string) => boolean;

/**
 * Never says no to what may be asked for: `@include` and `@skip` are taken as included, and a fragment counts whatever
 * type it is on.
 */
export function createSelects(): Selects {
  const known = new WeakMap<FieldNode, Map<string, boolean>>();

  const nodeSelects = (node: FieldNode, info: SelectionInfo, path: string): boolean => {
    let answers = known.get(node);
    if (answers === undefined) {
      answers = new Map();
      known.set(node, answers);
    }
    let answer = answers.get(path);
    if (answer === undefined) {
      answer = holds(node.selectionSet, path.split('.'), 0, info.fragments, new Set());
      answers.set(path, answer);
    }
    return answer;
  };

  return (info, path) => {
    const nodes = info.fieldNodes;
    // Asked node by node, since which nodes are merged may depend on variables.
    for (let i = 0; i < nodes.length; i++) {
      if (nodeSelects(nodes[i] as FieldNode, info, path)) return true;
    }
    return false;
  };
}

function holds(
  set: SelectionSetNode | undefined,
  names: readonly string[],
  depth: number,
  fragments: SelectionInfo['fragments'],
  visited: Set<string>,
): boolean {
  if (depth === names.length) return true;
  if (set === undefined) return false;
  for (const selection of set.selections) {
    if (selection.kind === 'Field') {
      if (selection.name.value !== names[depth]) continue;
      if (holds(selection.selectionSet, names, depth + 1, fragments, visited)) return true;
    } else if (selection.kind === 'InlineFragment') {
      if (holds(selection.selectionSet, names, depth, fragments, visited)) return true;
    } else {
      // A fragment has one answer per depth: without this, spreads that double at each level are followed 2ⁿ times.
      const place = `${depth} ${selection.name.value}`;
      if (visited.has(place)) continue;
      visited.add(place);
      const fragment = fragments[selection.name.value];
      if (holds(fragment?.selectionSet, names, depth, fragments, visited)) return true;
    }
  }
  return false;
}

// Look-ahead: whether a document selects a field below the current one, so that a resolver loads payments, parcels and history
// only when they are selected. Computed once for each node of a document and kept with that node.
import type { FieldNode, FragmentDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

/** The part of GraphQLResolveInfo that is read here. */
export interface SelectionInfo {
  readonly fieldNodes: readonly FieldNode[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Coerced. */
  readonly variableValues?: Readonly<Record<string, unknown>>;
}

/** `path` is a path of field names below the field being resolved, e.g. `edges.node.payments`. Aliases do not matter. */
export type Selects = (info: SelectionInfo, path: string) => boolean;

/**
 * False only when the field cannot be part of the result: selections with `@include` or `@skip` count as included, and
 * fragments count whatever their type condition.
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
      answer = selectsPath(node.selectionSet, path.split('.'), 0, info.fragments, new Set());
      answers.set(path, answer);
    }
    return answer;
  };

  return (info, path) => {
    const nodes = info.fieldNodes;
    // One node at a time: variables may decide which nodes are merged.
    for (let i = 0; i < nodes.length; i++) {
      if (nodeSelects(nodes[i] as FieldNode, info, path)) return true;
    }
    return false;
  };
}

function selectsPath(
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
      if (selectsPath(selection.selectionSet, names, depth + 1, fragments, visited)) return true;
    } else if (selection.kind === 'InlineFragment') {
      if (selectsPath(selection.selectionSet, names, depth, fragments, visited)) return true;
    } else {
      // A fragment has one answer per depth: without this, spreads that double at each level are followed 2ⁿ times.
      const place = `${depth} ${selection.name.value}`;
      if (visited.has(place)) continue;
      visited.add(place);
      const fragment = fragments[selection.name.value];
      if (selectsPath(fragment?.selectionSet, names, depth, fragments, visited)) return true;
    }
  }
  return false;
}

/**
 * Whether the path is selected in this request: unlike `Selects`, with the values that `@include` and `@skip` have in it. Fragments
 * count whatever their type condition.
 */
export function selectsNow(info: SelectionInfo, path: string): boolean {
  const names = path.split('.');
  const { fragments, variableValues = {} } = info;
  const isIncluded = ({ directives = [] }: SelectionNode): boolean =>
    directives.every(({ name, arguments: [condition] = [] }) => {
      if (name.value !== 'include' && name.value !== 'skip') return true;
      const value =
        condition?.value.kind === 'Variable'
          ? variableValues[condition.value.name.value]
          : condition?.value.kind === 'BooleanValue' && condition.value.value;
      return (value === true) === (name.value === 'include');
    });
  const visited = new Set<string>();
  const reaches = (set: SelectionSetNode | undefined, depth: number): boolean => {
    if (depth === names.length) return true;
    for (const selection of set?.selections ?? []) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === 'Field') {
        if (selection.name.value === names[depth] && reaches(selection.selectionSet, depth + 1)) return true;
      } else if (selection.kind === 'InlineFragment') {
        if (reaches(selection.selectionSet, depth)) return true;
      } else {
        const place = `${depth} ${selection.name.value}`;
        if (visited.has(place)) continue;
        visited.add(place);
        if (reaches(fragments[selection.name.value]?.selectionSet, depth)) return true;
      }
    }
    return false;
  };
  return info.fieldNodes.some((node) => reaches(node.selectionSet, 0));
}

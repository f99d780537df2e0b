// Determines which parts of an answer supply which fields, to mask the answer in `connector run`. The keys that a personal
// field reads are personal wherever they occur; only values that another field reads may be shown.

import type { Entry, Expression, Mapping, Path, Selection } from '../../connect/mapping/index.ts';
import type { PersonalFields } from '../../manifest/personal-fields.ts';

export interface AnswerKeys {
  /** Last keys of the paths that supply personal fields: every value below such a key is personal. */
  readonly personal: ReadonlySet<string>;
  /** Complete paths that supply other fields, without list indexes, in the form of `pathKey`. */
  readonly plain: ReadonlySet<string>;
}

/** The keys of a path joined into one text; keys may contain dots. */
export const pathKey = (keys: readonly string[]): string => keys.join('\0');

/** The path of a value in the answer; `undefined` when it cannot be determined. */
type Place = readonly string[] | undefined;

/** Methods that return the value they are called on, its elements, or its parsed content. */
const SAME_PLACE = new Set(['jsonParse', 'list', 'filter', 'find', 'first', 'last', 'slice']);

export function answerKeys(
  mapping: Mapping,
  typeName: string | undefined,
  fields: PersonalFields,
): AnswerKeys {
  const personal = new Set<string>();
  const plain = new Set<string>();

  const entries = (selection: Selection, root: Place, type: string | undefined) => {
    for (const entry of selection.entries) addEntry(entry, root, type);
  };
  const addEntry = (entry: Entry, root: Place, type: string | undefined) => {
    const { value } = entry;
    const isNamed = entry.kind === 'named';
    if (isNamed && type !== undefined && fields.isPersonal(type, entry.key)) {
      collectLastKeys(value, personal);
      return;
    }
    const below = isNamed && type !== undefined ? fields.typeOf(type, entry.key) : type;
    if (value.kind === 'selection') entries(value, root, below);
    else if (value.kind === 'path' && value.selection !== null) {
      entries(value.selection, holderOf(value, root), below);
    } else if (isNamed) addPlain(value, root, undefined);
  };

  const addPlain = (node: Expression, root: Place, at: Place): void => {
    if (node.kind === 'path') {
      const place = placeOf(node, root, at);
      if (place !== undefined) plain.add(pathKey(place));
      for (const step of node.steps) {
        if (step.kind === 'method') for (const arg of step.args) addPlain(arg, root, place);
      }
      if (node.head.kind === 'group') addPlain(node.head.expression, root, at);
    } else if (node.kind === 'chain') for (const operand of node.operands) addPlain(operand, root, at);
    else if (node.kind === 'array') for (const item of node.items) addPlain(item, root, at);
    else if (node.kind === 'object') for (const { value } of node.properties) addPlain(value, root, at);
  };

  const { body } = mapping;
  if (body.kind === 'selection') entries(body, [], typeName);
  else if (body.kind === 'path' && body.selection !== null) {
    entries(body.selection, holderOf(body, []), typeName);
  } else addPlain(body, [], undefined);
  return { personal, plain };
}

/** The path of the objects that a sub-selection reads. */
const holderOf = (path: Path, root: Place): Place =>
  path.steps.every((step) => step.kind !== 'method' || SAME_PLACE.has(step.name))
    ? placeOf(path, root, undefined)
    : undefined;

/** The place that a path reads, up to the first method that returns a different value. */
function placeOf({ head, steps }: Path, root: Place, at: Place): Place {
  let place: Place;
  if (head.kind === 'key') place = root && [...root, head.name];
  else if (head.kind === 'at') place = at;
  else if (head.kind === 'variable') place = head.name === '$' ? root : undefined;
  else if (head.kind === 'group') place = placeOfGroup(head.expression, root, at);
  for (const step of steps) {
    if (step.kind === 'key') place = place && [...place, step.name];
    else if (step.kind === 'method' && !SAME_PLACE.has(step.name)) return place;
  }
  return place;
}

/** `$(a.b ?? null)` reads `a.b`. */
function placeOfGroup(node: Expression, root: Place, at: Place): Place {
  const paths = (node.kind === 'chain' ? node.operands : [node]).filter((operand) => operand.kind === 'path');
  const [only] = paths;
  return only !== undefined && paths.length === 1 ? placeOf(only, root, at) : undefined;
}

/** The last key of each path in an expression. */
function collectLastKeys(node: unknown, keys: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collectLastKeys(item, keys);
  } else if (typeof node === 'object' && node !== null) {
    const { kind, steps, head } = node as Partial<Path>;
    if (kind === 'path') {
      const last = steps?.findLast((step) => step.kind === 'key');
      if (last?.kind === 'key') keys.add(last.name);
      else if (head?.kind === 'key') keys.add(head.name);
    }
    for (const part of Object.values(node)) collectLastKeys(part, keys);
  }
}

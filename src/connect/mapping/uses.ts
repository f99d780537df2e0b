// Which variables a mapping reads, and how deep: keys of entities are inferred from it, and equal calls found by it.
// When in doubt the whole value counts as used: a shorter path is never wrong.

import {
  type Entry,
  type Expression,
  isVariableName,
  type Mapping,
  type Path,
  type Selection,
  type VariableName,
} from './ast.ts';
import { METHODS } from './methods/table.ts';

export interface VariableUse {
  readonly variable: VariableName;
  /** Keys from the variable on; empty when the whole value is used. Lists are looked through. */
  readonly path: readonly string[];
}

/** A place inside a variable, or null for any other value. */
type Place = VariableUse | null;

interface Scope {
  readonly root: Place;
  readonly at: Place;
  readonly bound: ReadonlyMap<string, Place>;
}

/** Every variable with the path that is read from it, each once, in the order of the text. */
export const usesOf = (mapping: Mapping): readonly VariableUse[] => inspect(mapping).uses;

/** Both answers of one walk. */
export function inspect(mapping: Mapping): { uses: readonly VariableUse[]; portable: boolean } {
  const found = new Map<string, VariableUse>();
  let portable = true;

  const use = (place: Place): void => {
    if (place !== null) found.set(JSON.stringify([place.variable, ...place.path]), place);
  };

  /** A value of which nothing is read still counts: whether it is there, and how long a list is. */
  const useUnlessInside = (place: Place): void => {
    if (place === null) return;
    const inside = [...found.values()].some(
      ({ variable, path }) => variable === place.variable && place.path.every((key, i) => path[i] === key),
    );
    if (!inside) use(place);
  };

  const entries = (selection: Selection, scope: Scope): void => {
    for (const entry of selection.entries) value(entry.value, scope);
  };

  const value = (node: Entry['value'], scope: Scope): void => {
    if (node.kind === 'selection') entries(node, scope);
    else use(expression(node, scope));
  };

  /** Notes what is used inside; gives the place of the value itself, which is used when the caller keeps it. */
  const expression = (node: Expression, scope: Scope): Place => {
    if (node.kind === 'path') return path(node, scope);
    if (node.kind === 'array') for (const item of node.items) use(expression(item, scope));
    else if (node.kind === 'chain') for (const operand of node.operands) use(expression(operand, scope));
    else if (node.kind === 'object') {
      for (const property of node.properties) use(expression(property.value, scope));
    }
    return null;
  };

  const path = (node: Path, scope: Scope): Place => {
    let place = headPlace(node, scope);
    let bound = scope.bound;
    for (const step of node.steps) {
      if (step.kind === 'key') place = down(place, step.name);
      else if (step.kind === 'method') {
        if (METHODS.get(step.name)?.portable === false) portable = false;
        const inner = { ...scope, bound, at: place };
        const binds = step.name === 'as';
        const args = (binds ? step.args.slice(1) : step.args).map((arg) => expression(arg, inner));
        if (binds) {
          const [target] = step.args;
          const name = target?.kind === 'path' && target.head.kind === 'variable' ? target.head.name : '$';
          bound = new Map([...bound, [name, args.length === 0 ? place : (args[0] as Place)]]);
          continue;
        }
        args.forEach(use);
        // `->map({ a: @.a })` uses of the value only what its argument uses.
        if (step.name === 'map' || step.name === 'echo') useUnlessInside(place);
        else use(place);
        place = null;
      }
    }
    if (node.selection === null) return place;
    entries(node.selection, { root: place, at: place, bound });
    useUnlessInside(place);
    return null;
  };

  const headPlace = ({ head }: Path, scope: Scope): Place => {
    if (head.kind === 'key') return down(scope.root, head.name);
    if (head.kind === 'at') return scope.at;
    if (head.kind === 'group') return expression(head.expression, scope);
    if (head.kind === 'value') return expression(head.value, scope);
    if (head.name === '$') return scope.root;
    const bound = scope.bound.get(head.name);
    if (bound !== undefined) return bound;
    return isVariableName(head.name) ? { variable: head.name, path: [] } : null;
  };

  const scope: Scope = { root: null, at: null, bound: new Map() };
  const { body } = mapping;
  if (body.kind === 'selection') entries(body, scope);
  else use(expression(body, scope));
  return { uses: [...found.values()], portable };
}

const down = (place: Place, key: string): Place =>
  place === null ? null : { variable: place.variable, path: [...place.path, key] };

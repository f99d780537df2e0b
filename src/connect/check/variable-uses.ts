// Collects every read of a variable in a mapping, with its position and the path that is read. `$` is the input of the
// mapping; a key without a variable reads from `$`.

import type { Entry, Expression, Mapping, Path, Selection } from '../mapping/index.ts';

export interface KeyRead {
  readonly name: string;
  /** Offset in the mapping's source. */
  readonly start: number;
}

export interface VariableRead {
  /** `$args`, `$this`, …; `$` for the input of the mapping. */
  readonly variable: string;
  readonly path: readonly KeyRead[];
  /** Offset of the variable, or of the first key of `$`. */
  readonly start: number;
  /** True when a method's result was read further: the path ends where the method was called. */
  readonly derived?: boolean;
  /** True when a method takes the value: what the request or the field receives is the method's result. */
  readonly intoMethod?: boolean;
}

type Place = VariableRead | undefined;

interface Scope {
  readonly root: Place;
  readonly at: Place;
  readonly bound: ReadonlyMap<string, Place>;
}

/** Reads in the order of the text; a chain of keys is one read with the longest path. */
export function variableReads(mapping: Mapping): readonly VariableRead[] {
  const reads: VariableRead[] = [];
  const use = (place: Place): void => {
    if (place !== undefined) reads.push(place);
  };

  const entries = (selection: Selection, scope: Scope): void => {
    for (const entry of selection.entries) value(entry.value, scope);
  };

  const value = (node: Entry['value'], scope: Scope): void => {
    if (node.kind === 'selection') entries(node, scope);
    else use(expression(node, scope));
  };

  const expression = (node: Expression, scope: Scope): Place => {
    if (node.kind === 'path') return path(node, scope);
    if (node.kind === 'array') for (const item of node.items) use(expression(item, scope));
    else if (node.kind === 'chain') for (const operand of node.operands) use(expression(operand, scope));
    else if (node.kind === 'object')
      for (const property of node.properties) use(expression(property.value, scope));
    return undefined;
  };

  const path = (node: Path, scope: Scope): Place => {
    let place = headPlace(node, scope);
    let { bound } = scope;
    for (const step of node.steps) {
      if (step.kind === 'key') place = down(place, step.name, step.end - step.name.length);
      else if (step.kind === 'method') {
        const taken = place && { ...place, intoMethod: true };
        // `echo` passes its argument on; what other methods make of theirs, only they decide.
        const inner: Scope = { ...scope, bound, at: step.name === 'echo' ? place : taken };
        const binds = step.name === 'as';
        const args = (binds ? step.args.slice(1) : step.args).map((arg) => expression(arg, inner));
        const [target] = step.args;
        if (binds && target?.kind === 'path' && target.head.kind === 'variable') {
          bound = new Map([...bound, [target.head.name, args.length === 0 ? place : args[0]]]);
          continue;
        }
        args.forEach(use);
        if (step.name !== 'echo') use(taken);
        place = place && { ...place, derived: true };
      }
    }
    if (node.selection === null) return place;
    if (node.selection.entries.length === 0) use(place);
    entries(node.selection, { root: place, at: place, bound });
    return undefined;
  };

  const headPlace = ({ head }: Path, scope: Scope): Place => {
    if (head.kind === 'at') return moved(scope.at, head.start);
    if (head.kind === 'key') return down(moved(scope.root, head.start), head.name, head.start);
    if (head.kind === 'group') return expression(head.expression, scope);
    if (head.kind === 'value') return expression(head.value, scope);
    if (head.name === '$') return moved(scope.root, head.start);
    if (scope.bound.has(head.name)) return scope.bound.get(head.name);
    return { variable: head.name, path: [], start: head.start };
  };

  const input: VariableRead = { variable: '$', path: [], start: mapping.start };
  const scope: Scope = { root: input, at: input, bound: new Map() };
  const { body } = mapping;
  if (body.kind === 'selection') entries(body, scope);
  else use(expression(body, scope));
  return reads;
}

const down = (place: Place, name: string, start: number): Place =>
  place &&
  (place.derived === true ? { ...place, start } : { ...place, path: [...place.path, { name, start }] });

/** A read of the input is located where `@` or `$` is written; a variable that they refer to keeps its own position. */
const moved = (place: Place, start: number): Place =>
  place !== undefined && (place.derived === true || (place.variable === '$' && place.path.length === 0))
    ? { ...place, start }
    : place;

// Finds the variables that a mapping reads and the paths below them. Entity keys are inferred from the paths, and calls
// with equal values at the paths are merged. Where the path is not certain, a shorter path is reported, which is safe.

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
  /** Keys below the variable; empty when the whole value is used. List indexes are not part of the path. */
  readonly path: readonly string[];
}

/** A path inside a variable, or null for any other value. */
type Place = VariableUse | null;

interface Scope {
  readonly root: Place;
  readonly at: Place;
  readonly bound: ReadonlyMap<string, Place>;
}

/** Each distinct variable path that the mapping reads, in the order of the text. */
export const usesOf = (mapping: Mapping): readonly VariableUse[] => analyzeUses(mapping).uses;

/** The variable paths, and whether the mapping uses methods of the connect spec only (`portable`). */
export function analyzeUses(mapping: Mapping): { uses: readonly VariableUse[]; portable: boolean } {
  const uses: VariableUse[] = [];
  const read: PathTree = { children: new Map(), isUsed: false };
  let portable = true;

  const use = (place: Place): void => {
    if (place === null) return;
    const node = nodeAt(read, place, true);
    if (!node.isUsed) uses.push(place);
    node.isUsed = true;
  };

  /** Records the value itself when no path inside it is recorded: its presence, or the length of a list, matters. */
  const useUnlessInside = (place: Place): void => {
    if (place !== null && nodeAt(read, place, false) === undefined) use(place);
  };

  const entries = (selection: Selection, scope: Scope): void => {
    for (const entry of selection.entries) value(entry.value, scope);
  };

  const value = (node: Entry['value'], scope: Scope): void => {
    if (node.kind === 'selection') entries(node, scope);
    else use(expression(node, scope));
  };

  /** Records the paths read inside the expression. Returns the place of its value, which the caller records if used. */
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
      if (step.kind === 'key') place = childOf(place, step.name);
      else if (step.kind === 'method') {
        if (METHODS.get(step.name)?.portable !== true) portable = false;
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
        // `->map({ a: @.a })` reads only the paths of the value that its argument reads.
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
    if (head.kind === 'key') return childOf(scope.root, head.name);
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
  return { uses, portable };
}

/** The paths that are used: a node exists for each of them and for the paths above it. */
interface PathTree {
  readonly children: Map<string, PathTree>;
  isUsed: boolean;
}

function nodeAt(root: PathTree, place: VariableUse, create: true): PathTree;
function nodeAt(root: PathTree, place: VariableUse, create: boolean): PathTree | undefined;
function nodeAt(root: PathTree, { variable, path }: VariableUse, create: boolean): PathTree | undefined {
  let node = root;
  for (const key of [variable, ...path]) {
    let child = node.children.get(key);
    if (child === undefined) {
      if (!create) return undefined;
      child = { children: new Map(), isUsed: false };
      node.children.set(key, child);
    }
    node = child;
  }
  return node;
}

const childOf = (place: Place, key: string): Place =>
  place === null ? null : { variable: place.variable, path: [...place.path, key] };

// How often a mapping may copy the same part of its input into its result. A mapping creates few values of its own, but it
// can refer to a large part of the input many times, and a result is written out as a tree.

import type { Entry, Expression, Mapping, MethodStep, Path, Selection } from './ast.ts';
import { METHODS } from './methods/table.ts';

/** A value of a run: a part of the input (below its parent), or a value built from others. */
interface Origin {
  /** Number of loops in which the value is created. */
  readonly depth: number;
  readonly keys: Map<string, Origin>;
  /** Values of which this value consists. */
  readonly sources: readonly Origin[];
  /** How often the value itself is copied into the result. */
  copies: number;
}

interface Scope {
  readonly root: Origin;
  readonly at: Origin;
  readonly bound: ReadonlyMap<string, Origin>;
  readonly depth: number;
}

/**
 * An upper bound of the copies of any part of the input in the result: 1 for a mapping that uses each part once, Infinity
 * when a loop refers to a value outside the loop.
 */
export function multiplicityOf(mapping: Mapping): number {
  const created: Origin[] = [];
  const variables = new Map<string, Origin>();

  const create = (depth: number, sources: readonly Origin[] = []): Origin => {
    // A value from outside the loop occurs once per element.
    for (const source of sources) if (source.depth < depth) source.copies = Number.POSITIVE_INFINITY;
    const origin: Origin = { depth, keys: new Map(), sources: [...new Set(sources)], copies: 0 };
    created.push(origin);
    return origin;
  };

  /** An element of a list, in a loop inside `scope`: all elements together are one copy of the list. */
  const elementOf = (list: Origin, scope: Scope): Origin => {
    const source = list.depth < scope.depth ? create(scope.depth, [list]) : list;
    const element: Origin = { depth: scope.depth + 1, keys: new Map(), sources: [source], copies: 0 };
    created.push(element);
    return element;
  };

  const keyOf = (holder: Origin, key: string): Origin => {
    const known = holder.keys.get(key);
    if (known !== undefined) return known;
    const child: Origin = { depth: holder.depth, keys: new Map(), sources: [], copies: 0 };
    holder.keys.set(key, child);
    return child;
  };

  const entries = (list: readonly Entry[], scope: Scope): Origin =>
    build(
      list.map(({ value }) =>
        value.kind === 'selection' ? entries(value.entries, scope) : expression(value, scope),
      ),
      scope,
    );

  /** A value that contains all parts: a part that occurs twice is two copies. */
  const build = (parts: readonly Origin[], { depth }: Scope): Origin =>
    create(
      depth,
      parts.map((part) => create(depth, [part])),
    );

  const expression = (node: Expression, scope: Scope): Origin => {
    switch (node.kind) {
      case 'literal':
        return create(scope.depth);
      case 'array':
        return build(
          node.items.map((item) => expression(item, scope)),
          scope,
        );
      case 'object':
        return build(
          node.properties.map(({ value }) => expression(value, scope)),
          scope,
        );
      case 'chain':
        return create(
          scope.depth,
          node.operands.map((operand) => expression(operand, scope)),
        );
      case 'path':
        return path(node, scope);
    }
  };

  const path = (node: Path, outer: Scope): Origin => {
    let value = headOf(node, outer);
    let scope = outer;
    for (const step of node.steps) {
      if (step.kind === 'key') value = keyOf(value, step.name);
      else if (step.kind === 'method') {
        if (step.name === 'as') scope = { ...scope, bound: bind(step, value, scope) };
        else value = method(step, value, scope);
      }
    }
    return node.selection === null ? value : select(node.selection, value, scope);
  };

  const select = (selection: Selection, value: Origin, scope: Scope): Origin => {
    const element = elementOf(value, scope);
    const { bound } = scope;
    return entries(selection.entries, {
      root: element,
      at: element,
      bound,
      depth: element.depth,
    });
  };

  const headOf = ({ head }: Path, scope: Scope): Origin => {
    if (head.kind === 'at') return scope.at;
    if (head.kind === 'group') return expression(head.expression, scope);
    if (head.kind === 'value') return expression(head.value, scope);
    if (head.kind === 'key') return keyOf(scope.root, head.name);
    if (head.name === '$') return scope.root;
    const bound = scope.bound.get(head.name) ?? variables.get(head.name);
    if (bound !== undefined) return bound;
    const variable = create(0);
    variables.set(head.name, variable);
    return variable;
  };

  const bind = (step: MethodStep, value: Origin, scope: Scope): ReadonlyMap<string, Origin> => {
    const [target, given] = step.args;
    if (target?.kind !== 'path' || target.head.kind !== 'variable') return scope.bound;
    const bound = given === undefined ? value : expression(given, { ...scope, at: value });
    return new Map([...scope.bound, [target.head.name, bound]]);
  };

  const method = (step: MethodStep, value: Origin, scope: Scope): Origin => {
    const { depth } = scope;
    const inner = { ...scope, at: value };
    const [first] = step.args;
    if (step.name === 'echo' && first !== undefined) return expression(first, inner);
    if (step.name === 'map' && first !== undefined) {
      const at = elementOf(value, scope);
      return create(at.depth, [expression(first, { ...scope, at, depth: at.depth })]);
    }
    if (step.name === 'match') {
      const results = step.args.flatMap((pair) => (pair.kind === 'array' ? pair.items.slice(1) : []));
      return create(
        depth,
        results.map((result) => expression(result, inner)),
      );
    }
    const result = METHODS.get(step.name)?.result;
    if (result === 'boolean' || result === 'number') return create(depth);
    if (step.name === 'filter' || step.name === 'find') return create(depth, [value]);
    return create(depth, [value, ...step.args.map((arg) => expression(arg, inner))]);
  };

  const input = create(0);
  const { body } = mapping;
  const scope: Scope = { root: input, at: input, bound: new Map(), depth: 0 };
  const result = body.kind === 'selection' ? select(body, input, scope) : expression(body, scope);
  result.copies += 1;
  // Values are created after their sources, so each value is complete before its sources are counted.
  for (const origin of created.toReversed()) {
    const copies = mostCopies(origin);
    for (const source of origin.sources) source.copies += copies;
  }
  return largest([input, ...variables.values()].map(mostCopies));
}

/** The copies of the most copied part: a part is copied with each value that contains it. */
const mostCopies = (origin: Origin): number =>
  origin.copies + largest([...origin.keys.values()].map(mostCopies));

const largest = (numbers: readonly number[]): number =>
  numbers.reduce((most, number) => Math.max(most, number), 0);

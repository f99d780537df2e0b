// Infers the shape of a mapping's result from its text: keys, lists and scalar types, with source ranges. The static
// checks compare the shape with the schema.

import type { Entry, Expression, Mapping, MethodStep, ObjectLiteral, Path, Selection } from './ast.ts';
import { METHODS } from './methods/table.ts';

export type Shape = ObjectShape | ListShape | ScalarShape | ChoiceShape | UnknownShape;

interface Ranged {
  /** Offsets into the mapping's source, end exclusive. */
  readonly range: readonly [start: number, end: number];
  /** True when the text alone shows that the value may be missing or null (`?`, `->match` without `@`, `->find`, …). */
  readonly optional: boolean;
}

export interface ObjectShape extends Ranged {
  readonly kind: 'object';
  /** Keys in the order of the text. */
  readonly fields: ReadonlyMap<string, Shape>;
  /** True when there may be other keys, because a value of unknown shape is spread. */
  readonly open: boolean;
  /** True when the object is the result for one element: for a list in the input, the value is a list of such objects. */
  readonly perElement: boolean;
}

export interface ListShape extends Ranged {
  readonly kind: 'list';
  readonly item: Shape;
}

export interface ScalarShape extends Ranged {
  readonly kind: 'scalar';
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** The value of a literal. */
  readonly value?: string | number | boolean | null;
}

/** One of several shapes: the cases of `->match`, the operands of `??`. */
export interface ChoiceShape extends Ranged {
  readonly kind: 'choice';
  readonly options: readonly Shape[];
}

/** A value that the text does not determine: of the input, a variable, or a method. */
export interface UnknownShape extends Ranged {
  readonly kind: 'unknown';
}

interface Scope {
  readonly at: Shape;
  readonly root: Shape;
  readonly bound: ReadonlyMap<string, Shape>;
}

type Range = readonly [number, number];

const unknown = (range: Range): UnknownShape => ({ kind: 'unknown', range, optional: false });
const rangeOf = (node: { readonly start: number; readonly end: number }): Range => [node.start, node.end];
const asOptional = <T extends Shape>(shape: T): T => ({ ...shape, optional: true });

export function shapeOf(mapping: Mapping): Shape {
  const input = unknown([mapping.start, mapping.start]);
  const scope: Scope = { at: input, root: input, bound: new Map() };
  const { body } = mapping;
  return body.kind === 'selection' ? selectionShape(body, scope, true) : expressionShape(body, scope);
}

const selectionShape = (selection: Selection, scope: Scope, perElement: boolean): Shape =>
  entriesShape(selection.entries, rangeOf(selection), scope, perElement);

function entriesShape(entries: readonly Entry[], range: Range, scope: Scope, perElement: boolean): Shape {
  let shapes: OpenShape[] = [
    { kind: 'object', fields: new Map(), open: false, perElement, range, optional: false },
  ];
  for (const entry of entries) {
    if (entry.kind === 'named') {
      const value =
        entry.value.kind === 'selection'
          ? selectionShape(entry.value, scope, false)
          : expressionShape(entry.value, scope);
      for (const shape of shapes) setField(shape.fields, entry.key, value);
    } else {
      const added = casesOf(expressionShape(entry.value, scope));
      // Each case of what is added doubles the cases of the object: with too many, any key may occur.
      if (shapes.length * added.length > MAX_CASES) {
        shapes = [{ kind: 'object', fields: new Map(), open: true, perElement, range, optional: true }];
      } else if (added.length === 1) for (const shape of shapes) mergeInto(shape, added[0] as Shape);
      else shapes = shapes.flatMap((shape) => added.map((one) => mergeInto(copyOf(shape), one)));
    }
  }
  const [only] = shapes;
  return shapes.length === 1 && only !== undefined
    ? only
    : { kind: 'choice', options: shapes, range, optional: shapes.some((shape) => shape.optional) };
}

/** Cases that the shape of one object distinguishes. */
const MAX_CASES = 64;

/** An object shape under construction. */
type OpenShape = { -readonly [Key in keyof ObjectShape]: ObjectShape[Key] } & {
  readonly fields: Map<string, Shape>;
};

const copyOf = (shape: ObjectShape): OpenShape => ({ ...shape, fields: new Map(shape.fields) });

function setField(fields: Map<string, Shape>, key: string, value: Shape): void {
  const old = fields.get(key);
  const both = old?.kind === 'object' && value.kind === 'object' ? mergeInto(copyOf(old), value) : undefined;
  fields.set(key, both ?? value);
}

/** Adds the keys of a shape that is not a choice. Returns the object. */
function mergeInto(shape: OpenShape, added: Shape): OpenShape {
  // Spreading null makes the whole object null.
  if (added.kind === 'scalar' && added.type === 'null') shape.optional = true;
  else if (added.kind !== 'object') shape.open = true;
  else {
    for (const [key, value] of added.fields)
      setField(shape.fields, key, added.optional ? asOptional(value) : value);
    shape.open ||= added.open;
  }
  return shape;
}

function expressionShape(node: Expression, scope: Scope): Shape {
  const range = rangeOf(node);
  switch (node.kind) {
    case 'literal': {
      const type = node.value === null ? 'null' : (typeof node.value as 'string' | 'number' | 'boolean');
      return { kind: 'scalar', type, value: node.value, range, optional: node.value === null };
    }
    case 'array':
      return {
        kind: 'list',
        item: choiceOf(
          node.items.map((i) => expressionShape(i, scope)),
          range,
        ),
        range,
        optional: false,
      };
    case 'object':
      return objectShape(node, scope);
    case 'chain': {
      const options = node.operands.map((operand) => expressionShape(operand, scope));
      return { ...choiceOf(options, range), optional: options.at(-1)?.optional ?? false };
    }
    case 'path':
      return pathShape(node, scope);
  }
}

/**
 * The shapes that a value may have, each that is not a choice itself. A shape may be part of several others
 * (`->echo(@ ?? @)`), so each choice is entered once.
 */
export function casesOf(shape: Shape): readonly Shape[] {
  if (shape.kind !== 'choice') return [shape];
  const cases: Shape[] = [];
  const entered = new Set<readonly Shape[]>();
  const enter = (options: readonly Shape[]): void => {
    if (entered.has(options)) return;
    entered.add(options);
    for (const option of options) {
      if (option.kind === 'choice') enter(option.options);
      else cases.push(option);
    }
  };
  enter(shape.options);
  return cases;
}

function choiceOf(options: readonly Shape[], range: Range): Shape {
  const [first] = options;
  if (first === undefined) return unknown(range);
  if (options.length === 1) return first;
  return { kind: 'choice', options, range, optional: options.some((option) => option.optional) };
}

function objectShape(node: ObjectLiteral, scope: Scope): Shape {
  const entries = node.properties.map(
    (property): Entry =>
      property.kind === 'spread'
        ? { ...property, kind: 'merged', spread: property.explicit }
        : { ...property, kind: 'named', aliased: true },
  );
  return entriesShape(entries, rangeOf(node), scope, false);
}

function pathShape(node: Path, outer: Scope): Shape {
  const range = rangeOf(node);
  let shape = headShape(node, outer);
  let scope = outer;
  for (const step of node.steps) {
    if (step.kind === 'optional') shape = asOptional(shape);
    else if (step.kind === 'key') shape = { ...keyShape(shape, step.name, range), optional: shape.optional };
    else if (step.name === 'as')
      scope = { ...scope, bound: new Map([...scope.bound, ...bindings(step, shape, scope)]) };
    else shape = methodShape(step, shape, scope);
  }
  if (node.selection === null) return shape.kind === 'unknown' ? { ...shape, range } : shape;
  const element = shape.kind === 'list' ? shape.item : shape;
  const inner = selectionShape(node.selection, { ...scope, root: element, at: element }, true);
  const selected: Shape =
    shape.kind === 'list' ? { kind: 'list', item: inner, range, optional: shape.optional } : inner;
  return shape.optional ? asOptional(selected) : selected;
}

function headShape(node: Path, scope: Scope): Shape {
  const { head } = node;
  const range = rangeOf(head);
  if (head.kind === 'at') return scope.at;
  if (head.kind === 'group') return expressionShape(head.expression, scope);
  if (head.kind === 'value') return expressionShape(head.value, scope);
  if (head.kind === 'key') return keyShape(scope.root, head.name, range);
  return head.name === '$' ? scope.root : (scope.bound.get(head.name) ?? unknown(range));
}

function keyShape(shape: Shape, key: string, range: Range): Shape {
  if (shape.kind === 'list')
    return { kind: 'list', item: keyShape(shape.item, key, range), range, optional: false };
  if (shape.kind === 'object') return shape.fields.get(key) ?? unknown(range);
  return unknown(range);
}

function bindings(step: MethodStep, value: Shape, scope: Scope): [string, Shape][] {
  const [target, expression] = step.args;
  if (target?.kind !== 'path' || target.head.kind !== 'variable') return [];
  const bound = expression === undefined ? value : expressionShape(expression, { ...scope, at: value });
  return [[target.head.name, bound]];
}

function methodShape(step: MethodStep, value: Shape, scope: Scope): Shape {
  const range = rangeOf(step);
  const { optional } = value;
  const inner = { ...scope, at: value };
  const [first] = step.args;
  if (step.name === 'match') return matchShape(step, inner, optional);
  if (step.name === 'map' && first !== undefined) {
    const element = value.kind === 'list' ? value.item : unknown(range);
    return { kind: 'list', item: expressionShape(first, { ...scope, at: element }), range, optional };
  }
  switch (METHODS.get(step.name)?.result) {
    case 'argument':
      return first === undefined ? unknown(range) : expressionShape(first, inner);
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: 'scalar', type: METHODS.get(step.name)?.result as 'string', range, optional };
    case 'list':
      return listShape(step.name, value, range);
    case 'same':
      return value.kind === 'scalar' ? { kind: 'scalar', type: value.type, range, optional } : value;
    case 'item':
      return asOptional(value.kind === 'list' ? value.item : unknown(range));
    case 'object':
      return step.name === 'partialDate' ? partialDateShape(range, optional) : unknown(range);
    default:
      return { ...unknown(range), optional };
  }
}

function listShape(name: string, value: Shape, range: Range): Shape {
  const { optional } = value;
  if (name === 'list')
    return { kind: 'list', item: value.kind === 'list' ? value.item : value, range, optional };
  const text: ScalarShape = { kind: 'scalar', type: 'string', range, optional: false };
  if (name === 'keys' || name === 'split') return { kind: 'list', item: text, range, optional };
  if (name !== 'entries') return { kind: 'list', item: unknown(range), range, optional };
  const fields = new Map<string, Shape>([
    ['key', text],
    ['value', unknown(range)],
  ]);
  const item: Shape = { kind: 'object', fields, open: false, perElement: false, range, optional: false };
  return { kind: 'list', item, range, optional };
}

function partialDateShape(range: Range, optional: boolean): Shape {
  const number: ScalarShape = { kind: 'scalar', type: 'number', range, optional: false };
  const fields = new Map<string, Shape>([
    ['year', number],
    ['month', asOptional(number)],
    ['day', asOptional(number)],
  ]);
  return { kind: 'object', fields, open: false, perElement: false, range, optional };
}

function matchShape(step: MethodStep, scope: Scope, optional: boolean): Shape {
  const options: Shape[] = [];
  let catchesAll = false;
  for (const pair of step.args) {
    if (pair.kind !== 'array') continue;
    const [candidate, chosen] = pair.items;
    if (chosen !== undefined) options.push(expressionShape(chosen, scope));
    catchesAll ||= candidate?.kind === 'path' && candidate.head.kind === 'at' && candidate.steps.length === 0;
  }
  const shape = choiceOf(options, rangeOf(step));
  return { ...shape, optional: optional || !catchesAll || shape.optional };
}

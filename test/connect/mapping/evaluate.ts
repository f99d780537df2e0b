// A plain evaluator of the mapping language: walks the tree, slow and simple. The tests hold the compiler against it.

import type {
  Entry,
  Expression,
  Mapping,
  MethodStep,
  Path,
  Selection,
  Step,
} from '../../../src/connect/mapping/ast.ts';
import type { RunState } from '../../../src/connect/mapping/budget.ts';
import type { MappingVariables } from '../../../src/connect/mapping/compile.ts';
import { kindName } from '../../../src/connect/mapping/json.ts';
import { METHODS } from '../../../src/connect/mapping/methods/table.ts';
import { createProblems, type MappingProblem } from '../../../src/connect/mapping/problem.ts';
import { compareNumbers, isExactNumber } from '../../../src/exact-number.ts';

type Where = readonly (string | number)[];
type Json = Record<string, unknown>;

interface Place {
  readonly value: unknown;
  readonly where: Where;
}

interface Scope {
  readonly root: Place;
  readonly at: Place;
  readonly bound: ReadonlyMap<string, Place>;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => equal(x, b[i]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equal(a[k], b[k]))
    );
  }
  return a === b || (isExactNumber(a) && isExactNumber(b) && compareNumbers(a, b) === 0);
}

function put(target: Json, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function merge(target: Json, key: string, value: unknown): void {
  const old = Object.hasOwn(target, key) ? target[key] : undefined;
  if (!isObject(old) || !isObject(value)) {
    put(target, key, value);
    return;
  }
  const both: Json = {};
  for (const name of Object.keys(old)) put(both, name, old[name]);
  for (const name of Object.keys(value)) merge(both, name, value[name]);
  put(target, key, both);
}

/** The value and the problems of a mapping, by walking its tree. */
export function evaluate(
  mapping: Mapping,
  input: unknown,
  vars: MappingVariables,
  objectsOnly = false,
): { value: unknown; problems: MappingProblem[] } {
  let problems: MappingProblem[] = [];

  const report = (message: string, path: Where, node: { start: number; end: number }): undefined => {
    problems.push({ message, path, range: [node.start, node.end] });
    return undefined;
  };

  const expression = (node: Expression, scope: Scope): Place => {
    switch (node.kind) {
      case 'literal':
        return { value: node.value, where: [] };
      case 'array':
        return { value: node.items.map((item) => expression(item, scope).value ?? null), where: [] };
      case 'object':
        return {
          value: build(
            node.properties.map((p) => ({
              key: p.kind === 'property' ? p.key : null,
              spread: p.kind === 'spread' && p.explicit,
              node: p,
              read: () => expression(p.value, scope),
            })),
          ),
          where: [],
        };
      case 'chain':
        return { value: chain(node.operands, node.operator, scope), where: [] };
      case 'path':
        return path(node, scope);
    }
  };

  const chain = (operands: readonly Expression[], operator: string, scope: Scope): unknown => {
    const before = problems;
    let value: unknown;
    for (const [i, operand] of operands.entries()) {
      const tried = problems;
      problems = [];
      value = expression(operand, scope).value;
      const found = problems;
      problems = i > 0 && value !== undefined ? [...before, ...found] : [...tried, ...found];
      if (operator === '??' ? value !== undefined && value !== null : value !== undefined) break;
    }
    return value;
  };

  interface Part {
    key: string | null;
    spread: boolean;
    node: { start: number; end: number };
    read: () => Place;
  }

  const build = (parts: Part[]): Json | null => {
    const object: Json = {};
    let nothing = false;
    for (const part of parts) {
      const { value, where } = part.read();
      if (part.spread && value === null) nothing = true;
      if (value === undefined) continue;
      if (part.key !== null) merge(object, part.key, value);
      else if (isObject(value)) for (const key of Object.keys(value)) merge(object, key, value[key]);
      else if (value !== null) {
        report(`...: expected an object whose keys to add, found ${kindName(value)}`, where, part.node);
      }
    }
    return nothing ? null : object;
  };

  const entries = (list: readonly Entry[], scope: Scope): Json | null =>
    build(
      list.map((entry) => ({
        key: entry.kind === 'named' ? entry.key : null,
        spread: entry.kind === 'merged' && entry.spread,
        node: entry,
        read: () =>
          entry.value.kind === 'selection'
            ? { value: entries(entry.value.entries, scope), where: scope.root.where }
            : expression(entry.value, scope),
      })),
    );

  const select = (node: Selection, place: Place, bound: Scope['bound'], isRoot: boolean): unknown => {
    const { value, where } = place;
    if (Array.isArray(value)) {
      return value.map((v, i) => select(node, { value: v, where: [...where, i] }, bound, false) ?? null);
    }
    if (value === null && !isRoot && objectsOnly) return null;
    const object = entries(node.entries, { root: place, at: place, bound });
    if (value === null && !isRoot) return null;
    const empty = object !== null && Object.keys(object).length === 0;
    if (objectsOnly) {
      if (isObject(value) || !(empty || object === null) || node.entries.length === 0) return object;
      return value === null ? null : undefined;
    }
    return isObject(value) || !empty ? object : value;
  };

  const path = (node: Path, scope: Scope): Place => {
    const { head } = node;
    switch (head.kind) {
      case 'at':
        return follow(scope.at, node.steps, node.selection, scope);
      case 'group':
        return follow(expression(head.expression, scope), node.steps, node.selection, scope);
      case 'value':
        return follow(expression(head.value, scope), node.steps, node.selection, scope);
      case 'key': {
        const step: Step = { ...head, kind: 'key' };
        return follow(scope.root, [step, ...node.steps], node.selection, scope, true);
      }
      case 'variable': {
        if (head.name === '$') return follow(scope.root, node.steps, node.selection, scope);
        const bound = scope.bound.get(head.name);
        if (bound !== undefined) return follow(bound, node.steps, node.selection, scope);
        const value = (vars as Json)[head.name.slice(1)];
        if (value === undefined && node.steps[0]?.kind !== 'optional') {
          report(`"${head.name}" was not found in nothing`, [head.name], head);
        }
        return follow({ value, where: [head.name] }, node.steps, node.selection, scope);
      }
    }
  };

  const follow = (
    place: Place,
    steps: readonly Step[],
    selection: Selection | null,
    scope: Scope,
    fromHead = false,
  ): Place => {
    const [step, ...rest] = steps;
    const { value, where } = place;
    if (value === undefined && !fromHead) return { value, where: endOf(place, steps) };
    if (step === undefined) {
      if (selection === null) return place;
      return { value: select(selection, place, scope.bound, false), where };
    }
    if (step.kind === 'optional') {
      return follow({ value: value === null ? undefined : value, where }, rest, selection, scope);
    }
    if (step.kind === 'method') {
      const result = method(step, place, scope);
      return follow(result.place, rest, selection, result.scope);
    }
    const inner = [...where, step.name];
    const silent = rest[0]?.kind === 'optional';
    return follow({ value: keyOf(place, step, silent), where: inner }, rest, selection, scope);
  };

  /** The value of a key; of a list, the list of its elements' values, whose absence is always reported. */
  const keyOf = ({ value, where }: Place, step: Step & { name: string }, silent: boolean): unknown => {
    if (Array.isArray(value)) {
      return value.map((v, i) => keyOf({ value: v, where: [...where, i] }, step, false) ?? null);
    }
    if (isObject(value) && Object.hasOwn(value, step.name) && value[step.name] !== undefined) {
      return value[step.name];
    }
    if (!silent) report(`"${step.name}" was not found in ${kindName(value)}`, [...where, step.name], step);
    return undefined;
  };

  // Where a value comes from is known from the text, even when it is missing or a list of several.
  const endOf = (place: Place, steps: readonly Step[]): Where => [
    ...place.where,
    ...steps.flatMap((step) => {
      if (step.kind === 'key') return [step.name];
      return step.kind === 'method' && step.name !== 'as' ? [`->${step.name}`] : [];
    }),
  ];

  const method = (step: MethodStep, place: Place, scope: Scope): { place: Place; scope: Scope } => {
    const inner: Scope = { ...scope, at: place };
    const { value, where } = place;
    if (step.name === 'as') {
      const [target, given] = step.args;
      const name = target?.kind === 'path' && target.head.kind === 'variable' ? target.head.name : '';
      const bound = given === undefined ? place : expression(given, inner);
      return { place, scope: { ...scope, bound: new Map([...scope.bound, [name, bound]]) } };
    }
    const here = [...where, `->${step.name}`];
    const fail = (text: string): undefined => report(`->${step.name}: ${text}`, here, step);
    return { place: { value: applied(step, value, where, inner, fail), where: here }, scope };
  };

  const applied = (
    step: MethodStep,
    value: unknown,
    where: Where,
    scope: Scope,
    fail: (text: string) => undefined,
  ): unknown => {
    const arg = (i: number): unknown => expression(step.args[i] as Expression, scope).value;
    const each = (element: unknown, i: number): unknown => {
      const at = { value: element, where: Array.isArray(value) ? [...where, i] : where };
      return expression(step.args[0] as Expression, { ...scope, at }).value;
    };
    const notBoolean = (found: unknown): undefined =>
      found === undefined ? undefined : fail(`expected a boolean, found ${kindName(found)}`);
    const list = Array.isArray(value) ? value : [value];
    switch (step.name) {
      case 'echo':
        return arg(0);
      case 'map':
        return list.map((element, i) => {
          const found = each(element, i);
          return found === undefined ? null : found;
        });
      case 'filter': {
        const kept: unknown[] = [];
        for (const [i, element] of list.entries()) {
          const found = each(element, i);
          if (typeof found !== 'boolean') return notBoolean(found);
          if (found) kept.push(element);
        }
        return kept;
      }
      case 'find':
        for (const [i, element] of list.entries()) {
          const found = each(element, i);
          if (typeof found !== 'boolean') return notBoolean(found);
          if (found) return element;
        }
        return undefined;
      case 'and':
      case 'or': {
        if (typeof value !== 'boolean') return notBoolean(value);
        let result = value;
        for (let i = 0; i < step.args.length; i++) {
          if (result === (step.name === 'or')) return result;
          const found = arg(i);
          if (found === undefined) return undefined;
          if (typeof found === 'boolean') result = found;
          else notBoolean(found);
        }
        return result;
      }
      case 'in': {
        const among = arg(0);
        if (among === undefined) return undefined;
        if (!Array.isArray(among)) return fail(`expected a list, found ${kindName(among)}`);
        return among.some((item) => equal(value, item));
      }
      case 'match': {
        for (const pair of step.args) {
          const [candidate, chosen] = (pair as { items: readonly Expression[] }).items as [
            Expression,
            Expression,
          ];
          const test = expression(candidate, scope).value;
          if (test !== undefined && equal(value, test)) return expression(chosen, scope).value;
        }
        return fail('no case matches');
      }
      default:
        return called(step, value, arg, fail);
    }
  };

  const called = (
    step: MethodStep,
    value: unknown,
    arg: (i: number) => unknown,
    fail: (text: string) => undefined,
  ): unknown => {
    const row = METHODS.get(step.name);
    if (row === undefined || row.run.kind === 'form') throw new Error(`no method ${step.name}`);
    const { run } = row;
    const { described: own } = createProblems();
    const state: RunState = { steps: Number.POSITIVE_INFINITY, problemCount: 0, problems: own, capacity: 1 };
    const site = { path: [], range: [0, 0] as const, label: '' };
    const call = (...args: unknown[]): unknown => {
      const result = run.call(state, site, ...(args as [unknown]));
      for (const { message } of own.splice(0)) fail(message.slice(2));
      return result;
    };
    if (run.kind === 'prepared') {
      const [text] = step.args;
      return call(value, run.prepare(text?.kind === 'literal' ? String(text.value) : ''));
    }
    if (run.kind === 'fold') {
      let result = value;
      for (let i = 0; i < step.args.length && result !== undefined; i++) {
        const next = arg(i);
        result = next === undefined ? undefined : call(result, next);
      }
      return result;
    }
    const args = step.args.map((_, i) => arg(i));
    const isIgnored = step.name === 'slice' || step.name === 'split';
    const required = isIgnored ? args.slice(0, 1) : args;
    return required.includes(undefined) ? undefined : call(value, ...args);
  };

  const start: Place = { value: input, where: [] };
  const scope: Scope = { root: start, at: start, bound: new Map() };
  const { body } = mapping;
  const value =
    body.kind === 'selection' ? select(body, start, scope.bound, true) : expression(body, scope).value;
  return { value, problems };
}

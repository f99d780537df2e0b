// Paths to JavaScript: head, steps, selection. `undefined` is missing.
// A key of a value that may be a list becomes a function with a loop; a key of a known object is a plain read.

import { isVariableName, type Path, type Selection, type Step } from '../ast.ts';
import { missing } from '../problem.ts';
import { ownKey } from '../runtime.ts';
import type { Emitter } from './emitter.ts';
import { loopText } from './list-loop.ts';
import { emitMethod } from './methods.ts';
import { isName, isPlainRead, OWN_ARGUMENTS, readText, type Scope, type Value } from './writer.ts';

/** A path: its head, its steps, its selection. */
export function emitPath(emitter: Emitter, node: Path, scope: Scope, out: string[]): Value {
  const { head, steps, selection } = node;
  const rest = (value: Value, from = 0): Value =>
    emitSteps(emitter, value, { steps, from, selection }, scope, out);
  switch (head.kind) {
    case 'value':
      return rest(emitter.expression(head.value, scope, out));
    case 'group':
      return rest(emitter.expression(head.expression, scope, out));
    case 'at':
      return rest(scope.at);
    case 'variable':
      return rest(emitVariable(emitter, head, isOptional(steps, 0), scope, out));
    case 'key': {
      if (scope.base !== null) return rest(emitRead(emitter, head, isOptional(steps, 0), scope, out));
      const all: Step[] = [{ ...head, kind: 'key' }, ...steps];
      return emitSteps(emitter, scope.root, { steps: all, from: 0, selection, fromHead: true }, scope, out);
    }
  }
}

const isOptional = (steps: readonly Step[], index: number): boolean => steps[index]?.kind === 'optional';

function emitVariable(emitter: Emitter, head: Named, silent: boolean, scope: Scope, out: string[]): Value {
  if (head.name === '$') return scope.root;
  const bound = scope.bound.get(head.name);
  if (bound !== undefined) return bound;
  const js = emitter.name('t');
  const path = [head.name];
  // Parsing has refused any other name: this keeps a tree that did not come from it from becoming code.
  const read = isVariableName(head.name) ? `V.${head.name.slice(1)}` : 'undefined';
  out.push(`const ${js} = ${read};`);
  return { js, path, absent: silent ? undefined : absentText(emitter, head, path, 'undefined') };
}

/** A key of `$` where `$` is known to be no list. */
function emitRead(emitter: Emitter, key: Named, silent: boolean, scope: Scope, out: string[]): Value {
  const js = emitter.name('t');
  const path = [...scope.root.path, key.name];
  out.push(`const ${js} = ${readText(emitter, scope.base as string, key.name, ownKey)};`);
  return { js, path, absent: silent ? undefined : absentText(emitter, key, path, scope.root.js) };
}

interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const absentText = (emitter: Emitter, key: Named, path: Value['path'], holder: string): string =>
  `${emitter.constant(missing)}(P, ${emitter.site(path, [key.start, key.end], key.name)}, ${holder})`;

interface Tail {
  readonly steps: readonly Step[];
  readonly from: number;
  readonly selection: Selection | null;
  /** True when the first step is a key of `$` itself, which is reported even when there is no `$`. */
  readonly fromHead?: boolean;
}

/** The steps of a path from `from` on, then its selection. */
function emitSteps(emitter: Emitter, start: Value, tail: Tail, scope: Scope, out: string[]): Value {
  let value = start;
  let inner = scope;
  for (let i = tail.from; i < tail.steps.length; i++) {
    const step = tail.steps[i] as Step;
    if (step.kind === 'key') {
      return emitKeyStep(
        emitter,
        value,
        { ...tail, from: i, fromHead: tail.fromHead && i === 0 },
        inner,
        out,
      );
    }
    if (step.kind === 'optional') {
      const js = emitter.name('t');
      out.push(`const ${js} = ${value.js} === null ? undefined : ${value.js};`);
      value = { js, path: value.path };
    } else {
      const result = emitMethod(emitter, value, step, inner, out);
      value = result.value;
      inner = result.scope;
    }
  }
  if (tail.selection === null) return value;
  const js = emitter.name('t');
  const calls = emitter.selection(tail.selection, value.path, inner);
  out.push(`const ${js} = ${unlessMissing(value, calls.any(value.js))};`);
  return { js, path: value.path };
}

const unlessMissing = (value: Value, js: string): string =>
  `${value.js} === undefined ? ${value.absent ?? 'undefined'} : ${js}`;

/**
 * A key of a value that may be a list: a function of the value that goes on with the rest of the path, and a second
 * one for what is not an object with that key, so that the first stays small enough to be inlined.
 */
function emitKeyStep(emitter: Emitter, value: Value, tail: Tail, scope: Scope, out: string[]): Value {
  const step = tail.steps[tail.from] as Step & Named;
  const silent = isOptional(tail.steps, tail.from + 1);
  const name = emitter.name('k');
  const other = emitter.name('m');
  const holder = emitter.name('v');
  const found = emitter.name('t');
  const marker = emitter.marker();
  const path = [...value.path, marker, step.name];

  const rest: string[] = [];
  const result = emitSteps(emitter, { js: found, path }, { ...tail, from: tail.from + 1 }, scope, rest);
  const args = emitter.define(name, [holder], scope, [
    `const ${found} = ${holder} === null || ${holder} === undefined ? undefined : ${readText(emitter, holder, step.name, ownKey)};`,
    `if (${found} === undefined) return ${other}(${holder}, ${OWN_ARGUMENTS});`,
    ...rest,
    `return ${result.js};`,
  ]);
  emitter.add(other, `${holder}, ${args}`, [
    `if (!Array.isArray(${holder})) return ${silent ? 'undefined' : absentText(emitter, step, path, holder)};`,
    loopText(emitter, marker, holder, (element) => `${name}(${element}, ${args})`),
  ]);
  const js = emitter.name('t');
  const call = `${name}(${value.js}, ${args})`;
  const guarded = tail.fromHead === true ? call : unlessMissing(value, call);
  const direct = chainText(value.js, tail);
  if (direct === undefined) out.push(`const ${js} = ${guarded};`);
  else out.push(`let ${js} = ${direct};`, `if (${js} === undefined) ${js} = ${guarded};`);
  return { js, path: result.path };
}

/**
 * A path of keys alone, to its end, as one optional chain: when it finds a value, no list was in the way (a list has
 * none of these keys), and nothing is left to do.
 */
function chainText(from: string, tail: Tail): string | undefined {
  const steps = tail.steps.slice(tail.from);
  if (tail.selection !== null || !isName(from) || steps.at(-1)?.kind !== 'key') return undefined;
  let text = from;
  for (const step of steps) {
    if (step.kind === 'method' || (step.kind === 'key' && !isPlainRead(step.name))) return undefined;
    if (step.kind === 'key') text += `?.${step.name}`;
  }
  return text;
}

// Compiles paths: head, steps, selection. `undefined` is missing.
// Reading a key of a value that may be a list is a function with a loop; of a value that cannot be a list, a plain read.

import { isVariableName, type Path, type Selection, type Step } from '../ast.ts';
import { reportMissing } from '../problem.ts';

import type { Emitter } from './emitter.ts';
import { loopText } from './list-loop.ts';
import { emitMethod } from './methods.ts';
import { isName, isPlainRead, OWN_ARGUMENTS, readText, type Scope, type Value } from './writer.ts';

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
  // The parser refuses other names. The check also holds for trees from elsewhere, whose names must not become code.
  const read = isVariableName(head.name) ? `V.${head.name.slice(1)}` : 'undefined';
  out.push(`const ${js} = ${read};`);
  return { js, path, absent: silent ? undefined : absentText(emitter, head, path, 'undefined') };
}

/** Emits reading a key of `$`, where `$` cannot be a list. */
function emitRead(emitter: Emitter, key: Named, silent: boolean, scope: Scope, out: string[]): Value {
  emitter.addWeight(1);
  const js = emitter.name('t');
  const path = [...scope.root.path, key.name];
  out.push(`const ${js} = ${readText(emitter, scope.base as string, key.name)};`);
  return { js, path, absent: silent ? undefined : absentText(emitter, key, path, scope.root.js) };
}

interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const absentText = (emitter: Emitter, key: Named, path: Value['path'], holder: string): string =>
  `${emitter.constant(reportMissing)}(P, ${emitter.site(path, [key.start, key.end], key.name)}, ${holder})`;

interface Tail {
  readonly steps: readonly Step[];
  readonly from: number;
  readonly selection: Selection | null;
  /** True when the first step is a key of `$`, whose absence is reported even when `$` itself is missing. */
  readonly fromHead?: boolean;
}

/** Emits the steps of a path from `from` on, and its selection. */
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
 * Emits reading a key of a value that may be a list: a function that reads the key and evaluates the rest of the path,
 * and a second function for lists and missing keys, so that the first is small enough to be inlined.
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

  emitter.addWeight(1);
  const rest: string[] = [];
  const before = emitter.weight();
  const result = emitSteps(emitter, { js: found, path }, { ...tail, from: tail.from + 1 }, scope, rest);
  const weight = emitter.weight() - before;
  const args = emitter.define(name, [holder], scope, [
    `const ${found} = ${holder} === null || ${holder} === undefined ? undefined : ${readText(emitter, holder, step.name)};`,
    `if (${found} === undefined) return ${other}(${holder}, ${OWN_ARGUMENTS});`,
    ...rest,
    `return ${result.js};`,
  ]);
  emitter.add(other, `${holder}, ${args}`, [
    `if (!Array.isArray(${holder})) return ${silent ? 'undefined' : absentText(emitter, step, path, holder)};`,
    loopText(emitter, {
      list: holder,
      marker,
      weight,
      isInnermost: false,
      call: (element) => `${name}(${element}, ${args})`,
    }),
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
 * The rest of the path as one optional chain, if it consists of plain keys. When the chain finds a value, no list is on
 * the path (lists have none of these keys), so the value is final.
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

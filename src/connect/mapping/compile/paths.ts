// Compiles paths: head, steps, selection. `undefined` is missing.
// Reading a key of a value that may be a list is a function with a loop; of a value that cannot be a list, a plain read.

import { isVariableName, type Path, type Selection, type Step } from '../ast.ts';
import { reportMissing } from '../problem.ts';

import type { Emitter } from './emitter.ts';
import { loopText } from './list-loop.ts';
import { emitMethod } from './methods.ts';
import { isName, isPlainRead, readText, type Scope, type Value } from './writer.ts';

export function emitPath(emitter: Emitter, node: Path, scope: Scope, out: string[]): Value {
  const { head, steps, selection } = node;
  const rest = (value: Value): Value => emitSteps(emitter, value, { steps, selection }, scope, out);
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
      return emitSteps(emitter, scope.root, { steps: all, selection, fromHead: true }, scope, out);
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
  readonly selection: Selection | null;
  /** True when the first step is a key of `$`, whose absence is reported even when `$` itself is missing. */
  readonly fromHead?: boolean;
}

/** Emits the steps of a path, each on the whole value of the steps before it, and its selection. */
function emitSteps(emitter: Emitter, start: Value, tail: Tail, scope: Scope, out: string[]): Value {
  const { steps, selection } = tail;
  let value = start;
  let inner = scope;
  for (let i = 0; i < steps.length; ) {
    const step = steps[i] as Step;
    if (step.kind === 'key') {
      const fromHead = tail.fromHead === true && i === 0;
      const end = endOfKeys(steps, i);
      value = emitKeys(emitter, value, { steps: steps.slice(i, end), fromHead, next: steps[end] }, out);
      i = end;
      continue;
    }
    i++;
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
  if (selection === null) return value;
  const js = emitter.name('t');
  const calls = emitter.selection(selection, value.path, inner);
  out.push(`const ${js} = ${unlessMissing(value, calls.any(value.js))};`);
  return { js, path: value.path };
}

const unlessMissing = (value: Value, js: string): string =>
  `${value.js} === undefined ? ${value.absent ?? 'undefined'} : ${js}`;

function endOfKeys(steps: readonly Step[], from: number): number {
  let end = from;
  while (steps[end]?.kind === 'key') end++;
  return end;
}

interface Keys {
  readonly steps: readonly Step[];
  readonly fromHead: boolean;
  /** The step after the keys. */
  readonly next: Step | undefined;
}

/** Emits reading consecutive keys, the first of a value that may be a list. */
function emitKeys(emitter: Emitter, start: Value, keys: Keys, out: string[]): Value {
  const direct = chainText(start.js, keys.steps);
  const last = keys.steps.length - 1;
  let value = start;
  const block: string[] = [];
  keys.steps.forEach((step, i) => {
    const silent = i === last && keys.next?.kind === 'optional';
    value = emitKey(emitter, value, step as Named, { silent, fromHead: keys.fromHead && i === 0 }, block);
  });
  if (direct === undefined) {
    out.push(...block);
    return value;
  }
  const js = emitter.name('t');
  out.push(`let ${js} = ${direct};`, `if (${js} === undefined) {`, ...block, `${js} = ${value.js};`, '}');
  return { js, path: value.path };
}

interface KeyRules {
  /** True when a missing key is not reported. In the elements of a list it is reported all the same. */
  readonly silent: boolean;
  readonly fromHead: boolean;
}

/**
 * Emits reading a key of a value that may be a list, in which case the result is the list of the elements' values: a
 * function that reads the key, and a second function for lists and missing keys, so that the first is small enough to be
 * inlined.
 */
function emitKey(emitter: Emitter, value: Value, step: Named, rules: KeyRules, out: string[]): Value {
  const name = emitter.name('k');
  const other = emitter.name('m');
  const marker = emitter.marker();
  const path = [...value.path, marker, step.name];
  const absent = absentText(emitter, step, path, 'h');

  emitter.addWeight(1);
  emitter.add(name, 'h, P', [
    `const f = h === null || h === undefined ? undefined : ${readText(emitter, 'h', step.name)};`,
    `return f === undefined ? ${other}(h, P) : f;`,
  ]);
  emitter.add(other, 'h, P', [
    `if (!Array.isArray(h)) return ${absent};`,
    loopText(emitter, {
      list: 'h',
      marker,
      weight: 1,
      isInnermost: false,
      call: (element) => `${name}(${element}, P)`,
    }),
  ]);
  let entry = name;
  if (rules.silent) {
    entry = emitter.name('k');
    emitter.add(entry, 'h, P', [
      `if (Array.isArray(h)) return ${name}(h, P);`,
      `return h === null || h === undefined ? undefined : ${readText(emitter, 'h', step.name)};`,
    ]);
  }
  const js = emitter.name('t');
  const read = `${entry}(${value.js}, P)`;
  out.push(`const ${js} = ${rules.fromHead ? read : unlessMissing(value, read)};`);
  return { js, path };
}

/**
 * The keys as one optional chain, if they are plain. When the chain finds a value, no list is on the path (lists have none
 * of these keys), so the value is final.
 */
function chainText(from: string, steps: readonly Step[]): string | undefined {
  if (!isName(from)) return undefined;
  let text = from;
  for (const step of steps) {
    if (step.kind !== 'key' || !isPlainRead(step.name)) return undefined;
    text += `?.${step.name}`;
  }
  return text;
}

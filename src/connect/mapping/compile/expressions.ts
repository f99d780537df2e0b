// Expressions, paths and selections to JavaScript: each `emit…` adds statements and names the value they leave.
// `undefined` is missing. A key or a selection on a value that may be a list becomes a function with a loop.

import type { ArrayLiteral, Chain, Entry, Expression, ObjectLiteral, Path, Selection, Step } from '../ast.ts';
import { missing } from '../problem.ts';
import { isEmpty, mergeAll, mergeKey, NO_KEYS, ownKey, placeIndex, putKey } from '../runtime.ts';
import { emitMethod } from './methods.ts';
import { isName, isPlainRead, keyText, literalText, OWN_ARGUMENTS, readText, type Scope, type Value, type Writer } from './writer.ts';

const NOWHERE: Value['path'] = [];

/** The value of an expression; that a key is missing has been reported when the statements have run. */
export const emitExpression = (writer: Writer, node: Expression, scope: Scope, out: string[]): Value => {
  const { js, path, absent } = emitLazy(writer, node, scope, out);
  if (absent !== undefined) out.push(`if (${js} === undefined) ${absent};`);
  return { js, path };
};

/** The same, but the report of a missing key may be left to the caller, who has to look at the value anyway. */
const emitLazy = (writer: Writer, node: Expression, scope: Scope, out: string[]): Value => {
  switch (node.kind) {
    case 'literal':
      return { js: literalText(node.value), path: NOWHERE };
    case 'array':
      return { js: emitArray(writer, node, scope, out), path: NOWHERE };
    case 'object':
      return { js: emitObject(writer, node, scope, out), path: NOWHERE };
    case 'chain':
      return { js: emitChain(writer, node, scope, out), path: NOWHERE };
    case 'path':
      return emitPath(writer, node, scope, out);
  }
};

const emitArray = (writer: Writer, node: ArrayLiteral, scope: Scope, out: string[]): string => {
  const items = node.items.map((item) => {
    const { js } = emitExpression(writer, item, scope, out);
    return isName(js) ? `${js} === undefined ? null : ${js}` : js;
  });
  const name = writer.name('t');
  out.push(`const ${name} = [${items.join(', ')}];`);
  return name;
};

const emitObject = (writer: Writer, node: ObjectLiteral, scope: Scope, out: string[]): string =>
  emitBuild(
    writer,
    node.properties.map((property) => ({
      key: property.kind === 'property' ? property.key : null,
      spread: property.kind === 'spread',
      range: [property.start, property.end] as const,
      emit: () => emitLazy(writer, property.value, scope, out),
    })),
    out,
  );

const emitChain = (writer: Writer, node: Chain, scope: Scope, out: string[]): string => {
  const result = writer.name('t');
  const before = writer.name('n');
  out.push(`let ${result};`, `const ${before} = P === null ? 0 : P.length;`);
  node.operands.forEach((operand, i) => {
    const block: string[] = [];
    const mark = writer.name('n');
    if (i > 0) block.push(`const ${mark} = P === null ? 0 : P.length;`);
    const { js } = emitExpression(writer, operand, scope, block);
    block.push(`${result} = ${js};`);
    // A fallback that gives a value makes what was tried before no problem.
    if (i > 0) {
      block.push(
        `if (${result} !== undefined && ${mark} > ${before}) P.splice(${before}, ${mark} - ${before});`,
      );
    }
    const empty = node.operator === '??' ? `${result} === undefined || ${result} === null` : `${result} === undefined`;
    out.push(i === 0 ? '{' : `if (${empty}) {`, ...block, '}');
  });
  return result;
};

// ── paths ─────────────────────────────────────────────────────────────────────

const emitPath = (writer: Writer, node: Path, scope: Scope, out: string[]): Value => {
  const { head, steps, selection } = node;
  const rest = (value: Value, from = 0): Value =>
    emitSteps(writer, value, { steps, from, selection }, scope, out);
  switch (head.kind) {
    case 'value':
      return rest(emitExpression(writer, head.value, scope, out));
    case 'group':
      return rest(emitExpression(writer, head.expression, scope, out));
    case 'at':
      return rest(scope.at);
    case 'variable':
      return rest(emitVariable(writer, head, isOptional(steps, 0), scope, out));
    case 'key': {
      if (scope.base !== null) return rest(emitRead(writer, head, isOptional(steps, 0), scope, out));
      const all: Step[] = [{ ...head, kind: 'key' }, ...steps];
      return emitSteps(writer, scope.root, { steps: all, from: 0, selection, fromHead: true }, scope, out);
    }
  }
};

const isOptional = (steps: readonly Step[], index: number): boolean => steps[index]?.kind === 'optional';

const emitVariable = (
  writer: Writer,
  head: Named,
  silent: boolean,
  scope: Scope,
  out: string[],
): Value => {
  if (head.name === '$') return scope.root;
  const bound = scope.bound.get(head.name);
  if (bound !== undefined) return bound;
  const js = writer.name('t');
  const path = [head.name];
  out.push(`const ${js} = V.${head.name.slice(1)};`);
  return { js, path, absent: silent ? undefined : absentText(writer, head, path, 'undefined') };
};

/** A key of `$` where `$` is known to be no list. */
const emitRead = (
  writer: Writer,
  key: Named,
  silent: boolean,
  scope: Scope,
  out: string[],
): Value => {
  const js = writer.name('t');
  const path = [...scope.root.path, key.name];
  out.push(`const ${js} = ${readText(writer, scope.base as string, key.name, ownKey)};`);
  return { js, path, absent: silent ? undefined : absentText(writer, key, path, scope.root.js) };
};

interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const absentText = (writer: Writer, key: Named, path: Value['path'], holder: string): string =>
  `${writer.constant(missing)}(P, ${writer.site(path, [key.start, key.end], key.name)}, ${holder})`;

interface Tail {
  readonly steps: readonly Step[];
  readonly from: number;
  readonly selection: Selection | null;
  /** True when the first step is a key of `$` itself, which is reported even when there is no `$`. */
  readonly fromHead?: boolean;
}

/** The steps of a path from `from` on, then its selection. */
const emitSteps = (writer: Writer, start: Value, tail: Tail, scope: Scope, out: string[]): Value => {
  let value = start;
  let inner = scope;
  for (let i = tail.from; i < tail.steps.length; i++) {
    const step = tail.steps[i] as Step;
    if (step.kind === 'key') {
      return emitKeyStep(writer, value, { ...tail, from: i, fromHead: tail.fromHead && i === 0 }, inner, out);
    }
    if (step.kind === 'optional') {
      const js = writer.name('t');
      out.push(`const ${js} = ${value.js} === null ? undefined : ${value.js};`);
      value = { js, path: value.path };
    } else {
      const result = emitMethod(writer, value, step, inner, out);
      value = result.value;
      inner = result.scope;
    }
  }
  if (tail.selection === null) return value;
  const js = writer.name('t');
  const calls = defineSelection(writer, tail.selection, value.path, inner);
  out.push(`const ${js} = ${unlessMissing(value, calls.any(value.js))};`);
  return { js, path: value.path };
};

const unlessMissing = (value: Value, js: string): string =>
  `${value.js} === undefined ? ${value.absent ?? 'undefined'} : ${js}`;

/**
 * A key of a value that may be a list: a function of the value that goes on with the rest of the path, and a second
 * one for what is not an object with that key, so that the first stays small enough to be inlined.
 */
const emitKeyStep = (writer: Writer, value: Value, tail: Tail, scope: Scope, out: string[]): Value => {
  const step = tail.steps[tail.from] as Step & Named;
  const silent = isOptional(tail.steps, tail.from + 1);
  const name = writer.name('k');
  const other = writer.name('m');
  const holder = writer.name('v');
  const found = writer.name('t');
  const marker = writer.marker();
  const path = [...value.path, marker, step.name];

  const rest: string[] = [];
  const result = emitSteps(writer, { js: found, path }, { ...tail, from: tail.from + 1 }, scope, rest);
  const args = writer.define(name, [holder], scope, [
    `const ${found} = ${holder} === null || ${holder} === undefined ? undefined : ${readText(writer, holder, step.name, ownKey)};`,
    `if (${found} === undefined) return ${other}(${holder}, ${OWN_ARGUMENTS});`,
    ...rest,
    `return ${result.js};`,
  ]);
  writer.add(other, `${holder}, ${args}`, [
    `if (!Array.isArray(${holder})) return ${silent ? 'undefined' : absentText(writer, step, path, holder)};`,
    loopText(writer, marker, holder, (element) => `${name}(${element}, ${args})`),
  ]);
  const js = writer.name('t');
  const call = `${name}(${value.js}, ${args})`;
  const guarded = tail.fromHead === true ? call : unlessMissing(value, call);
  const direct = chainText(value.js, tail);
  if (direct === undefined) out.push(`const ${js} = ${guarded};`);
  else out.push(`let ${js} = ${direct};`, `if (${js} === undefined) ${js} = ${guarded};`);
  return { js, path: result.path };
};

/**
 * A path of keys alone, to its end, as one optional chain: when it finds a value, no list was in the way (a list has
 * none of these keys), and nothing is left to do.
 */
const chainText = (from: string, tail: Tail): string | undefined => {
  const steps = tail.steps.slice(tail.from);
  if (tail.selection !== null || !isName(from) || steps.at(-1)?.kind !== 'key') return undefined;
  let text = from;
  for (const step of steps) {
    if (step.kind === 'method' || (step.kind === 'key' && !isPlainRead(step.name))) return undefined;
    if (step.kind === 'key') text += `?.${step.name}`;
  }
  return text;
};

/** The loop over a list; an element without a value is null in the result. */
const loopText = (
  writer: Writer,
  marker: number,
  holder: string,
  call: (element: string) => string,
): string =>
  [
    `const n = ${holder}.length, o = new Array(n);`,
    'let m = P === null ? 0 : P.length;',
    'for (let i = 0; i < n; i++) {',
    `const x = ${call(`${holder}[i]`)};`,
    'o[i] = x === undefined ? null : x;',
    `if (P !== null && P.length > m) { ${writer.constant(placeIndex)}(P, m, ${marker}, i); m = P.length; }`,
    '}',
    'return o;',
  ].join('\n');

// ── selections ────────────────────────────────────────────────────────────────

/** Text of calls of a selection's functions: on any value, and on one value with the object to read keys from. */
interface SelectionCalls {
  readonly any: (value: string) => string;
  readonly one: (value: string, base: string) => string;
}

/** Defines the functions of a selection. Null stays null, a list is mapped, of a scalar no key can be read. */
const defineSelection = (
  writer: Writer,
  selection: Selection,
  from: Value['path'],
  outer: Scope,
): SelectionCalls => {
  const any = writer.name('s');
  const list = writer.name('m');
  const one = writer.name('o');
  const root = writer.name('d');
  const base = writer.name('b');
  const marker = writer.marker();
  const value = { js: root, path: [...from, marker] };
  const scope: Scope = { root: value, base, at: value, bound: outer.bound };
  const body: string[] = [];
  const object = emitEntries(writer, selection.entries, scope, body, true);
  const args = writer.define(one, [root, base], scope, [...body, `return ${object};`]);
  writer.add(any, `${root}, ${args}`, [
    `if (${root} === null) return null;`,
    `if (Array.isArray(${root})) return ${list}(${root}, ${args});`,
    `return ${one}(${root}, ${root}, ${args});`,
  ]);
  writer.add(list, `${root}, ${args}`, [
    loopText(writer, marker, root, (element) => `${any}(${element}, ${args})`),
  ]);
  return {
    any: (js) => `${any}(${js}, ${args})`,
    one: (js, keys) => `${one}(${js}, ${keys}, ${args})`,
  };
};

/** The function of a whole mapping that is a selection: of null and missing keys are looked for, too. */
export const defineRoot = (writer: Writer, selection: Selection, outer: Scope): string => {
  const name = writer.name('r');
  const calls = defineSelection(writer, selection, [], outer);
  writer.define(name, ['d'], outer, [
    `if (d !== null && d !== undefined) return ${calls.any('d')};`,
    `const x = ${calls.one('d', writer.constant(NO_KEYS))};`,
    'return x === undefined && d === null ? null : x;',
  ]);
  return name;
};

const emitEntries = (
  writer: Writer,
  entries: readonly Entry[],
  scope: Scope,
  out: string[],
  whole: boolean,
): string =>
  emitBuild(
    writer,
    entries.map((entry) => ({
      key: entry.kind === 'named' ? entry.key : null,
      spread: entry.kind === 'merged' && entry.spread,
      range: [entry.start, entry.end] as const,
      emit: () =>
        entry.value.kind === 'selection'
          ? { js: emitEntries(writer, entry.value.entries, scope, out, false), path: scope.root.path }
          : emitLazy(writer, entry.value, scope, out),
    })),
    out,
    whole ? scope.root.js : undefined,
  );

interface Part {
  /** Null: all keys of the value are added. */
  readonly key: string | null;
  /** `...`: a null makes the whole object null, which is how a connector says "no such type". */
  readonly spread: boolean;
  readonly range: readonly [number, number];
  readonly emit: () => Value;
}

/**
 * An object of its parts: one literal when nothing is missing, so that all such objects have one hidden class.
 * `of` names the value that a selection is of: when that is a scalar and no key came, the object itself is missing.
 */
const emitBuild = (writer: Writer, parts: readonly Part[], out: string[], of?: string): string => {
  const keys = parts.map((part) => part.key);
  if (keys.includes(null) || new Set(keys).size < keys.length) return emitMerge(writer, parts, out, of);
  const object = writer.name('t');
  const values = parts.map((part) => ({ key: part.key as string, ...part.emit() }));
  const literal = `{ ${values.map(({ key, js }) => `${keyText(key)}: ${js}`).join(', ')} }`;
  const unsure = values.filter(({ js }) => isName(js));
  if (unsure.length === 0) {
    out.push(`const ${object} = ${literal};`);
    return object;
  }
  out.push(
    `let ${object};`,
    `if (${unsure.map(({ js }) => `${js} !== undefined`).join(' && ')}) ${object} = ${literal};`,
    `else { ${object} = {};`,
    ...values.map(({ key, js, absent }) => {
      const put = putText(writer, object, key, js);
      if (!isName(js)) return put;
      return `if (${js} !== undefined) ${put}${absent === undefined ? '' : ` else ${absent};`}`;
    }),
    ...(of === undefined ? [] : [emptyText(writer, object, of)]),
    '}',
  );
  return object;
};

const emptyText = (writer: Writer, object: string, of: string): string =>
  `if ((typeof ${of} !== "object" || ${of} === null) && ${writer.constant(isEmpty)}(${object})) ${object} = undefined;`;

const emitMerge = (writer: Writer, parts: readonly Part[], out: string[], of?: string): string => {
  const object = writer.name('t');
  const spreads: string[] = [];
  out.push(`let ${object} = {};`);
  for (const part of parts) {
    const { js, path, absent } = part.emit();
    if (absent !== undefined) out.push(`if (${js} === undefined) ${absent};`);
    if (part.spread) spreads.push(`${js} === null`);
    if (part.key !== null) {
      const put = `${writer.constant(mergeKey)}(${object}, ${JSON.stringify(part.key)}, ${js});`;
      out.push(isName(js) ? `if (${js} !== undefined) ${put}` : put);
    } else {
      const site = writer.site(path, part.range, '...');
      out.push(`${writer.constant(mergeAll)}(P, ${site}, ${object}, ${js});`);
    }
  }
  if (spreads.length > 0) out.push(`if (${spreads.join(' || ')}) ${object} = null;`);
  if (of !== undefined) out.push(emptyText(writer, object, of));
  return object;
};

const putText = (writer: Writer, object: string, key: string, js: string): string =>
  key === '__proto__'
    ? `${writer.constant(putKey)}(${object}, "__proto__", ${js});`
    : `${object}[${JSON.stringify(key)}] = ${js};`;

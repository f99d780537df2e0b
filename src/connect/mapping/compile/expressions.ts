// Expressions, paths and selections to JavaScript: each `emit…` adds statements and names the value they leave.
// `undefined` is missing. A key or a selection on a value that may be a list becomes a function with a loop.

import type { ArrayLiteral, Chain, Entry, Expression, ObjectLiteral, Path, Selection, Step } from '../ast.ts';
import { missing } from '../problem.ts';
import { isEmpty, mergeAll, mergeKey, NO_KEYS, ownKey, placeIndex, putKey } from '../runtime.ts';
import { emitMethod } from './methods.ts';
import { isName, keyText, literalText, OWN_ARGUMENTS, readText, type Scope, type Value, type Writer } from './writer.ts';

const NOWHERE: Value['path'] = [];

export const emitExpression = (writer: Writer, node: Expression, scope: Scope, out: string[]): Value => {
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
      emit: () => emitExpression(writer, property.value, scope, out),
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

export const emitPath = (writer: Writer, node: Path, scope: Scope, out: string[]): Value => {
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
  head: { readonly name: string; readonly start: number; readonly end: number },
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
  if (!silent) {
    const site = writer.site(path, [head.start, head.end], head.name);
    out.push(`if (${js} === undefined && P !== null) ${writer.constant(missing)}(P, ${site}, undefined);`);
  }
  return { js, path };
};

/** A key of `$` where `$` is known to be an object. */
const emitRead = (
  writer: Writer,
  key: { readonly name: string; readonly start: number; readonly end: number },
  silent: boolean,
  scope: Scope,
  out: string[],
): Value => {
  const js = writer.name('t');
  const path = [...scope.root.path, key.name];
  out.push(`const ${js} = ${readText(writer, scope.base as string, key.name, ownKey)};`);
  if (!silent) {
    const site = writer.site(path, [key.start, key.end], key.name);
    out.push(`if (${js} === undefined && P !== null) ${writer.constant(missing)}(P, ${site}, ${scope.root.js});`);
  }
  return { js, path };
};

interface Tail {
  readonly steps: readonly Step[];
  readonly from: number;
  readonly selection: Selection | null;
  /** True when the first step is a key of `$` itself, which is reported even when there is no `$`. */
  readonly fromHead?: boolean;
}

/** The steps of a path from `from` on, then its selection. */
export const emitSteps = (writer: Writer, start: Value, tail: Tail, scope: Scope, out: string[]): Value => {
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
  out.push(`const ${js} = ${value.js} === undefined ? undefined : ${calls.any(value.js)};`);
  return { js, path: value.path };
};

/** A key of a value that may be a list: a function of the value that goes on with the rest of the path. */
const emitKeyStep = (writer: Writer, value: Value, tail: Tail, scope: Scope, out: string[]): Value => {
  const step = tail.steps[tail.from] as { name: string; start: number; end: number };
  const silent = isOptional(tail.steps, tail.from + 1);
  const name = writer.name('k');
  const holder = writer.name('v');
  const found = writer.name('t');
  const marker = writer.marker();
  const path = [...value.path, marker, step.name];
  const report = silent
    ? ''
    : `if (P !== null) ${writer.constant(missing)}(P, ${writer.site(path, [step.start, step.end], step.name)}, ${holder});`;

  const rest: string[] = [];
  const result = emitSteps(writer, { js: found, path }, { ...tail, from: tail.from + 1 }, scope, rest);
  const body = [
    `const ${found} = ${readText(writer, holder, step.name, ownKey)};`,
    `if (${found} === undefined) { ${report} return undefined; }`,
    ...rest,
    `return ${result.js};`,
  ];
  const loop = loopText(writer, marker, holder, name);
  const args = writer.define(name, [holder], scope, [
    `if (typeof ${holder} === "object" && ${holder} !== null) {`,
    `if (Array.isArray(${holder})) {`,
    loop,
    '}',
    ...body,
    '}',
    `${report} return undefined;`,
  ]);
  const js = writer.name('t');
  const call = `${name}(${value.js}, ${args})`;
  out.push(
    tail.fromHead === true
      ? `const ${js} = ${call};`
      : `const ${js} = ${value.js} === undefined ? undefined : ${call};`,
  );
  return { js, path: result.path };
};

/** The loop of a function that calls itself for each element; an element without a value is null in the list. */
const loopText = (writer: Writer, marker: number, holder: string, name: string): string =>
  [
    `const n = ${holder}.length, o = new Array(n);`,
    'for (let i = 0; i < n; i++) {',
    'const m = P === null ? 0 : P.length;',
    `const x = ${name}(${holder}[i], ${OWN_ARGUMENTS});`,
    'o[i] = x === undefined ? null : x;',
    `if (P !== null && P.length > m) ${writer.constant(placeIndex)}(P, m, ${marker}, i);`,
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
  const name = writer.name('s');
  const { one, args, marker } = defineObject(writer, selection, from, outer);
  const holder = writer.name('d');
  const loop = loopText(writer, marker, holder, name);
  const rest = writer.define(name, [holder], outer, [
    `if (typeof ${holder} !== "object") return ${one}(${holder}, ${writer.constant(NO_KEYS)}, ${args});`,
    `if (${holder} === null) return null;`,
    `if (Array.isArray(${holder})) {`,
    loop,
    '}',
    `return ${one}(${holder}, ${holder}, ${args});`,
  ]);
  return {
    any: (value) => `${name}(${value}, ${rest})`,
    one: (value, base) => `${one}(${value}, ${base}, ${args})`,
  };
};

/** The function of a selection on one value: `one(d, b, …)`, `b` being the object whose keys are read. */
const defineObject = (
  writer: Writer,
  selection: Selection,
  from: Value['path'],
  outer: Scope,
): { readonly one: string; readonly args: string; readonly marker: number } => {
  const one = writer.name('o');
  const root = writer.name('d');
  const base = writer.name('b');
  const marker = writer.marker();
  const value = { js: root, path: [...from, marker] };
  const scope: Scope = { root: value, base, at: value, bound: outer.bound };
  const body: string[] = [];
  const object = emitEntries(writer, selection.entries, scope, body);
  const scalar = `${base} === ${writer.constant(NO_KEYS)} && ${writer.constant(isEmpty)}(${object})`;
  body.push(
    selection.entries.length === 0
      ? `return ${object};`
      : `return ${scalar} ? undefined : ${object};`,
  );
  const args = writer.define(one, [root, base], scope, body);
  return { one, args, marker };
};

/** The function of a whole mapping that is a selection: null and missing are looked at, too. */
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

const emitEntries = (writer: Writer, entries: readonly Entry[], scope: Scope, out: string[]): string =>
  emitBuild(
    writer,
    entries.map((entry) => ({
      key: entry.kind === 'named' ? entry.key : null,
      spread: entry.kind === 'merged' && entry.spread,
      range: [entry.start, entry.end] as const,
      emit: () =>
        entry.value.kind === 'selection'
          ? { js: emitEntries(writer, entry.value.entries, scope, out), path: scope.root.path }
          : emitExpression(writer, entry.value, scope, out),
    })),
    out,
  );

interface Part {
  /** Null: all keys of the value are added. */
  readonly key: string | null;
  /** `...`: a null makes the whole object null, which is how a connector says "no such type". */
  readonly spread: boolean;
  readonly range: readonly [number, number];
  readonly emit: () => Value;
}

/** An object of its parts: one literal when nothing is missing, so that all such objects have one hidden class. */
const emitBuild = (writer: Writer, parts: readonly Part[], out: string[]): string => {
  const object = writer.name('t');
  const keys = parts.map((part) => part.key);
  if (keys.includes(null) || new Set(keys).size < keys.length) return emitMerge(writer, parts, out);
  const values = parts.map((part) => ({ key: part.key as string, js: part.emit().js }));
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
    ...values.map(({ key, js }) => `${guard(js)}${putText(writer, object, key, js)}`),
    '}',
  );
  return object;
};

const emitMerge = (writer: Writer, parts: readonly Part[], out: string[]): string => {
  const object = writer.name('t');
  const spreads: string[] = [];
  out.push(`let ${object} = {};`);
  for (const part of parts) {
    const { js, path } = part.emit();
    if (part.spread) spreads.push(`${js} === null`);
    if (part.key !== null) {
      out.push(`${guard(js)}${writer.constant(mergeKey)}(${object}, ${JSON.stringify(part.key)}, ${js});`);
    } else {
      const site = writer.site(path, part.range, '...');
      out.push(`${writer.constant(mergeAll)}(P, ${site}, ${object}, ${js});`);
    }
  }
  if (spreads.length > 0) out.push(`if (${spreads.join(' || ')}) ${object} = null;`);
  return object;
};

const putText = (writer: Writer, object: string, key: string, js: string): string =>
  key === '__proto__'
    ? `${writer.constant(putKey)}(${object}, "__proto__", ${js});`
    : `${object}[${JSON.stringify(key)}] = ${js};`;

const guard = (js: string): string => (isName(js) ? `if (${js} !== undefined) ` : '');

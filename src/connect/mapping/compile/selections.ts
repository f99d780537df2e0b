// Compiles selections: a function for any value, one for lists, and one for a single value.

import type { Entry, Selection } from '../ast.ts';
import { EMPTY_OBJECT } from '../runtime.ts';
import type { Emitter, SelectionCalls } from './emitter.ts';
import { loopText } from './list-loop.ts';
import { emitBuild } from './objects.ts';
import type { Scope, Value } from './writer.ts';

/** Defines the functions of a selection. Null stays null, a list is mapped, a scalar has no keys (see `CompileOptions`). */
export function defineSelection(
  emitter: Emitter,
  selection: Selection,
  from: Value['path'],
  outer: Scope,
): SelectionCalls {
  const any = emitter.name('s');
  const list = emitter.name('m');
  const single = emitter.name('o');
  const root = emitter.name('d');
  const base = emitter.name('b');
  const marker = emitter.marker();
  const value = { js: root, path: [...from, marker] };
  const scope: Scope = { root: value, base, at: value, bound: outer.bound };
  const body: string[] = [];
  const before = emitter.weight();
  const loops = emitter.loops();
  const object = emitEntries(emitter, selection.entries, scope, body, true);
  const weight = emitter.weight() - before;
  const isInnermost = emitter.loops() === loops;
  const args = emitter.define(single, [root, base], scope, [...body, `return ${object};`]);
  // The keys of null are read only to report each of them.
  const ofNull = emitter.objectsOnly
    ? 'return null;'
    : `{ ${single}(null, ${emitter.constant(EMPTY_OBJECT)}, ${args}); return null; }`;
  emitter.add(any, `${root}, ${args}`, [
    `if (${root} === null) ${ofNull}`,
    `if (Array.isArray(${root})) return ${list}(${root}, ${args});`,
    `return ${single}(${root}, ${root}, ${args});`,
  ]);
  emitter.add(list, `${root}, ${args}`, [
    // Most elements are objects, for which `single` is called directly.
    loopText(emitter, {
      list: root,
      marker,
      weight,
      isInnermost,
      call: (e) =>
        `${e} === null || ${e} === undefined ? ${emitter.objectsOnly ? 'null' : `${any}(null, ${args})`} : ` +
        `Array.isArray(${e}) ? ${list}(${e}, ${args}) : ${single}(${e}, ${e}, ${args})`,
    }),
  ]);
  return {
    any: (js) => `${any}(${js}, ${args})`,
    single: (js, keys) => `${single}(${js}, ${keys}, ${args})`,
  };
}

/** Defines the function of a mapping that is a selection. Unlike others, it reads (and reports) keys of null and missing. */
export function defineRoot(emitter: Emitter, selection: Selection, outer: Scope): string {
  const name = emitter.name('r');
  const calls = defineSelection(emitter, selection, [], outer);
  emitter.define(name, ['d'], outer, [
    `if (d !== null && d !== undefined) return ${calls.any('d')};`,
    `const x = ${calls.single('d', emitter.constant(EMPTY_OBJECT))};`,
    'return x === undefined && d === null ? null : x;',
  ]);
  return name;
}

const emitEntries = (
  emitter: Emitter,
  entries: readonly Entry[],
  scope: Scope,
  out: string[],
  whole: boolean,
): string =>
  emitBuild(
    emitter,
    entries.map((entry) => ({
      key: entry.kind === 'named' ? entry.key : null,
      spread: entry.kind === 'merged' && entry.spread,
      range: [entry.start, entry.end] as const,
      emit: () =>
        entry.value.kind === 'selection'
          ? { js: emitEntries(emitter, entry.value.entries, scope, out, false), path: scope.root.path }
          : emitter.lazy(entry.value, scope, out),
    })),
    out,
    whole ? scope.root.js : undefined,
  );

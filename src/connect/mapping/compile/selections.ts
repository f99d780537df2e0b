// Selections to JavaScript: a function for any value (null, a list, one thing) and one for the keys of one thing.

import type { Entry, Selection } from '../ast.ts';
import { NO_KEYS } from '../runtime.ts';
import type { Emitter, SelectionCalls } from './emitter.ts';
import { loopText } from './list-loop.ts';
import { emitBuild } from './objects.ts';
import type { Scope, Value } from './writer.ts';

/** Defines the functions of a selection. Null stays null, a list is mapped, of a scalar no key can be read. */
export function defineSelection(
  emitter: Emitter,
  selection: Selection,
  from: Value['path'],
  outer: Scope,
): SelectionCalls {
  const any = emitter.name('s');
  const list = emitter.name('m');
  const one = emitter.name('o');
  const root = emitter.name('d');
  const base = emitter.name('b');
  const marker = emitter.marker();
  const value = { js: root, path: [...from, marker] };
  const scope: Scope = { root: value, base, at: value, bound: outer.bound };
  const body: string[] = [];
  const object = emitEntries(emitter, selection.entries, scope, body, true);
  const args = emitter.define(one, [root, base], scope, [...body, `return ${object};`]);
  emitter.add(any, `${root}, ${args}`, [
    `if (${root} === null) return null;`,
    `if (Array.isArray(${root})) return ${list}(${root}, ${args});`,
    `return ${one}(${root}, ${root}, ${args});`,
  ]);
  emitter.add(list, `${root}, ${args}`, [
    // Most elements are objects: they go straight to their keys.
    loopText(
      emitter,
      marker,
      root,
      (e) =>
        `${e} === null || ${e} === undefined ? null : ` +
        `Array.isArray(${e}) ? ${list}(${e}, ${args}) : ${one}(${e}, ${e}, ${args})`,
    ),
  ]);
  return {
    any: (js) => `${any}(${js}, ${args})`,
    one: (js, keys) => `${one}(${js}, ${keys}, ${args})`,
  };
}

/** The function of a whole mapping that is a selection: of null and missing keys are looked for, too. */
export function defineRoot(emitter: Emitter, selection: Selection, outer: Scope): string {
  const name = emitter.name('r');
  const calls = defineSelection(emitter, selection, [], outer);
  emitter.define(name, ['d'], outer, [
    `if (d !== null && d !== undefined) return ${calls.any('d')};`,
    `const x = ${calls.one('d', emitter.constant(NO_KEYS))};`,
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

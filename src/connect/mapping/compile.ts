// Compiles a mapping to a JavaScript function. The function never throws and does not walk the tree; problems are
// created only when the caller passes a list for them.

import type { Mapping } from './ast.ts';
import type { Emitter } from './compile/emitter.ts';
import { createEmitter } from './compile/expressions.ts';
import { defineRoot } from './compile/selections.ts';
import type { Scope } from './compile/writer.ts';
import type { MappingProblem, Sink } from './problem.ts';
import { removeMarkers } from './runtime.ts';
import { analyzeUses, type VariableUse } from './uses.ts';

/** Values of the variables: `$args` is `args`, and so on. An absent variable is missing. */
export interface MappingVariables {
  readonly args?: unknown;
  readonly this?: unknown;
  readonly batch?: unknown;
  readonly config?: unknown;
  readonly context?: unknown;
  readonly status?: unknown;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly env?: unknown;
}

export interface CompiledMapping {
  /**
   * Returns the mapped value; `undefined` when it is missing. Unchanged parts of the input are not copied.
   * @param input the decoded body, `$`; `undefined` when there is no body (requests)
   * @param problems receives the problems, in no particular order
   */
  readonly run: (input: unknown, vars?: MappingVariables, problems?: MappingProblem[]) => unknown;
  /** Each distinct variable path that the mapping reads. */
  readonly uses: readonly VariableUse[];
  /** True when the mapping uses methods of the connect spec only, and so runs on any other implementation. */
  readonly portable: boolean;
}

type Main = (input: unknown, vars: MappingVariables, problems: Sink) => unknown;

/** @param mapping a tree from `parseSelection` or `parseExpression` */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const main = buildMain(mapping);
  const range = [mapping.start, mapping.end] as const;
  const run: CompiledMapping['run'] = (input, vars, problems) => {
    const sink = problems ?? null;
    const before = sink === null ? 0 : sink.length;
    let value: unknown;
    try {
      value = main(input, vars ?? NO_VARIABLES, sink);
    } catch {
      // The only possible error is a stack overflow, by a value nested thousands of levels deep.
      sink?.push({ message: 'the value is nested too deeply to be mapped', path: [], range });
    }
    if (sink !== null && sink.length > before) removeMarkers(sink, before);
    return value;
  };
  return { run, ...analyzeUses(mapping) };
}

const NO_VARIABLES: MappingVariables = Object.freeze({});

function buildMain(mapping: Mapping): Main {
  const emitter = createEmitter();
  const { text, constants } = emitter.program(defineMain(emitter, mapping));
  return new Function('K', text)(constants) as Main;
}

/** Defines the function of the whole mapping. Returns its name. */
function defineMain(emitter: Emitter, mapping: Mapping): string {
  const root = { js: 'd', path: [] };
  const scope: Scope = { root, base: null, at: root, bound: new Map() };
  const { body } = mapping;
  if (body.kind === 'selection') return defineRoot(emitter, body, scope);
  const main = emitter.name('r');
  const out: string[] = [];
  const { js } = emitter.expression(body, scope, out);
  emitter.define(main, ['d'], scope, [...out, `return ${js};`]);
  return main;
}

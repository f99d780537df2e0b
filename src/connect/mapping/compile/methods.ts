// Compiles method steps. A missing value or a missing required argument makes the result missing.
// Forms (echo, as, match, map, filter, find, and, or, in) are emitted inline; other methods are calls of their function.

import type { ArrayLiteral, Expression, MethodStep } from '../ast.ts';
import { callFault, type Method } from '../methods/method.ts';
import { METHODS } from '../methods/table.ts';
import { reportInvalid } from '../problem.ts';
import { isEqual, isIn, reportNotBoolean } from '../runtime.ts';
import type { SyntaxFault } from '../syntax-error.ts';
import type { Emitter } from './emitter.ts';
import { emitFilter, emitFind, emitMap } from './loops.ts';
import { argument, type MethodContext } from './method-context.ts';
import { literalText, type Scope, type Value } from './writer.ts';

export interface MethodOutcome {
  readonly value: Value;
  /** The scope for the rest of the path: `->as` adds a variable. */
  readonly scope: Scope;
}

/** Steps of a call; the function charges more when its work depends on the size of its values. */
const METHOD_STEPS = 4;

/** Emits a method step on a value that may be missing. */
export function emitMethod(
  emitter: Emitter,
  value: Value,
  step: MethodStep,
  scope: Scope,
  out: string[],
): MethodOutcome {
  emitter.addWeight((METHODS.get(step.name)?.steps ?? METHOD_STEPS) + step.args.length);
  const path = [...value.path, `->${step.name}`];
  const method = METHODS.get(step.name);
  const fault =
    method === undefined ? { expected: 'a known method', found: 'another' } : callFault(step, method);
  if (method === undefined || fault !== undefined) {
    return emitUncallable(emitter, value, step, { scope, path, fault }, out);
  }
  if (step.name === 'as') return emitAs(emitter, value, step, scope, out);
  const context: MethodContext = {
    emitter,
    value: { js: value.js, path: value.path },
    step,
    scope: { ...scope, at: { js: value.js, path: value.path } },
    site: emitter.site(path, [step.start, step.end], `->${step.name}`),
    result: emitter.name('t'),
  };
  const body: string[] = [];
  (FORM_EMITTERS.get(step.name) ?? emitCall(method))(context, body);
  out.push(`let ${context.result};`, `if (${value.js} !== undefined) {`, ...body, `}${elseAbsent(value)}`);
  return { value: { js: context.result, path }, scope };
}

/** A call that the text makes impossible: a problem, and a missing result; `->as` returns the value all the same. */
function emitUncallable(
  emitter: Emitter,
  value: Value,
  step: MethodStep,
  call: {
    readonly scope: Scope;
    readonly path: Value['path'];
    readonly fault: Pick<SyntaxFault, 'expected' | 'found'> | undefined;
  },
  out: string[],
): MethodOutcome {
  const { scope, path, fault } = call;
  const site = emitter.site(path, [step.start, step.end], `->${step.name}`);
  const text = `cannot be called: expected ${fault?.expected}, found ${fault?.found}`;
  const report = `${emitter.constant(reportInvalid)}(P, ${site}, ${JSON.stringify(text)});`;
  const js = emitter.name('t');
  out.push(
    `let ${js} = ${step.name === 'as' ? value.js : 'undefined'};`,
    `if (${value.js} !== undefined) ${report}${elseAbsent(value)}`,
  );
  return { value: { js, path: step.name === 'as' ? value.path : path }, scope };
}

const elseAbsent = ({ absent }: Value): string => (absent === undefined ? '' : ` else ${absent};`);

// ── calls ─────────────────────────────────────────────────────────────────────

const emitCall =
  (method: Method) =>
  (context: MethodContext, out: string[]): void => {
    const { emitter, step, value, site, result } = context;
    const { run } = method;
    if (run.kind === 'form') return;
    const fn = emitter.constant(run.call);
    if (run.kind === 'prepared') {
      const [text] = step.args;
      const prepared = run.prepare(text?.kind === 'literal' ? String(text.value) : '');
      out.push(`${result} = ${fn}(P, ${site}, ${value.js}, ${emitter.constant(prepared)});`);
    } else if (run.kind === 'fold') emitFold(context, fn, out);
    else {
      const args = step.args.map((_, i) => argument(context, i, out));
      const required = args
        .slice(0, method.ignoresMissing ? method.args[0] : args.length)
        .map((js) => `${js} !== undefined`);
      const guard = required.length === 0 ? '' : `if (${required.join(' && ')}) `;
      out.push(`${guard}${result} = ${fn}(${['P', site, value.js, ...args].join(', ')});`);
    }
  };

function emitFold(context: MethodContext, fn: string, out: string[]): void {
  const { step, value, site, result } = context;
  out.push(`${result} = ${value.js};`);
  step.args.forEach((_, i) => {
    const block: string[] = [];
    const js = argument(context, i, block);
    block.push(`${result} = ${js} === undefined ? undefined : ${fn}(P, ${site}, ${result}, ${js});`);
    out.push(`if (${result} !== undefined) {`, ...block, '}');
  });
}

// ── forms ─────────────────────────────────────────────────────────────────────

function emitAs(
  emitter: Emitter,
  value: Value,
  step: MethodStep,
  scope: Scope,
  out: string[],
): MethodOutcome {
  const [target, expression] = step.args;
  const name = target?.kind === 'path' && target.head.kind === 'variable' ? target.head.name : '$';
  const settled = { js: value.js, path: value.path };
  const bind = (bound: Value): MethodOutcome => ({
    value: settled,
    scope: { ...scope, bound: new Map([...scope.bound, [name, bound]]) },
  });
  if (expression === undefined) {
    if (value.absent !== undefined) out.push(`if (${value.js} === undefined) ${value.absent};`);
    return bind(settled);
  }
  const js = emitter.name('t');
  const body: string[] = [];
  const inner = emitter.expression(expression, { ...scope, at: settled }, body);
  out.push(
    `let ${js};`,
    `if (${value.js} !== undefined) {`,
    ...body,
    `${js} = ${inner.js};`,
    `}${elseAbsent(value)}`,
  );
  return bind({ js, path: inner.path });
}

function emitEcho(context: MethodContext, out: string[]): void {
  const js = argument(context, 0, out);
  out.push(`${context.result} = ${js};`);
}

function emitIn(context: MethodContext, out: string[]): void {
  const { emitter, value, site, result } = context;
  const list = argument(context, 0, out);
  const found = `${emitter.constant(isIn)}(P, ${site}, ${value.js}, ${list})`;
  out.push(`if (${list} !== undefined) ${result} = ${found};`);
}

const emitLogic =
  (stopsAt: boolean) =>
  (context: MethodContext, out: string[]): void => {
    const { emitter, step, value, site, result } = context;
    const label = emitter.name('l');
    const report = (js: string): string => `${emitter.constant(reportNotBoolean)}(P, ${site}, ${js})`;
    const stop = `if (${stopsAt ? '' : '!'}${result}) break ${label};`;
    out.push(
      `${label}: {`,
      `if (typeof ${value.js} !== "boolean") { ${report(value.js)}; break ${label}; }`,
      `${result} = ${value.js};`,
      stop,
    );
    step.args.forEach((_, i) => {
      const js = argument(context, i, out);
      out.push(`if (${js} === undefined) { ${result} = undefined; break ${label}; }`);
      // An argument of another kind is reported and changes nothing.
      out.push(`if (typeof ${js} !== "boolean") ${report(js)};`, `else { ${result} = ${js}; ${stop} }`);
    });
    out.push('}');
  };

/** True for a bare `@`, which as a case of `->match` matches any value. */
const matchesAny = (node: Expression): boolean =>
  node.kind === 'path' && node.head.kind === 'at' && node.steps.length === 0 && node.selection === null;

function emitMatch(context: MethodContext, out: string[]): void {
  const { emitter, step, value, scope, site, result } = context;
  const label = emitter.name('l');
  out.push(`${label}: {`);
  let mayFail = true;
  for (const pair of step.args) {
    const [candidate, chosen] = (pair as ArrayLiteral).items as [Expression, Expression];
    const block: string[] = [];
    const { js } = emitter.expression(chosen, scope, block);
    block.push(`${result} = ${js};`, `break ${label};`);
    if (matchesAny(candidate)) {
      out.push('{', ...block, '}');
      mayFail = false;
      break;
    }
    emitter.addWeight(1);
    if (candidate.kind === 'literal') {
      out.push(`if (${value.js} === ${literalText(candidate.value)}) {`, ...block, '}');
    } else {
      const test = emitter.expression(candidate, scope, out).js;
      out.push(
        `if (${test} !== undefined && ${emitter.constant(isEqual)}(P, ${value.js}, ${test})) {`,
        ...block,
        '}',
      );
    }
  }
  if (mayFail) out.push(`${emitter.constant(reportInvalid)}(P, ${site}, "no case matches");`);
  out.push('}');
}

const FORM_EMITTERS: ReadonlyMap<string, (context: MethodContext, out: string[]) => void> = new Map([
  ['echo', emitEcho],
  ['in', emitIn],
  ['and', emitLogic(false)],
  ['or', emitLogic(true)],
  ['match', emitMatch],
  ['map', emitMap],
  ['filter', emitFilter],
  ['find', emitFind],
]);

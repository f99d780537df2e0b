// `->map`, `->filter` and `->find`: loops over the elements of a list.

import type { Expression } from '../ast.ts';
import { spend } from '../budget.ts';
import { insertIndex } from '../problem.ts';
import { reportNotBoolean } from '../runtime.ts';
import type { MethodContext } from './method-context.ts';

/** Steps of an iteration besides its argument: the result is added to a growing list. */
const ELEMENT_WEIGHT = 8;

interface Loop {
  /** False for a loop that usually ends early: it charges its steps element by element. */
  readonly isComplete: boolean;
  /** The statements after the argument has been evaluated for an element. */
  readonly each: (names: { element: string; body: string; stop: string }) => string[];
}

/** Emits a loop over the elements, `@` being the element; a value that is not a list counts as a list of one. */
function emitLoop(context: MethodContext, out: string[], { isComplete, each }: Loop): void {
  const { emitter, value, step, scope } = context;
  const marker = emitter.marker();
  const list = emitter.name('x');
  const index = emitter.name('i');
  const mark = emitter.name('n');
  const element = emitter.name('t');
  const label = emitter.name('l');
  const block: string[] = [];
  const at = { js: element, path: [...value.path, marker] };
  const before = emitter.weight();
  const body = emitter.expression(step.args[0] as Expression, { ...scope, at }, block).js;
  const weight = ELEMENT_WEIGHT + emitter.weight() - before;
  const charge = (elements: string): string => `${emitter.constant(spend)}(P, ${elements}${weight});`;
  out.push(
    `const ${list} = Array.isArray(${value.js}) ? ${value.js} : [${value.js}];`,
    isComplete ? charge(`${list}.length * `) : '',
    `${label}: for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`,
    isComplete ? '' : charge(''),
    `const ${element} = ${list}[${index}];`,
    `const ${mark} = P.problems.length;`,
    ...block,
    `if (P.problems.length > ${mark} && Array.isArray(${value.js})) ` +
      `${emitter.constant(insertIndex)}(P.problems, ${mark}, ${marker}, ${index});`,
    ...each({ element, body, stop: `break ${label};` }),
    '}',
  );
}

export function emitMap(context: MethodContext, out: string[]): void {
  const { result } = context;
  out.push(`${result} = [];`);
  emitLoop(context, out, {
    isComplete: true,
    each: ({ body }) => [`${result}.push(${body} === undefined ? null : ${body});`],
  });
}

export function emitFilter(context: MethodContext, out: string[]): void {
  const { emitter, site, result } = context;
  out.push(`${result} = [];`);
  emitLoop(context, out, {
    isComplete: true,
    each: ({ element, body, stop }) => [
      `if (${body} === true) ${result}.push(${element});`,
      `else if (${body} !== false) { ${result} = ${emitter.constant(reportNotBoolean)}(P, ${site}, ${body}); ${stop} }`,
    ],
  });
}

export function emitFind(context: MethodContext, out: string[]): void {
  const { emitter, site, result } = context;
  emitLoop(context, out, {
    isComplete: false,
    each: ({ element, body, stop }) => [
      `if (${body} === true) { ${result} = ${element}; ${stop} }`,
      `if (${body} !== false) { ${emitter.constant(reportNotBoolean)}(P, ${site}, ${body}); ${stop} }`,
    ],
  });
}

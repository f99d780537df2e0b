// The loop of compiled mappings over a list, which also inserts list indexes into the paths of problems.

import { spend } from '../budget.ts';
import { insertIndex } from '../problem.ts';
import type { Writer } from './writer.ts';

export interface ListLoop {
  /** Name of the list. */
  readonly list: string;
  readonly marker: number;
  /** Steps per element. */
  readonly weight: number;
  /** True when the body has no loop. */
  readonly isInnermost: boolean;
  /** The result for the named element. */
  readonly call: (element: string) => string;
}

// Charging each list of one or two elements would cost more than 5 % of a typical run. For innermost loops, the loop around
// them is charged instead.
const UNCHARGED = 2;

/** Text that returns the list of results; an element whose result is missing becomes null. */
export function loopText(writer: Writer, { list, marker, weight, isInnermost, call }: ListLoop): string {
  const uncharged = isInnermost ? UNCHARGED : 0;
  // The weight of one element has been added.
  if (isInnermost) writer.addWeight((UNCHARGED - 1) * weight);
  writer.addLoop();
  return [
    `const n = ${list}.length;`,
    `if (n > ${uncharged}) ${writer.constant(spend)}(P, n * ${1 + weight});`,
    'const o = new Array(n), p = P.problems;',
    'let m = p.length;',
    'for (let i = 0; i < n; i++) {',
    `const e = ${list}[i];`,
    `const x = ${call('e')};`,
    'o[i] = x === undefined ? null : x;',
    `if (p.length > m) { ${writer.constant(insertIndex)}(p, m, ${marker}, i); m = p.length; }`,
    '}',
    'return o;',
  ].join('\n');
}

// The loop of compiled mappings over a list, which also inserts list indexes into the paths of problems.

import { insertIndex } from '../runtime.ts';
import type { Writer } from './writer.ts';

/** Text that returns the list of results; an element whose result is missing becomes null. */
export const loopText = (
  writer: Writer,
  marker: number,
  holder: string,
  call: (element: string) => string,
): string =>
  [
    `const n = ${holder}.length, o = new Array(n);`,
    'let m = P === null ? 0 : P.length;',
    'for (let i = 0; i < n; i++) {',
    `const e = ${holder}[i];`,
    `const x = ${call('e')};`,
    'o[i] = x === undefined ? null : x;',
    `if (P !== null && P.length > m) { ${writer.constant(insertIndex)}(P, m, ${marker}, i); m = P.length; }`,
    '}',
    'return o;',
  ].join('\n');

// The loop that compiled mappings run over a list, and where its index enters the paths of problems.

import { placeIndex } from '../runtime.ts';
import type { Writer } from './writer.ts';

/** The loop over a list; an element without a value is null in the result. */
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
    `if (P !== null && P.length > m) { ${writer.constant(placeIndex)}(P, m, ${marker}, i); m = P.length; }`,
    '}',
    'return o;',
  ].join('\n');

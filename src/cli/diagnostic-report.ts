// Formats findings as text: position, code, coordinate, the source line with a caret, found, expected and way out.

import { type Diagnostic, isError } from '../diagnostic.ts';
import { printableLine } from '../printable.ts';
import { codeFrame, type LinesOf } from './code-frame.ts';
import type { Style } from './terminal.ts';

/** One finding in several lines. */
export function diagnosticText(diagnostic: Diagnostic, linesOf: LinesOf, style: Style): string {
  const { file, line, column, code, coordinate, message, found, expected, wayOut, concealed } = diagnostic;
  const place = printableLine(line === undefined ? file : `${file}:${line}:${column ?? 1}`);
  const severity = isError(diagnostic) ? style.bad('error') : style.warn('warning');
  const subject = coordinate === undefined ? '' : ` ${printableLine(coordinate)}`;
  const rows = [
    `${style.place(place)} ${severity} ${style.strong(printableLine(code))}${subject}`,
    `  ${printableLine(message)}`,
  ];
  const frame = concealed === true ? undefined : codeFrame(linesOf(file), line, column, style);
  if (frame !== undefined) rows.push(frame);
  for (const [label, text] of [
    ['found:   ', found],
    ['expected:', expected],
    ['way out: ', wayOut],
  ] as const) {
    if (text !== undefined) rows.push(`  ${style.faint(label)} ${printableLine(text)}`);
  }
  return rows.join('\n');
}

/** `1 error`, `2 errors`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** `1 error and 2 warnings`, or `no errors`. */
export function countOfFindings(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(isError).length;
  const warnings = diagnostics.length - errors;
  const first = errors === 0 ? 'no errors' : counted(errors, 'error');
  return warnings === 0 ? first : `${first} and ${counted(warnings, 'warning')}`;
}

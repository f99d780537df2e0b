// Formats a line of a file with a caret below the column that a finding refers to. Values of keys that are named like secrets are
// not shown: a finding may be about anything else on the line.

import { readFileSync } from 'node:fs';
import type { Style } from './terminal.ts';

/** Returns the lines of a file, or undefined when it cannot be read. Each file is read once per run. */
export type LinesOf = (file: string) => readonly string[] | undefined;

export function createLinesOf(): LinesOf {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, readLines(file));
    return known.get(file);
  };
}

function readLines(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r\n|[\n\r]/);
  } catch {
    return undefined;
  }
}

/** Longer lines are shortened around the caret. */
const WIDTH = 100;

/** Two lines, indented by two spaces; `undefined` when the file has no such line. */
export function codeFrame(
  lines: readonly string[] | undefined,
  line: number | undefined,
  column: number | undefined,
  style: Style,
): string | undefined {
  const written = line === undefined ? undefined : lines?.[line - 1];
  if (written === undefined) return undefined;
  const whole = withoutSecrets(written);
  const at = Math.min(Math.max(0, (column ?? 1) - 1), whole.length);
  const from = at <= WIDTH - 20 ? 0 : at - WIDTH / 2;
  const cutBefore = from > 0 ? '…' : '';
  const cutAfter = whole.length > from + WIDTH ? '…' : '';
  const text = `${cutBefore}${whole.slice(from, from + WIDTH)}${cutAfter}`.replaceAll('\t', ' ');
  const number = String(line);
  const caret = ' '.repeat(cutBefore.length + at - from);
  return [
    `  ${style.faint(`${number} │`)} ${text}`,
    `  ${style.faint(`${' '.repeat(number.length)} │`)} ${caret}${style.bad('^')}`,
  ].join('\n');
}

/** A key that is named like a secret, and its value: in quotes, or up to a comma, a bracket or a blank. */
const SECRET_VALUE =
  /((?:pass(?:word|phrase|wd)?|secret|token|api-?key|private-?key|credential)s?["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s"'[{][^\s,}]*)/gi;

/** References stay, and so do words without a digit or a sign in a schema, which are names of fields. */
const withoutSecrets = (line: string): string =>
  line.replace(SECRET_VALUE, (whole, key: string, value: string) =>
    /^["']?(?:\$\{|\{?\$|[A-Z]?[a-z]+[!\])]*["']?$)/.test(value)
      ? whole
      : `${key}${'…'.padEnd(value.length, ' ')}`,
  );

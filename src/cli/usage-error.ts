// Usage errors of the command line. The message is one sentence with what was found, what was expected and the remedy; the
// exit code is 2.

import { nearestName } from '../connect/mapping/syntax-error.ts';
import { isComposite, isExactNumber, parseJsonExact } from '../exact-number.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `Did you mean "x"?`, or the known names when none is similar. */
export function suggestion(name: string, known: readonly string[], what: string): string {
  const near = nearestName(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0
    ? `There is no ${what}.`
    : `Expected ${known.map((name) => `"${name}"`).join(', ')}.`;
}

/** Parses the value of an option that expects JSON. @throws UsageError */
export function parseJsonOption(option: string, text: string, kind: 'object' | 'list'): unknown {
  const example = kind === 'object' ? `'{"code":"0100109106"}'` : `'[{"code":"0100109106"}]'`;
  let value: unknown;
  try {
    value = parseJsonExact(text);
  } catch {
    throw new UsageError(
      `${option}: found ${shown(text)}, which is not JSON; expected a JSON ${kind}, quoted for the shell: ${option} ${example}.`,
    );
  }
  const isRight = kind === 'list' ? Array.isArray(value) : isComposite(value) && !Array.isArray(value);
  if (isRight) return value;
  const found = Array.isArray(value)
    ? 'a list'
    : value === null
      ? 'null'
      : `a JSON ${isExactNumber(value) ? 'number' : typeof value}`;
  throw new UsageError(`${option}: found ${found}, expected a JSON ${kind}: ${option} ${example}.`);
}

/** An input may be personal: long texts are replaced by their length and long digit sequences are removed. */
const shown = (text: string): string =>
  text.length > 30 ? `${text.length} characters` : JSON.stringify(text.replace(/\d{6,}/g, '…'));

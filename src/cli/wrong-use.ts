// Wrong use of the command line: one sentence that says what was found, what was expected and the way out. Thrown by the
// commands, printed by `program.ts`; the exit code is 2.

import { nearestName } from '../connect/mapping/syntax-error.ts';

export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** `Did you mean "x"?`, or what there is. */
export function suggestion(name: string, known: readonly string[], what: string): string {
  const near = nearestName(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0
    ? `There is no ${what}.`
    : `There is ${known.map((one) => `"${one}"`).join(', ')}.`;
}

/** The value of an option that takes JSON. @throws WrongUse */
export function parseJsonOption(option: string, text: string, kind: 'object' | 'list'): unknown {
  const example = kind === 'object' ? `'{"code":"0100109106"}'` : `'[{"code":"0100109106"}]'`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WrongUse(
      `${option}: found ${shown(text)}, which is not JSON; expected a JSON ${kind}, in quotes for the shell: ${option} ${example}.`,
    );
  }
  const isRight =
    kind === 'list'
      ? Array.isArray(value)
      : typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isRight) return value;
  const found = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a JSON ${typeof value}`;
  throw new WrongUse(`${option}: found ${found}, expected a JSON ${kind}: ${option} ${example}.`);
}

/** An input may be personal: of a long one only its length is said, and digits are not repeated. */
const shown = (text: string): string =>
  text.length > 30 ? `${text.length} characters` : JSON.stringify(text.replace(/\d{6,}/g, '…'));

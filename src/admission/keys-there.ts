// The names of the keys that an answer has where a mapping looked for another: names only, never values. A name that contains digits
// may itself be data, such as the number of a person, and is left out.

import type { MappingProblem } from '../connect/mapping/index.ts';

/** Names that are listed. */
const MAX_NAMES = 12;

/** `there are isbn, name, writer`; undefined when the problem is not about a missing key of an object in the answer. */
export function keysThere(body: unknown, { path, message }: MappingProblem): string | undefined {
  if (!/was not found in/.test(message)) return undefined;
  let holder = body;
  for (const step of path.slice(0, -1)) {
    // The result of a method is not in the answer.
    if (!isContainer(holder) || (typeof step === 'string' && /^(->|\$)/.test(step))) return undefined;
    holder = (holder as Record<string | number, unknown>)[step];
  }
  if (!isContainer(holder) || Array.isArray(holder)) return undefined;
  const names = Object.keys(holder).filter((name) => !/\d{4}/.test(name) && name.length <= 60);
  if (names.length === 0) return undefined;
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

// Methods on strings, and `joinNotNull`, which joins a list to a string.

import { isExactNumber } from '../../../exact-number.ts';
import { type RunState, spend, spendText } from '../budget.ts';
import { kindName } from '../json.ts';
import { reportInvalid } from '../problem.ts';
import { call, type Method, type MethodCall } from './method.ts';

const textMethod =
  (convert: (text: string) => string): MethodCall =>
  (run, site, value) => {
    if (typeof value !== 'string')
      return reportInvalid(run, site, `expected a string, found ${kindName(value)}`);
    spendText(run, value.length, 4);
    return convert(value);
  };

export const TEXTS: readonly Method[] = [
  call(
    {
      name: 'joinNotNull',
      args: [1, 1],
      result: 'string',
      description: 'The strings, numbers and booleans of a list joined with a separator; nulls are skipped.',
    },
    (run, site, value, separator) => {
      if (typeof separator !== 'string') {
        return reportInvalid(run, site, `expected a string as separator, found ${kindName(separator)}`);
      }
      if (value === null) return '';
      const items = Array.isArray(value) ? value : [value];
      let text = '';
      let isFirst = true;
      for (const item of items) {
        spend(run, 4);
        if (item === null || item === undefined) continue;
        if (typeof item === 'object' && !isExactNumber(item)) {
          return reportInvalid(run, site, `cannot join ${kindName(item)}`);
        }
        const added = isFirst ? String(item) : separator + String(item);
        spendText(run, added.length, 4);
        text += added;
        isFirst = false;
      }
      return text;
    },
  ),
  call(
    {
      name: 'split',
      args: [1, 2],
      ignoresMissing: true,
      result: 'list',
      description: 'The parts of a string between separators; the second argument limits their number.',
    },
    (run, site, value, separator, limit) => {
      if (typeof value !== 'string') {
        return reportInvalid(run, site, `expected a string, found ${kindName(value)}`);
      }
      if (typeof separator !== 'string') {
        return reportInvalid(run, site, `expected a string as separator, found ${kindName(separator)}`);
      }
      const most = limit ?? undefined;
      if (most !== undefined && (typeof most !== 'number' || !Number.isInteger(most) || most < 0)) {
        return reportInvalid(run, site, 'expected a non-negative integer as limit');
      }
      return separator === '' ? splitCharacters(run, value, most) : splitAt(run, value, separator, most);
    },
  ),
  call(
    {
      name: 'trim',
      args: [0, 0],
      result: 'string',
      description: 'The string without leading and trailing white space.',
    },
    textMethod((text) => text.trim()),
  ),
  call(
    {
      name: 'trimStart',
      args: [0, 0],
      result: 'string',
      description: 'The string without leading white space.',
    },
    textMethod((text) => text.trimStart()),
  ),
  call(
    {
      name: 'trimEnd',
      args: [0, 0],
      result: 'string',
      description: 'The string without trailing white space.',
    },
    textMethod((text) => text.trimEnd()),
  ),
];

/** Steps of a new element of a list. */
const NEW_ELEMENT = 10;

function splitCharacters(run: RunState, text: string, most = Number.POSITIVE_INFINITY): string[] {
  const parts: string[] = [];
  for (const character of text) {
    if (parts.length >= most) break;
    spend(run, NEW_ELEMENT);
    parts.push(character);
  }
  return parts;
}

function splitAt(run: RunState, text: string, separator: string, most = Number.POSITIVE_INFINITY): string[] {
  // Searching takes time proportional to both lengths in the worst case.
  spendText(run, text.length * Math.ceil(separator.length / 16), 4);
  const parts: string[] = [];
  let from = 0;
  while (parts.length < most) {
    const at = text.indexOf(separator, from);
    const part = at === -1 ? text.slice(from) : text.slice(from, at);
    spend(run, NEW_ELEMENT);
    parts.push(part);
    if (at === -1) break;
    from = at + separator.length;
  }
  return parts;
}

// Methods on strings, and `joinNotNull`, which joins a list to a string.

import { kindName, reportInvalid, type Sink, type Site } from '../problem.ts';
import { call, type Method } from './method.ts';

const textMethod =
  (convert: (text: string) => string) =>
  (sink: Sink, site: Site, value: unknown): unknown =>
    typeof value === 'string'
      ? convert(value)
      : reportInvalid(sink, site, `expected a string, found ${kindName(value)}`);

export const TEXTS: readonly Method[] = [
  call(
    {
      name: 'joinNotNull',
      args: [1, 1],
      result: 'string',
      description: 'The strings, numbers and booleans of a list joined with a separator; nulls are skipped.',
    },
    (sink, site, value, separator) => {
      if (typeof separator !== 'string') {
        return reportInvalid(sink, site, `expected a string as separator, found ${kindName(separator)}`);
      }
      if (value === null) return '';
      const items = Array.isArray(value) ? value : [value];
      let text = '';
      let empty = true;
      for (const item of items) {
        if (item === null || item === undefined) continue;
        if (typeof item === 'object') return reportInvalid(sink, site, `cannot join ${kindName(item)}`);
        text += empty ? String(item) : separator + String(item);
        empty = false;
      }
      return text;
    },
  ),
  call(
    {
      name: 'split',
      args: [1, 2],
      result: 'list',
      description: 'The parts of a string between separators; the second argument limits their number.',
    },
    (sink, site, value, separator, limit) => {
      if (typeof value !== 'string') {
        return reportInvalid(sink, site, `expected a string, found ${kindName(value)}`);
      }
      if (typeof separator !== 'string') {
        return reportInvalid(sink, site, `expected a string as separator, found ${kindName(separator)}`);
      }
      const most = limit ?? undefined;
      if (most !== undefined && (typeof most !== 'number' || !Number.isInteger(most) || most < 0)) {
        return reportInvalid(sink, site, 'expected a non-negative integer as limit');
      }
      return separator === '' ? Array.from(value).slice(0, most) : value.split(separator, most);
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

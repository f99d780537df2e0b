// Methods on texts, and the one that makes a text of a list.

import { kindName, refuse, type Sink, type Site } from '../problem.ts';
import { call, type Method } from './method.ts';

const trimmed =
  (trim: (text: string) => string) =>
  (sink: Sink, site: Site, value: unknown): unknown =>
    typeof value === 'string' ? trim(value) : refuse(sink, site, `expected a text, found ${kindName(value)}`);

export const TEXTS: readonly Method[] = [
  call(
    {
      name: 'joinNotNull',
      args: [1, 1],
      result: 'string',
      description: 'The texts, numbers and booleans of a list joined with a separator, nulls left out.',
    },
    (sink, site, value, separator) => {
      if (typeof separator !== 'string') {
        return refuse(sink, site, `expected a text as separator, found ${kindName(separator)}`);
      }
      if (value === null) return '';
      const items = Array.isArray(value) ? value : [value];
      let text = '';
      let empty = true;
      for (const item of items) {
        if (item === null || item === undefined) continue;
        if (typeof item === 'object') return refuse(sink, site, `cannot join ${kindName(item)}`);
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
      description: 'The parts of a text between separators, at most as many as the second argument says.',
    },
    (sink, site, value, separator, limit) => {
      if (typeof value !== 'string') return refuse(sink, site, `expected a text, found ${kindName(value)}`);
      if (typeof separator !== 'string') {
        return refuse(sink, site, `expected a text as separator, found ${kindName(separator)}`);
      }
      const most = limit ?? undefined;
      if (most !== undefined && (typeof most !== 'number' || !Number.isInteger(most) || most < 0)) {
        return refuse(sink, site, 'expected a whole number from 0 as limit');
      }
      return separator === '' ? Array.from(value).slice(0, most) : value.split(separator, most);
    },
  ),
  call(
    {
      name: 'trim',
      args: [0, 0],
      result: 'string',
      description: 'The text without white space at its ends.',
    },
    trimmed((text) => text.trim()),
  ),
  call(
    {
      name: 'trimStart',
      args: [0, 0],
      result: 'string',
      description: 'The text without leading white space.',
    },
    trimmed((text) => text.trimStart()),
  ),
  call(
    {
      name: 'trimEnd',
      args: [0, 0],
      result: 'string',
      description: 'The text without trailing white space.',
    },
    trimmed((text) => text.trimEnd()),
  ),
];

// Methods on values of any kind, on lists and on objects.

import { kindName, refuse } from '../problem.ts';
import { isEqual, putKey } from '../runtime.ts';
import { call, type Method } from './method.ts';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Text is counted in characters, not in UTF-16 units; only text with surrogates pays for it.
const SURROGATE = /[\ud800-\udfff]/;
const characters = (text: string): string | string[] => (SURROGATE.test(text) ? Array.from(text) : text);
const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

function camelCase(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '');
  const joined = words
    .map((word, i) => (i === 0 ? word.toLowerCase() : word[0]?.toUpperCase() + word.slice(1).toLowerCase()))
    .join('');
  return joined === '' ? key : joined;
}

function camelKeys(value: JsonObject, deep: (inner: unknown) => unknown): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys(value)) putKey(out, camelCase(key), deep(value[key]));
  return out;
}

function camelDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelDeep);
  return isObject(value) ? camelKeys(value, camelDeep) : value;
}

export const VALUES: readonly Method[] = [
  call(
    {
      name: 'toString',
      args: [0, 0],
      result: 'string',
      description: 'A text, number or boolean as text; null as the empty text.',
    },
    (sink, site, value) => {
      if (typeof value === 'string') return value;
      if (value === null) return '';
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return refuse(sink, site, `expected a text, a number, a boolean or null, found ${kindName(value)}`);
    },
  ),
  call(
    { name: 'jsonStringify', args: [0, 0], result: 'string', description: 'The value as JSON text.' },
    (_sink, _site, value) => JSON.stringify(value),
  ),
  call(
    { name: 'jsonParse', args: [0, 0], result: 'unknown', description: 'The value of a JSON text.' },
    (sink, site, value) => {
      if (typeof value !== 'string') return refuse(sink, site, `expected a text, found ${kindName(value)}`);
      try {
        return JSON.parse(value);
      } catch {
        return refuse(sink, site, 'expected JSON, found a text that is not');
      }
    },
  ),
  call(
    {
      name: 'typeof',
      portable: false,
      args: [0, 0],
      result: 'string',
      description: 'The kind of the value: object, array, string, number, boolean or null.',
    },
    (_sink, _site, value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
  ),
  call(
    {
      name: 'eq',
      args: [1, 1],
      result: 'boolean',
      description: 'True when both are equal, compared by value.',
    },
    (_sink, _site, value, other) => isEqual(value, other),
  ),
  call(
    { name: 'ne', args: [1, 1], result: 'boolean', description: 'True when both differ, compared by value.' },
    (_sink, _site, value, other) => !isEqual(value, other),
  ),
  call(
    { name: 'not', args: [0, 0], result: 'boolean', description: 'The opposite of a boolean.' },
    (sink, site, value) =>
      typeof value === 'boolean'
        ? !value
        : refuse(sink, site, `expected a boolean, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'size',
      args: [0, 0],
      result: 'number',
      description: 'Elements of a list, characters of a text, keys of an object.',
    },
    (sink, site, value) => {
      if (Array.isArray(value)) return value.length;
      if (typeof value === 'string') return characters(value).length;
      if (isObject(value)) return Object.keys(value).length;
      return refuse(sink, site, `expected a list, a text or an object, found ${kindName(value)}`);
    },
  ),
  call(
    {
      name: 'first',
      args: [0, 0],
      result: 'item',
      description: 'The first element of a list or character of a text; any other value is its own first.',
    },
    (_sink, _site, value) => {
      if (Array.isArray(value)) return value[0];
      return typeof value === 'string' ? characters(value)[0] : value;
    },
  ),
  call(
    {
      name: 'last',
      args: [0, 0],
      result: 'item',
      description: 'The last element of a list or character of a text; any other value is its own last.',
    },
    (_sink, _site, value) => {
      if (Array.isArray(value)) return value.at(-1);
      return typeof value === 'string' ? characters(value).at(-1) : value;
    },
  ),
  call(
    {
      name: 'get',
      args: [1, 1],
      result: 'item',
      description:
        'An element or character by index (negative from the end), a property of an object by key.',
    },
    (sink, site, value, key) => {
      if (isObject(value)) {
        if (typeof key !== 'string') return refuse(sink, site, `expected a key, found ${kindName(key)}`);
        if (Object.hasOwn(value, key)) return value[key];
        return refuse(sink, site, 'the object has no such key');
      }
      if (!Array.isArray(value) && typeof value !== 'string') {
        return refuse(sink, site, `expected a list, a text or an object, found ${kindName(value)}`);
      }
      if (!isWhole(key)) return refuse(sink, site, `expected a whole number, found ${kindName(key)}`);
      const item = (typeof value === 'string' ? characters(value) : value).at(key);
      return item === undefined ? refuse(sink, site, 'the index is outside the list') : item;
    },
  ),
  call(
    {
      name: 'slice',
      args: [1, 2],
      result: 'same',
      description: 'Elements or characters from the first index to before the second (default: to the end).',
    },
    (sink, site, value, from, to) => {
      if (!Array.isArray(value) && typeof value !== 'string') {
        return refuse(sink, site, `expected a list or a text, found ${kindName(value)}`);
      }
      if (!isWhole(from)) return refuse(sink, site, `expected a whole number, found ${kindName(from)}`);
      const end = to ?? undefined;
      if (end !== undefined && !isWhole(end)) {
        return refuse(sink, site, `expected a whole number, found ${kindName(end)}`);
      }
      if (Array.isArray(value)) return value.slice(from, end);
      const parts = characters(value);
      return typeof parts === 'string' ? parts.slice(from, end) : parts.slice(from, end).join('');
    },
  ),
  call(
    {
      name: 'contains',
      args: [1, 1],
      result: 'boolean',
      description: 'True when the list holds the argument.',
    },
    (sink, site, value, wanted) =>
      Array.isArray(value)
        ? value.some((item) => isEqual(item, wanted))
        : refuse(sink, site, `expected a list, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'entries',
      args: [0, 0],
      result: 'list',
      description: 'The list of { key, value } of an object.',
    },
    (sink, site, value) =>
      isObject(value)
        ? Object.keys(value).map((key) => ({ key, value: value[key] }))
        : refuse(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    { name: 'keys', portable: false, args: [0, 0], result: 'list', description: 'The keys of an object.' },
    (sink, site, value) =>
      isObject(value)
        ? Object.keys(value)
        : refuse(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'values',
      portable: false,
      args: [0, 0],
      result: 'list',
      description: 'The values of an object.',
    },
    (sink, site, value) =>
      isObject(value)
        ? Object.keys(value).map((key) => value[key])
        : refuse(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'has',
      portable: false,
      args: [1, 1],
      result: 'boolean',
      description: 'True when an object has the key, or a list the index.',
    },
    (_sink, _site, value, key) => {
      if (Array.isArray(value)) return isWhole(key) && value.at(key) !== undefined;
      return isObject(value) && typeof key === 'string' && Object.hasOwn(value, key);
    },
  ),
  call(
    {
      name: 'keysToCamelCase',
      args: [0, 0],
      result: 'object',
      description: 'The same object with its own keys in camelCase.',
    },
    (sink, site, value) =>
      isObject(value)
        ? camelKeys(value, (inner) => inner)
        : refuse(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'keysToCamelCaseDeep',
      args: [0, 0],
      result: 'same',
      description: 'The same value with the keys of all objects in it in camelCase.',
    },
    (_sink, _site, value) => camelDeep(value),
  ),
];

// Methods on values of any kind, lists and objects.

import { kindName, reportInvalid } from '../problem.ts';
import { isEqual, putKey } from '../runtime.ts';
import { call, type Method } from './method.ts';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Strings are indexed by code points, not by UTF-16 units; strings without surrogates need no conversion.
const SURROGATE = /[\ud800-\udfff]/;
const characters = (text: string): string | string[] => (SURROGATE.test(text) ? Array.from(text) : text);
const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

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
      description: 'A string, number or boolean as a string; null as the empty string.',
    },
    (sink, site, value) => {
      if (typeof value === 'string') return value;
      if (value === null) return '';
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return reportInvalid(
        sink,
        site,
        `expected a string, a number, a boolean or null, found ${kindName(value)}`,
      );
    },
  ),
  call(
    { name: 'jsonStringify', args: [0, 0], result: 'string', description: 'The value as JSON.' },
    (_sink, _site, value) => JSON.stringify(value),
  ),
  call(
    { name: 'jsonParse', args: [0, 0], result: 'unknown', description: 'The value of a JSON string.' },
    (sink, site, value) => {
      if (typeof value !== 'string') {
        return reportInvalid(sink, site, `expected a string, found ${kindName(value)}`);
      }
      try {
        return JSON.parse(value);
      } catch {
        return reportInvalid(sink, site, 'expected JSON, found another string');
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
      description: 'True if both are equal; lists and objects are compared by value.',
    },
    (_sink, _site, value, other) => isEqual(value, other),
  ),
  call(
    { name: 'ne', args: [1, 1], result: 'boolean', description: 'True if both are not equal.' },
    (_sink, _site, value, other) => !isEqual(value, other),
  ),
  call(
    { name: 'not', args: [0, 0], result: 'boolean', description: 'The negation of a boolean.' },
    (sink, site, value) =>
      typeof value === 'boolean'
        ? !value
        : reportInvalid(sink, site, `expected a boolean, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'size',
      args: [0, 0],
      result: 'number',
      description: 'The number of elements of a list, of characters of a string, or of keys of an object.',
    },
    (sink, site, value) => {
      if (Array.isArray(value)) return value.length;
      if (typeof value === 'string') return characters(value).length;
      if (isObject(value)) return Object.keys(value).length;
      return reportInvalid(sink, site, `expected a list, a string or an object, found ${kindName(value)}`);
    },
  ),
  call(
    {
      name: 'first',
      args: [0, 0],
      result: 'item',
      description: 'The first element of a list or character of a string; any other value itself.',
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
      description: 'The last element of a list or character of a string; any other value itself.',
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
        'An element or character by index (from the end if negative), or a property of an object by key.',
    },
    (sink, site, value, key) => {
      if (isObject(value)) {
        if (typeof key !== 'string')
          return reportInvalid(sink, site, `expected a key, found ${kindName(key)}`);
        if (Object.hasOwn(value, key)) return value[key];
        return reportInvalid(sink, site, 'the object has no such key');
      }
      if (!Array.isArray(value) && typeof value !== 'string') {
        return reportInvalid(sink, site, `expected a list, a string or an object, found ${kindName(value)}`);
      }
      if (!isInteger(key)) return reportInvalid(sink, site, `expected an integer, found ${kindName(key)}`);
      const item = (typeof value === 'string' ? characters(value) : value).at(key);
      return item === undefined ? reportInvalid(sink, site, 'the index is outside the list') : item;
    },
  ),
  call(
    {
      name: 'slice',
      args: [1, 2],
      result: 'same',
      description:
        'The elements or characters from the first index to before the second (default: to the end).',
    },
    (sink, site, value, from, to) => {
      if (!Array.isArray(value) && typeof value !== 'string') {
        return reportInvalid(sink, site, `expected a list or a string, found ${kindName(value)}`);
      }
      if (!isInteger(from)) return reportInvalid(sink, site, `expected an integer, found ${kindName(from)}`);
      const end = to ?? undefined;
      if (end !== undefined && !isInteger(end)) {
        return reportInvalid(sink, site, `expected an integer, found ${kindName(end)}`);
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
      description: 'True if the list has an element equal to the argument.',
    },
    (sink, site, value, wanted) =>
      Array.isArray(value)
        ? value.some((item) => isEqual(item, wanted))
        : reportInvalid(sink, site, `expected a list, found ${kindName(value)}`),
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
        : reportInvalid(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    { name: 'keys', portable: false, args: [0, 0], result: 'list', description: 'The keys of an object.' },
    (sink, site, value) =>
      isObject(value)
        ? Object.keys(value)
        : reportInvalid(sink, site, `expected an object, found ${kindName(value)}`),
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
        : reportInvalid(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'has',
      portable: false,
      args: [1, 1],
      result: 'boolean',
      description: 'True if an object has the key, or a list the index.',
    },
    (_sink, _site, value, key) => {
      if (Array.isArray(value)) return isInteger(key) && value.at(key) !== undefined;
      return isObject(value) && typeof key === 'string' && Object.hasOwn(value, key);
    },
  ),
  call(
    {
      name: 'keysToCamelCase',
      args: [0, 0],
      result: 'object',
      description: 'The object with its keys in camelCase.',
    },
    (sink, site, value) =>
      isObject(value)
        ? camelKeys(value, (inner) => inner)
        : reportInvalid(sink, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'keysToCamelCaseDeep',
      args: [0, 0],
      result: 'same',
      description: 'The value with the keys of all objects in it in camelCase.',
    },
    (_sink, _site, value) => camelDeep(value),
  ),
];

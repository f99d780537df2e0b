// Methods on values of any kind, lists and objects.

import { isExactNumber, parseJsonExact } from '../../../exact-number.ts';
import { MappingLimitError, spend } from '../budget.ts';
import { isDeeperThan, isObject, kindName, sizeOf } from '../json.ts';
import { reportInvalid } from '../problem.ts';
import { isEqual, listKeys } from '../runtime.ts';
import { camelKeys, camelKeysDeep } from './camel-case.ts';
import { characterAt, countCharacters, lastCharacter, sliceCharacters } from './characters.ts';
import { call, type Method } from './method.ts';

const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

/** Steps of parsing one character of JSON. */
const PARSED_CHARACTER = 8;
/** More nested objects and lists than any documented answer has. */
const MAX_DEPTH = 64;

export const VALUES: readonly Method[] = [
  call(
    {
      name: 'toString',
      args: [0, 0],
      result: 'string',
      description: 'A string, number or boolean as a string; null as the empty string.',
    },
    (run, site, value) => {
      if (typeof value === 'string') return value;
      if (value === null) return '';
      if (typeof value === 'number' || typeof value === 'boolean' || isExactNumber(value))
        return String(value);
      return reportInvalid(
        run,
        site,
        `expected a string, a number, a boolean or null, found ${kindName(value)}`,
      );
    },
  ),
  call(
    { name: 'jsonStringify', args: [0, 0], result: 'string', description: 'The value as JSON.' },
    (run, _site, value) => {
      const size = sizeOf(value, run.steps);
      if (size === Number.POSITIVE_INFINITY) throw new MappingLimitError('depth');
      spend(run, size * 3);
      return JSON.stringify(value);
    },
  ),
  call(
    { name: 'jsonParse', args: [0, 0], result: 'unknown', description: 'The value of a JSON string.' },
    (run, site, value) => {
      if (typeof value !== 'string') {
        return reportInvalid(run, site, `expected a string, found ${kindName(value)}`);
      }
      spend(run, value.length * PARSED_CHARACTER);
      let parsed: unknown;
      try {
        parsed = parseJsonExact(value);
      } catch {
        return reportInvalid(run, site, 'expected JSON, found another string');
      }
      return isDeeperThan(parsed, MAX_DEPTH)
        ? reportInvalid(run, site, `expected at most ${MAX_DEPTH} nested objects and lists`)
        : parsed;
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
    (_run, _site, value) => {
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      return isExactNumber(value) ? 'number' : typeof value;
    },
  ),
  call(
    {
      name: 'eq',
      args: [1, 1],
      result: 'boolean',
      description: 'True if both are equal; lists and objects are compared by value.',
    },
    (run, _site, value, other) => isEqual(run, value, other),
  ),
  call(
    { name: 'ne', args: [1, 1], result: 'boolean', description: 'True if both are not equal.' },
    (run, _site, value, other) => !isEqual(run, value, other),
  ),
  call(
    { name: 'not', args: [0, 0], result: 'boolean', description: 'The negation of a boolean.' },
    (run, site, value) =>
      typeof value === 'boolean'
        ? !value
        : reportInvalid(run, site, `expected a boolean, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'size',
      args: [0, 0],
      result: 'number',
      description: 'The number of elements of a list, of characters of a string, or of keys of an object.',
    },
    (run, site, value) => {
      if (Array.isArray(value)) return value.length;
      if (typeof value === 'string') {
        spend(run, value.length);
        return countCharacters(value);
      }
      if (isObject(value)) return listKeys(run, value).length;
      return reportInvalid(run, site, `expected a list, a string or an object, found ${kindName(value)}`);
    },
  ),
  call(
    {
      name: 'first',
      args: [0, 0],
      result: 'item',
      description: 'The first element of a list or character of a string; any other value itself.',
    },
    (_run, _site, value) => {
      if (Array.isArray(value)) return value[0];
      return typeof value === 'string' ? characterAt(value, 0) : value;
    },
  ),
  call(
    {
      name: 'last',
      args: [0, 0],
      result: 'item',
      description: 'The last element of a list or character of a string; any other value itself.',
    },
    (_run, _site, value) => {
      if (Array.isArray(value)) return value.at(-1);
      return typeof value === 'string' ? lastCharacter(value) : value;
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
    (run, site, value, key) => {
      if (isObject(value)) {
        if (typeof key !== 'string')
          return reportInvalid(run, site, `expected a key, found ${kindName(key)}`);
        if (Object.hasOwn(value, key)) return value[key];
        return reportInvalid(run, site, 'the object has no such key');
      }
      if (!Array.isArray(value) && typeof value !== 'string') {
        return reportInvalid(run, site, `expected a list, a string or an object, found ${kindName(value)}`);
      }
      if (!isInteger(key)) return reportInvalid(run, site, `expected an integer, found ${kindName(key)}`);
      // An index from the end needs the number of characters first.
      if (typeof value === 'string') spend(run, value.length * 2);
      const item = typeof value === 'string' ? characterAt(value, key) : value.at(key);
      return item === undefined ? reportInvalid(run, site, 'the index is outside the list') : item;
    },
  ),
  call(
    {
      name: 'slice',
      args: [1, 2],
      ignoresMissing: true,
      result: 'same',
      description:
        'The elements or characters from the first index to before the second (default: to the end).',
    },
    (run, site, value, from, to) => {
      if (!Array.isArray(value) && typeof value !== 'string') {
        return reportInvalid(run, site, `expected a list or a string, found ${kindName(value)}`);
      }
      if (!isInteger(from)) return reportInvalid(run, site, `expected an integer, found ${kindName(from)}`);
      const end = to ?? undefined;
      if (end !== undefined && !isInteger(end)) {
        return reportInvalid(run, site, `expected an integer, found ${kindName(end)}`);
      }
      spend(run, value.length * 2);
      return Array.isArray(value) ? value.slice(from, end) : sliceCharacters(value, from, end);
    },
  ),
  call(
    {
      name: 'contains',
      args: [1, 1],
      result: 'boolean',
      description: 'True if the list has an element equal to the argument.',
    },
    (run, site, value, wanted) =>
      Array.isArray(value)
        ? value.some((item) => isEqual(run, item, wanted))
        : reportInvalid(run, site, `expected a list, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'entries',
      args: [0, 0],
      result: 'list',
      description: 'The list of { key, value } of an object.',
    },
    (run, site, value) =>
      isObject(value)
        ? listKeys(run, value).map((key) => ({ key, value: value[key] }))
        : reportInvalid(run, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    { name: 'keys', portable: false, args: [0, 0], result: 'list', description: 'The keys of an object.' },
    (run, site, value) =>
      isObject(value)
        ? listKeys(run, value)
        : reportInvalid(run, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'values',
      portable: false,
      args: [0, 0],
      result: 'list',
      description: 'The values of an object.',
    },
    (run, site, value) =>
      isObject(value)
        ? listKeys(run, value).map((key) => value[key])
        : reportInvalid(run, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'has',
      portable: false,
      args: [1, 1],
      result: 'boolean',
      description: 'True if an object has the key, or a list or a string the index.',
    },
    (run, _site, value, key) => {
      if (Array.isArray(value)) return isInteger(key) && value.at(key) !== undefined;
      if (typeof value === 'string') {
        spend(run, value.length * 2);
        return isInteger(key) && characterAt(value, key) !== undefined;
      }
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
    (run, site, value) =>
      isObject(value)
        ? camelKeys(run, value, (inner) => inner)
        : reportInvalid(run, site, `expected an object, found ${kindName(value)}`),
  ),
  call(
    {
      name: 'keysToCamelCaseDeep',
      args: [0, 0],
      result: 'same',
      description: 'The value with the keys of all objects in it in camelCase.',
    },
    (run, _site, value) => camelKeysDeep(run, value),
  ),
];

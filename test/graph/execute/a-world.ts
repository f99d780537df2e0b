// What stands behind a schema in the comparison with graphql-js: resolvers, properties and type functions whose outcome
// depends on a seed and their place alone, so that two executors that ask alike are answered alike. Values fit their types
// or not, come at once, later or never, and every call is recorded.

import {
  buildSchema,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';

export interface World {
  readonly seed: number;
  /** Of a thousand values, how many fail in some way. */
  readonly failures: number;
  /** Of a thousand values, how many are promises. */
  readonly promises: number;
  /** Every call of a resolver, method or type function, in its order. */
  readonly calls: string[];
  /** Promises that have not settled yet. */
  pending: number;
}

export const aWorld = (seed: number, failures: number, promises: number): World => ({
  seed,
  failures,
  promises,
  calls: [],
  pending: 0,
});

const ID = Symbol('place of an object');
type AnObject = Record<string, unknown> & { [ID]: string };

/** The schema of an SDL text with the code of a world. @param isResolved which fields have a resolver */
export function aSchemaWith(
  sdl: string,
  isResolved: (typeName: string, fieldName: string, description: string | undefined) => boolean,
): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isScalarType(type)) addScalarCode(type);
    if (isAbstractType(type) && type.name !== 'Found') {
      type.resolveType = (value: AnObject, world: World) => typeNameOf(world, value, type) as string;
    }
    if (isInputObjectType(type))
      for (const { defaultValue } of Object.values(type.getFields())) freeze(defaultValue);
    if (!isObjectType(type)) continue;
    if (type.name === 'Checked' || type.name === 'Bare') {
      type.isTypeOf = (value: AnObject, world: World) => isTypeOf(world, value, type) as boolean;
    }
    for (const field of Object.values(type.getFields())) {
      for (const { defaultValue } of field.args) freeze(defaultValue);
      if (!isResolved(type.name, field.name, field.description ?? undefined)) continue;
      field.resolve = (source: AnObject | undefined, args, world: World, info) => {
        record(world, args, info);
        return outcome(schema, world, field.type, `${source?.[ID] ?? ''}/${pathOf(info)}`, 3);
      };
    }
  }
  return schema;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.values(value).forEach(freeze);
  Object.freeze(value);
}

const pathOf = ({ path }: GraphQLResolveInfo): string => {
  const keys: (string | number)[] = [];
  for (let step: typeof path | undefined = path; step !== undefined; step = step.prev) {
    keys.unshift(step.typename === undefined ? step.key : `${step.typename}.${step.key}`);
  }
  return keys.join('.');
};

function record({ calls }: World, args: unknown, info: GraphQLResolveInfo): void {
  const { fieldName, fieldNodes, returnType, parentType, operation, variableValues, fragments } = info;
  const place = `${parentType.name}.${fieldName}: ${returnType} ${operation.name?.value} ${fieldNodes.length}`;
  const names = Object.keys(fragments).length;
  calls.push(`${pathOf(info)} ${place} ${names} ${textOf(args)} ${textOf(variableValues)}`);
  spoil(args);
}

/** A resolver may change the arguments that it received: no other call may see that, unless graphql-js shares them. The
 * defaults of a schema are shared by all its runs, so that these are frozen and left alone. */
function spoil(args: unknown): void {
  if (typeof args !== 'object' || args === null || Object.isFrozen(args)) return;
  for (const value of Object.values(args)) spoil(value);
  if (Array.isArray(args)) args.push('spoilt');
  else Object.assign(args, { spoilt: true });
}

/** Shows undefined and prototypes too. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === undefined) return '(undefined)';
    if (typeof inner === 'number' && (Object.is(inner, -0) || !Number.isFinite(inner)))
      return `(${Object.is(inner, -0) ? '-0' : inner})`;
    return typeof inner === 'bigint' || typeof inner === 'symbol' || typeof inner === 'function'
      ? String(inner)
      : inner;
  });

// —— chance ——

/** 32 bits from a text: FNV-1a, mixed. */
function hash(seed: number, text: string): number {
  let h = (seed ^ 2166136261) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 15), 2246822507);
  h = Math.imul(h ^ (h >>> 13), 3266489909);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number below `below` that depends on a seed and a text alone. */
export const chance = (seed: number, text: string, below: number): number => hash(seed, text) % below;

const roll = (world: World, id: string, what: string, below: number): number =>
  chance(world.seed, `${what} ${id}`, below);

// —— how a value comes ——

class OwnError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`failed: ${code}`);
    this.code = code;
  }
}

/** An error that a resolver throws, of one kind or another. */
function anError(world: World, id: string): unknown {
  const text = id.slice(-12);
  switch (roll(world, id, 'error', 7)) {
    case 0:
      return new GraphQLError(`own: ${text}`, { extensions: { code: 'OWN' } });
    case 1:
      return new OwnError(text);
    case 2:
      return `thrown text ${text}`;
    case 3:
      return undefined;
    case 4:
      return { message: text };
    case 5:
      return new GraphQLError(`elsewhere: ${text}`, { path: ['else', 'where'] });
    default:
      return new Error(`plain: ${text}`);
  }
}

/** What a resolver or a method does: returns, promises, throws or rejects. */
function outcome(
  schema: GraphQLSchema,
  world: World,
  type: GraphQLOutputType,
  id: string,
  depth: number,
): unknown {
  const dice = roll(world, id, 'how', 1000);
  const fails = dice < world.failures;
  const value = () => valueAt(schema, world, type, id, depth);
  if (roll(world, id, 'when', 1000) >= world.promises) {
    if (fails && dice % 3 > 0) throw anError(world, id);
    return fails ? anErrorValue(world, id) : value();
  }
  return later(world, id, () => {
    if (fails && dice % 3 > 0) throw anError(world, id);
    return fails ? anErrorValue(world, id) : value();
  });
}

const anErrorValue = (world: World, id: string): unknown => {
  const error = anError(world, id);
  return error instanceof Error ? error : new Error(`returned: ${id.slice(-8)}`);
};

/** A promise, or something like it, that settles after some turns of the queue. */
function later(world: World, id: string, value: () => unknown): unknown {
  world.pending += 1;
  const make = () => {
    world.pending -= 1;
    return value();
  };
  const how = roll(world, id, 'later', 12);
  const settle = (turns: number): Promise<unknown> => {
    let promise: Promise<unknown> = Promise.resolve();
    for (let i = 0; i < turns; i++) promise = promise.then(() => undefined);
    return promise.then(make);
  };
  if (how < 8) return settle(how);
  if (how === 8) return new Promise((resolve) => setImmediate(resolve)).then(make);
  if (how < 11) {
    const promise = settle(2);
    const then = (onValue: (value: unknown) => unknown, onError: (error: unknown) => unknown) =>
      promise.then(onValue, onError);
    // Not a Promise, but taken for one.
    return Object.defineProperty({}, 'then', { value: then });
  }
  return (async () => make())();
}

// —— values ——

function valueAt(
  schema: GraphQLSchema,
  world: World,
  type: GraphQLOutputType,
  id: string,
  depth: number,
): unknown {
  if (isNonNullType(type)) {
    return roll(world, id, 'null', 2000) < world.failures
      ? null
      : valueAt(schema, world, type.ofType, id, depth);
  }
  if (roll(world, id, 'nothing', 25) === 0) return roll(world, id, 'which', 2) === 0 ? null : undefined;
  const fits = roll(world, id, 'fits', 1500) >= world.failures;
  if (isListType(type)) return listOf(schema, world, type.ofType, id, depth, fits);
  if (isObjectType(type) || isAbstractType(type)) return objectOf(schema, world, type, id, depth, fits);
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    return fits
      ? names[roll(world, id, 'name', names.length)]
      : ['Z', 3, {}, ''][roll(world, id, 'wrong', 4)];
  }
  const values = (fits ? FITTING : WRONG)[type.name] ?? ['text', 'other'];
  return values[roll(world, id, 'leaf', values.length)];
}

const FITTING: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1, 0, -0, -5, 2147483647, true, '12', 3n, { valueOf: () => 4 }],
  Float: [1.5, 0, -0, 1e300, '2.5', false, { toJSON: () => 7 }],
  String: ['text', '', 'Việt', 5, true, 1.5, { toString: () => 'told', valueOf: () => 'told' }],
  Boolean: [true, false, 1, 0],
  ID: ['id', '7', 7, { toJSON: () => 'id' }],
  Odd: [1, 3, 'o'],
  Free: [1, 'free', [1, 2], JSON.parse('{"a":1,"then":"no"}'), true],
};
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1.5, 2147483648, 'many', {}, [1], Number.NaN, '', Symbol('int')],
  Float: [Number.POSITIVE_INFINITY, 'many', {}, [], Number.NaN],
  String: [{}, [], Symbol('text')],
  Boolean: ['yes', {}, Number.NaN],
  ID: [1.5, {}, true],
  Odd: [2, 4, 'throws', 'null', 'undefined', 'promise', 'rejects'],
  Free: [Symbol('free')],
};

function addScalarCode(type: GraphQLScalarType): void {
  if (type.name !== 'Odd') return;
  type.serialize = (value) => {
    if (value === 'throws') throw 'a text';
    if (value === 'null') return null;
    if (value === 'undefined') return undefined;
    if (value === 'promise') return Promise.resolve('promised');
    if (value === 'rejects') return Promise.reject(new Error('rejected by serialize'));
    if (typeof value === 'number' && value % 2 === 0) throw new GraphQLError(`Odd: found ${value}`);
    return value;
  };
  type.parseValue = (value) => {
    if (typeof value === 'number' && value % 2 === 0) throw new TypeError('Odd: even');
    return value;
  };
  type.parseLiteral = (node) => {
    if (node.kind !== 'IntValue') return undefined;
    return type.parseValue(Number(node.value));
  };
}

function listOf(
  schema: GraphQLSchema,
  world: World,
  item: GraphQLOutputType,
  id: string,
  depth: number,
  fits: boolean,
): unknown {
  if (!fits) return ['text', 5, {}, { length: 1, 0: 'a' }, true][roll(world, id, 'wrong list', 5)];
  const length = roll(world, id, 'length', LENGTHS[listsAbove(id)] ?? 2);
  const itemAt = (i: number): unknown => {
    const itemId = `${id}.${i}`;
    const isLater = roll(world, itemId, 'item', 1000) < world.promises;
    const make = () => {
      if (roll(world, itemId, 'how', 1000) >= world.failures / 2)
        return valueAt(schema, world, item, itemId, depth);
      const error = anErrorValue(world, itemId);
      if (isLater) throw error;
      return error;
    };
    return isLater ? later(world, itemId, make) : make();
  };
  const items = () => Array.from({ length }, (_, i) => itemAt(i));
  switch (roll(world, id, 'iterable', 8)) {
    case 0:
      return new Set(items());
    case 1:
      return {
        *[Symbol.iterator]() {
          for (let i = 0; i < length; i++) yield itemAt(i);
        },
      };
    default:
      return items();
  }
}

/** Items of a list, at most, less one, by how many lists are above it: answers stay small. */
const LENGTHS = [5, 4, 3];

const listsAbove = (id: string): number => id.match(/\.\d/g)?.length ?? 0;

function objectOf(
  schema: GraphQLSchema,
  world: World,
  type: GraphQLObjectType | GraphQLAbstractType,
  id: string,
  depth: number,
  fits: boolean,
): unknown {
  if (!fits) return [[], 'text', 5, true, () => 1][roll(world, id, 'wrong object', 5)];
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const objectType = possible[roll(world, id, 'type', possible.length)] as GraphQLObjectType;
  return anObject(schema, world, objectType, id, depth);
}

/** An object whose leaves are ready; what is below them is made when it is read. */
function anObject(
  schema: GraphQLSchema,
  world: World,
  type: GraphQLObjectType,
  id: string,
  depth: number,
): AnObject {
  const object = { [ID]: id } as AnObject;
  const kind = roll(world, id, 'kind of object', 8);
  if (kind !== 0) object.__typename = type.name;
  for (const field of Object.values(type.getFields())) {
    if (field.resolve !== undefined) continue;
    const fieldId = `${id}:${field.name}`;
    const make = () => {
      if (depth === 0 && (isObjectType(getNamedType(field.type)) || isAbstractType(getNamedType(field.type))))
        return null;
      return outcome(schema, world, field.type, fieldId, depth - 1);
    };
    const how = roll(world, fieldId, 'property', 20);
    // Whoever asks whether an object is a promise reads this property: reading it begins nothing.
    if (field.name === 'then')
      Object.assign(object, Object.fromEntries([['then', ['text', 5, null][how % 3]]]));
    else if (how === 0 && field.name !== 'toString') {
      object[field.name] = (args: unknown, asked: World, info: GraphQLResolveInfo) => {
        record(asked, args, info);
        return make();
      };
    }
    // Not enumerable: an error message that shows the object must not begin anything.
    else Object.defineProperty(object, field.name, { get: make, configurable: true });
  }
  return object;
}

// —— types of values ——

function typeNameOf(world: World, value: AnObject, type: GraphQLAbstractType): unknown {
  const id = `${value?.[ID]}`;
  world.calls.push(`resolveType ${type.name} ${id}`);
  const name = () => {
    const dice = roll(world, id, 'resolveType', 2500);
    if (dice >= world.failures)
      return typeof value === 'object' ? (value?.__typename ?? undefined) : undefined;
    if (dice % 7 === 6) throw anError(world, id);
    return [undefined, null, 'Nowhere', 'Query', 'Kind', 7][dice % 7];
  };
  return roll(world, id, 'type when', 2000) < world.promises ? later(world, `${id} type`, name) : name();
}

function isTypeOf(world: World, value: AnObject, type: GraphQLObjectType): unknown {
  const id = `${value?.[ID]}`;
  world.calls.push(`isTypeOf ${type.name} ${id}`);
  const answer = () => {
    const dice = roll(world, id, `isTypeOf ${type.name}`, 2500);
    if (dice < world.failures) {
      if (dice % 3 === 0) throw anError(world, id);
      return dice % 3 === 1;
    }
    return typeof value === 'object' && (value?.__typename ?? type.name) === type.name;
  };
  return roll(world, id, 'is when', 2000) < world.promises ? later(world, `${id} is`, answer) : answer();
}

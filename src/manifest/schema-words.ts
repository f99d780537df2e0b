// What a zod schema expects, in words: the part of a schema at a path of a value, the values that it accepts, and its example.

import { z } from 'zod';
import { innerSchema } from '../manifest-keys.ts';

type Step = string | number;

/** The schema of the value at a path, where the holders of the value decide between the members of unions. */
export function schemaAt(root: z.ZodType, value: unknown, path: readonly Step[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = root;
  let holder = value;
  for (const step of path) {
    at = at && below(memberFor(at, holder), step);
    holder = (holder as Record<Step, unknown> | null | undefined)?.[step];
  }
  return at;
}

/** The keys of an object schema for a value; none where any key is allowed, or no object is expected. */
export function keysOf(schema: z.ZodType | undefined, value: unknown): string[] {
  const member = schema && memberFor(schema, value);
  return member instanceof z.ZodObject ? Object.keys(member.shape) : [];
}

/** The paths at which an object schema below `root` has a key of this name; records and lists are not searched. */
export function pathsOfKey(root: z.ZodType, name: string): readonly string[] {
  let index = indexes.get(root);
  if (index === undefined) {
    index = indexOf(root, [], new Map());
    indexes.set(root, index);
  }
  return index.get(name) ?? [];
}

type KeyIndex = Map<string, string[]>;

/** A file may have many unknown keys: the schema is walked once. */
const indexes = new WeakMap<z.ZodType, KeyIndex>();

function indexOf(root: z.ZodType, above: readonly string[], index: KeyIndex): KeyIndex {
  const inner = innerSchema(root);
  if (!(inner instanceof z.ZodObject)) return index;
  for (const [key, schema] of Object.entries(inner.shape as Record<string, z.ZodType>)) {
    const path = [...above, key];
    const known = index.get(key);
    if (known === undefined) index.set(key, [path.join('.')]);
    else known.push(path.join('.'));
    indexOf(schema, path, index);
  }
  return index;
}

/** The texts of an enumeration. */
export function optionsOf(schema: z.ZodType | undefined): readonly string[] {
  const inner = schema && innerSchema(schema);
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
}

function below(schema: z.ZodType, step: Step): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.ZodType>)[step];
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return schema instanceof z.ZodArray ? (schema.element as z.ZodType) : undefined;
}

/** The member of a union that a value is meant for: the kind that it names, else the one of its form. */
function memberFor(schema: z.ZodType, value: unknown): z.ZodType {
  const inner = innerSchema(schema);
  if (!(inner instanceof z.ZodUnion)) return inner;
  const members = inner.options.map((option) => innerSchema(option as z.ZodType));
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const objects = members.filter((member) => member instanceof z.ZodObject);
  const fitting = (member: z.ZodObject): number =>
    keys.filter((key) => Object.hasOwn(member.shape, key)).length;
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const name = inner.def.discriminator;
    const kind = (value as Record<string, unknown> | null | undefined)?.[name];
    const named = objects.find(
      ({ shape }) => (shape[name] as { value?: unknown } | undefined)?.value === kind,
    );
    if (named !== undefined) return named;
  }
  if (Array.isArray(value)) return members.find((member) => member instanceof z.ZodArray) ?? inner;
  if (typeof value !== 'object' || value === null || objects.length === 0) return inner;
  return objects.toSorted((a, b) => fitting(b) - fitting(a))[0] as z.ZodObject;
}

export interface KeyMeta {
  readonly unit?: string;
  readonly example?: unknown;
  readonly reference?: true;
}

/** The notes of a schema and of the schemas that it wraps; the outermost counts. */
export function metaOf(schema: z.ZodType): KeyMeta {
  const own = (z.globalRegistry.get(schema) ?? {}) as KeyMeta;
  const { def } = schema as { def: { innerType?: z.ZodType; in?: z.ZodType } };
  const inside = def.innerType ?? def.in;
  return inside === undefined ? own : { ...metaOf(inside), ...own };
}

/** `a whole number from 1 to 600000, in ms`. */
export function wordsFor(schema: z.ZodType): string {
  const inner = innerSchema(schema);
  const { unit, reference, example } = metaOf(schema);
  if (inner instanceof z.ZodNumber) return numberWords(inner, unit);
  if (inner instanceof z.ZodEnum) return `one of ${inner.options.join(', ')}`;
  if (inner instanceof z.ZodLiteral)
    return inner.values.size === 1 ? JSON.stringify(inner.value) : 'a fixed value';
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodString) {
    const such = typeof example === 'string' ? ` such as ${example}` : '';
    return reference === true ? `a text or a reference${such}` : `a text${such}`;
  }
  if (inner instanceof z.ZodArray) return `a list; each item ${wordsFor(inner.element as z.ZodType)}`;
  if (inner instanceof z.ZodRecord) return 'names, each with a value';
  if (inner instanceof z.ZodObject) return objectWords(inner);
  if (inner instanceof z.ZodDiscriminatedUnion) return `a section with ${inner.def.discriminator}`;
  if (inner instanceof z.ZodUnion)
    return inner.options.map((option) => wordsFor(option as z.ZodType)).join(', or ');
  return 'a value';
}

function objectWords({ shape }: z.ZodObject): string {
  const required = Object.keys(shape).filter((key) => !isOptional(shape[key] as z.ZodType));
  const keys = required.length > 0 ? required : Object.keys(shape);
  return `a section with ${required.length > 0 ? '' : 'any of '}${keys.join(', ')}`;
}

export const isOptional = (schema: z.ZodType): boolean => schema.safeParse(undefined).success;

function numberWords(schema: z.ZodNumber, unit: string | undefined): string {
  const { minimum, maximum } = boundsOf(schema);
  const kind = schema.isInt ? 'a whole number' : 'a number';
  const of = unit === undefined || unit === 'share' ? '' : `, in ${unit}`;
  if (minimum === undefined) return maximum === undefined ? `${kind}${of}` : `${kind} up to ${maximum}${of}`;
  return `${kind} ${maximum === undefined ? `from ${minimum} on` : `from ${minimum} to ${maximum}`}${of}`;
}

/** Without the bounds that every whole number has. */
function boundsOf({ minValue, maxValue }: z.ZodNumber): { minimum?: number; maximum?: number } {
  return {
    ...(minValue === null || minValue <= Number.MIN_SAFE_INTEGER ? {} : { minimum: minValue }),
    ...(maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER ? {} : { maximum: maxValue }),
  };
}

/** The largest value that a number may have; undefined for other schemas. */
export function largestOf(schema: z.ZodType | undefined): number | undefined {
  const inner = schema && innerSchema(schema);
  return inner instanceof z.ZodNumber ? boundsOf(inner).maximum : undefined;
}

// Findings on the values of a YAML file: what a zod schema refuses, each mistake once, with its place, what was found, what was
// expected and how to write it.

import type { z } from 'zod';
import type { Diagnostic } from '../diagnostic.ts';
import { MAX_FINDINGS } from '../diagnostic.ts';
import { isOptional, keysOf, metaOf, optionsOf, pathsOfKey, schemaAt, wordsFor } from './schema-words.ts';
import { didYouMean, hintFor, meantReference, sameName, similarName } from './yaml-hints.ts';
import type { PlaceOf, YamlPath } from './yaml-places.ts';

export interface IssueContext {
  readonly value: unknown;
  readonly file: string;
  readonly schema: z.ZodType;
  /** Begins the code. */
  readonly name: string;
  /** Where the keys are described. */
  readonly wayOut: string;
  readonly isSecret: (path: YamlPath) => boolean;
  readonly placeOf: PlaceOf;
}

/** Shown in place of a value that may be a secret. */
export const NOT_SHOWN = 'a value that is not shown';

/** @param settled paths of values that have a finding already */
export function issueFindings(
  issues: readonly z.core.$ZodIssue[],
  context: IssueContext,
  settled: ReadonlySet<string> = new Set(),
): Diagnostic[] {
  const flat = issues.slice(0, MAX_FINDINGS + 1).flatMap(flattened);
  const unknown = flat.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(issue, context) : [],
  );
  // A required key that is misspelt is one mistake.
  const misspelt = new Set(
    unknown.flatMap(({ path, meant }) => (meant === undefined ? [] : keyOf([...path, meant]))),
  );
  const others = flat.filter(
    ({ code, path }) =>
      code !== 'unrecognized_keys' && ![misspelt, settled].some((set) => set.has(keyOf(path as YamlPath))),
  );
  return [...unknown.map(({ finding }) => finding), ...others.map((issue) => valueFinding(issue, context))];
}

export const keyOf = (path: YamlPath): string => path.join('\0');

/**
 * The issues of the member of a union that the value comes closest to, with whole paths: the one with the fewest issues among those of
 * the value's own form. A union whose members have nothing in common with the value keeps its own issue. So does a union with a
 * message of its own, if the value is not one of its constants.
 */
function flattened(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const hasMessage = issue.message !== 'Invalid input';
  // The issue of a member of another form is at the value itself.
  const isForeign = ({ code, path }: z.core.$ZodIssue): boolean =>
    path.length === 0 && (code === 'invalid_type' || (hasMessage && code === 'invalid_value'));
  const [nearest] = issue.errors
    .filter((own) => own.length > 0 && !own.some(isForeign))
    .toSorted((a, b) => a.length - b.length);
  if (nearest === undefined) return [issue];
  return nearest.flatMap((own) => flattened({ ...own, path: [...issue.path, ...own.path] }));
}

const valueAt = (value: unknown, path: YamlPath): unknown =>
  path.reduce<unknown>((holder, key) => (holder as Record<string, unknown> | null | undefined)?.[key], value);

// —— keys ——

interface UnknownKey {
  readonly path: YamlPath;
  readonly meant: string | undefined;
  readonly finding: Diagnostic;
}

function unknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  { value, file, schema, name, wayOut, placeOf }: IssueContext,
): UnknownKey[] {
  const path = issue.path as YamlPath;
  const holder = valueAt(value, path);
  const known = keysOf(schemaAt(schema, value, path), holder);
  const free = known.filter((key) => !Object.hasOwn(holder as object, key));
  return issue.keys.slice(0, MAX_FINDINGS + 1).map((key) => {
    const meant = similarName(key, free);
    const elsewhere = meant === undefined ? pathsOfKey(schema, key) : [];
    const given = meant === undefined ? sameName(key, known) : undefined;
    return {
      path,
      meant,
      finding: {
        code: `${name}Invalid`,
        file,
        ...placeOf([...path, key]),
        coordinate: [...path, key].join('.'),
        message: 'There is no such key here.',
        found: key,
        expected: meant ?? (elsewhere.length > 0 ? elsewhere.join(' or ') : `one of ${known.join(', ')}`),
        wayOut:
          didYouMean(meant) ??
          (elsewhere.length > 0
            ? `Move it into its section: ${elsewhere.join(' or ')}.`
            : given === undefined
              ? `Remove it. ${wayOut}`
              : `Remove it: "${given}" is there already.`),
      },
    };
  });
}

// —— values ——

function valueFinding(issue: z.core.$ZodIssue, context: IssueContext): Diagnostic {
  const { value, file, schema, name, wayOut, isSecret, placeOf } = context;
  const path = issue.path as YamlPath;
  const at = schemaAt(schema, value, path);
  const found = valueAt(value, path);
  const missing = found === undefined;
  // The names of an enumeration are no secrets, and neither is the name of a kind.
  const kinds = kindsOf(issue) ?? (issue.code === 'custom' ? [] : optionsOf(at));
  const hidden =
    optionsOf(at).length === 0 && kinds.length === 0 && isSecret(path) && typeof found !== 'object';
  const expected = kinds.length > 0 ? `one of ${kinds.join(', ')}` : expectedBy(issue, at);
  const own = hidden
    ? hiddenHint(found)
    : kinds.length > 0
      ? didYouMean(typeof found === 'string' ? similarName(found, kinds) : undefined)
      : at && hintFor(at, found);
  return {
    code: `${name}Invalid`,
    file,
    ...placeOf(path),
    coordinate: path.join('.') || '(the whole file)',
    message: messageOf(found, path),
    found: missing ? 'nothing' : hidden ? NOT_SHOWN : shortText(found),
    expected,
    wayOut: own ?? exampleOf(path, at) ?? wayOut,
    ...(hidden ? { concealed: true } : {}),
  };
}

function messageOf(found: unknown, path: YamlPath): string {
  if (found === undefined) return 'A key is missing.';
  if (found === null) return path.length === 0 ? 'The file is empty.' : 'The key has no value.';
  return 'This value cannot stand here.';
}

const hiddenHint = (found: unknown): string => {
  const meant = typeof found === 'string' ? meantReference(found) : undefined;
  return meant === undefined
    ? 'Put the secret into an environment variable or a file, and write ${env:NAME} or ${file:/path} here.'
    : `Write ${meant}.`;
};

const kindsOf = (issue: z.core.$ZodIssue): readonly string[] | undefined =>
  issue.code === 'invalid_value' ? issue.values.map(String) : kindsOfUnion(issue);

const kindsOfUnion = (issue: z.core.$ZodIssue): readonly string[] | undefined =>
  issue.code === 'invalid_union' && 'options' in issue && issue.options !== undefined
    ? (issue.options as readonly unknown[]).map(String)
    : undefined;

/** The text of a rule that has one, else what the schema accepts. */
function expectedBy(issue: z.core.$ZodIssue, schema: z.ZodType | undefined): string {
  const isOwnText =
    issue.code === 'custom' || (issue.code === 'invalid_format' && !issue.message.startsWith('Invalid '));
  if (isOwnText && issue.message !== 'Invalid input') return issue.message;
  if (issue.code === 'invalid_format' && issue.format === 'starts_with' && 'prefix' in issue)
    return `a text that begins with ${String(issue.prefix)}`;
  const words = schema === undefined ? 'another value' : wordsFor(schema);
  if (issue.code === 'too_small' && issue.origin === 'array')
    return `${words}; at least ${counted(issue.minimum)}`;
  if (issue.code === 'too_big' && issue.origin === 'array')
    return `${words}; at most ${counted(issue.maximum)}`;
  return words;
}

const counted = (items: number | bigint): string => `${items} item${Number(items) === 1 ? '' : 's'}`;

/** `For example perRequest: 8.` */
function exampleOf(path: YamlPath, schema: z.ZodType | undefined): string | undefined {
  const key = path.at(-1);
  const example = schema && metaOf(schema).example;
  if (typeof key !== 'string' || schema === undefined) return undefined;
  const optional = isOptional(schema) ? ', or leave the key out' : '';
  if (example === undefined) return undefined;
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return text.length > 60 ? undefined : `For example ${key}: ${text}${optional}.`;
}

function shortText(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a section';
  const shown = JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

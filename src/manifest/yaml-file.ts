// A YAML file held against a zod schema: every mistake at once, each with its place, what was found, what was expected
// and a way out. Manifests and cases are read by it.

import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Diagnostic, DiagnosticsError, firstFindings, MAX_FINDINGS } from '../diagnostic.ts';
import { innerSchema } from '../manifest-keys.ts';
import { bracketFault, structureFaults, type YamlFault } from './yaml-structure.ts';

type Path = readonly (string | number)[];
type PlaceOf = (path: Path) => { readonly line: number; readonly column: number };

export interface YamlFileKind<T extends z.ZodType> {
  /** Begins the codes: `Manifest` gives ManifestSyntax and ManifestInvalid. */
  readonly name: string;
  readonly schema: T;
  readonly wayOut: string;
  /** True where a value may be a secret that someone wrote in plain: findings do not repeat it. */
  readonly isSecret?: (path: Path) => boolean;
}

export interface YamlFile<T extends z.ZodType> {
  readonly data: z.output<T>;
  /** The place of a value in the file; for a value that is missing, the place of its nearest holder. 1-based. */
  readonly placeOf: PlaceOf;
}

/** @throws DiagnosticsError with every mistake */
export function readYamlFile<T extends z.ZodType>(
  body: string,
  file: string,
  kind: YamlFileKind<T>,
): YamlFile<T> {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const syntax = (message: string, offset: number): Diagnostic => ({
    code: `${kind.name}Syntax`,
    message: `The YAML cannot be read: ${syntaxText(message)}`,
    file,
    ...at(offset),
    wayOut: 'Correct the YAML at this place.',
  });
  const refuse = (faults: readonly YamlFault[]): void => {
    if (faults.length === 0) return;
    const described = faults.slice(0, MAX_FINDINGS + 1).map(({ message, pos }) => syntax(message, pos[0]));
    throw new DiagnosticsError(firstFindings(file, described));
  };
  const brackets = bracketFault(body);
  if (brackets !== undefined) {
    for (let start = 0; start !== -1; start = next(body, start)) lines.addNewLine(start);
    refuse([brackets]);
  }
  // The parser compares each key with all keys before it; `structureFaults` finds repeated keys with a set.
  const document = parseDocument(body, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  refuse(document.errors);
  refuse(structureFaults(document));
  const placeOf: PlaceOf = (path) => at(offsetOf(document, path));
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  const parsed = kind.schema.safeParse(value);
  if (parsed.success) return { data: parsed.data, placeOf };
  const issues = parsed.error.issues.flatMap(meantIssues).slice(0, MAX_FINDINGS + 1);
  throw new DiagnosticsError(
    firstFindings(
      file,
      issues.flatMap((issue) => findings(issue, value, file, kind, placeOf)),
    ),
  );
}

/** The offset of the line after the one at `start`, or -1. */
function next(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? -1 : end + 1;
}

/** The parser is recursive, and passes on that its stack is exhausted. */
const syntaxText = (message: string): string =>
  message.startsWith('Maximum call stack')
    ? 'Maps and lists are nested too deeply.'
    : message.replace(/\.?$/, '.');

/**
 * The issues of the member of a union that the value comes closest to: the one with the fewest issues among those of the value's own
 * type. A union whose members have nothing in common with the value keeps its own issue.
 */
function meantIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const members = issue.errors
    .filter(
      (own) => own.length > 0 && !own.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
    )
    .sort((a, b) => a.length - b.length);
  const [meant] = members;
  if (meant === undefined) return [issue];
  return meant.flatMap((own) => meantIssues({ ...own, path: [...issue.path, ...own.path] }));
}

function findings(
  issue: z.core.$ZodIssue,
  value: unknown,
  file: string,
  { name, schema, wayOut, isSecret }: YamlFileKind<z.ZodType>,
  placeOf: PlaceOf,
): Diagnostic[] {
  const path = issue.path as (string | number)[];
  const shared = { code: `${name}Invalid`, file, wayOut };
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(schema, path);
    return issue.keys.slice(0, MAX_FINDINGS + 1).map((key) => ({
      ...shared,
      ...placeOf([...path, key]),
      coordinate: [...path, key].join('.'),
      message: 'There is no such key here.',
      found: key,
      expected: keys.length === 0 ? undefined : `one of ${keys.join(', ')}`,
    }));
  }
  const found = path.reduce<unknown>(
    (holder, key) => (holder as Record<string, unknown> | null | undefined)?.[key],
    value,
  );
  const missing = found === undefined;
  return [
    {
      ...shared,
      ...placeOf(path),
      coordinate: path.join('.') || '(the whole file)',
      message: missing ? 'A key is missing.' : 'This value cannot stand here.',
      found: missing ? 'nothing' : isSecret?.(path) === true ? 'a value that is not shown' : shortText(found),
      expected: issue.message
        .replace(/^(Invalid (input|option)|Too (small|big)): expected /, '')
        .replace(/, received .*$/, ''),
    },
  ];
}

/** The keys that an object schema at a path allows; none where it is not one object. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let at: z.ZodType | undefined = innerSchema(schema);
  for (const step of path) {
    at = at instanceof z.ZodObject ? (at.shape as Record<string, z.ZodType>)[step] : undefined;
    if (at === undefined) return [];
    at = innerSchema(at);
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function shortText(value: unknown): string {
  const shown = JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

/** Offset of the last step's key where it has one, else of the deepest node on the path that the file has. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(holder)
      ? holder.items.find(({ key }) => isScalar(key) && key.value === path[length - 1])
      : undefined;
    const node = pair === undefined ? document.getIn(path.slice(0, length), true) : pair.key;
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

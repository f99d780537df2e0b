// A YAML file held against a zod schema: every mistake at once, each with its place, what was found, what was expected
// and a way out. Manifests and cases are read by it.

import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Diagnostic, DiagnosticsError, firstFindings, inOrder, MAX_FINDINGS } from '../diagnostic.ts';
import { issueFindings, keyOf } from './yaml-issues.ts';
import { type PlaceOf, placesIn, type YamlPath } from './yaml-places.ts';
import { bracketFault, structureFaults } from './yaml-structure.ts';
import { syntaxFaults, type YamlFault } from './yaml-syntax.ts';

/** A mistake in a value that the schema alone does not find. */
export interface ValueFault {
  readonly path: YamlPath;
  readonly message: string;
  readonly found: string;
  readonly expected: string;
  readonly wayOut: string;
}

export interface YamlFileKind<T extends z.ZodType> {
  /** Begins the codes: `Manifest` gives ManifestSyntax and ManifestInvalid. */
  readonly name: string;
  readonly schema: T;
  readonly wayOut: string;
  /** True where a value may be a secret that someone wrote in plain: findings do not repeat it. */
  readonly isSecret?: (path: YamlPath) => boolean;
  /** Further mistakes in the values, found before the schema is applied; the schema's findings at the same paths are left out. */
  readonly faultsOf?: (value: unknown) => readonly ValueFault[];
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
  const refuse = (faults: readonly YamlFault[]): void => {
    if (faults.length === 0) return;
    const described = faults.slice(0, MAX_FINDINGS + 1).map(({ offset, ...fault }): Diagnostic => {
      const { line, col } = lines.linePos(offset);
      return { code: `${kind.name}Syntax`, file, line, column: col, ...fault };
    });
    throw new DiagnosticsError(firstFindings(file, described));
  };
  const brackets = bracketFault(body);
  if (brackets !== undefined) {
    for (let start = 0; start !== -1; start = next(body, start)) lines.addNewLine(start);
    refuse([brackets]);
  }
  // The parser compares each key with all keys before it; `structureFaults` finds repeated keys with a set.
  const document = parseDocument(body, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  refuse(syntaxFaults(body, document));
  refuse(structureFaults(document));
  const placeOf = placesIn(document, lines);
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  const faults = kind.faultsOf?.(value) ?? [];
  const parsed = kind.schema.safeParse(value);
  if (parsed.success && faults.length === 0) return { data: parsed.data, placeOf };
  const { name, schema, wayOut, isSecret = () => false } = kind;
  const findings = [
    ...faults.map(
      ({ path, ...fault }): Diagnostic => ({
        code: `${name}Invalid`,
        file,
        ...placeOf(path),
        coordinate: path.join('.'),
        ...fault,
        ...(isSecret(path) ? { concealed: true } : {}),
      }),
    ),
    ...issueFindings(
      parsed.error?.issues ?? [],
      { value, file, schema, name, wayOut, isSecret, placeOf },
      new Set(faults.map(({ path }) => keyOf(path))),
    ),
  ];
  throw new DiagnosticsError(firstFindings(file, inOrder(findings)));
}

/** The offset of the line after the one at `start`, or -1. */
function next(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? -1 : end + 1;
}

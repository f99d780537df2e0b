// A recorded case of a connector, `cases/<name>.yaml`: inputs, the request that must be built, an answer, and the expected result.
// Every mistake of a file is reported at once, with its place.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { type Diagnostic, DiagnosticsError } from '../diagnostic.ts';
import { ERRORS } from '../errors.ts';
import { readTextFile, TEXT_FILES } from '../manifest/read-text.ts';
import { readYamlFile } from '../manifest/yaml-file.ts';

const text = z.string().min(1);
const headerValues = z.record(text, z.coerce.string());

const requestSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** Only if it must be compared: the source of a case has no real host. */
  origin: z.string().optional(),
  path: z.string().startsWith('/').optional(),
  /** Headers to compare; further ones may be sent. */
  headers: headerValues.optional(),
  body: z.unknown().optional(),
});

const expectSchema = z.strictObject({
  result: z.unknown().optional(),
  notFound: z.literal(true).optional(),
  error: z.enum(Object.keys(ERRORS) as [keyof typeof ERRORS]).optional(),
  /** The connector's own `errors.message`. */
  reason: z.string().optional(),
  /** The connector's own `errors.extensions`. */
  extensions: z.record(z.string(), z.unknown()).optional(),
  /** Each as `path.to.place: message`. */
  problems: z.array(z.string()).optional(),
});

const caseSchema = z.strictObject({
  name: text,
  operation: text,
  this: z.unknown().optional(),
  args: z.unknown().optional(),
  batch: z.array(z.unknown()).optional(),
  context: z.unknown().optional(),
  /** Headers of the client's request: `$request.headers`. */
  headers: headerValues.optional(),
  /** Values of variables that the manifest lists in `env`. Default: an empty text each. */
  env: headerValues.optional(),
  /** Values of `$config` in place of those in the manifest. */
  config: z.record(text, z.unknown()).optional(),
  request: requestSchema.optional(),
  answer: z.strictObject({
    status: z.number().int().min(100).max(599).default(200),
    headers: headerValues.default({}),
    /** The text on the wire; any other value is written as JSON. */
    body: z.unknown().optional(),
  }),
  expect: expectSchema.optional(),
});

export type CaseContent = z.output<typeof caseSchema>;

export interface ConnectorCase {
  /** Name of the file in findings and reports. */
  readonly file: string;
  /** The YAML text, comments included. */
  readonly text: string;
  readonly content: CaseContent;
  /** Position of a value in the file; for a missing value, that of its nearest parent. 1-based. */
  readonly placeOf: (path: readonly (string | number)[]) => {
    readonly line: number;
    readonly column: number;
  };
}

/**
 * @param body the YAML text
 * @param file the name of the file in findings
 * @throws DiagnosticsError with every mistake
 */
export function readCase(body: string, file: string): ConnectorCase {
  const { data, placeOf } = readYamlFile(body, file, { name: 'Case', schema: caseSchema, wayOut: WAY_OUT });
  const diagnostics = contradictions(data, file, placeOf);
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return { file, text: body, content: data, placeOf };
}

const WAY_OUT = 'docs/cli.md shows a case with all that it may hold.';

/** The case files of a connector folder, sorted; none when it has no `cases/`. */
export async function listCaseFiles(folder: string): Promise<string[]> {
  const path = join(folder, 'cases');
  if (!existsSync(path)) return [];
  const names = await readdir(path);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** @throws DiagnosticsError with every mistake of the file */
export async function readCaseFile(path: string): Promise<ConnectorCase> {
  const file = relative(process.cwd(), path) || path;
  return readCase(await readTextFile(path, file, TEXT_FILES.case), file);
}

// —— findings ——

type PlaceOf = ConnectorCase['placeOf'];

const OUTCOMES = ['result', 'notFound', 'error'] as const;

function contradictions({ expect }: CaseContent, file: string, placeOf: PlaceOf): Diagnostic[] {
  if (expect === undefined) return [];
  const given = OUTCOMES.filter((name) => Object.hasOwn(expect, name));
  if (given.length === 1) return [];
  return [
    {
      code: 'CaseInvalid',
      message: 'A case expects one outcome.',
      file,
      ...placeOf(['expect']),
      coordinate: 'expect',
      found: given.join(' and ') || 'none',
      expected: 'exactly one of result, notFound, error',
      wayOut: 'Keep one; or leave `expect` out and run `connector test --update`, which records it.',
    },
  ];
}

// A finding about a connector, with file, line and a way out.
import { printableLine } from './printable.ts';

/** With an error a connector is not used; with warnings alone it is. */
export type Severity = 'error' | 'warning';

/**
 * What a rule is about. `bronze`: whether the connector can be used at all. `silver`: what clients receive when a source
 * fails or sends other data than the schema describes. `gold`: the number of calls.
 */
export type Tier = 'bronze' | 'silver' | 'gold';

/** Lines and columns are 1-based; `coordinate` is a schema coordinate such as `Citizen.fullName`. */
export interface Diagnostic {
  /** A code of the connect specification, of composition, or of a rule of this gateway. */
  readonly code: string;
  /** Default: `error`. */
  readonly severity?: Severity | undefined;
  /** Of a rule of the static checks. */
  readonly tier?: Tier | undefined;
  readonly message: string;
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly coordinate?: string | undefined;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly wayOut?: string | undefined;
  /** The line may contain a secret: reports do not quote it. */
  readonly concealed?: boolean | undefined;
}

/** Does the finding prevent the use of the connector? */
export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity !== 'warning';

/** Errors, and warnings, of one file that are described: more would not be read, and describing them takes time. */
export const MAX_FINDINGS = 100;

/** States that a file has more findings of a severity than are described. */
export const furtherFindings = (file: string, severity: Severity): Diagnostic => ({
  code: 'TooManyFindings',
  severity,
  message: `The file has further ${severity}s, which are not listed.`,
  file,
  found: `more than ${MAX_FINDINGS} ${severity}s`,
  expected: `at most ${MAX_FINDINGS}`,
  wayOut: 'Correct the listed findings and check again.',
});

/** The first findings of a file, all errors; with one more when there are further ones. */
export const firstFindings = (file: string, findings: readonly Diagnostic[]): readonly Diagnostic[] =>
  findings.length <= MAX_FINDINGS
    ? findings
    : [furtherFindings(file, 'error'), ...findings.slice(0, MAX_FINDINGS)];

/** Findings in the order of their lines. */
export const inOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

/**
 * `file:line:column code message` and, indented below, what was found, what was expected and the way out. Each is one line, so that
 * no text of a connector can imitate a finding.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, code, coordinate, message } = diagnostic;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const mark = isError(diagnostic) ? '' : 'warning ';
  const rows = [`${place} ${mark}${code}${coordinate === undefined ? '' : ` ${coordinate}`}: ${message}`];
  if (diagnostic.found !== undefined) rows.push(`  found:    ${diagnostic.found}`);
  if (diagnostic.expected !== undefined) rows.push(`  expected: ${diagnostic.expected}`);
  if (diagnostic.wayOut !== undefined) rows.push(`  way out:  ${diagnostic.wayOut}`);
  return rows.map(printableLine).join('\n');
}

/** Thrown when connectors cannot be used; contains all findings. */
export class DiagnosticsError extends Error {
  override readonly name = 'DiagnosticsError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.diagnostics = diagnostics;
  }
}

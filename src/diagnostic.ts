// A finding about a connector, with file, line and a way out.
import { printableLine } from './printable.ts';

/** With an error a connector is not used; with warnings alone it is. */
export type Severity = 'error' | 'warning';

/** Lines and columns are 1-based; `coordinate` is a schema coordinate such as `Citizen.fullName`. */
export interface Diagnostic {
  /** A code of the connect specification, of composition, or of a rule of this gateway. */
  readonly code: string;
  /** Default: `error`. */
  readonly severity?: Severity | undefined;
  readonly message: string;
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly coordinate?: string | undefined;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly wayOut?: string | undefined;
}

/** Does the finding prevent the use of the connector? */
export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity !== 'warning';

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

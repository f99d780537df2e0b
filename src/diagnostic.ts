// What a reader or checker says about a connector: one row per mistake, with file, line and a way out.
// Used by `connect/read`, `connect/check`, `registry/` and `graph/compose.ts`; printed by `main.ts` and the command line.

/** An error refuses the connector; a warning is shown and the connector goes live. */
export type Severity = 'error' | 'warning';

/** One finding. Lines and columns are 1-based; `coordinate` is a schema coordinate such as `Citizen.fullName`. */
export interface Diagnostic {
  /** A code of the connect spec, of composition, or of our own rules. */
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

/** Does the finding refuse the connector? */
export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity !== 'warning';

/** Findings in the order of the file. */
export const inOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

/** `file:line:column code message` and, indented below, what was found, what was expected and the way out. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, code, coordinate, message } = diagnostic;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const mark = isError(diagnostic) ? '' : 'warning ';
  const rows = [`${place} ${mark}${code}${coordinate === undefined ? '' : ` ${coordinate}`}: ${message}`];
  if (diagnostic.found !== undefined) rows.push(`  found:    ${diagnostic.found}`);
  if (diagnostic.expected !== undefined) rows.push(`  expected: ${diagnostic.expected}`);
  if (diagnostic.wayOut !== undefined) rows.push(`  way out:  ${diagnostic.wayOut}`);
  return rows.join('\n');
}

/** Thrown where a set of connectors cannot be used as it stands; carries every finding, not only the first. */
export class DiagnosticsError extends Error {
  override readonly name = 'DiagnosticsError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.diagnostics = diagnostics;
  }
}

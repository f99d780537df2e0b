// Formats the results of cases as text or as JSON.

import type { Difference } from '../../admission/difference.ts';
import type { CaseReport } from '../../admission/run-case.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { printableLine } from '../../printable.ts';
import { createLinesOf, type LinesOf } from '../code-frame.ts';
import { counted, diagnosticText } from '../diagnostic-report.ts';
import type { Style } from '../terminal.ts';
import { longValue, pathText } from '../value-text.ts';

export interface CaseResult {
  readonly connector: string;
  /** The case file, or the connector folder when none of its cases could run. */
  readonly file: string;
  readonly name: string;
  /** `none`: the connector has no cases. */
  readonly state: 'passed' | 'failed' | 'updated' | 'none';
  readonly report?: CaseReport;
  /** The mistakes because of which the connector or the case could not be read. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** The object of `--json`; its keys are part of the command's contract (docs/cli.md). */
export const caseReportJson = (results: readonly CaseResult[]) => ({
  ok: count(results, 'failed') === 0,
  passed: count(results, 'passed'),
  failed: count(results, 'failed'),
  updated: count(results, 'updated'),
  cases: results
    .filter(({ state }) => state !== 'none')
    .map(({ connector, file, name, state, report, diagnostics }) => ({
      connector,
      file,
      name,
      state,
      ...(report?.refusal === undefined ? {} : { refusal: report.refusal }),
      ...(report === undefined
        ? {}
        : {
            differences: report.differences.map((row) => ({
              ...report.case.placeOf(row.path),
              path: pathText(row.path),
              kind: row.kind,
              expected: row.expected ?? null,
              found: row.found ?? null,
            })),
          }),
      ...(diagnostics === undefined ? {} : { findings: diagnostics }),
    })),
});

export function caseReportText(results: readonly CaseResult[], style: Style): string {
  const linesOf = createLinesOf();
  const rows: string[] = [];
  let connector: string | undefined;
  for (const result of results) {
    if (result.connector !== connector) rows.push(style.strong(printableLine(result.connector)));
    connector = result.connector;
    rows.push(resultText(result, linesOf, style));
  }
  return [...rows, '', summaryText(results, style)].join('\n');
}

const MARKS = { passed: '✓', failed: '✗', updated: '↻', none: '–' } as const;

function resultText(
  { name, file, state, report, diagnostics }: CaseResult,
  linesOf: LinesOf,
  style: Style,
): string {
  const colour = { passed: style.good, failed: style.bad, updated: style.warn, none: style.faint }[state];
  const head = `  ${colour(MARKS[state])} ${printableLine(name)}`;
  if (state === 'passed' || state === 'none') return head;
  const rows = [`${head}  ${style.place(printableLine(file))}`];
  for (const row of diagnostics ?? []) rows.push(indent(diagnosticText(row, linesOf, style)));
  if (report?.refusal !== undefined) rows.push(`      ${printableLine(report.refusal)}`);
  for (const difference of report?.differences ?? []) {
    rows.push(differenceText(difference, report as CaseReport, style));
  }
  for (const hint of report?.hints ?? []) rows.push(`      ${style.faint(printableLine(hint))}`);
  // The detail of a failed call helps when the case does not expect an error.
  if (state === 'failed' && report?.detail !== undefined && report.case.content.expect?.error === undefined) {
    rows.push(`      ${style.faint('the call failed:')} ${printableLine(report.detail)}`);
  }
  return rows.join('\n');
}

const KINDS = {
  changed: '',
  missing: ' is missing',
  unexpected: ' was not expected',
  order: ' has its elements in another order',
} as const;

function differenceText(
  { path, kind, expected, found }: Difference,
  report: CaseReport,
  style: Style,
): string {
  const { line } = report.case.placeOf(path);
  const indent = ' '.repeat(16);
  const show = (value: unknown) =>
    kind === 'order' ? printableLine(Object.keys(value as object).join(', ')) : longValue(value, indent);
  const rows = [`      ${style.strong(pathText(path))}${KINDS[kind]}  ${style.faint(`line ${line}`)}`];
  if (kind !== 'unexpected') rows.push(`      ${style.good('expected')}  ${show(expected)}`);
  if (kind !== 'missing') rows.push(`      ${style.bad('found')}     ${show(found)}`);
  return rows.join('\n');
}

const indent = (text: string): string => text.replace(/^/gm, '      ');

const count = (results: readonly CaseResult[], state: CaseResult['state']): number =>
  results.filter((result) => result.state === state).length;

function summaryText(results: readonly CaseResult[], style: Style): string {
  const total = results.filter(({ state }) => state !== 'none').length;
  const connectors = new Set(results.map(({ connector }) => connector)).size;
  const [passed, failed, updated] = (['passed', 'failed', 'updated'] as const).map((state) =>
    count(results, state),
  );
  const parts = [`${passed} passed`];
  if (failed !== 0) parts.push(style.bad(`${failed} failed`));
  if (updated !== 0) parts.push(style.warn(`${updated} updated`));
  return `${counted(total, 'case')} of ${counted(connectors, 'connector')}: ${parts.join(', ')}.`;
}

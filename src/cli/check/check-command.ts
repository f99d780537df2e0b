// `lienthong connector check`: prints the findings of `admission/check-connectors.ts` as text or as one JSON object.

import { checkInWorker } from '../../admission/check-in-worker.ts';
import type { CheckedConnector, CheckReport } from '../../admission/check-report.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { isError } from '../../diagnostic.ts';
import { readCoreSchema } from '../../graph/core-schema.ts';
import { printableLine } from '../../printable.ts';
import { createLinesOf } from '../code-frame.ts';
import type { CommandContext, ExitCode } from '../command-context.ts';
import { counted, countOfFindings, diagnosticText } from '../diagnostic-report.ts';
import { findTargets } from '../find-connectors.ts';
import type { Style } from '../terminal.ts';

export interface CheckOptions {
  readonly json?: true;
  /** Fail on warnings, too. */
  readonly strict?: true;
}

/** @throws UsageError for a path that cannot be resolved */
export async function checkCommand(
  paths: readonly string[],
  { json, strict }: CheckOptions,
  { terminal, connectorsDir, readEnv }: CommandContext,
): Promise<ExitCode> {
  const targets = findTargets(paths, connectorsDir);
  const report = await checkInWorker(targets, await readCoreSchema(), readEnv);
  const { findings } = report;
  const failed = strict === true ? findings.length > 0 : findings.some(isError);
  if (json === true) terminal.print(JSON.stringify(asJson(report, !failed), null, 2));
  else terminal.print(asText(report, terminal.style));
  return failed ? 1 : 0;
}

/** The object of `--json`; its keys are part of the command's contract (docs/cli.md). */
const asJson = ({ connectors, findings }: CheckReport, ok: boolean) => ({
  ok,
  errors: findings.filter(isError).length,
  warnings: findings.filter((row) => !isError(row)).length,
  connectors,
  findings: findings.map((row: Diagnostic) => ({ ...row, severity: row.severity ?? 'error' })),
});

function asText({ connectors, findings, composed }: CheckReport, style: Style): string {
  const linesOf = createLinesOf();
  const blocks = findings.map((row) => diagnosticText(row, linesOf, style));
  const width = Math.max(0, ...connectors.map(({ id }) => id.length));
  const rows = connectors.map(
    (connector) => `${printableLine(connector.id).padEnd(width)}  ${connectorText(connector, style)}`,
  );
  const notComposed = composed ? [] : ['No connector could be composed with the schema of the gateway yet.'];
  const checked = counted(connectors.length, 'connector');
  const total = findings.some(isError) ? style.bad(countOfFindings(findings)) : countOfFindings(findings);
  const summary = `${checked} checked: ${total}.`;
  return [...blocks.map((block) => `${block}\n`), ...rows, ...notComposed, summary].join('\n');
}

function connectorText(
  { errors, warnings, operations, portable, ownMethods }: CheckedConnector,
  style: Style,
): string {
  const parts = [
    errors > 0 ? style.bad(counted(errors, 'error')) : '',
    warnings > 0 ? style.warn(counted(warnings, 'warning')) : '',
  ].filter((text) => text !== '');
  const state = parts.length === 0 ? style.good('ok') : parts.join(', ');
  if (portable === null) return state;
  const where = portable ? 'portable' : `not portable: ${ownMethods.map((name) => `->${name}`).join(' ')}`;
  return `${state}, ${counted(operations.length, 'operation')}, ${where}`;
}

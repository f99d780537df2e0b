// `lienthong connector check`: prints what `check-connectors.ts` finds, for a person or as one JSON object.

import {
  type CheckedConnector,
  type CheckReport,
  checkConnectors,
} from '../../admission/check-connectors.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { isError } from '../../diagnostic.ts';
import { readCoreSchema } from '../../graph/core-schema.ts';
import { printableLine } from '../../printable.ts';
import { createLinesOf } from '../code-frame.ts';
import { counted, countOfFindings, diagnosticText } from '../diagnostic-report.ts';
import { findTargets } from '../find-connectors.ts';
import type { Style } from '../terminal.ts';
import type { CommandWorld, ExitCode } from '../world.ts';

export interface CheckOptions {
  readonly json?: true;
  /** Warnings fail, too. */
  readonly strict?: true;
}

/** @throws WrongUse for a path that leads nowhere */
export async function checkCommand(
  paths: readonly string[],
  { json, strict }: CheckOptions,
  { terminal, connectorsDir, readEnv }: CommandWorld,
): Promise<ExitCode> {
  const targets = findTargets(paths, connectorsDir);
  const report = await checkConnectors(targets, await readCoreSchema(), readEnv);
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
  const fits = !composed ? 'Nothing could be held against the gateway’s schema yet.' : undefined;
  const checked = counted(connectors.length, 'connector');
  const total = findings.some(isError) ? style.bad(countOfFindings(findings)) : countOfFindings(findings);
  const summary = `${checked} checked: ${total}.`;
  return [
    ...blocks.map((block) => `${block}\n`),
    ...rows,
    ...(fits === undefined ? [] : [fits]),
    summary,
  ].join('\n');
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

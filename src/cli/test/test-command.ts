// `lienthong connector test`: runs the cases of connectors and reports the failures; `--update` writes the actual results
// into the cases. The cases run in `admission/run-case.ts`.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type ConnectorCase, listCaseFiles, readCaseFile } from '../../admission/cases.ts';
import { shownPath } from '../../admission/check-report.ts';
import { recordCase } from '../../admission/record-case.ts';
import { type CaseReport, type CaseRunner, createCaseRunner } from '../../admission/run-case.ts';
import { type Diagnostic, DiagnosticsError } from '../../diagnostic.ts';
import { type ConnectorFolder, readConnectorFolder } from '../../manifest/read-folder.ts';
import type { CommandContext, ExitCode } from '../command-context.ts';
import { findTargets, type Target } from '../find-connectors.ts';
import { UsageError } from '../usage-error.ts';
import { type CaseResult, caseReportJson, caseReportText } from './case-report.ts';

export interface TestOptions {
  readonly json?: true;
  readonly update?: true;
}

/** @throws UsageError for a path that cannot be resolved */
export async function testCommand(
  paths: readonly string[],
  { json, update }: TestOptions,
  { terminal, connectorsDir }: CommandContext,
): Promise<ExitCode> {
  const results: CaseResult[] = [];
  for (const target of findTargets(paths, connectorsDir)) {
    if (target.kind === 'schema') {
      throw new UsageError(
        `${target.path}: found a schema without cases; expected a connector folder, or a case in its cases/.`,
      );
    }
    results.push(...(await testOne(target, update === true)));
  }
  terminal.print(
    json === true
      ? JSON.stringify(caseReportJson(results), null, 2)
      : caseReportText(results, terminal.style),
  );
  return results.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function testOne(target: Extract<Target, { kind: 'folder' }>, update: boolean): Promise<CaseResult[]> {
  const connector = basename(resolve(target.path));
  const files = (await listCaseFiles(target.path)).filter((file) => target.cases?.has(resolve(file)) ?? true);
  let folder: ConnectorFolder;
  let run: CaseRunner;
  try {
    folder = await readConnectorFolder(target.path);
    run = createCaseRunner(folder.manifest, folder.schema);
  } catch (error) {
    // The cases cannot run: one result represents all of them.
    return [refused(connector, shownPath(target.path), error)];
  }
  if (files.length === 0)
    return [{ connector, file: shownPath(target.path), name: 'no cases', state: 'none' }];
  return Promise.all(files.map((file) => testFile(connector, file, run, update)));
}

async function testFile(
  connector: string,
  path: string,
  run: CaseRunner,
  update: boolean,
): Promise<CaseResult> {
  let given: ConnectorCase;
  try {
    given = await readCaseFile(path);
  } catch (error) {
    return refused(connector, shownPath(path), error);
  }
  const report = run(given);
  const result = { connector, file: given.file, name: given.content.name };
  if (isPassed(report)) return { ...result, state: 'passed' };
  const recordable = report.differences.length > 0 || given.content.expect === undefined;
  if (!update || !recordable || !existsSync(path)) return { ...result, state: 'failed', report };
  await writeFile(path, recordCase(report));
  return { ...result, state: 'updated', report };
}

const isPassed = ({ differences, refusal }: CaseReport): boolean =>
  differences.length === 0 && refusal === undefined;

function refused(connector: string, file: string, error: unknown): CaseResult {
  if (!(error instanceof DiagnosticsError)) throw error;
  const diagnostics: readonly Diagnostic[] = error.diagnostics;
  return { connector, file, name: 'cannot run', state: 'failed', diagnostics };
}

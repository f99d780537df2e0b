// Formats one call as text: request, answer, judgement, mapping steps, result. All values pass through the mask.

import { relative } from 'node:path';
import { keysThere } from '../../admission/keys-there.ts';
import { problemText } from '../../admission/run-case.ts';
import type { MappingProblem } from '../../connect/mapping/index.ts';
import type { Text } from '../../connect/read/model.ts';
import { placeInString } from '../../connect/read/values.ts';
import { ERRORS } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { printableLine } from '../../printable.ts';
import { compileOutcome } from '../../upstream/outcome.ts';
import { compilePath } from '../../upstream/read-path.ts';
import { codeFrame, createLinesOf } from '../code-frame.ts';
import { counted } from '../diagnostic-report.ts';
import type { Style } from '../terminal.ts';
import { longValue, shortValue } from '../value-text.ts';
import type { Call } from './call-once.ts';
import type { MappingStep } from './mapping-steps.ts';
import type { Mask } from './mask.ts';
import type { Exchange } from './watch-wire.ts';
import { wireText } from './wire-text.ts';

export interface RunReportParts {
  readonly call: Call;
  readonly manifest: Manifest;
  readonly simulated: boolean;
  /** The file of the schema, and the selection in it. */
  readonly file: string;
  readonly selection: Text;
  readonly steps: readonly MappingStep[];
  readonly mask: Mask;
  /** Whether a result that is not an object is personal. */
  readonly typeIsPersonal: boolean;
}

export function runReport(parts: RunReportParts, style: Style): string {
  const { call, manifest, simulated, mask } = parts;
  const target = simulated ? 'its simulator' : new URL(call.baseUrl).host;
  const sections = [
    `${style.strong(`${manifest.id} ${call.operation.name}`)} at ${target}`,
    ...requestSection(call, mask, style),
    ...answerSection(call, mask, style),
    ...judgementSection(parts, style),
    ...mappingSection(parts, style),
  ];
  return sections.join('\n');
}

const title = (name: string, after: string, style: Style): string =>
  `\n${style.strong(name)}  ${after}`.trimEnd();

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

// —— request ——

function requestSection({ attempts, signIns, operation }: Call, mask: Mask, style: Style): string[] {
  const rows = [title('Request', '', style)];
  for (const { method, path, status, durationMs } of signIns) {
    rows.push(
      `  ${style.faint(`first ${method} ${mask.path(path)} → ${status ?? 'no answer'} after ${ms(durationMs)}, for a token`)}`,
    );
  }
  if (attempts.length > 1)
    rows.push(`  ${style.faint(`sent ${attempts.length} times: a 401 may mean that a token expired early`)}`);
  const sent = attempts.at(-1);
  if (operation.isComputed) return [...rows, '  none: the operation has no http'];
  if (sent === undefined) return [...rows, '  not sent'];
  rows.push(`  ${sent.method} ${sent.origin}${mask.path(sent.path)}`);
  for (const [name, value] of sent.headers)
    rows.push(`  ${style.faint(`${name}:`)} ${mask.header(name, value)}`);
  if (sent.body === undefined) return rows;
  const type = sent.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return [...rows, '', indent(wireText(sent.body, type, mask))];
}

const ms = (duration: number): string => `${Math.max(1, Math.round(duration))} ms`;

// —— answer ——

function answerSection({ attempts, decoded }: Call, mask: Mask, style: Style): string[] {
  const got = attempts.at(-1);
  if (got?.status === undefined) return [title('Answer', 'none', style)];
  const rows = [
    title('Answer', `${got.status} after ${ms(got.durationMs)}, ${counted(sizeOf(got), 'byte')}`, style),
  ];
  for (const [name, value] of Object.entries(got.answerHeaders)) {
    rows.push(`  ${style.faint(`${name}:`)} ${mask.header(name, [value].flat().join(', '))}`);
  }
  if (decoded === undefined) return rows;
  if (decoded.invalid !== undefined)
    return [...rows, '', `  (cannot be read: ${printableLine(decoded.invalid)})`];
  return [...rows, '', indent(JSON.stringify(mask.body(decoded.body, 'answer'), null, 2))];
}

const sizeOf = ({ chunks }: Exchange): number => chunks.reduce((size, chunk) => size + chunk.length, 0);

// —— judgement ——

const VERDICTS = { mapped: 'success', notFound: 'no such record' } as const;

function judgementSection({ call, manifest, mask }: RunReportParts, style: Style): string[] {
  const { outcome, decoded, attempts } = call;
  const rows =
    outcome.kind === 'failed'
      ? [
          title('Judgement', style.bad(`${outcome.error.code}, ${whose(outcome.error.fault)}`), style),
          `  ${printableLine(mask.text(outcome.error.message))}`,
        ]
      : [title('Judgement', style.good(VERDICTS[outcome.kind]), style)];
  if (outcome.kind === 'failed') {
    const { error } = outcome;
    if (error.reason !== undefined)
      rows.push(`  ${style.faint('errors.message:')} ${printableLine(mask.text(error.reason.en))}`);
    const { http: _status, ...extensions } = error.extensions ?? {};
    if (Object.keys(extensions).length > 0) {
      rows.push(`  ${style.faint('errors.extensions:')} ${shortValue(mask.mapped(extensions, false))}`);
    }
    rows.push(`  ${style.faint('text for clients:')} ${ERRORS[error.code].text.en}`);
  }
  const status = attempts.at(-1)?.status;
  if (manifest.outcome === undefined || status === undefined || decoded?.invalid !== undefined) return rows;
  rows.push(`  ${style.faint('outcome table:')} ${tableText(manifest.outcome, status, decoded?.body, mask)}`);
  return rows;
}

function tableText(
  outcome: NonNullable<Manifest['outcome']>,
  status: number,
  body: unknown,
  mask: Mask,
): string {
  const table = compileOutcome(outcome);
  const byStatus = table.ofStatus(status);
  if (byStatus !== undefined) return `status ${status} means ${byStatus}`;
  const found = compilePath(outcome.at)(body);
  if (found === undefined || found === null)
    return `nothing at ${outcome.at}, which means ${table.ofBody(body)}`;
  const what = typeof found === 'object' ? 'an object' : shortValue(mask.mapped(found, false), 30);
  return `${what} at ${outcome.at} means ${table.ofBody(body)}`;
}

const whose = (fault: keyof typeof FAULTS): string => FAULTS[fault];

const FAULTS = {
  CALLER: 'the caller’s fault',
  GATEWAY: 'the gateway’s fault',
  BUS: 'the fault of the service bus',
  PROVIDER: 'the system’s fault',
} as const;

// —— mapping ——

function mappingSection(parts: RunReportParts, style: Style): string[] {
  const { call, steps, mask, file, selection, typeIsPersonal } = parts;
  if (call.outcome.kind !== 'mapped') return [];
  const { problems, value } = call.outcome;
  const start = placeInString(selection.node, 0);
  const shownFile = relative(process.cwd(), file) || file;
  const count = problems.count === 0 ? 'no problems' : style.warn(counted(problems.count, 'problem'));
  const keys = steps.map(({ depth, key }) => '  '.repeat(depth) + printableLine(key));
  const keyWidth = Math.min(28, Math.max(...keys.map(({ length }) => length)));
  const sourceWidth = Math.min(44, Math.max(...steps.map(({ source }) => source.length)));
  const linesOf = createLinesOf();
  const rows = [title('Mapping', `${style.place(`${shownFile}:${start.line}`)}, ${count}`, style)];
  steps.forEach((step, i) => {
    const key = (keys[i] as string).padEnd(keyWidth);
    const source = shortened(step.source, sourceWidth);
    rows.push(`  ${key}  ${style.faint(source)}  ${stepValue(step, mask)}`.trimEnd());
    for (const [problem, more] of grouped(step.problems)) {
      rows.push(problemRows(problem, more, shownFile, selection, linesOf(file), mask, style));
      const there = keysThere(call.decoded?.body, problem);
      if (there !== undefined) rows.push(`      ${style.faint(printableLine(mask.text(there)))}`);
    }
  });
  // The steps show all values, except of a list, where they show a few values per column.
  if (!Array.isArray(value)) return rows;
  const first = mask.mapped(value[0], typeIsPersonal);
  if (steps.some(({ isPersonal }) => isPersonal))
    return [...rows, title('Result', counted(value.length, 'item'), style)];
  return [
    ...rows,
    title('Result', `${counted(value.length, 'item')}; the first:`, style),
    indent(longValue(first, '  ')),
  ];
}

const shortened = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);

/** Number of values shown per column. */
const COLUMN = 3;

function stepValue({ values, many, isPersonal, depth, key }: MappingStep, mask: Mask): string {
  if (values === undefined) return '';
  const show = (value: unknown) => shortValue(mask.mapped(value, isPersonal), many ? 40 : 80);
  if (!many) return values.length === 0 && depth > 0 && key !== '' ? '(nothing)' : show(values[0]);
  const more = values.length > COLUMN ? `  … ${values.length - COLUMN} more` : '';
  return values.slice(0, COLUMN).map(show).join('  ') + more;
}

/** Groups equal problems of list items: each is shown once, with the number of further occurrences. */
function grouped(problems: readonly MappingProblem[]): [problem: MappingProblem, more: number][] {
  const groups = new Map<string, [MappingProblem, number]>();
  for (const problem of problems) {
    const key = `${problem.range[0]} ${problem.message}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [problem, 0]);
    else known[1] += 1;
  }
  return [...groups.values()];
}

function problemRows(
  problem: MappingProblem,
  more: number,
  file: string,
  selection: Text,
  lines: readonly string[] | undefined,
  mask: Mask,
  style: Style,
): string {
  const { line, column } = placeInString(selection.node, problem.range[0]);
  const rows = [
    `    ${style.warn('problem')} ${style.place(`${file}:${line}:${column}`)} ${printableLine(mask.text(problemText(problem)))}${more === 0 ? '' : ` (and ${more} more like it)`}`,
  ];
  const frame = codeFrame(lines, line, column, style);
  if (frame !== undefined) rows.push(frame.replace(/^/gm, '    '));
  return rows.join('\n');
}

// Formats the table of the page bench, and writes it between the markers of docs/performance.md on request.

import type { Measured } from './load.ts';
import { writeBetween } from './markers.ts';
import type { Calls } from './places.ts';

export interface Row {
  readonly name: string;
  readonly rounds: (Measured & { readonly recordedLoad: number })[];
}

export interface Scenario {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Facts {
  readonly cores: number;
  readonly node: string;
  readonly store: string;
  /** `yyyy-MM-dd` */
  readonly date: string;
  readonly rounds: number;
  readonly pages: number;
  /** Load average of the minute before. */
  readonly loadBefore: number;
  readonly calls: Calls;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Each scenario as Markdown: CPU per query, and how the gateway compares with this row, round by round. */
export function tableOf(scenarios: readonly Scenario[]): string {
  return scenarios
    .map(({ title, rows }) => {
      const [gateway] = rows as [Row];
      const lines = rows.map((row) => {
        const ratios = row.rounds.map(({ cpuMs }, i) => (gateway.rounds[i]?.cpuMs ?? 0) / cpuMs);
        const mid = (pick: (one: Row['rounds'][number]) => number) => median(row.rounds.map(pick));
        const compared =
          row === gateway
            ? ['', '']
            : [`**${median(ratios).toFixed(2)}**`, ratios.map((r) => r.toFixed(2)).join(' ')];
        const cells = [
          row.name,
          mid((m) => m.cpuMs).toFixed(3),
          ...compared,
          mid((m) => m.p50Ms).toFixed(1),
          mid((m) => m.p99Ms).toFixed(1),
          mid((m) => m.perSecond).toFixed(0),
          `${(mid((m) => m.recordedLoad) * 100).toFixed(0)} %`,
        ];
        return `| ${cells.join(' | ')} |`;
      });
      return [
        `### ${title}`,
        '',
        '| | CPU per query, ms | gateway ÷ this, median | per round | p50, ms | p99, ms | queries/s | load of the recorded server |',
        '|---|---|---|---|---|---|---|---|',
        ...lines,
        '',
      ].join('\n');
    })
    .join('\n');
}

const DOCUMENT = new URL('../../docs/performance.md', import.meta.url);
const BEGIN = '<!-- bench page: begin, written by `npm run bench -- page --write` -->';
const END = '<!-- bench page: end -->';

export async function writeTable(scenarios: readonly Scenario[], facts: Facts): Promise<void> {
  const calls = Object.entries(facts.calls.page ?? {}).map(
    ([system, count]) => `${system} ${count.toFixed(1)}`,
  );
  const intro =
    `${facts.date} · ${facts.cores} cores · Node ${facts.node} · ${facts.store} · ${facts.rounds} rounds of ` +
    `${facts.pages} pages (or six times as many small queries) each, interleaved · load average before: ${facts.loadBefore.toFixed(1)} · calls per page: ${calls.join(', ')}`;
  await writeBetween(DOCUMENT, { begin: BEGIN, end: END }, `${intro}\n\n${tableOf(scenarios)}`);
}

// Formats the results of the resilience bench as Markdown: each figure with its goal, then a table per scenario. With `--write` they
// replace the section between the markers of docs/resilience.md.

import { writeBetween } from '../page/markers.ts';
import type { Figure, Section } from './figures.ts';

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const tableOf = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');

function verdictOf({ met, isNoisy = false }: Figure): string {
  const verdict = met ? 'met' : '**MISSED**';
  return isNoisy ? `${verdict}, but the control differs as much: measure again` : verdict;
}

export const goalsOf = (figures: readonly Figure[]): string =>
  tableOf([
    ['', 'measured', 'goal', ''],
    ...figures.map((figure) => [figure.name, figure.measured, figure.goal, verdictOf(figure)]),
  ]);

export const sectionOf = ({ title, table, notes }: Section): string =>
  [`### ${title}`, tableOf(table), ...notes].join('\n\n');

const DOCUMENT = new URL('../../docs/resilience.md', import.meta.url);
const MARKERS = {
  begin: '<!-- bench resilience: begin, written by `npm run bench -- resilience --write` -->',
  end: '<!-- bench resilience: end -->',
};

/** @param intro date, machine and load */
export async function writeReport(intro: string, sections: readonly Section[]): Promise<void> {
  const goals = goalsOf(sections.flatMap(({ figures }) => figures));
  await writeBetween(DOCUMENT, MARKERS, `${[intro, goals, ...sections.map(sectionOf)].join('\n\n')}\n`);
}

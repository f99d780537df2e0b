// Generates parts of docs/connect-spec.md from the test data: the conformance table, the codes with their examples, the
// methods. `docs.test.ts` compares the file with them; `vitest -u` rewrites them.

import { CODES } from '../../../src/connect/check/codes.ts';
import { METHODS } from '../../../src/connect/mapping/index.ts';
import { SPEC_VERSIONS } from '../../../src/connect/read/links.ts';
import { findingsOf, schemaNames, schemaText } from '../check/a-schema-file.ts';
import { CHECK_DIFFERENCES, type Difference, RUN_DIFFERENCES } from './differences.ts';
import type { Row } from './rows.ts';
import { SECTIONS } from './sections.ts';

/** Replaces the text between `<!-- name:begin … -->` and `<!-- name:end -->`. */
export function fillMarkers(text: string, parts: Readonly<Record<string, string>>): string {
  let filled = text;
  for (const [name, part] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name}:begin[^>]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    if (!between.test(filled)) throw new Error(`docs/connect-spec.md has no markers for "${name}"`);
    filled = filled.replace(between, (_all, begin: string, end: string) => `${begin}\n${part}\n${end}`);
  }
  return filled;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

// —— §1–§5 ——

export const conformanceTable = (): string =>
  Object.values(SECTIONS)
    .map(
      ({ title, rows }) =>
        `### ${title}\n\n${table(['Test', 'Statement', ...SPEC_VERSIONS], rows.map(cellsOf))}\n`,
    )
    .join('\n');

function cellsOf(row: Row): string[] {
  const examples = String(Object.keys(row.examples).length);
  const perVersion = SPEC_VERSIONS.map((version) => (version >= row.since ? examples : 'refused'));
  return [`\`${row.id}\``, row.statement, ...perVersion];
}

// —— §6 ——

/** By code: the schemas of test/connect/check/wrong that are refused (or warned about) with it. */
export function examplesByCode(): ReadonlyMap<string, readonly string[]> {
  const examples = new Map<string, string[]>();
  for (const name of schemaNames('wrong')) {
    for (const code of new Set(
      findingsOf(schemaText('wrong', name), `${name}.graphql`).map((found) => found.code),
    )) {
      examples.set(code, [...(examples.get(code) ?? []), name]);
    }
  }
  return examples;
}

export function codesTable(): string {
  const examples = examplesByCode();
  const link = (name: string) => `[${name}](../test/connect/check/wrong/${name}.graphql)`;
  const rowsOf = (origin: 'spec' | 'ours') =>
    Object.entries(CODES)
      .filter(([, entry]) => entry.origin === origin)
      .map(([code, entry]) => {
        const weight = origin === 'spec' ? [] : [entry.severity, entry.tier];
        return [`\`${code}\``, ...weight, entry.meaning, (examples.get(code) ?? []).map(link).join(', ')];
      });
  const headOf = (...weight: string[]) => ['Code', ...weight, 'Meaning', 'Examples'];
  return `### §6 Static checks: codes of the spec\n\n${table(headOf(), rowsOf('spec'))}\n\n### §6 Static checks: codes of this gateway\n\n${table(headOf('Severity', 'Tier'), rowsOf('ours'))}\n`;
}

// —— differences ——

export function differencesTables(): string {
  const head = ['Subject', 'Elsewhere', 'Here', 'Reason'];
  const cells = ({ subject, elsewhere, here, reason }: Difference) => [subject, elsewhere, here, reason];
  const checks = table(
    [...head, 'Codes'],
    CHECK_DIFFERENCES.map((row) => [...cells(row), codesOf(row)]),
  );
  return `### In the checks\n\n${checks}\n\n### At run time\n\n${table(head, RUN_DIFFERENCES.map(cells))}\n`;
}

const codesOf = ({ codes = [] }: Difference): string =>
  codes
    .map((code) => {
      const entry = CODES[code];
      return entry?.origin === 'ours' ? `\`${code}\` (${entry.severity}, ${entry.tier})` : `\`${code}\``;
    })
    .join(', ');

// —— methods ——

export function methodsTable(portable: boolean): string {
  const rows = [...METHODS.values()]
    .filter((method) => method.portable === portable)
    .map(({ name, args: [fewest, most], since, description }) => [
      `\`->${name}\``,
      most === 0
        ? '–'
        : fewest === most
          ? String(fewest)
          : most === Number.POSITIVE_INFINITY
            ? `${fewest} and more`
            : `${fewest}–${most}`,
      since,
      description,
    ]);
  return `${table(['Method', 'Arguments', 'Since', 'Result'], rows)}\n`;
}

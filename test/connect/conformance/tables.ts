// The generated parts of docs/connect-spec.md: the table of conformance, the codes with their examples, the methods.
// Made of the test data itself; `docs.test.ts` holds the file against them, `vitest -u` writes them.

import { CODES } from '../../../src/connect/check/codes.ts';
import { METHODS } from '../../../src/connect/mapping/index.ts';
import { SPEC_VERSIONS } from '../../../src/connect/read/links.ts';
import { isError } from '../../../src/diagnostic.ts';
import { findingsOf, schemaNames, schemaText } from '../check/a-schema-file.ts';
import type { Row } from './rows.ts';
import { SECTIONS } from './sections.ts';

/** Replaces what stands between `<!-- name:begin … -->` and `<!-- name:end -->`. */
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
        `### ${title}\n\n${table(['Test', 'What holds', ...SPEC_VERSIONS], rows.map(cellsOf))}\n`,
    )
    .join('\n');

function cellsOf(row: Row): string[] {
  const examples = String(Object.keys(row.examples).length);
  const perVersion = SPEC_VERSIONS.map((version) => (version >= row.since ? examples : 'refused'));
  return [`\`${row.id}\``, row.says, ...perVersion];
}

// —— §6 ——

/** For each code, the wrong schemas of test/connect/check/wrong that are refused with it (or warned of). */
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
        const meaning = isError({ code, severity: entry.severity, message: '', file: '' })
          ? entry.meaning
          : `${entry.meaning} A warning.`;
        return [`\`${code}\``, meaning, (examples.get(code) ?? []).map(link).join(', ')];
      });
  const head = ['Code', 'Meaning', 'Examples'];
  return `### §6 Static checks: the published codes\n\n${table(head, rowsOf('spec'))}\n\n### §6 Static checks: ours\n\n${table(head, rowsOf('ours'))}\n`;
}

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
  return `${table(['Method', 'Arguments', 'Since', 'Gives'], rows)}\n`;
}

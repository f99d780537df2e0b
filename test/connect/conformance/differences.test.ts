// The list of differences is complete and true: every code of this gateway is in it, so is every code of the spec that is
// milder here, and each row's example schemas have the findings that the row states.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/connect/check/check-connector.ts';
import { CODES } from '../../../src/connect/check/codes.ts';
import { findingsOf, schemaNames, schemaText } from '../check/a-schema-file.ts';
import { CHECK_DIFFERENCES, type Difference, RUN_DIFFERENCES, type Shown } from './differences.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/connect-spec.md', import.meta.url)), 'utf8');
const SECTION = PAGE.slice(PAGE.indexOf('## Differences'), PAGE.indexOf('## Methods of the mapping'));

const shownBy = (name: string): Set<Shown> => {
  const [folder, schema] = name.split('/') as ['right' | 'wrong', string];
  return new Set(
    findingsOf(schemaText(folder, schema), `${schema}.graphql`).map(
      ({ code, severity }): Shown => `${severity ?? 'error'} ${code}`,
    ),
  );
};

const examples = CHECK_DIFFERENCES.flatMap((row) =>
  Object.entries(row.examples ?? {}).map(([name, shown]) => ({ row, name, shown })),
);

describe('the differences', () => {
  it.each(examples)('$name · checked · shows what the row states', ({ name, shown }) => {
    const found = shownBy(name);
    if (shown.length === 0) expect([...found].filter((each) => each.startsWith('error'))).toEqual([]);
    else expect([...found]).toEqual(expect.arrayContaining([...shown]));
  });

  it('every row · in the page · as it is here', () => {
    const cell = (text: string) => text.replaceAll('|', '\\|');
    for (const { subject, elsewhere, here, reason } of [...CHECK_DIFFERENCES, ...RUN_DIFFERENCES]) {
      for (const text of [subject, elsewhere, here, reason]) expect(SECTION, subject).toContain(cell(text));
    }
  });

  it('every row of the page · among the rows', () => {
    const subjects = [...SECTION.matchAll(/^\| (.+?) \| /gm)]
      .map(([, first]) => first?.replaceAll('\\|', '|'))
      .filter((first) => first !== '' && first !== '---' && first !== 'Subject');
    const known = [...CHECK_DIFFERENCES, ...RUN_DIFFERENCES].map(({ subject }) => subject);
    expect(subjects).toEqual(known);
    expect(new Set(known).size).toBe(known.length);
  });

  it('every code of this gateway · in exactly one row, and in the page with severity and tier', () => {
    const ours = Object.entries(CODES).filter(([, { origin }]) => origin === 'ours');
    for (const [code, { severity, tier }] of ours) {
      expect(rowsOf(code), code).toHaveLength(1);
      expect(SECTION, code).toContain(`\`${code}\` (${severity}, ${tier})`);
      expect(PAGE, code).toMatch(new RegExp(`^\\| \`${code}\` \\| ${severity} \\| ${tier} \\|`, 'm'));
    }
  });

  it('every code of a row · is a code, with its severities in the page', () => {
    for (const { codes = [] } of CHECK_DIFFERENCES)
      for (const code of codes) expect(CODES, code).toHaveProperty(code);
  });

  it('every code of this gateway that a rule reports · in a row', () => {
    const reported = new Set(RULES.flatMap(({ codes }) => codes));
    const missing = [...reported].filter(
      (code) => CODES[code]?.origin === 'ours' && rowsOf(code).length === 0,
    );
    expect(missing).toEqual([]);
  });

  it('every code of the spec that is a warning in an example schema · in a row that shows it as a warning', () => {
    const milder = new Set<string>();
    for (const folder of ['right', 'wrong'] as const)
      for (const name of schemaNames(folder))
        for (const shown of shownBy(`${folder}/${name}`)) {
          const [severity, code = ''] = shown.split(' ');
          if (severity === 'warning' && CODES[code]?.origin === 'spec') milder.add(code);
        }
    const missing = [...milder].filter(
      (code) =>
        !rowsOf(code).some((row) =>
          Object.values(row.examples ?? {}).some((shown) => shown.includes(`warning ${code}`)),
        ),
    );
    expect(missing).toEqual([]);
    expect(milder.size).toBeGreaterThan(0);
  });

  it('every code with a tier of quality · is a warning; every other code is an error of bronze', () => {
    for (const [code, { severity, tier }] of Object.entries(CODES))
      expect(severity === 'warning', code).toBe(tier !== 'bronze');
  });
});

const rowsOf = (code: string): readonly Difference[] =>
  CHECK_DIFFERENCES.filter(({ codes = [] }) => codes.includes(code));

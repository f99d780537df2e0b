// The table in docs/connect-spec.md and the tests say the same: it is made of them, and a drift fails here.
// `npx vitest run test/connect/conformance -u` writes it anew.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CODES } from '../../../src/connect/check/codes.ts';
import { SPEC_VERSIONS } from '../../../src/connect/read/links.ts';
import { SECTIONS } from './sections.ts';
import {
  codesTable,
  conformanceTable,
  differencesTables,
  examplesByCode,
  fillMarkers,
  methodsTable,
} from './tables.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/connect-spec.md', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

describe('docs/connect-spec.md', () => {
  it('the generated parts · as the tests are · the same', async () => {
    const parts = {
      conformance: conformanceTable(),
      codes: codesTable(),
      differences: differencesTables(),
      methods: methodsTable(true),
      'our-methods': methodsTable(false),
    };
    await expect(fillMarkers(readFileSync(DOCUMENT, 'utf8'), parts)).toMatchFileSnapshot(DOCUMENT);
  });

  it('every id of the table · among the rows · and every row in the table, each id once', () => {
    const inTable = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^\| `(S\d\.[\w.]+)` \|/gm)].map(
      ([, id]) => id,
    );
    const inTests = Object.values(SECTIONS).flatMap(({ rows }) => rows.map(({ id }) => id));
    expect(inTable).toEqual(inTests);
    expect(new Set(inTests).size).toBe(inTests.length);
  });

  it('every section · has a test file that runs its rows', () => {
    const files = readdirSync(HERE).filter((name) => name.endsWith('.test.ts'));
    const texts = files.map((name) => readFileSync(`${HERE}${name}`, 'utf8'));
    for (const section of Object.keys(SECTIONS)) {
      expect(
        texts.filter((text) => text.includes(`conform(SECTIONS.${section}.rows)`)),
        section,
      ).toHaveLength(1);
    }
  });

  it('every row · has an example, and one of its refusal where it is not of the first version', () => {
    for (const { rows } of Object.values(SECTIONS)) {
      for (const row of rows) {
        expect(Object.keys(row.examples).length, row.id).toBeGreaterThan(0);
        expect(row.refused === undefined, row.id).toBe(row.since === SPEC_VERSIONS[0]);
      }
    }
  });

  it('every published code · has a wrong schema that is refused with it', () => {
    const examples = examplesByCode();
    const published = Object.keys(CODES).filter((code) => CODES[code]?.origin === 'spec');
    expect(published.filter((code) => !examples.has(code))).toEqual([]);
  });
});

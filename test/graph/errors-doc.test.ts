// docs/errors.md against the table: every code documented as it is, none invented. What it says of faults is held against
// the rows that `test/gateway/fault-matrix.test.ts` runs.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '../../src/errors.ts';
import { MATRIX, shownOf } from '../gateway/fault-matrix/matrix.ts';

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [/^`(\w+)`/.exec(section)?.[1] ?? section.slice(0, 40), section]),
);
const yesNo = (value: boolean) => (value ? 'yes' : 'no');

describe('docs/errors.md', () => {
  it('its sections · compared with the table · then the same codes, each once', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
    expect(text.match(/^### /gm)).toHaveLength(sections.size);
  });

  it.each(Object.keys(ERRORS) as ErrorCode[])(
    '%s · documented · then with its fault, retry, breaker and texts',
    (code) => {
      const { fault, retryable, breaker, text: shown } = ERRORS[code];
      const section = sections.get(code) ?? '';
      expect(section).toContain(
        `Fault: ${fault} · Retry: ${yesNo(retryable)} · Counts in the breaker: ${yesNo(breaker)}`,
      );
      expect(section).toContain(`> ${shown.en}<br>\n> ${shown.vi}\n`);
      expect(section).toMatch(/\*\*What to do:\*\* \S/);
    },
  );

  it('its table of faults · compared with the fault matrix · then line for line the same', () => {
    const table = text.split('<!-- faults:begin -->\n')[1]?.split('<!-- faults:end -->')[0];
    const rows = MATRIX('').map((line) => `| ${line.source} | ${shownOf(line)} |\n`);
    expect(table).toBe(`| The source … | The client sees |\n| --- | --- |\n${rows.join('')}`);
  });
});

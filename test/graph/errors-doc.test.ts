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

const COUNTED = {
  UNHEALTHY: 'yes',
  HEALTHY: 'as a success',
  TIMED_OUT_AT_LIMIT: 'after a whole attempt',
  UNKNOWN: 'no',
} as const;

/** The columns of the table that no section states, as docs/errors.md names them. */
const rowOf = (code: ErrorCode): string => {
  const row = ERRORS[code];
  const cells = [
    `\`${code}\``,
    row.retriedInRequest,
    row.staleAnswerAllowed,
    row.outcomeUnknown,
    row.refusal,
    row.logLevel,
  ].map((cell) => (typeof cell === 'boolean' ? yesNo(cell) : cell));
  return `| ${cells.join(' | ')} |\n`;
};

describe('docs/errors.md', () => {
  it('its sections · compared with the table · then one for each code', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
    expect(text.match(/^### /gm)).toHaveLength(sections.size);
  });

  it.each(Object.keys(ERRORS) as ErrorCode[])(
    '%s · documented · then with its fault, retry, breaker and texts',
    (code) => {
      const { fault, retryable, sourceHealth, text: shown } = ERRORS[code];
      const section = sections.get(code) ?? '';
      expect(section).toContain(
        `Fault: ${fault} · Retry: ${yesNo(retryable)} · Counts in the breaker: ${COUNTED[sourceHealth]}\n`,
      );
      expect(section).toContain(`> ${shown.en}<br>\n> ${shown.vi}\n`);
      expect(section).toMatch(/\*\*What to do:\*\* \S/);
    },
  );

  it('its table of treatment · compared with the table of codes · then equal', () => {
    const table = text.split('<!-- treatment:begin -->\n')[1]?.split('<!-- treatment:end -->')[0];
    const rows = (Object.keys(ERRORS) as ErrorCode[]).map(rowOf);
    const head = '| Code | Tried again | Stale answer | Outcome unknown | Refusal | Log level |\n';
    expect(table).toBe(`${head}| --- | --- | --- | --- | --- | --- |\n${rows.join('')}`);
  });

  it('its table of faults · compared with the fault matrix · then line for line the same', () => {
    const table = text.split('<!-- faults:begin -->\n')[1]?.split('<!-- faults:end -->')[0];
    const rows = MATRIX('').map((line) => `| ${line.source} | ${shownOf(line)} |\n`);
    expect(table).toBe(`| The source … | The client sees |\n| --- | --- |\n${rows.join('')}`);
  });
});

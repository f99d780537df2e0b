// One answer against the outcomes of one row: data, errors at their paths, `extensions.sources`, and that nothing of what
// the sources said, of where they are or of whose data it is can be read in it. Architecture §5 as one assertion.

import { expect } from 'vitest';
import type { SourceRow } from '../../../src/request/tally.ts';
import { wholeErrors } from '../../whole-errors.ts';
import type { Answer } from '../a-gateway.ts';
import { stacksIn } from '../leaks.ts';
import { type Column, namesOf, type Way } from './a-matrix-folder.ts';
import { MARK } from './a-raw-source.ts';
import type { Outcome } from './outcomes.ts';
import { MEMBERS, PERSON } from './right-answers.ts';

export type Sees = Readonly<Partial<Record<Column, Outcome>>>;

export interface Asked {
  readonly way: Way;
  readonly sees: Sees;
  readonly requestId: string;
  /** Is it the second time in a row? Then the breakers that count have opened. */
  readonly again: boolean;
}

/** The query of these columns: each of them, and in the same one the source that is well. */
export function queryOf(columns: readonly Column[], way: Way): string {
  const fields = columns.filter((column) => column !== 'batch').map((column) => namesOf(column, way).field);
  const list = columns.includes('batch') ? `${namesOf('batch', way).field} { name home }` : '';
  return `query${fields.length > 0 ? ' ($id: ID!)' : ''} {
    ${fields.map((field) => `${field}(id: $id) { name home }`).join('\n    ')}
    well { text ${list} }
  }`;
}

export const columnsOf = (sees: Sees): Column[] => Object.keys(sees) as Column[];

function pathOf(column: Column, way: Way): (string | number)[] {
  const { field } = namesOf(column, way);
  return column === 'batch' ? ['well', field] : [field];
}

export function expectOutcome(answer: Answer, { way, sees, requestId, again }: Asked): void {
  expect(answer.status).toBe(200);
  const { well, ...cells } = answer.data;
  const { text, ...lists } = well;
  expect(text).toBe('all is well');
  const given = { ...cells, ...lists };
  const sources = new Map(answer.extensions?.sources?.map((row) => [row.connector, row]));
  expect([...sources.keys()].sort()).toEqual(
    ['well', ...columnsOf(sees).map((column) => namesOf(column, way).connector)].sort(),
  );
  expect(sources.get('well')).toMatchObject(ROW_OF_ONE_WHO_IS_WELL);

  const whole = wholeErrors(answer.errors);
  let errors = 0;
  for (const column of columnsOf(sees)) {
    const { shown, data, failure, at, status, isFresh } = sees[column] as Outcome;
    const { connector, field, operation } = namesOf(column, way);
    const breaker = again && failure?.counts === true ? 'OPEN' : 'CLOSED';
    const cell = `${column}: ${shown}`;

    // what is there
    expect(given[field], cell).toEqual(data[column]);

    // what is not, whose fault it is, when to try again
    const path = pathOf(column, way);
    const own = whole.filter(({ extensions }) => extensions.connector === connector);
    errors += own.length;
    const places =
      at?.[column] ??
      (column === 'batch'
        ? MEMBERS.flatMap((_, i) => [
            [i, 'name'],
            [i, 'home'],
          ])
        : [[]]);
    expect(own.map((error) => JSON.stringify(error.path)).sort(), cell).toEqual(
      failure === undefined ? [] : places.map((place) => JSON.stringify([...path, ...place])).sort(),
    );
    for (const error of own) {
      const { retryAfterMs, http, ...extensions } = error.extensions;
      expect(extensions, cell).toEqual({
        code: failure?.code,
        connector,
        operation,
        fault: failure?.fault,
        retryable: failure?.retryable,
        breaker,
        requestId,
      });
      if (http !== undefined) expect(http, cell).toEqual({ status: expect.any(Number) });
      // An open breaker has its own word for it.
      if (breaker === 'CLOSED') expectWait(retryAfterMs, failure?.retryAfterMs, cell);
    }

    // each source
    const { durationMs, retryAfterMs, ...row } = sources.get(connector) as SourceRow;
    expect(row, cell).toEqual({
      connector,
      status,
      breaker,
      calls: 1,
      coalesced: 0,
      cacheHits: 0,
      ageMs: failure === undefined || isFresh === true ? 0 : null,
    });
    expect(durationMs, cell).toBeGreaterThanOrEqual(0);
    if (failure?.retryable === true) expect(retryAfterMs, cell).toBeGreaterThan(0);
    else expect(retryAfterMs, cell).toBeNull();
  }
  expect(errors).toBe(answer.errors?.length ?? 0);
}

const ROW_OF_ONE_WHO_IS_WELL = { status: 'OK', breaker: 'CLOSED', calls: 1, ageMs: 0, retryAfterMs: null };

function expectWait(given: unknown, wait: readonly [number, number] | undefined, cell: string): void {
  if (wait === undefined) {
    expect(given, cell).toBeUndefined();
    return;
  }
  expect(Number.isInteger(given), cell).toBe(true);
  expect(given, cell).toBeGreaterThanOrEqual(wait[0]);
  expect(given, cell).toBeLessThanOrEqual(wait[1]);
}

/** Of what must stay in the house: what is found in an answer, or in the log. */
export const leaksOf = (text: string, ports: readonly number[]): string[] =>
  [
    MARK,
    PERSON,
    ...MEMBERS.map(({ id }) => id),
    '127.0.0.1',
    'nowhere.invalid',
    '/people',
    '/members',
    ...ports.map((port) => `:${port}`),
  ]
    .filter((word) => text.includes(word))
    .concat(stacksIn(text));

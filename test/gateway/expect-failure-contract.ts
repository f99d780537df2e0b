// The failure contract as one assertion: the data of the store and of the other systems, an error at each field that is
// null because of the failure, a row for each source, and nothing of the upstream in the answer or the log.

import { expect } from 'vitest';
import { wholeErrors } from '../whole-errors.ts';
import type { Answer, TestGateway } from './a-gateway.ts';
import {
  CONNECTORS,
  type ConnectorId,
  expectedCalls,
  expectedNodes,
  expectedPaths,
  nodesOf,
} from './expected-page.ts';
import { leaksIn, peopleIn } from './leaks.ts';

export interface Ill {
  readonly requestId: string;
  readonly code: string;
  readonly breaker?: 'CLOSED' | 'OPEN';
  /** Calls that left for the ill; default all that the page needs. */
  readonly calls?: 0;
}

/** Asserts all of it for the first page of 20, with `ids` ill and the others well. */
export function expectFailureContract(
  gate: TestGateway,
  answer: Answer,
  ids: readonly ConnectorId[],
  ill: Ill,
): void {
  const dossiers = gate.city.dossiers.slice(0, 20);
  const { requestId, code, breaker = 'CLOSED' } = ill;
  // what is there
  expect(answer.status).toBe(200);
  expect(nodesOf(answer.data)).toEqual(expectedNodes(gate.city, dossiers, ids));

  // what is not, whose fault it is, when to try again
  const byPath = (a: { path?: unknown }, b: { path?: unknown }): number =>
    JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1;
  const errors = wholeErrors(answer.errors).sort(byPath);
  const expected = expectedPaths(dossiers, ids).sort(byPath);
  expect(errors.map(({ path }) => path)).toEqual(expected.map(({ path }) => path));
  errors.forEach((error, i) => {
    const { retryAfterMs, http: _declared, ...extensions } = error.extensions;
    expect(extensions).toEqual({
      code,
      connector: expected[i]?.connector,
      operation: expected[i]?.operation,
      fault: 'PROVIDER',
      retryable: true,
      breaker,
      requestId,
    });
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(Number.isInteger(retryAfterMs)).toBe(true);
  });

  // the text of a failure once, however many fields it affects
  const operations = new Set(expected.map(({ operation }) => operation));
  const repeated = (answer.errors ?? []).filter(({ extensions }) => extensions.sameAs !== undefined);
  expect(repeated).toHaveLength(expected.length - operations.size);
  for (const { extensions, path, message, ...rest } of repeated) {
    expect({ extensions, message, rest }).toEqual({
      extensions: { sameAs: expect.any(Number) },
      message: `errors[${extensions.sameAs}]`,
      rest: {},
    });
  }

  // each source
  const calls = expectedCalls(dossiers);
  expect(answer.extensions?.sources).toHaveLength(CONNECTORS.length);
  for (const row of answer.extensions?.sources ?? []) {
    const id = row.connector as ConnectorId;
    if (ids.includes(id)) {
      const { durationMs: _durationMs, retryAfterMs, coalesced: _coalesced, ...rest } = row;
      const made = ill.calls ?? calls[id];
      expect(rest).toEqual({
        connector: id,
        status: 'UNAVAILABLE',
        breaker,
        calls: made,
        cacheHits: 0,
        ageMs: null,
      });
      expect(retryAfterMs).toBeGreaterThan(0);
    } else {
      expect(row).toMatchObject({
        status: 'OK',
        breaker: 'CLOSED',
        calls: calls[id],
        ageMs: 0,
        retryAfterMs: null,
      });
    }
  }

  // what stays in the house
  const log = gate.log.join('');
  expect(log).toContain(requestId);
  expect(leaksIn(answer.text, gate)).toEqual([]);
  expect(leaksIn(log, gate)).toEqual([]);
  expect(peopleIn(log, dossiers)).toEqual([]);
}

// Asks a source for a page of a list: by one call, or by two where its pages do not lie as the caller's do. Each call passes the
// guard and counts against the limits of the request.

import type { ConnectAnswer, ConnectRequest } from '../contract.ts';
import type { MappingVariables } from '../mapping/index.ts';
import type { PagePart } from '../request/page-answers.ts';
import type { Paging } from '../request/paging.ts';

export interface PageCalls {
  readonly ask: (request: ConnectRequest) => Promise<ConnectAnswer>;
  readonly map: (answer: ConnectAnswer) => unknown;
  /** Counts a further call before it is made. */
  readonly spend: () => void;
}

/** @returns the connection, and an answer that is as old as the oldest part of the page */
export async function askPage(
  paging: Paging,
  request: ConnectRequest,
  vars: MappingVariables,
  { ask, map, spend }: PageCalls,
): Promise<{ readonly answer: ConnectAnswer; readonly value: unknown }> {
  const parts: PagePart[] = [];
  let answer: ConnectAnswer | undefined;
  for (let next: ConnectRequest | undefined = request; next !== undefined; ) {
    const given: ConnectAnswer = await ask(next);
    parts.push({ answer: given, value: map(given) });
    if (answer === undefined || given.fetchedAt < answer.fetchedAt) answer = given;
    next = paging.further(request, vars, parts);
    if (next === undefined) break;
    spend();
    // Another call has another answer.
    if (next.inputKey !== undefined) next = { ...next, inputKey: `${next.inputKey}+${parts.length}` };
  }
  return { answer: answer as ConnectAnswer, value: paging.connect(vars, parts) };
}

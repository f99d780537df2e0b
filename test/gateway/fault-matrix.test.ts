// The fault matrix: whatever a source does, over real sockets, the client gets the right data or the right code, within
// its deadline; the memory that it costs is bounded; nothing that the source said is seen; and nothing is left of it.
// `fault-matrix/matrix.ts` is the table, this file asks each of its cells.

import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';
import {
  aMatrixFolder,
  COLUMNS,
  type Column,
  namesOf,
  urlVariable,
  WAYS,
  type Way,
} from './fault-matrix/a-matrix-folder.ts';
import { aRawSource, type Behaviour, MARK, type RawSource } from './fault-matrix/a-raw-source.ts';
import {
  answers,
  atEachStage,
  dripsBody,
  hangs,
  MiB,
  noHandshake,
  status,
} from './fault-matrix/behaviours.ts';
import { columnsOf, expectOutcome, leaksOf, queryOf, type Sees } from './fault-matrix/expect-outcome.ts';
import { type Does, type Line, MATRIX, shownOf } from './fault-matrix/matrix.ts';
import { watchMemory } from './fault-matrix/memory.ts';
import {
  DEADLINE,
  FAULT,
  type Outcome,
  REFUSED,
  RIGHT,
  THROTTLED,
  TIMEOUT,
  UNAUTHORIZED,
} from './fault-matrix/outcomes.ts';
import { PERSON } from './fault-matrix/right-answers.ts';
import { freePorts } from './free-ports.ts';

const DEADLINE_MS = 3000;
/** What a row may hold at most, all its columns together: measured are 4 MiB, the rest is for what the collector has not seen. */
const HELD_AT_MOST = 32 * MiB;
/** From the client's end to the end of the sockets of its reads. */
const GONE_WITHIN_MS = 500;

/** An address inside: nobody may follow a redirect, or an entity, to it. */
const insider = { connections: 0 };
const inside = createServer((socket) => {
  insider.connections++;
  socket.destroy();
});
const [insidePort = 0, ...ports] = await freePorts(7);
const INSIDE = `http://127.0.0.1:${insidePort}/${MARK}`;

let folder: Awaited<ReturnType<typeof aMatrixFolder>>;
let gate: TestGateway;
const sources = new Map<string, RawSource>();

beforeAll(async () => {
  await new Promise<void>((resolve) => inside.listen(insidePort, '127.0.0.1', resolve));
  folder = await aMatrixFolder();
  const [rest = 0, soap = 0, batch = 0, restTls = 0, soapTls = 0, well = 0] = ports;
  sources.set('rest', await aRawSource('rest', rest));
  sources.set('soap', await aRawSource('soap', soap));
  sources.set('batch', await aRawSource('batch', batch));
  sources.set('rest https', await aRawSource('rest', restTls, 'tls'));
  sources.set('soap https', await aRawSource('soap', soapTls, 'tls'));
  sources.set('well', await aRawSource('well', well));
  const env: Record<string, string> = { [urlVariable('well')]: sources.get('well')?.url ?? '' };
  for (const way of WAYS) {
    for (const column of COLUMNS[way]) {
      env[urlVariable(namesOf(column, way).connector)] =
        sourceOf(column, way)?.url ?? 'http://nowhere.invalid';
    }
  }
  for (const source of sources.values()) await source.behave(answers());
  gate = await aGateway({
    connectorsDir: folder.path,
    args: ['--no-simulators', '--request-deadline-ms', String(DEADLINE_MS)],
    env,
  });
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
  for (const source of sources.values()) await source.close();
  inside.close();
});

const sourceOf = (column: Column, way: Way): RawSource | undefined =>
  way === 'nowhere' ? undefined : sources.get(way.endsWith('https') ? `${column} https` : column);

const sourcesOf = (sees: Sees, way: Way): RawSource[] =>
  columnsOf(sees).flatMap((column) => sourceOf(column, way) ?? []);

function behaviourOf(does: Does, column: Column): Behaviour {
  const own = (does as Partial<Record<Column, Behaviour>>)[column];
  return own ?? (does as Behaviour);
}

let asks = 0;

/** Asks these columns, and asserts what must be so of every answer. */
async function ask(sees: Sees, way: Way, again: boolean): Promise<Answer> {
  const requestId = `matrix-${++asks}`;
  const answer = await gate.ask(queryOf(columnsOf(sees), way), { id: PERSON }, { 'x-request-id': requestId });
  expectOutcome(answer, { way, sees, requestId, again });
  expect(leaksOf(answer.text, [insidePort, ...ports])).toEqual([]);
  return answer;
}

const healthy = (sees: Sees): Sees => Object.fromEntries(columnsOf(sees).map((column) => [column, RIGHT]));

/** Columns that were asked and not yet healed. */
let ill: { readonly sees: Sees; readonly way: Way } | undefined;

/** All well again: breakers that opened close, and the next calls are answered right. */
afterEach(async () => {
  if (ill === undefined || ill.way === 'nowhere') return;
  const { sees, way } = ill;
  ill = undefined;
  for (const source of sourcesOf(sees, way)) await source.behave(answers());
  await eventually(async () => {
    const { errors } = await gate.ask(queryOf(columnsOf(sees), way), { id: PERSON });
    return errors === undefined;
  }, 'closed breakers');
  await ask(healthy(sees), way, false);
});

async function behave(sees: Sees, way: Way, does: Does): Promise<void> {
  ill = { sees, way };
  gate.log.length = 0;
  insider.connections = 0;
  for (const column of columnsOf(sees)) await sourceOf(column, way)?.behave(behaviourOf(does, column));
}

function expectNothingInTheLog(): void {
  expect(leaksOf(gate.log.join(''), [insidePort, ...ports])).toEqual([]);
}

async function runRow({ way = 'http', sees, sentAtMost }: Line, does: Does): Promise<void> {
  await behave(sees, way, does);
  const held = watchMemory();
  const first = await ask(sees, way, false);
  expect(held()).toBeLessThan(HELD_AT_MOST);

  // nothing is left
  for (const source of sourcesOf(sees, way)) {
    expect(source.calls()).toBeLessThanOrEqual(1);
    await eventually(() => source.busy() === 0, 'sockets that are closed, or idle', 2000);
    if (sentAtMost !== undefined) expect(source.sent()).toBeLessThan(sentAtMost);
  }

  // once more: now those breakers are open that count it, and no others
  await ask(sees, way, true);

  // what stays in the house
  expect(gate.log.join('')).toContain(`"${first.headers.get('x-request-id')}"`);
  expectNothingInTheLog();
  expect(insider.connections).toBe(0);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

for (const line of MATRIX(INSIDE)) {
  const isTight = line.sees.rest === DEADLINE;
  describe(`a source that ${line.source}`, () => {
    // Where the answer comes at the deadline itself, a machine that is busy for 100 ms may have a second try.
    it.each(Object.entries(line.when))(
      `%s · called · then ${shownOf(line)}`,
      { retry: isTight ? 2 : 0 },
      (_, does) => runRow(line, does),
    );
  });
}

describe('a source that answers every status', () => {
  const all = { rest: RIGHT, soap: RIGHT, batch: RIGHT };
  const outcomeOf = (code: number): Outcome => {
    if (code === 401 || code === 403) return UNAUTHORIZED;
    if (code === 429) return THROTTLED;
    if (code === 408) return TIMEOUT;
    return code < 500 ? REFUSED : FAULT;
  };

  it.each([400, 500])('from %i to the next hundred · called · then the documented code', async (from) => {
    let code = from;
    let next = answers();
    await behave(all, 'http', { asked: (call) => next.asked?.(call) });
    for (code = from; code < from + 100; code++) {
      const outcome = outcomeOf(code);
      next = status(code);
      await ask({ rest: outcome, soap: outcome, batch: outcome }, 'http', false);
      // In between well, so that no breaker opens.
      next = answers();
      await ask(all, 'http', false);
    }
    expectNothingInTheLog();
  });
});

describe('a client that disconnects', () => {
  const rows: readonly (readonly [string, Way, Behaviour])[] = [
    ...Object.entries(atEachStage('hangs', hangs)).map(([name, does]) => [name, 'http', does] as const),
    ['drips a body', 'http', dripsBody],
    ['hangs in the handshake', 'https', noHandshake],
  ];

  it.each(rows)(
    'the source %s · disconnected twice · then the sockets are closed within 500 ms, and the breaker does not count it',
    async (_, way, does) => {
      const sees = Object.fromEntries(COLUMNS[way].map((column) => [column, RIGHT]));
      await behave(sees, way, does);
      const waiting = sourcesOf(sees, way);
      const authorization = await gate.authorization();
      for (const requestId of [`gone-${++asks}`, `gone-${++asks}`]) {
        const client = new AbortController();
        const answer = fetch(gate.report.graphqlUrl, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-request-id': requestId,
            authorization,
          },
          body: JSON.stringify({ query: queryOf(COLUMNS[way], way), variables: { id: PERSON } }),
          signal: client.signal,
        });
        await eventually(() => waiting.every((source) => source.busy() === 1), 'a call to each source');
        client.abort();
        await expect(answer).rejects.toThrow();
        await eventually(
          () => waiting.every((source) => source.busy() === 0),
          'closed sockets',
          GONE_WITHIN_MS,
        );
        const line = await eventually(() => gate.log.find((one) => one.includes(requestId)), 'its line');
        expect(JSON.parse(line).errors).toEqual({ CANCELLED: COLUMNS[way].includes('batch') ? 8 : 2 });
      }
      expectNothingInTheLog();
      for (const source of waiting) await source.behave(answers());
      await ask(sees, way, false);
    },
  );
});

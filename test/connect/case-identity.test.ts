// With X-Road every request names its dossier and officer; without, equal inputs share a call.
import { expect, it } from 'vitest';
import { type BoundConnector, createSharedCall } from '../../src/connect/bind/call.ts';
import type { ConnectContext, ConnectRequest } from '../../src/connect/contract.ts';
import type { Operation } from '../../src/connect/request/operation.ts';

const operation = {
  name: 'Thing',
  uses: [{ variable: '$this', path: ['id'] }],
  buildRequest: (): ConnectRequest => ({
    operation: 'Thing',
    source: undefined,
    method: 'GET',
    origin: 'http://x',
    path: '/',
    headers: {},
  }),
  mapAnswer: () => ({ value: 1, problems: [] }),
} as unknown as Operation;

async function requestsSent(identifiesCase: boolean | undefined): Promise<ConnectRequest[]> {
  const sent: ConnectRequest[] = [];
  const connector: BoundConnector = {
    id: 'c',
    perRequest: 4,
    config: {},
    env: {},
    identifiesCase,
    send: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: {}, fetchedAt: 0, freshness: 'LIVE' };
    },
  };
  const context = {
    caller: { key: '', actor: { officer: 'cb01', agency: 'H26' } },
    requestId: 'r',
    startedAt: 0,
    locale: 'vi',
    loaders: new Map(),
    tally: { coalesced: () => {} },
    callId: () => 'id',
  } as unknown as ConnectContext;
  const call = createSharedCall(operation, connector);
  for (const dossier of ['D1', 'D2', 'D2']) {
    await call({ this: { id: 1 } }, { dossier, procedure: 'P' }, context);
  }
  return sent;
}

it('with X-Road · each dossier is a call of its own, with dossier and officer', async () => {
  expect(await requestsSent(true)).toMatchObject([
    { issue: 'D1', userId: 'cb01' },
    { issue: 'D2', userId: 'cb01' },
  ]);
});

it('without · one call serves all, without dossier and officer', async () => {
  const sent = await requestsSent(undefined);
  expect(sent).toHaveLength(1);
  expect(sent[0]).not.toHaveProperty('issue');
});

// Operations that a source makes asynchronously, over a socket: the result is waited for by polls of the Location or of a path with the
// id of the operation, within the time limit of the attempt; other hosts are never asked.
import { describe, expect, it } from 'vitest';
import type { ConnectAnswer, ConnectRequest } from '../../src/connect/contract.ts';
import { isGatewayError } from '../../src/errors.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { createLiveConnector } from '../../src/registry/live-connector.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { aConnector } from '../connect/a-connector.ts';
import { anOfficer } from '../request/an-identity.ts';
import { type Asked, aSource, type Behaviour, json } from '../upstream/a-source.ts';

async function ask(poll: string, behaviour: Behaviour, attemptTimeoutMs = 4000) {
  const source = await aSource(behaviour);
  const manifest = readManifest(
    `
id: test
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "${source.origin}/v1" }
operations: { Mutation.make: { attemptTimeoutMs: ${attemptTimeoutMs}, poll: ${poll} } }`,
    'connector.yaml',
  );
  const compiled = aConnector(
    `type Query { q: Thing @connect(source: "api", http: { GET: "/q" }, selection: "id") } type Thing { id: ID }
     type Mutation { make: Thing @connect(source: "api", http: { POST: "/make", body: "a: $('1')" }, selection: "id") }`,
    { source: `@source(name: "api", http: { baseURL: "${source.origin}/v1" })` },
  );
  const live = createLiveConnector({
    manifest,
    digest: 'd',
    instance: 1,
    compiled,
    baseUrl: `${source.origin}/v1`,
    config: {},
    env: {},
    references: { readEnv: () => undefined },
    channels: createChannels(),
  });
  const context = createRequestContext({
    requestId: 'r1',
    locale: 'vi',
    identity: anOfficer('o', 'a'),
    deadlineMs: 9000,
  });
  const operation = compiled.operations.find(({ name }) => name === 'Mutation.make');
  let result: unknown;
  let error: unknown;
  try {
    const request = operation?.buildRequest({ args: {} }) as ConnectRequest;
    result = ((await live.bound.send(request, context)) as ConnectAnswer).body;
  } catch (failure) {
    error = failure;
  } finally {
    context.dispose();
    await live.close();
  }
  const code = isGatewayError(error)
    ? `${error.code} ${error.retryable ? 'retryable' : 'final'} ${error.outcomeUnknown ? 'unknown' : 'known'}`
    : error;
  return { result, code, asked: source.asked.map(({ method, url }) => `${method} ${url}`) };
}

/** Answers in turn; the last one repeats. */
const inTurn = (...behaviours: Behaviour[]): Behaviour => {
  let at = 0;
  return (response, asked: Asked, request) =>
    behaviours[Math.min(at++, behaviours.length - 1)]?.(response, asked, request);
};
const accepted = (location: string): Behaviour => json({}, 202, { location });
const RULES = '{ intervalMs: 10 }';
const BY_ID =
  '{ idAt: job.id, path: "/jobs/{id}", stateAt: job.state, pending: [RUNNING], failed: [FAILED], intervalMs: 10 }';
const running = json({ job: { id: 'a/b', state: 'RUNNING' } });

describe('an asynchronous operation', () => {
  it.each<[string, string, Behaviour, unknown, string[]]>([
    ['has its result at once', RULES, json({ id: '1' }), { id: '1' }, ['POST /v1/make']],
    [
      'is polled at its Location',
      RULES,
      inTurn(accepted('/v1/jobs/7?x=1'), json({}, 202), json({ id: '1' })),
      { id: '1' },
      ['POST /v1/make', 'GET /v1/jobs/7?x=1', 'GET /v1/jobs/7?x=1'],
    ],
    [
      'is polled at a relative Location',
      RULES,
      inTurn(accepted('jobs/7'), json({ id: '1' })),
      { id: '1' },
      ['POST /v1/make', 'GET /v1/jobs/7'],
    ],
    [
      'leads to its result by 303',
      RULES,
      inTurn(accepted('/jobs/7'), json({}, 303, { location: '/r/7' }), json({ id: '1' })),
      { id: '1' },
      ['POST /v1/make', 'GET /jobs/7', 'GET /r/7'],
    ],
    [
      'is polled by its id and state',
      BY_ID,
      inTurn(running, running, json({ job: { state: 'DONE' }, id: '1' })),
      { job: { state: 'DONE' }, id: '1' },
      ['POST /v1/make', 'GET /v1/jobs/a%2Fb', 'GET /v1/jobs/a%2Fb'],
    ],
    [
      'survives a source that is busy for a moment',
      RULES,
      inTurn(accepted('/j'), json({}, 503), json({ id: '1' })),
      { id: '1' },
      ['POST /v1/make', 'GET /j', 'GET /j'],
    ],
  ])('%s', async (_, poll, behaviour, expected, calls) => {
    const { result, asked, code } = await ask(poll, behaviour);
    expect(code).toBeUndefined();
    expect(result).toEqual(expected);
    expect(asked).toEqual(calls);
  });

  it.each<[string, string, Behaviour, string, number]>([
    ['without a Location', RULES, json({}, 202), 'UPSTREAM_INVALID final unknown', 1],
    ['at another host', RULES, accepted('http://127.0.0.2:1/j'), 'UPSTREAM_INVALID final unknown', 1],
    ['at another port', RULES, accepted('//127.0.0.1:1/j'), 'UPSTREAM_INVALID final unknown', 1],
    ['of another scheme', RULES, accepted('file:///etc/passwd'), 'UPSTREAM_INVALID final unknown', 1],
    ['without its id', BY_ID, json({ job: { state: 'RUNNING' } }), 'UPSTREAM_INVALID final unknown', 1],
    [
      'that has failed',
      BY_ID,
      inTurn(running, json({ job: { state: 'FAILED' } })),
      'UPSTREAM_REFUSED final known',
      2,
    ],
    [
      'whose poll is refused',
      RULES,
      inTurn(accepted('/j'), json({}, 404)),
      'UPSTREAM_REFUSED final unknown',
      2,
    ],
    [
      'that does not end',
      '{ intervalMs: 10, maxPolls: 3 }',
      inTurn(accepted('/j'), json({}, 202)),
      'UPSTREAM_TIMEOUT final unknown',
      4,
    ],
  ])('%s · fails, and is not sent again', async (_, poll, behaviour, code, calls) => {
    const got = await ask(poll, behaviour);
    expect(got.code).toBe(code);
    expect(got.asked).toHaveLength(calls);
  });

  it('ends with the time limit of its attempt, whatever Retry-After names; the outcome is unknown', async () => {
    const busy = json({}, 202, { location: '/j', 'retry-after': '60' });
    const { code, asked } = await ask(RULES, busy, 150);
    expect(code).toBe('UPSTREAM_TIMEOUT final unknown');
    expect(asked).toEqual(['POST /v1/make']);
  });
});

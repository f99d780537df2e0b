// Asynchronous operations of a source: it accepts a request (202) and names where the result will be. The attempt waits for it, within
// its time limit, by calls of its own. Only URLs of hosts that the connector may call are asked, since they receive its credentials.
// Once a request is accepted, a failure leaves the outcome of a mutation unknown.

import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError, isGatewayError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { parseRetryAfter } from '../upstream/retry-after.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../upstream/upstream.ts';

type PollRules = NonNullable<Manifest['operations'][string]['poll']>;
type Attempts = Pick<Upstream, 'attempt'>;

/** @param hosts `host` or `host:port`, besides that of the request */
export function withPolling(
  upstream: Attempts,
  rules: ReadonlyMap<string, PollRules>,
  hosts: readonly string[],
): Attempts {
  if (rules.size === 0) return upstream;
  return {
    attempt: (request, signal, idempotent) => {
      const own = rules.get(request.operation);
      return own === undefined
        ? upstream.attempt(request, signal, idempotent)
        : pollFor({ upstream, own, hosts, request, signal }, idempotent);
    },
  };
}

/** By operation; paths below the base URL are complete. */
export function pollRulesOf(
  { operations }: Pick<Manifest, 'operations'>,
  baseUrl: string,
): ReadonlyMap<string, PollRules> {
  const base = new URL(baseUrl).pathname.replace(/\/$/, '');
  return new Map(
    Object.entries(operations).flatMap(([name, { poll }]) =>
      poll === undefined ? [] : [[name, { ...poll, ...(poll.path && { path: base + poll.path }) }] as const],
    ),
  );
}

interface Polling {
  readonly upstream: Attempts;
  readonly own: PollRules;
  readonly hosts: readonly string[];
  readonly request: UpstreamRequest;
  readonly signal: AbortSignal;
}

async function pollFor(polling: Polling, idempotent: boolean | undefined): Promise<UpstreamAnswer> {
  const { upstream, own, request, signal } = polling;
  const isOpen = (answer: UpstreamAnswer): boolean =>
    own.statuses.includes(answer.status) || answer.status === 303 || hasState(own.pending, answer, own);
  const isSuccess = (answer: UpstreamAnswer): boolean =>
    isOpen(answer) ||
    hasState(own.failed, answer, own) ||
    (request.isSuccess?.(answer) ?? (answer.status >= 200 && answer.status < 300));
  const first = await upstream.attempt({ ...request, isSuccess }, signal, idempotent);
  if (!isOpen(first)) return finished(first, polling);
  const last = await poll().catch((error: unknown) => {
    // The source has accepted the request: only a state that is declared as failed says that nothing was done.
    throw isGatewayError(error) ? error.amend({ outcomeUnknown: true }) : error;
  });
  return { ...finished(last, polling), evidence: first.evidence };

  async function poll(): Promise<UpstreamAnswer> {
    let target = targetOf(first, polling);
    let answer = first;
    let delayMs = delayOf(first, own);
    let failure: GatewayError | undefined;
    for (let polls = 0; polls < own.maxPolls; polls++) {
      await pause(delayMs, signal);
      try {
        answer = await upstream.attempt({ ...pollRequest(request), ...target, isSuccess }, signal, true);
        failure = undefined;
      } catch (error) {
        // A source that is busy for a moment still works on the request.
        if (!isGatewayError(error) || !error.retryable || signal.aborted) throw error;
        failure = error;
        delayMs = error.retryAfterMs ?? own.intervalMs;
        continue;
      }
      if (!isOpen(answer)) return answer;
      if (answer.status === 303) target = locationOf(answer, polling, target);
      delayMs = answer.status === 303 ? 0 : delayOf(answer, own);
    }
    throw failure ?? refusal('UPSTREAM_TIMEOUT', polling, `no result after ${own.maxPolls} polls`);
  }
}

/** @throws GatewayError UPSTREAM_REFUSED when the source reports that the operation has failed */
function finished(answer: UpstreamAnswer, polling: Polling): UpstreamAnswer {
  if (!hasState(polling.own.failed, answer, polling.own)) return answer;
  throw refusal('UPSTREAM_REFUSED', polling, 'the source reports that the operation has failed');
}

function hasState(states: readonly string[], { body }: UpstreamAnswer, { stateAt }: PollRules): boolean {
  const state = stateAt === undefined ? undefined : readAt(body, stateAt);
  return state !== undefined && state !== null && states.includes(String(state));
}

const delayOf = ({ headers, fetchedAt }: UpstreamAnswer, { intervalMs }: PollRules): number =>
  parseRetryAfter(headers['retry-after'], fetchedAt, headers.date) ?? intervalMs;

/** @throws the reason of the signal, when it aborts first */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Without body and conditions; its proof is that of the first call. */
function pollRequest({ headers, ...request }: UpstreamRequest): UpstreamRequest {
  const { 'content-type': _type, 'content-encoding': _encoding, ...kept } = headers;
  return {
    ...request,
    method: 'GET',
    headers: kept,
    body: undefined,
    known: undefined,
    evidence: undefined,
  };
}

type Target = Pick<UpstreamRequest, 'origin' | 'path'>;

function targetOf(answer: UpstreamAnswer, polling: Polling): Target {
  const { own, request } = polling;
  if (own.idAt === undefined || own.path === undefined) return locationOf(answer, polling, request);
  const id = readAt(answer.body, own.idAt);
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '' || id === '.' || id === '..') {
    throw refusal('UPSTREAM_INVALID', polling, `expected the id of the operation at ${own.idAt}, found none`);
  }
  return { origin: request.origin, path: own.path.replaceAll('{id}', () => encodeURIComponent(id)) };
}

/** @throws GatewayError UPSTREAM_INVALID for a Location of another host, of another scheme, or with a user */
function locationOf({ headers }: UpstreamAnswer, polling: Polling, from: Target): Target {
  const { location } = headers;
  const url = typeof location === 'string' ? URL.parse(location, from.origin + from.path) : null;
  if (url === null) throw refusal('UPSTREAM_INVALID', polling, 'expected a Location, found none');
  const own = new URL(from.origin);
  const isAllowed = url.host === own.host || polling.hosts.includes(url.host);
  if (!isAllowed || url.protocol !== own.protocol || url.username !== '' || url.password !== '') {
    throw refusal('UPSTREAM_INVALID', polling, 'expected a Location of an allowed host, found another');
  }
  return { origin: url.origin, path: url.pathname + url.search };
}

const refusal = (
  code: 'UPSTREAM_INVALID' | 'UPSTREAM_REFUSED' | 'UPSTREAM_TIMEOUT',
  { request }: Polling,
  detail: string,
): GatewayError => new GatewayError(code, { detail, operation: request.operation });

function readAt(value: unknown, path: string): unknown {
  let at = value;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return at;
}

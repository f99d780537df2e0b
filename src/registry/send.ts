// How the calls of a connector are sent. Guard and upstream meet here: a call is declared, the guard admits its attempts, each
// attempt is made and observed, and the call is counted. Data moves forward in one `CallRecord`.

import type { CallScope, ConnectAnswer, ConnectRequest, Send } from '../connect/contract.ts';
import { type ErrorCode, type GatewayError, isGatewayError } from '../errors.ts';
import type { Guard, GuardCall } from '../guard/guard.ts';
import type { Channels } from '../observe/channels.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { codeOf, type Outcome, outcomeOf, statusOf } from './call-outcome.ts';
import type { DescribeCall, DescribeKey } from './guard-spec.ts';
import { asGatewayError, type CallWatch, type KeyedMutation, type MadeOnce } from './made-once.ts';

/** When the source was called last. Probes are made only while there are no calls. */
export interface Traffic {
  /** Epoch milliseconds. */
  lastCallAt: number | undefined;
}

export interface SendParts {
  readonly connector: string;
  readonly guard: Pick<Guard, 'run'>;
  /** What calls declare about themselves, by operation. */
  readonly calls: ReadonlyMap<string, DescribeCall>;
  /** The idempotency keys of mutations, by operation. */
  readonly keys: ReadonlyMap<string, DescribeKey>;
  readonly madeOnce: MadeOnce;
  readonly upstream: Pick<Upstream, 'attempt'>;
  readonly channels: Pick<Channels, 'attempt' | 'upstreamCall'>;
  readonly traffic: Traffic;
  /** Time that a caller waits for an operation at most, ms; longer is late. */
  readonly lateMs: (operation: string) => number;
}

/** One call: what it is, and what its attempts have done so far. */
interface CallRecord {
  readonly request: ConnectRequest;
  readonly scope: CallScope;
  readonly call: GuardCall | undefined;
  /** Observes a mutation that is made once. */
  readonly watch: CallWatch | undefined;
  /** When the caller began to wait, by `performance.now()`. */
  readonly calledAt: number;
  /** The failure of the latest attempt. */
  failure: ErrorCode | undefined;
  /** The answer is an older one, because of that failure. */
  isStale: boolean;
  /** Start of the last attempt by `performance.now()`; 0 before the first. */
  startedAt: number;
  attempts: number;
  /** Attempts of a call that runs to completion that have not ended. */
  inFlight: number;
  /** The caller has its answer, or has left. */
  hasEnded: boolean;
}

export function createSend(parts: SendParts): Send {
  return (request, scope) => {
    const keyed = parts.keys.get(request.operation)?.(request);
    return keyed === undefined ? call(parts, request, scope) : callOnce(parts, keyed, request, scope);
  };
}

/** A mutation with an idempotency key: one call for all its repetitions. */
async function callOnce(
  parts: SendParts,
  keyed: KeyedMutation,
  request: ConnectRequest,
  scope: CallScope,
): Promise<ConnectAnswer> {
  let isMaker = false;
  const answer = await parts.madeOnce.run(keyed, scope, (own, watch) => {
    isMaker = true;
    return call(parts, request, own, watch);
  });
  if (!isMaker) countAnswer(parts, scope, 0, answer);
  return answer;
}

async function call(
  parts: SendParts,
  request: ConnectRequest,
  scope: CallScope,
  watch?: CallWatch,
): Promise<ConnectAnswer> {
  // declare
  const call = ofClass(parts.calls.get(request.operation)?.(request), scope.callerClass);
  const record: CallRecord = {
    request,
    scope,
    call,
    watch,
    calledAt: performance.now(),
    failure: undefined,
    isStale: false,
    startedAt: 0,
    attempts: 0,
    inFlight: 0,
    hasEnded: false,
  };
  let outcome: Outcome = 'OK';
  try {
    // guard ─▶ attempts
    const answer = await parts.guard.run<ConnectAnswer>(
      request.operation,
      (signal, isRefresh, known) =>
        isRefresh === true ? refresh(parts, record, signal, known) : attempt(parts, record, signal, known),
      scope,
      call,
    );
    // count
    outcome = outcomeOf(answer);
    record.isStale = answer.freshness === 'STALE';
    countAnswer(parts, scope, record.startedAt, answer);
    return answer;
  } catch (error) {
    // The guard throws GatewayErrors only.
    outcome = (error as GatewayError).code;
    throw error;
  } finally {
    endCall(parts, record, outcome);
  }
}

/** Most requests belong to no caller class: nothing is copied for them. */
const ofClass = (call: GuardCall | undefined, callerClass: string | undefined): GuardCall | undefined =>
  callerClass === undefined ? call : { idempotent: false, ...call, callerClass };

// —— attempts ——

/** One attempt that the call waits for. */
function attempt(
  parts: SendParts,
  record: CallRecord,
  signal: AbortSignal,
  known: ConnectAnswer | undefined,
): Promise<ConnectAnswer> {
  const at = performance.now();
  // A further attempt: the previous one has not been counted yet.
  if (record.startedAt !== 0) record.scope.tally.call(parts.connector, at - record.startedAt);
  record.startedAt = at;
  record.attempts++;
  if (record.attempts === 1) record.watch?.onBegin();
  const answering = observedAttempt(parts, record, signal, record.attempts, known);
  // Only a call that can be answered from the cache hides its failure.
  if (record.call?.key !== undefined) answering.catch((error: unknown) => setFailure(record, error));
  return record.call?.runsToCompletion === true ? outlivingCaller(parts, record, answering, at) : answering;
}

/** An attempt of a call that runs to completion: when its caller has left, the attempt publishes the outcome of the call. */
async function outlivingCaller(
  parts: SendParts,
  record: CallRecord,
  answering: Promise<ConnectAnswer>,
  at: number,
): Promise<ConnectAnswer> {
  record.inFlight++;
  let outcome: Outcome = 'INTERNAL_SERVER_ERROR';
  try {
    const answer = await answering;
    outcome = outcomeOf(answer);
    if (record.hasEnded) record.watch?.onLate(answer);
    return answer;
  } catch (error) {
    outcome = codeOf(error);
    if (record.hasEnded) record.watch?.onLate(asGatewayError(error));
    throw error;
  } finally {
    record.inFlight--;
    if (record.hasEnded)
      publishOutcome(parts, record, outcome, performance.now() - at, performance.now() - record.calledAt);
  }
}

/** An attempt that renews a cached answer. No request waits for it, so it is published as a call of its own. */
async function refresh(
  parts: SendParts,
  of: CallRecord,
  signal: AbortSignal,
  known: ConnectAnswer | undefined,
): Promise<ConnectAnswer> {
  // The request has its answer already: this attempt proves nothing about it.
  const record = of.request.evidence === undefined ? of : { ...of, request: { ...of.request, evidence: {} } };
  const at = performance.now();
  let outcome: Outcome = 'INTERNAL_SERVER_ERROR';
  try {
    const answer = await observedAttempt(parts, record, signal, 1, known);
    outcome = outcomeOf(answer);
    return answer;
  } catch (error) {
    outcome = codeOf(error);
    throw error;
  } finally {
    const durationMs = performance.now() - at;
    publishOutcome(parts, { ...record, isStale: false }, outcome, durationMs, durationMs);
  }
}

/**
 * The upstream's attempt, published on its channel when the channel has subscribers.
 * @param number 1 for the first attempt
 * @param known a cached answer that the attempt may renew
 */
function observedAttempt(
  { connector, upstream, channels }: SendParts,
  { request: own, scope, call }: CallRecord,
  signal: AbortSignal,
  number: number,
  known: ConnectAnswer | undefined,
): Promise<ConnectAnswer> {
  const request = known === undefined ? own : { ...own, known };
  if (!channels.attempt.hasSubscribers()) return upstream.attempt(request, signal, call?.idempotent);
  const startedTick = performance.now();
  const publish = (status: number | undefined, outcome: Outcome): void =>
    channels.attempt.publish({
      request: scope.signal,
      requestId: scope.requestId,
      connector,
      operation: request.operation,
      startedTick,
      durationMs: performance.now() - startedTick,
      method: request.method,
      origin: request.origin,
      status,
      outcome,
      number,
    });
  const answering = upstream.attempt(request, signal, call?.idempotent);
  answering.then(
    (answer) => publish(answer.status, outcomeOf(answer)),
    (error: unknown) => publish(statusOf(error), codeOf(error)),
  );
  return answering;
}

// —— outcomes ——

/** Counts an answer that came from the cache, or from another request's call. */
function countAnswer(
  { connector }: SendParts,
  { tally }: CallScope,
  startedAt: number,
  answer: ConnectAnswer,
): void {
  if (answer.freshness !== 'LIVE') {
    const ageMs = Math.max(0, Date.now() - answer.fetchedAt);
    tally.cacheHit(connector, ageMs, answer.freshness === 'STALE');
  } else if (startedAt === 0) tally.coalesced(connector);
}

function endCall(parts: SendParts, record: CallRecord, outcome: Outcome): void {
  const hasCalled = record.startedAt !== 0;
  const durationMs = hasCalled ? performance.now() - record.startedAt : 0;
  if (hasCalled) {
    record.scope.tally.call(parts.connector, durationMs);
    parts.traffic.lastCallAt = Date.now();
  }
  record.hasEnded = true;
  if (record.watch !== undefined) record.watch.hasLate = record.inFlight > 0;
  // An answer from the cache or from another request's call is not a call; an attempt in flight publishes at its own end.
  const isCall = hasCalled || (outcome !== 'OK' && outcome !== 'NOT_FOUND');
  if (!isCall || record.inFlight > 0) return;
  publishOutcome(parts, record, outcome, durationMs, performance.now() - record.calledAt);
}

/** @param waitedMs how long the caller waited, queues and earlier attempts included */
function publishOutcome(
  { connector, channels, lateMs }: SendParts,
  { request, scope, isStale, failure }: CallRecord,
  outcome: Outcome,
  durationMs: number,
  waitedMs: number,
): void {
  if (!channels.upstreamCall.hasSubscribers()) return;
  const { operation } = request;
  channels.upstreamCall.publish({
    connector,
    operation,
    outcome,
    durationMs,
    requestId: scope.requestId,
    isLate: waitedMs >= lateMs(operation),
    ...(isStale && failure !== undefined && { replaced: failure }),
  });
}

function setFailure(record: CallRecord, error: unknown): void {
  record.failure = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
}

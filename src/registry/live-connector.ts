// A connector that answers: its manifest turned into an upstream, a guard and what sends for its operations. Built by
// `registry.ts` from a folder. `createSend` is the one place where guard and upstream meet, and reads as the steps.

import type { BoundConnector } from '../connect/bind/call.ts';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { ConnectAnswer, ConnectRequest, Send } from '../connect/contract.ts';
import { amendError, type GatewayError, isGatewayError } from '../errors.ts';
import {
  createGuard,
  type GateSetting,
  type Guard,
  type GuardCall,
  type OperationState,
} from '../guard/guard.ts';
import type { QuotaLedger } from '../guard/quota-ledger.ts';
import type { Channels, ConnectorReading, UpstreamCallDone } from '../observe/channels.ts';
import { createUpstream, type Upstream } from '../upstream/upstream.ts';
import { readConnector } from './connector-reading.ts';
import { buildGuardOptions, compileCallPlans, type DescribeCall } from './guard-spec.ts';
import type { Manifest } from './manifest.ts';
import { createProber, type ProbeResult } from './prober.ts';
import type { ReferenceSources } from './secrets.ts';
import { buildUpstreamSpec, missingSecrets } from './upstream-spec.ts';

export interface LiveConnector {
  readonly id: string;
  readonly manifest: Manifest;
  readonly digest: string;
  readonly baseUrl: string;
  readonly compiled: CompiledConnector;
  readonly bound: BoundConnector;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly operations: () => readonly OperationState[];
  /** Health, gate and counts of what stands around its calls. */
  readonly guard: Omit<Guard, 'run' | 'close'>;
  /** References of the manifest that lead nowhere at the moment. */
  readonly missingSecrets: () => readonly string[];
  /** What it holds and has counted, at this moment. */
  readonly read: () => ConnectorReading;
  /** Can the source be reached? Spends no quota; wakes open breakers when it can. Never rejects. */
  readonly probe: () => Promise<ProbeResult>;
  readonly lastProbe: () => ProbeResult | undefined;
  /** Epoch milliseconds of the last call that left for the source. */
  readonly lastCallAt: () => number | undefined;
  /** Sockets are destroyed: call it when no request uses the connector any more. */
  readonly close: () => Promise<void>;
}

export interface LiveConnectorParts {
  readonly manifest: Manifest;
  readonly digest: string;
  /** Counts the connectors that this process has built. */
  readonly instance: number;
  readonly compiled: CompiledConnector;
  readonly baseUrl: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly references: ReferenceSources;
  readonly channels: Channels;
  /** Counts the quota together with other replicas. Default: this process by itself. */
  readonly quotaLedger?: QuotaLedger | undefined;
  /** What an operator has said before. */
  readonly gate?: GateSetting | undefined;
}

export function createLiveConnector(parts: LiveConnectorParts): LiveConnector {
  const { manifest, digest, instance, compiled, baseUrl, config, env, references, channels } = parts;
  const { quotaLedger, gate } = parts;
  const { id } = manifest;
  const plans = compileCallPlans(manifest, compiled);
  const upstream = createUpstream(buildUpstreamSpec(manifest, baseUrl, references));
  const guard = createGuard(buildGuardOptions(manifest), {
    onTransition: (transition) => channels.breaker.publish({ ...transition, instance }),
    ...(quotaLedger !== undefined && { quotaLedger }),
  });
  if (gate !== undefined) guard.setGate(gate);
  const traffic: Traffic = { lastCallAt: undefined };
  const bound: BoundConnector = {
    id,
    send: createSend(id, guard, plans.calls, upstream, channels.upstreamCall, traffic),
    sharing: plans.sharing,
    perRequest: manifest.limits.perRequest,
    namesCase: manifest.xroad !== undefined,
    config,
    env,
    onProblems: (operation, problems) => {
      if (!channels.mappingProblem.isHeard()) return;
      const problem = problems[0]?.message ?? 'unknown';
      channels.mappingProblem.publish({
        connector: id,
        operation: operation.name,
        problem,
        count: problems.length,
      });
    },
  };
  const prober = createProber({
    connector: id,
    kind: manifest.probe?.GET === undefined ? 'SOCKET' : 'REQUEST',
    reach: (signal) => upstream.probe(signal),
    wake: () => guard.probeNow(),
    lastCallAt: () => traffic.lastCallAt,
    everyMs: manifest.probe?.everyMs,
    limitMs: manifest.limits.attemptTimeoutMs,
  });
  const read = (): ConnectorReading => readConnector(id, guard, upstream);
  const endCollection = channels.collection.subscribe(({ add }) => add(read()));
  /** Breakers end with their guard: who heard that one opened must not wait for it to close. */
  const tellReplaced = (): void => {
    for (const { operation, breaker } of guard.states()) {
      if (breaker === 'CLOSED') continue;
      const turn = {
        connector: id,
        instance,
        operation,
        from: breaker,
        to: 'CLOSED',
        cause: 'RELOADED',
      } as const;
      channels.breaker.publish({ ...turn, at: Date.now() });
    }
  };
  return {
    id,
    manifest,
    digest,
    baseUrl,
    compiled,
    bound,
    startedAt: Date.now(),
    operations: () => guard.states(),
    guard,
    missingSecrets: () => missingSecrets(manifest, references),
    read,
    probe: prober.probe,
    lastProbe: prober.last,
    lastCallAt: () => traffic.lastCallAt,
    close: async () => {
      endCollection();
      prober.close();
      tellReplaced();
      // A mutation that has begun goes on to its end: nobody could say what became of one that was cut.
      await guard.close();
      await upstream.close();
    },
  };
}

/** When the source was called last: a probe asks only where calls do not tell. */
interface Traffic {
  lastCallAt: number | undefined;
}

/** Most requests count themselves to no class: nothing is copied for them. */
const ofClass = (call: GuardCall | undefined, callerClass: string | undefined): GuardCall | undefined =>
  callerClass === undefined ? call : { idempotent: false, ...call, callerClass };

/** When a source is tried again that failed while its breaker is still closed: soon, but not at once. */
const RETRY_HINT_MS = 1000;

function createSend(
  connector: string,
  guard: Guard,
  calls: ReadonlyMap<string, DescribeCall>,
  upstream: Upstream,
  topic: Channels['upstreamCall'],
  traffic: Traffic,
): Send {
  const tell = (
    operation: string,
    outcome: UpstreamCallDone['outcome'],
    durationMs: number,
    requestId: string,
  ): void => {
    if (topic.isHeard()) topic.publish({ connector, operation, outcome, durationMs, requestId });
  };

  /** An attempt that nobody waits for, at its end: it tells for itself. */
  const unheard = async (
    request: ConnectRequest,
    requestId: string,
    signal: AbortSignal,
    idempotent: boolean | undefined,
    isUnheard: () => boolean,
  ) => {
    const at = performance.now();
    let outcome: UpstreamCallDone['outcome'] = 'OK';
    try {
      const answer = await upstream.attempt(request, signal, idempotent);
      if (answer.notFound === true) outcome = 'NOT_FOUND';
      return answer;
    } catch (error) {
      outcome = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
      throw error;
    } finally {
      if (isUnheard()) tell(request.operation, outcome, performance.now() - at, requestId);
    }
  };

  const always = (): boolean => true;

  return async (request, scope) => {
    const { operation } = request;
    const { requestId } = scope;
    let startedAt = 0;
    let outcome: UpstreamCallDone['outcome'] = 'OK';
    const call = ofClass(calls.get(operation)?.(request), scope.callerClass);
    const runsOn = call?.runsToItsEnd === true;
    /** Of a call that runs on: attempts that have not ended, and has its caller been let go? */
    let underWay = 0;
    let left = false;
    try {
      const answer = await guard.run<ConnectAnswer>(
        operation,
        (signal, refresh) => {
          if (refresh === true) return unheard(request, requestId, signal, call?.idempotent, always);
          const at = performance.now();
          // Another attempt: the one before has not been counted yet.
          if (startedAt !== 0) scope.tally.call(connector, at - startedAt);
          startedAt = at;
          if (!runsOn) return upstream.attempt(request, signal, call?.idempotent);
          underWay++;
          return unheard(request, requestId, signal, call.idempotent, () => {
            underWay--;
            return left;
          });
        },
        scope,
        call,
      );
      if (answer.notFound === true) outcome = 'NOT_FOUND';
      if (answer.freshness !== 'LIVE') {
        const ageMs = Math.max(0, Date.now() - answer.fetchedAt);
        scope.tally.cacheHit(connector, ageMs, answer.freshness === 'STALE');
      } else if (startedAt === 0) scope.tally.coalesced(connector);
      return answer;
    } catch (error) {
      // The guard throws GatewayErrors only.
      const failure = error as GatewayError;
      outcome = failure.code;
      if (!isGatewayError(failure) || !failure.retryable || failure.retryAfterMs !== undefined) throw failure;
      throw amendError(failure, { retryAfterMs: RETRY_HINT_MS });
    } finally {
      const called = startedAt !== 0;
      const durationMs = called ? performance.now() - startedAt : 0;
      if (called) {
        scope.tally.call(connector, durationMs);
        traffic.lastCallAt = Date.now();
      }
      left = true;
      // What came from memory, or from another's call, was no call of this request; one that goes on tells at its end.
      const isCall = called || (outcome !== 'OK' && outcome !== 'NOT_FOUND');
      if (isCall && underWay === 0) tell(operation, outcome, durationMs, requestId);
    }
  };
}

// A connector that answers: its manifest turned into an upstream, a guard and what sends for its operations. Built by
// `registry.ts` from a folder. `createSend` is the one place where guard and upstream meet, and reads as the steps.

import type { BoundConnector } from '../connect/bind/call.ts';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { CallScope, ConnectAnswer, ConnectRequest, Send } from '../connect/contract.ts';
import { amendError, type GatewayError, isGatewayError } from '../errors.ts';
import { createGuard, type Guard, type OperationState } from '../guard/guard.ts';
import type { Channels, UpstreamCallDone } from '../observe/channels.ts';
import { createUpstream } from '../upstream/upstream.ts';
import { buildGuardOptions, compileCallPlans, type DescribeCall } from './guard-spec.ts';
import type { Manifest } from './manifest.ts';
import type { ReferenceSources } from './secrets.ts';
import { createToldAttempt, type ToldAttempt } from './told-attempt.ts';
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
  /** Sockets are destroyed: call it when no request uses the connector any more. */
  readonly close: () => Promise<void>;
}

export interface LiveConnectorParts {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly compiled: CompiledConnector;
  readonly baseUrl: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly references: ReferenceSources;
  readonly channels: Channels;
}

export function createLiveConnector(parts: LiveConnectorParts): LiveConnector {
  const { manifest, digest, compiled, baseUrl, config, env, references, channels } = parts;
  const { id } = manifest;
  const plans = compileCallPlans(manifest, compiled);
  const upstream = createUpstream(buildUpstreamSpec(manifest, baseUrl, references));
  const guard = createGuard(buildGuardOptions(manifest), {
    onTransition: (transition) => channels.breaker.publish(transition),
  });
  const bound: BoundConnector = {
    id,
    send: createSend(
      id,
      guard,
      plans.calls,
      createToldAttempt(id, upstream, channels.attempt),
      channels.upstreamCall,
    ),
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
    close: async () => {
      guard.close();
      await upstream.close();
    },
  };
}

/** When a source is tried again that failed while its breaker is still closed: soon, but not at once. */
const RETRY_HINT_MS = 1000;

function createSend(
  connector: string,
  guard: Guard,
  calls: ReadonlyMap<string, DescribeCall>,
  attempt: ToldAttempt,
  topic: Channels['upstreamCall'],
): Send {
  const tell = (
    operation: string,
    outcome: UpstreamCallDone['outcome'],
    durationMs: number,
    requestId: string,
  ): void => {
    if (topic.isHeard()) topic.publish({ connector, operation, outcome, durationMs, requestId });
  };

  /** An attempt that nobody waits for: it tells for itself. */
  const renew = async (request: ConnectRequest, scope: CallScope, signal: AbortSignal) => {
    const at = performance.now();
    let outcome: UpstreamCallDone['outcome'] = 'OK';
    try {
      const answer = await attempt(request, signal, scope, 1);
      if (answer.notFound === true) outcome = 'NOT_FOUND';
      return answer;
    } catch (error) {
      outcome = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
      throw error;
    } finally {
      tell(request.operation, outcome, performance.now() - at, scope.requestId);
    }
  };

  return async (request, scope) => {
    const { operation } = request;
    const { requestId } = scope;
    let startedAt = 0;
    let attempts = 0;
    let outcome: UpstreamCallDone['outcome'] = 'OK';
    try {
      const answer = await guard.run<ConnectAnswer>(
        operation,
        (signal, refresh) => {
          if (refresh === true) return renew(request, scope, signal);
          const at = performance.now();
          // Another attempt: the one before has not been counted yet.
          if (startedAt !== 0) scope.tally.call(connector, at - startedAt);
          startedAt = at;
          attempts++;
          return attempt(request, signal, scope, attempts);
        },
        scope,
        calls.get(operation)?.(request),
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
      if (called) scope.tally.call(connector, durationMs);
      // What came from memory, or from another's call, was no call of this request.
      if (called || (outcome !== 'OK' && outcome !== 'NOT_FOUND'))
        tell(operation, outcome, durationMs, requestId);
    }
  };
}

// How a connector's calls are sent: what a call says of itself, the guard around its attempts, and what is told of it afterwards.
// Made by `live-connector.ts`. The one place where guard and upstream meet.

import type { CallScope, ConnectAnswer, ConnectRequest, Send } from '../connect/contract.ts';
import { type GatewayError, isGatewayError } from '../errors.ts';
import type { Guard, GuardCall } from '../guard/guard.ts';
import type { Channels, UpstreamCallDone } from '../observe/channels.ts';
import type { DescribeCall } from './guard-spec.ts';
import type { ToldAttempt } from './told-attempt.ts';

/** When the source was called last: a probe asks only where calls do not tell. */
export interface Traffic {
  lastCallAt: number | undefined;
}

/** Most requests count themselves to no class: nothing is copied for them. */
const ofClass = (call: GuardCall | undefined, callerClass: string | undefined): GuardCall | undefined =>
  callerClass === undefined ? call : { idempotent: false, ...call, callerClass };

/** @param attempt one attempt, told on its channel */
export function createSend(
  connector: string,
  guard: Guard,
  calls: ReadonlyMap<string, DescribeCall>,
  attempt: ToldAttempt,
  topic: Channels['upstreamCall'],
  traffic: Traffic,
): Send {
  const tell = (
    operation: string,
    outcome: UpstreamCallDone['outcome'],
    durationMs: number,
    requestId: string,
  ): void => {
    if (topic.hasSubscribers()) topic.publish({ connector, operation, outcome, durationMs, requestId });
  };

  /** An attempt that nobody waits for, at its end: it tells for itself. */
  const unheard = async (
    request: ConnectRequest,
    scope: CallScope,
    signal: AbortSignal,
    number: number,
    idempotent: boolean | undefined,
    isUnheard: () => boolean,
  ) => {
    const at = performance.now();
    let outcome: UpstreamCallDone['outcome'] = 'OK';
    try {
      const answer = await attempt(request, signal, scope, number, idempotent);
      if (answer.notFound === true) outcome = 'NOT_FOUND';
      return answer;
    } catch (error) {
      outcome = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
      throw error;
    } finally {
      if (isUnheard()) tell(request.operation, outcome, performance.now() - at, scope.requestId);
    }
  };

  const always = (): boolean => true;

  return async (request, scope) => {
    const { operation } = request;
    const { requestId } = scope;
    let startedAt = 0;
    let attempts = 0;
    let outcome: UpstreamCallDone['outcome'] = 'OK';
    const call = ofClass(calls.get(operation)?.(request), scope.callerClass);
    const runsOn = call?.runsToCompletion === true;
    /** Of a call that runs on: attempts that have not ended, and has its caller been let go? */
    let underWay = 0;
    let left = false;
    try {
      const answer = await guard.run<ConnectAnswer>(
        operation,
        (signal, refresh) => {
          if (refresh === true) return unheard(request, scope, signal, 1, call?.idempotent, always);
          const at = performance.now();
          // Another attempt: the one before has not been counted yet.
          if (startedAt !== 0) scope.tally.call(connector, at - startedAt);
          startedAt = at;
          attempts++;
          if (!runsOn) return attempt(request, signal, scope, attempts, call?.idempotent);
          underWay++;
          return unheard(request, scope, signal, attempts, call.idempotent, () => {
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
      outcome = (error as GatewayError).code;
      throw error;
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

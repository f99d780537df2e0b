// What stands around an attempt, as steps: gate, bulkhead, retry, breaker, attempt timeout. One guard per source; `registry/` makes it
// and runs every attempt of that source through it. Knows neither HTTP nor GraphQL.
import { countsForBreaker, GatewayError, isGatewayError } from '../errors.ts';
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts';
import { type Breaker, createBreaker, type Permit, REFUSED } from './breaker.ts';
import { createBulkhead, type Rejection } from './bulkhead.ts';
import type { Guard, GuardDeps, GuardOptions, OperationState } from './contract.ts';
import { createGate } from './gate.ts';
import { leavingError } from './leaving-error.ts';
import { createRequestSignals, reasonOf } from './request-signals.ts';
import { createRetry, NOT_AGAIN, pause } from './retry.ts';

export type * from './contract.ts';

/** An operation with its limits, looked up by name once per call. */
interface Guarded {
  readonly name: string;
  readonly limit: AttemptLimit;
  readonly breaker: Breaker;
}

export const createGuard = (options: GuardOptions, deps: GuardDeps = {}): Guard => {
  const { connector } = options;
  const now = deps.now ?? Date.now;
  const operations = new Map<string, Guarded>();
  const breakers = new Map<string, Breaker>();
  const limits = new Map<number, AttemptLimit>();
  const requests = createRequestSignals();
  const gate = createGate(options.maintenance ?? []);
  const retry = createRetry(options.retry ?? {}, { now, random: deps.random ?? Math.random });

  const bulkhead = createBulkhead<Breaker>(
    {
      maxConcurrent: options.bulkhead?.maxConcurrent ?? 64,
      maxWaiting: options.bulkhead?.maxWaiting ?? 512,
      maxWaitMs: options.bulkhead?.maxWaitMs ?? 5_000,
      refuse: (_, why) => refusal(why),
      aborted: reasonOf,
    },
    now,
  );

  const breakerOf = (group: string): Breaker => {
    let breaker = breakers.get(group);
    if (breaker === undefined) {
      const made = createBreaker(group, options.breaker ?? {}, {
        now,
        onChange: (change) => {
          // Those that wait would only learn later what is known now.
          if (change.to === 'OPEN') bulkhead.turnAway(made);
          try {
            deps.onTransition?.({ connector, ...change });
          } catch {
            // A listener's mistake must not fail the call that happened to turn the breaker.
          }
        },
      });
      breaker = made;
      breakers.set(group, breaker);
    }
    return breaker;
  };

  const limitOf = (limitMs: number): AttemptLimit => {
    let limit = limits.get(limitMs);
    if (limit === undefined) {
      limit = createAttemptLimit(limitMs, requests, now);
      limits.set(limitMs, limit);
    }
    return limit;
  };

  const guardedOf = (name: string): Guarded => {
    let guarded = operations.get(name);
    if (guarded === undefined) {
      const own = options.operations?.[name];
      guarded = {
        name,
        limit: limitOf(own?.attemptTimeoutMs ?? options.attemptTimeoutMs ?? 2_000),
        breaker: breakerOf(own?.group ?? name),
      };
      operations.set(name, guarded);
    }
    return guarded;
  };

  const mayPass = (): void => {
    const shut = gate.refusal(now());
    if (shut !== undefined) throw shut;
  };

  const run: Guard['run'] = async (operation, attempt, scope, call) => {
    const { breaker, limit } = guardedOf(operation);
    let inside = false;
    try {
      if (scope.signal.aborted) throw reasonOf(scope.signal);
      // gate
      mayPass();
      // bulkhead; a call that would have to wait for an open breaker is told at once
      if (bulkhead.isFull() && breaker.refuses()) throw circuitOpen();
      const place = bulkhead.enter(breaker, scope.signal);
      if (place !== true) {
        await place;
        inside = true;
        mayPass();
      }
      inside = true;
      // retry
      let failure: unknown;
      for (let attempts = 1; ; attempts++) {
        // breaker; asked at the start of each attempt and not before the wait
        const permit = breaker.admit();
        // A source that has been given up meanwhile: what it said itself tells more.
        if (permit === REFUSED) throw failure ?? circuitOpen();
        if (attempts === 1) retry?.earn();
        // attempt, within its time
        const startedAt = now();
        try {
          const value = await limit.run(attempt, scope, startedAt);
          breaker.succeed(permit, startedAt);
          return value;
        } catch (error) {
          const endedAt = now();
          tell(breaker, permit, error, startedAt, endedAt - startedAt >= limit.limitMs);
          const delayMs =
            call?.idempotent === true && isGatewayError(error) && breaker.state() === 'CLOSED'
              ? (retry?.delayMs(error, attempts, endedAt, scope.deadlineAt) ?? NOT_AGAIN)
              : NOT_AGAIN;
          if (delayMs === NOT_AGAIN) throw error;
          failure = error;
          await pause(delayMs, scope.signal, reasonOf);
        }
      }
    } catch (error) {
      throw leavingError(error, {
        connector,
        operation,
        breaker: breaker.state(),
        retryAfterMs: breaker.retryAfterMs(),
      });
    } finally {
      if (inside) bulkhead.leave();
    }
  };

  const stateOf = (name: string, breaker: Breaker | undefined): OperationState => {
    if (breaker === undefined) return { operation: name, breaker: 'CLOSED', since: madeAt };
    const reason = breaker.reason();
    const retryAfterMs = breaker.retryAfterMs();
    return {
      operation: name,
      breaker: breaker.state(),
      since: breaker.since(),
      ...(reason !== undefined && { reason }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  };
  const madeAt = now();

  return {
    run,
    setGate: gate.set,
    gate: () => gate.state(now()),
    state: (operation) =>
      stateOf(operation, breakers.get(options.operations?.[operation]?.group ?? operation)),
    states: () => [...breakers].map(([name, breaker]) => stateOf(name, breaker)),
    figures: () => ({ retry: retry?.figures() }),
    load: () => ({ running: bulkhead.running(), waiting: bulkhead.waiting() }),
    close: () => {
      bulkhead.close();
      for (const breaker of breakers.values()) breaker.close();
    },
  };
};

/** What a failed call says of the source's health. */
const tell = (breaker: Breaker, permit: Permit, error: unknown, at: number, ranItsTime: boolean): void => {
  if (!isGatewayError(error)) breaker.abandon(permit);
  else if (countsForBreaker(error)) breaker.fail(permit, error.code);
  // A refusal is an answer: the source is well.
  else if (error.code === 'UPSTREAM_REFUSED') breaker.succeed(permit, at);
  // The request's deadline came, but the source had had the time of a whole attempt.
  else if (error.code === 'DEADLINE_EXCEEDED' && ranItsTime) breaker.fail(permit, 'UPSTREAM_TIMEOUT');
  else breaker.abandon(permit);
};

const circuitOpen = (): GatewayError => new GatewayError('CIRCUIT_OPEN');

const refusal = (why: Rejection): GatewayError => {
  switch (why) {
    case 'TURNED_AWAY':
      return circuitOpen();
    case 'CLOSED':
      return new GatewayError('CANCELLED', { detail: 'this source is closed' });
    case 'FULL':
      return new GatewayError('BULKHEAD_FULL', { detail: 'the queue of this source is full' });
    case 'WAITED_TOO_LONG':
      return new GatewayError('BULKHEAD_FULL', { detail: 'no turn came within bulkhead.maxWaitMs' });
  }
};

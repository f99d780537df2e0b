// What a guard promises, as a plain account: one call after the other, one event after the other, nothing shared with `src/guard`. It says
// of every caller how and when it is answered, and of every attempt that it reaches the source.
import { aBreakerModel, type BreakerModel } from './breaker/a-breaker-model.ts';
import {
  aThrottleModel,
  type ThrottleModel,
  type ThrottleModelOptions,
} from './throttle/a-throttle-model.ts';

export interface ModelOptions {
  readonly limitMs: number;
  readonly runs: number;
  readonly waits: number;
  readonly waitMs: number;
  readonly perSecond: number;
  readonly batchShare: number;
  readonly maxAttempts: number;
  /** The wait before the second attempt; it doubles. */
  readonly delayMs: number;
  readonly budgetShare: number;
  readonly floorPerMinute: number;
  readonly budgetMost: number;
  readonly breaker: {
    readonly rate: number;
    readonly minimum: number;
    readonly inARow: number;
    readonly openMs: number;
    readonly probes: number;
    readonly slowMs: number;
    readonly recoverMs: number;
  };
  readonly throttle: ThrottleModelOptions;
  /** No retry after a refusal that names a longer time. */
  readonly maxRetryAfterMs: number;
  readonly operations: Readonly<Record<string, ModelOperation>>;
}

export interface ModelOperation {
  readonly group: string;
  readonly shared: boolean;
  readonly budgetMs?: number;
  readonly cache?: {
    readonly ttlMs: number;
    readonly staleWhileRevalidateMs: number;
    readonly staleIfErrorMs: number;
    readonly maxAgeMs: number;
    readonly negativeTtlMs: number;
  };
}

export interface Asking {
  readonly id: number;
  readonly operation: string;
  readonly key: string | undefined;
  readonly deadlineMs: number;
  readonly idempotent: boolean;
  readonly runsOn: boolean;
  readonly batch: boolean;
}

/** How a caller is answered: the attempt that the answer came of, and its freshness; or a code. */
export type Outcome = { readonly at: number } & (
  | { readonly answer: number; readonly freshness: 'LIVE' | 'CACHED' | 'STALE' }
  | { readonly code: string }
);

interface Kept {
  readonly answer: number;
  readonly fresh: number;
  readonly stale: number;
  readonly error: number;
}

interface Caller {
  readonly asking: Asking;
  /** Ends of its time: the request's, or its budget's when that is first. */
  readonly endsAt: number;
  readonly kept: Kept | undefined;
  readonly generation: number;
  call: Call | undefined;
}

interface Call {
  readonly by: number;
  readonly operation: ModelOperation;
  readonly breaker: BreakerModel;
  readonly throttle: ThrottleModel;
  /** What it shares its answer under. */
  readonly digest: string | undefined;
  readonly refresh: boolean;
  readonly idempotent: boolean;
  readonly runsOn: boolean;
  readonly batch: boolean;
  readonly generation: number;
  readonly callers: Set<Caller>;
  retryUntil: number;
  phase: 'new' | 'waits' | 'runs' | 'pauses' | 'over';
  begun: boolean;
  attempts: number;
  /** The second its quota was taken in, until the source has seen it. */
  taken: number | undefined;
  hasPlace: boolean;
  /** Of its attempt. */
  attempt: number;
  permit: number;
  startedAt: number;
  /** When it is waited for no longer, or its pause ends. */
  until: number;
  failure: string | undefined;
}

/** Failures that say that the source is ill, and those that another attempt may not meet. */
const PASSING_ILLS = ['UPSTREAM_TIMEOUT', 'UPSTREAM_UNREACHABLE', 'UPSTREAM_FAULT', 'UPSTREAM_INVALID'];
const ILL = new Set([...PASSING_ILLS, 'UPSTREAM_TOO_LARGE']);
const HELD = 'UPSTREAM_THROTTLED';
const PASSING = new Set([...PASSING_ILLS, HELD]);
/** The source answered. */
const NO = 'UPSTREAM_REFUSED';
/** What is known does not help against these. */
const FINAL = new Set([NO, 'CANCELLED']);

export function aGuardModel(options: ModelOptions, startsAt: number) {
  let now = startsAt;
  let nextAttempt = 0;
  let generation = 0;
  let gateShutUntil = 0;
  let running = 0;
  let tokens = options.floorPerMinute;
  let filledAt = now;
  const breakers = new Map<string, BreakerModel>();
  const throttles = new Map<string, ThrottleModel>();
  const holds: { operation: string; until: number }[] = [];
  const kept = new Map<string, Kept>();
  const shared = new Map<string, Call>();
  const used = new Map<number, number>();
  let waiting: Call[] = [];
  let underWay: Call[] = [];
  const pausing = new Set<Call>();
  const callers = new Set<Caller>();
  const outcomes = new Map<number, Outcome>();
  const attempts: string[] = [];
  const counts = { hits: 0, stale: 0, misses: 0, joined: 0, retries: 0 };
  const rejected = { gate: 0, throttle: 0, quota: 0, bulkhead: 0, breaker: 0 };

  const breakerOf = (group: string): BreakerModel => {
    let breaker = breakers.get(group);
    if (breaker === undefined) {
      const { rate, minimum, inARow, openMs, probes, slowMs, recoverMs } = options.breaker;
      breaker = aBreakerModel(rate, minimum, inARow, openMs, probes, slowMs, recoverMs, () => now);
      breakers.set(group, breaker);
    }
    return breaker;
  };

  const throttleOf = (group: string): ThrottleModel => {
    let throttle = throttles.get(group);
    if (throttle === undefined) {
      throttle = aThrottleModel(options.throttle);
      throttles.set(group, throttle);
    }
    return throttle;
  };

  const secondOf = (at: number): number => Math.floor(at / 1_000);
  const isShut = (): boolean => now < gateShutUntil;
  const takeQuota = (batch: boolean): boolean => {
    const second = secondOf(now);
    const most = batch ? Math.floor(options.perSecond * options.batchShare) : options.perSecond;
    const count = used.get(second) ?? 0;
    if (count >= most) return false;
    used.set(second, count + 1);
    return true;
  };

  const answerCaller = (caller: Caller, outcome: { answer: number } | { code: string }): void => {
    if (!callers.delete(caller)) return;
    const { kept: old } = caller;
    if ('code' in outcome && old !== undefined && !FINAL.has(outcome.code)) {
      if (now < old.error && caller.generation === generation) {
        counts.stale++;
        outcomes.set(caller.asking.id, { at: now, answer: old.answer, freshness: 'STALE' });
        return;
      }
    }
    const freshness = 'LIVE' as const;
    outcomes.set(
      caller.asking.id,
      'code' in outcome ? { at: now, ...outcome } : { at: now, ...outcome, freshness },
    );
  };

  /** A call is over: quota that the source has not seen is given back, its callers are told, its place goes to the next. */
  const end = (call: Call, outcome: { answer: number; notFound: boolean } | { code: string }): void => {
    if (call.phase === 'over') return;
    call.phase = 'over';
    if ('code' in outcome) {
      if (outcome.code === 'MAINTENANCE') rejected.gate++;
      if (outcome.code === HELD && call.attempts === 0) rejected.throttle++;
      if (outcome.code === 'QUOTA_EXCEEDED') rejected.quota++;
      if (outcome.code === 'BULKHEAD_FULL') rejected.bulkhead++;
      if (outcome.code === 'CIRCUIT_OPEN') rejected.breaker++;
    }
    waiting = waiting.filter((one) => one !== call);
    underWay = underWay.filter((one) => one !== call);
    pausing.delete(call);
    if (call.taken !== undefined) used.set(call.taken, (used.get(call.taken) ?? 0) - 1);
    if (call.digest !== undefined) {
      if (shared.get(call.digest) === call) shared.delete(call.digest);
      if ('code' in outcome) {
        if (outcome.code === NO) kept.delete(call.digest);
      } else if (call.operation.cache !== undefined && call.generation === generation)
        keep(call.digest, call.operation.cache, outcome.answer, outcome.notFound);
    }
    for (const caller of call.callers)
      answerCaller(caller, 'code' in outcome ? outcome : { answer: outcome.answer });
    if (!call.hasPlace) return;
    const next = waiting.shift();
    if (next === undefined) running--;
    else {
      next.hasPlace = true;
      if (isShut()) end(next, { code: 'MAINTENANCE' });
      else begin(next);
    }
  };

  const keep = (
    digest: string,
    times: NonNullable<ModelOperation['cache']>,
    answer: number,
    notFound: boolean,
  ): void => {
    const last = now + times.maxAgeMs;
    const fresh = Math.min(last, now + (notFound ? times.negativeTtlMs : times.ttlMs));
    const stale = notFound ? fresh : Math.min(last, now + times.ttlMs + times.staleWhileRevalidateMs);
    const error = notFound ? fresh : Math.min(last, now + times.ttlMs + times.staleIfErrorMs);
    kept.set(digest, { answer, fresh, stale, error });
  };

  /** An attempt reaches the source, unless it is held back or the breaker says no. */
  const begin = (call: Call): void => {
    if (call.throttle.rejects(now)) {
      end(call, { code: call.failure ?? HELD });
      return;
    }
    const permit = call.breaker.admit(now);
    if (permit === -1) {
      end(call, { code: call.failure ?? 'CIRCUIT_OPEN' });
      return;
    }
    call.throttle.admit(call);
    call.taken = undefined;
    if (++call.attempts === 1) {
      if (tokens < options.budgetMost) tokens = Math.min(options.budgetMost, tokens + options.budgetShare);
      if (call.runsOn) call.retryUntil = now + options.limitMs * options.maxAttempts;
    }
    call.begun = true;
    call.phase = 'runs';
    call.permit = permit;
    call.startedAt = now;
    call.attempt = nextAttempt++;
    call.until = now + options.limitMs;
    underWay.push(call);
    attempts.push(`${call.by}${call.refresh ? ' refresh' : ''} at ${now}`);
  };

  const tellBreaker = (call: Call, result: 'succeed' | 'fail' | 'abandon'): void => {
    const before = call.breaker.state(now);
    // Where slow answers are not watched the breaker does not look at the clock for good ones: they count when they began.
    const seen =
      options.breaker.slowMs === Number.POSITIVE_INFINITY && result === 'succeed' ? call.startedAt : now;
    call.breaker.end(call.permit, result, now - call.startedAt, now, seen);
    if (before === 'OPEN' || call.breaker.state(now) !== 'OPEN') return;
    for (const one of waiting.filter((each) => each.breaker === call.breaker))
      end(one, { code: 'CIRCUIT_OPEN' });
  };

  /** Those that wait would be rejected at their turn. */
  const rejectHeldBack = (throttle: ThrottleModel): void => {
    if (!throttle.rejects(now)) return;
    for (const one of waiting.filter((each) => each.throttle === throttle)) end(one, { code: HELD });
  };

  /** @returns the time that a retry has to wait for, ms */
  const tellThrottle = (call: Call, code: string | undefined, requestedMs: number | undefined): number => {
    const { throttle } = call;
    const isIll = code !== undefined && ILL.has(code);
    if (code === HELD || (isIll && requestedMs !== undefined)) {
      const until = throttle.refused(call, requestedMs, now);
      if (until !== undefined) {
        holds.push({ operation: call.operation.group, until });
        rejectHeldBack(throttle);
      }
      return requestedMs ?? throttle.leftMs(now) ?? 0;
    }
    const isAnswer = code === undefined || code === NO;
    throttle.ended(call, isAnswer ? 'answered' : isIll ? 'ill' : 'nothing');
    return requestedMs ?? 0;
  };

  /** Three failures in a row, or as many as one call alone can make, are no blip. */
  const isIll = (call: Call): boolean => call.breaker.inARow() >= Math.max(3, options.maxAttempts);

  /** Its attempt has failed. */
  const fail = (call: Call, code: string, requestedMs?: number): void => {
    underWay = underWay.filter((one) => one !== call);
    tellBreaker(call, code === NO ? 'succeed' : ILL.has(code) ? 'fail' : 'abandon');
    const askedMs = tellThrottle(call, code, requestedMs);
    const delay = askedMs + options.delayMs * 2 ** (call.attempts - 1);
    const mayRepeat =
      call.idempotent &&
      call.breaker.state(now) === 'CLOSED' &&
      !isIll(call) &&
      PASSING.has(code) &&
      askedMs <= options.maxRetryAfterMs &&
      call.attempts < options.maxAttempts &&
      now + delay < call.retryUntil;
    if (mayRepeat) {
      tokens = Math.min(options.budgetMost, tokens + ((now - filledAt) * options.floorPerMinute) / 60_000);
      filledAt = now;
      if (tokens >= 1) {
        tokens--;
        counts.retries++;
        call.failure = code;
        call.phase = 'pauses';
        call.until = now + delay;
        pausing.add(call);
        return;
      }
    }
    end(call, { code });
  };

  const startCall = (asking: Asking, caller: Caller | undefined, retryUntil: number): Call => {
    const operation = options.operations[asking.operation] as ModelOperation;
    const refresh = caller === undefined;
    const call: Call = {
      by: asking.id,
      operation,
      breaker: breakerOf(operation.group),
      throttle: throttleOf(operation.group),
      digest: operation.shared && asking.key !== undefined ? `${asking.operation} ${asking.key}` : undefined,
      refresh,
      idempotent: asking.idempotent && !refresh,
      runsOn: asking.runsOn && !refresh,
      batch: asking.batch && !refresh,
      generation,
      callers: new Set(caller === undefined ? [] : [caller]),
      retryUntil,
      phase: 'new',
      begun: false,
      attempts: 0,
      taken: undefined,
      hasPlace: false,
      attempt: -1,
      permit: -1,
      startedAt: 0,
      until: 0,
      failure: undefined,
    };
    if (caller !== undefined) caller.call = call;
    if (call.digest !== undefined) shared.set(call.digest, call);
    if (isShut()) end(call, { code: 'MAINTENANCE' });
    else if (call.throttle.rejects(now)) end(call, { code: HELD });
    else if (!takeQuota(call.batch)) end(call, { code: 'QUOTA_EXCEEDED' });
    else {
      call.taken = secondOf(now);
      if (running < options.runs) {
        running++;
        call.hasPlace = true;
        begin(call);
      } else if (call.breaker.wouldReject()) end(call, { code: 'CIRCUIT_OPEN' });
      else if (waiting.length >= options.waits) end(call, { code: 'BULKHEAD_FULL' });
      else {
        call.phase = 'waits';
        call.until = now + options.waitMs;
        waiting.push(call);
      }
    }
    return call;
  };

  const ask = (asking: Asking): void => {
    const operation = options.operations[asking.operation] as ModelOperation;
    const digest =
      operation.shared && asking.key !== undefined ? `${asking.operation} ${asking.key}` : undefined;
    const endsAt = now + Math.min(asking.deadlineMs, operation.budgetMs ?? Number.POSITIVE_INFINITY);
    let known: Kept | undefined;
    if (digest !== undefined && operation.cache !== undefined) {
      known = kept.get(digest);
      if (known !== undefined && now >= known.stale && now >= known.error) {
        kept.delete(digest);
        known = undefined;
      }
      if (known !== undefined && now < known.fresh) {
        counts.hits++;
        outcomes.set(asking.id, { at: now, answer: known.answer, freshness: 'CACHED' });
        return;
      }
      if (known !== undefined && now < known.stale) {
        counts.stale++;
        outcomes.set(asking.id, { at: now, answer: known.answer, freshness: 'STALE' });
        if (!shared.has(digest)) startCall(asking, undefined, Number.POSITIVE_INFINITY);
        return;
      }
      counts.misses++;
    }
    const caller: Caller = { asking, endsAt, kept: known, generation, call: undefined };
    callers.add(caller);
    const other = digest === undefined ? undefined : shared.get(digest);
    if (other === undefined) {
      startCall(asking, caller, endsAt);
      return;
    }
    counts.joined++;
    caller.call = other;
    other.callers.add(caller);
    other.retryUntil = Math.max(other.retryUntil, endsAt);
  };

  /** A caller's own end comes: its client goes, its deadline or its budget is over. */
  const leave = (caller: Caller, code: string): void => {
    const call = caller.call as Call;
    if (call.digest === undefined && !(call.runsOn && call.begun)) {
      stop(call, code);
      return;
    }
    call.callers.delete(caller);
    answerCaller(caller, { code });
    if (call.digest === undefined || call.callers.size > 0 || call.refresh) return;
    if (shared.get(call.digest) === call) shared.delete(call.digest);
    stop(call, 'CANCELLED');
  };

  const stop = (call: Call, code: string): void => {
    if (call.phase === 'runs') fail(call, code);
    else end(call, { code });
  };

  /** All that is set for a moment, with its moment. */
  const due = (): { at: number; run: () => void }[] => [
    ...waiting.map((call) => ({ at: call.until, run: () => end(call, { code: 'BULKHEAD_FULL' }) })),
    ...underWay.map((call) => ({ at: call.until, run: () => fail(call, 'UPSTREAM_TIMEOUT') })),
    ...[...pausing].map((call) => ({
      at: call.until,
      run: () => {
        pausing.delete(call);
        if (isIll(call)) {
          tokens = Math.min(options.budgetMost, tokens + 1);
          counts.retries--;
          end(call, { code: call.failure as string });
        } else if (isShut() || !takeQuota(call.batch)) end(call, { code: call.failure as string });
        else {
          call.taken = secondOf(now);
          begin(call);
        }
      },
    })),
    ...[...callers].map((caller) => ({ at: caller.endsAt, run: () => leave(caller, 'DEADLINE_EXCEEDED') })),
    ...[...breakers.values()].map((breaker) => ({
      at: breaker.changesAt(now),
      run: () => breaker.tick(now),
    })),
  ];

  return {
    ask,
    /** The next moment at which something happens by itself; `undefined` when two things happen in it, and their order is anybody's. */
    next: (): number | undefined => {
      const all = due();
      const at = Math.min(Number.POSITIVE_INFINITY, ...all.map((one) => one.at));
      return Number.isFinite(at) && all.filter((one) => one.at === at).length > 1 ? undefined : at;
    },
    /** To `at`, which is not after the next such moment. */
    advanceTo: (at: number): void => {
      now = at;
      for (const one of due()) if (one.at === at) one.run();
    },
    /** The attempt at this place of those under way ends. */
    finish: (index: number, how: string, requestedMs?: number): void => {
      const call = underWay[index] as Call;
      if (how !== 'answer' && how !== 'notFound') {
        fail(call, how, requestedMs);
        return;
      }
      tellBreaker(call, 'succeed');
      tellThrottle(call, undefined, undefined);
      end(call, { answer: call.attempt, notFound: how === 'notFound' });
    },
    leave: (id: number): void => {
      for (const caller of callers) if (caller.asking.id === id) leave(caller, 'CANCELLED');
    },
    shut: (until: number): void => {
      gateShutUntil = until;
    },
    drop: (): void => {
      generation++;
      kept.clear();
    },
    probeNow: (): number => {
      for (const throttle of throttles.values()) throttle.probeNow(now);
      return [...breakers.values()].filter((breaker) => breaker.probeNow(now)).length;
    },
    /** Another gateway was asked for fewer calls. */
    holdBack: (group: string, until: number): void => {
      const throttle = throttleOf(group);
      if (throttle.holdUntil(until, now)) rejectHeldBack(throttle);
    },
    /** Callers that are not answered yet. */
    open: (): number[] => [...callers].map((caller) => caller.asking.id),
    outcome: (id: number): Outcome | undefined => outcomes.get(id),
    seen: () => ({
      attempts,
      underWay: underWay.map((call) => call.attempt),
      running,
      waiting: waiting.length,
      shared: shared.size,
      usedThisSecond: used.get(secondOf(now)) ?? 0,
      breakers: Object.fromEntries([...breakers].map(([group, breaker]) => [group, breaker.state(now)])),
      held: Object.fromEntries([...throttles].map(([group, throttle]) => [group, throttle.isHeld()])),
      holds,
      counts: { ...counts },
      rejected: { ...rejected },
    }),
  };
}

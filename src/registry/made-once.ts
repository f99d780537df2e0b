// Mutations that carry an idempotency key are made once per actor and key, whatever the source does with the key. Repetitions in
// this process share one call; the ledger in the store covers other gateways and later repetitions. A mutation whose outcome is
// not known is reported as such, and never sent again.

import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallScope, ConnectAnswer } from '../connect/contract.ts';
import { abortReason, type ErrorCode, GatewayError, isGatewayError } from '../errors.ts';
import type { MutationLedger, MutationOutcome } from './mutation-ledger.ts';
import { answerOf, OF_ITS_REQUEST, outcomeOf } from './mutation-outcome.ts';

export interface KeyedMutation {
  readonly operation: string;
  readonly key: string;
  /** Everything that the mutation is asked with, as text. */
  readonly input: string;
  /** Whether the source recognises a repetition by the key: then a failed mutation may be sent again. */
  readonly isRecognised: boolean;
  readonly retentionMs: number;
}

/** What the maker of a call reports while the call runs. */
export interface CallWatch {
  /** The first attempt begins: from here on the mutation may have been made. */
  onBegin(): void;
  /** An attempt ended after the call had failed. */
  onLate(outcome: ConnectAnswer | GatewayError): void;
  /** Whether an attempt is under way although the call has failed; set by the maker. */
  hasLate: boolean;
}

export interface MadeOnce {
  /**
   * @param make sends the mutation; called at most once for all repetitions
   * @throws GatewayError IDEMPOTENCY_KEY_REUSED, OUTCOME_UNKNOWN, STORE_UNAVAILABLE, or the error of `make`
   */
  run(
    mutation: KeyedMutation,
    scope: CallScope,
    make: (own: CallScope, watch: CallWatch) => Promise<ConnectAnswer>,
  ): Promise<ConnectAnswer>;
  /** Resolves when no mutation is under way and the outcomes are recorded, as far as the store permits. */
  settled(): Promise<void>;
}

/** A claim of this process. */
interface Held {
  readonly id: string;
  readonly owner: string;
}

interface Flight {
  readonly input: string;
  readonly controller: AbortController;
  result: Promise<ConnectAnswer>;
  /** Requests that wait for the result. */
  waiting: number;
  hasBegun: boolean;
  /** A statement of the ledger is under way before the mutation. */
  waitsForStore: boolean;
}

/** Interval at which a mutation under way elsewhere is read, ms. */
const POLL_MS = 100;
/** Attempts to record an outcome, one each second: longer than a restart of the store takes. */
const RECORD_ATTEMPTS = 60;
const RECORD_PAUSE_MS = 1_000;

/** @param ledger absent: repetitions are recognised while the mutation is under way in this process */
export function createMadeOnce(connector: string, ledger: MutationLedger | undefined): MadeOnce {
  const flights = new Map<string, Flight>();
  const recording = new Set<Promise<void>>();
  const closing = new AbortController();

  const errorOf = (code: ErrorCode, operation: string): GatewayError =>
    new GatewayError(code, { connector, operation });

  /** Waits for the flight as long as the request lasts. The last request that leaves ends a flight that has not begun. */
  const join = (
    id: string,
    flight: Flight,
    operation: string,
    { signal }: CallScope,
  ): Promise<ConnectAnswer> =>
    new Promise((resolve, reject) => {
      flight.waiting++;
      const leave = (): void => {
        flight.waiting--;
        if (flight.waiting === 0 && !flight.hasBegun) {
          if (flights.get(id) === flight) flights.delete(id);
          flight.controller.abort(signal.reason);
        }
        const reason = abortReason(signal);
        // The source was not asked: the deadline is no fault of its own.
        const isOfStore = flight.waitsForStore && reason.code === 'DEADLINE_EXCEEDED';
        reject(isOfStore ? errorOf('STORE_UNAVAILABLE', operation) : reason.amend({ connector, operation }));
      };
      signal.addEventListener('abort', leave, { once: true });
      flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
      if (signal.aborted) leave();
    });

  /** @returns the answer of an earlier mutation, or `undefined` when this owner has claimed it */
  const claim = async (
    { operation, retentionMs }: KeyedMutation,
    { id, owner, input }: Held & { readonly input: string },
    flight: Flight,
    book: MutationLedger,
  ): Promise<ConnectAnswer | undefined> => {
    const { signal } = flight.controller;
    let awaited: string | undefined;
    for (;;) {
      if (signal.aborted) throw abortReason(signal);
      flight.waitsForStore = awaited === undefined;
      const known =
        awaited === undefined
          ? await book.claim({ id, input, owner, retentionMs }, signal)
          : await book.read(id, signal);
      flight.waitsForStore = false;
      if (known === undefined) {
        if (awaited === undefined) return undefined;
        awaited = undefined;
        continue;
      }
      if (known.input !== input) throw errorOf('IDEMPOTENCY_KEY_REUSED', operation);
      switch (known.state) {
        case 'ANSWERED':
          return answerOf(known.answer, awaited === undefined);
        case 'UNKNOWN':
          throw errorOf('OUTCOME_UNKNOWN', operation);
        case 'FREE':
          if (known.owner === awaited && !OF_ITS_REQUEST.has(known.failure))
            throw errorOf(known.failure, operation);
          awaited = undefined;
          break;
        case 'CLAIMED':
          awaited = known.owner;
          await pause(POLL_MS, undefined, { signal }).catch(() => {});
      }
    }
  };

  /**
   * Records what became of the claim; the store may be away for a time. Resolves after the first attempt, so that a request has its
   * answer when the store has it, unless the store does not answer.
   */
  const record = async (
    { id, owner }: Held,
    outcome: MutationOutcome,
    onRecorded: () => void = () => {},
  ): Promise<void> => {
    const settle = async (): Promise<boolean> => {
      try {
        await ledger?.settle(id, owner, outcome);
        onRecorded();
        return true;
      } catch {
        return false;
      }
    };
    const first = settle();
    const retry = async (): Promise<void> => {
      let isRecorded = await first;
      // A claim that is not renewed becomes UNKNOWN: repetitions then receive OUTCOME_UNKNOWN.
      for (let attempt = 1; !isRecorded && attempt < RECORD_ATTEMPTS && !closing.signal.aborted; attempt++) {
        await pause(RECORD_PAUSE_MS, undefined, { ref: false, signal: closing.signal }).catch(() => {});
        isRecorded = await settle();
      }
      if (!isRecorded) onRecorded();
    };
    const done = retry().finally(() => recording.delete(done));
    recording.add(done);
    await Promise.race([first, pause(RECORD_PAUSE_MS, undefined, { ref: false })]);
  };

  const fly = async (
    id: string,
    flight: Flight,
    mutation: KeyedMutation,
    scope: CallScope,
    make: Parameters<MadeOnce['run']>[2],
  ): Promise<ConnectAnswer> => {
    const { operation, isRecognised } = mutation;
    const held: Held = { id, owner: randomUUID() };
    const { signal } = flight.controller;
    const forget = (): void => {
      if (flights.get(id) === flight) flights.delete(id);
    };
    // claim
    if (ledger !== undefined) {
      try {
        const known = await claim(mutation, { ...held, input: flight.input }, flight, ledger);
        if (known !== undefined) {
          forget();
          return known;
        }
      } catch (error) {
        forget();
        const failure = asGatewayError(error);
        const { code } = failure;
        // The claim may have been stored although its statement failed.
        if (code === 'STORE_UNAVAILABLE' || OF_ITS_REQUEST.has(code))
          void record(held, { state: 'FREE', failure: code });
        throw failure.amend({ connector, operation });
      }
    }
    const renewing =
      ledger &&
      setInterval(() => void ledger.renew(id, held.owner).catch(() => {}), ledger.renewEveryMs).unref();
    // Repetitions of this process find the flight until the store has its outcome.
    const finish = async (outcome: ConnectAnswer | GatewayError): Promise<void> => {
      clearInterval(renewing);
      if (ledger === undefined) forget();
      else await record(held, outcomeOf(outcome, flight.hasBegun, isRecognised), forget);
    };
    // make
    const watch: CallWatch = {
      onBegin: () => {
        flight.hasBegun = true;
      },
      onLate: (outcome) => void finish(outcome),
      hasLate: false,
    };
    // The mutation outlives the request that asked first; the limits of its attempts end it.
    const { requestId, callerClass, tally } = scope;
    const own: CallScope = { signal, deadlineAt: Number.POSITIVE_INFINITY, requestId, callerClass, tally };
    let answer: ConnectAnswer;
    try {
      answer = await make(own, watch);
    } catch (error) {
      if (!watch.hasLate) await finish(asGatewayError(error));
      throw error;
    }
    await finish(answer);
    return answer;
  };

  return {
    run: (mutation, scope, make) => {
      const { operation, key } = mutation;
      const id = digestOf(connector, operation, scope.caller?.key ?? '', key);
      // The key salts the digest of the input.
      const input = digestOf(key, mutation.input);
      const known = flights.get(id);
      if (known !== undefined) {
        if (known.input !== input) return Promise.reject(errorOf('IDEMPOTENCY_KEY_REUSED', operation));
        return join(id, known, operation, scope);
      }
      const flight: Flight = {
        input,
        controller: new AbortController(),
        result: undefined as unknown as Promise<ConnectAnswer>,
        waiting: 0,
        hasBegun: false,
        waitsForStore: false,
      };
      flights.set(id, flight);
      flight.result = fly(id, flight, mutation, scope, make);
      return join(id, flight, operation, scope);
    },
    settled: async () => {
      await Promise.allSettled(Array.from(flights.values(), ({ result }) => result));
      closing.abort();
      await Promise.allSettled(recording);
    },
  };
}

/** Digests of parts that cannot be confused with one another. */
const digestOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

export const asGatewayError = (error: unknown): GatewayError =>
  isGatewayError(error) ? error : new GatewayError('INTERNAL_SERVER_ERROR', { cause: error });

// What the callers of an operation got in the last minute, for its health: answers that were missing by code, late, or did not fit
// their mapping; and the newest few outcomes however old, since a minute with hardly any call shows nothing.

import { ERRORS, type ErrorCode } from '../errors.ts';
import type { UpstreamCallDone } from './channels.ts';

/** Newest outcomes that are kept whatever their age. */
export const NEWEST_KEPT = 20;

/** So many answers in a row without a rejection, after nearly nothing but rejections: the credentials have been renewed. */
const ACCEPTED_AGAIN = 5;
const LOOK_BACK = 10;
const REJECTED_SHARE = 0.8;
const FEWEST_REJECTED = 4;

const SLICE_MS = 5_000;
const SLICES = 12;

export interface RecentAnswer {
  /** Epoch ms. */
  readonly at: number;
  /** The failure; `undefined`: the caller got its answer. */
  readonly missing: ErrorCode | undefined;
  readonly isLate: boolean;
  readonly isRefusal: boolean;
}

export interface AnswerCounts {
  /** Answers and failures; calls that their callers gave up or that an operator's gate rejected are left out. */
  readonly total: number;
  readonly missing: ReadonlyMap<ErrorCode, number>;
  /** Of those that arrived. */
  readonly late: number;
  /** The source refused the request: an answer, and no data. */
  readonly refused: number;
  /** Answers that did not fit their mapping. */
  readonly unmapped: number;
  /** Newest first, of any age. */
  readonly newest: readonly RecentAnswer[];
}

export interface AnswerWindow {
  add(call: UpstreamCallDone, at: number): void;
  addUnmapped(at: number): void;
  counts(at: number): AnswerCounts;
  /** What was counted before a recovery shows nothing about the time after it. */
  clear(): void;
}

interface Slice {
  number: number;
  total: number;
  late: number;
  refused: number;
  unmapped: number;
  readonly missing: Map<ErrorCode, number>;
}

export function createAnswerWindow(): AnswerWindow {
  const slices = Array.from({ length: SLICES }, emptySlice);
  let newest: RecentAnswer[] = [];

  const sliceAt = (at: number): Slice => {
    const number = Math.floor(at / SLICE_MS);
    const slice = slices[number % SLICES] as Slice;
    if (slice.number !== number) {
      reset(slice);
      slice.number = number;
    }
    return slice;
  };

  const forgetRejections = (): void => {
    newest = newest.filter(({ missing }) => missing !== 'UPSTREAM_UNAUTHORIZED');
    for (const slice of slices) {
      slice.total -= slice.missing.get('UPSTREAM_UNAUTHORIZED') ?? 0;
      slice.missing.delete('UPSTREAM_UNAUTHORIZED');
    }
  };

  return {
    add: ({ outcome, isLate = false, replaced }, at) => {
      const missing = missingOf(replaced ?? outcome);
      if (missing === 'NOT_COUNTED') return;
      const isRefusal = missing === undefined && outcome === 'UPSTREAM_REFUSED';
      const slice = sliceAt(at);
      slice.total++;
      if (missing !== undefined) slice.missing.set(missing, (slice.missing.get(missing) ?? 0) + 1);
      else if (isLate) slice.late++;
      if (isRefusal) slice.refused++;
      newest.unshift({ at, missing, isLate: isLate && missing === undefined, isRefusal });
      if (newest.length > NEWEST_KEPT) newest.pop();
      if (missing === undefined && areRenewed(newest)) forgetRejections();
    },
    addUnmapped: (at) => {
      sliceAt(at).unmapped++;
    },
    counts: (at) => {
      const current = Math.floor(at / SLICE_MS);
      const missing = new Map<ErrorCode, number>();
      const sum = { total: 0, late: 0, refused: 0, unmapped: 0 };
      for (const slice of slices) {
        if (slice.number <= current - SLICES || slice.number > current) continue;
        sum.total += slice.total;
        sum.late += slice.late;
        sum.refused += slice.refused;
        sum.unmapped += slice.unmapped;
        for (const [code, count] of slice.missing) missing.set(code, (missing.get(code) ?? 0) + count);
      }
      return { ...sum, missing, newest: [...newest] };
    },
    clear: () => {
      for (const slice of slices) reset(slice);
      newest = [];
    },
  };
}

/** `undefined`: the caller got what the source has. A refusal is the caller's, and an answer. */
function missingOf(outcome: UpstreamCallDone['outcome']): ErrorCode | undefined | 'NOT_COUNTED' {
  if (outcome === 'OK' || outcome === 'NOT_FOUND' || outcome === 'UPSTREAM_REFUSED') return undefined;
  // The gateway's own lag is never blamed on a source.
  if (outcome === 'OVERLOADED') return 'NOT_COUNTED';
  // A closed gate is a cause of its own, and ends at once.
  const { abandoned, refusal, rejectedBy } = ERRORS[outcome];
  return abandoned || refusal || rejectedBy === 'gate' ? 'NOT_COUNTED' : outcome;
}

/** Rejected credentials are rejected as a whole. A share of rejections among other answers is no such change. */
function areRenewed(newest: readonly RecentAnswer[]): boolean {
  if (newest.slice(0, ACCEPTED_AGAIN).some(isRejection)) return false;
  const before = newest.slice(ACCEPTED_AGAIN, ACCEPTED_AGAIN + LOOK_BACK);
  const rejected = before.filter(isRejection).length;
  return rejected >= FEWEST_REJECTED && rejected / before.length >= REJECTED_SHARE;
}

const isRejection = ({ missing }: RecentAnswer): boolean => missing === 'UPSTREAM_UNAUTHORIZED';

const emptySlice = (): Slice => ({
  number: -1,
  total: 0,
  late: 0,
  refused: 0,
  unmapped: 0,
  missing: new Map(),
});

function reset(slice: Slice): void {
  slice.number = -1;
  slice.total = 0;
  slice.late = 0;
  slice.refused = 0;
  slice.unmapped = 0;
  slice.missing.clear();
}

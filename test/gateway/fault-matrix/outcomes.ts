// What a client sees of one cell of the matrix, by name. Written out and not read from `src/errors.ts`: this is what the
// gateway promises, docs/errors.md says it to clients, and the matrix holds both against what happens.

import type { SourceRow } from '../../../src/request/tally.ts';
import type { Column } from './a-matrix-folder.ts';
import { RIGHT_MEMBERS, RIGHT_PERSON } from './right-answers.ts';

export interface Failure {
  readonly code: string;
  readonly fault: 'CALLER' | 'GATEWAY' | 'PROVIDER';
  readonly retryable: boolean;
  /** Does the breaker count it? */
  readonly counts: boolean;
  /** Least and most of `retryAfterMs`; absent where there must be none. */
  readonly retryAfterMs?: readonly [number, number];
}

export interface Outcome {
  /** As the table of docs/errors.md says it. */
  readonly shown: string;
  /** The data at the cell's path. */
  readonly data: Readonly<Record<Column, unknown>>;
  readonly failure?: Failure;
  /** Where the errors stand, below the cell's path. Default: at the field, in a batch at each of its members. */
  readonly at?: Readonly<Record<Column, readonly (readonly (string | number)[])[]>>;
  readonly status: SourceRow['status'];
  /** Did the source answer, though not with what fits? Default: when there is no failure. */
  readonly isFresh?: true;
}

const RETRY = { retryable: true, retryAfterMs: [1000, 1000] } as const;
const NO_RETRY = { retryable: false } as const;

/** The right data. */
export const RIGHT: Outcome = {
  shown: 'the data',
  data: { rest: RIGHT_PERSON, soap: RIGHT_PERSON, batch: RIGHT_MEMBERS },
  status: 'OK',
};

const UNKNOWN = { name: null, home: null };
const NO_DATA = { rest: null, soap: null, batch: RIGHT_MEMBERS.map(() => UNKNOWN) };

/** No such record: `null`, and no error. */
export const NOTHING: Outcome = { shown: '`null`, no error', data: NO_DATA, status: 'OK' };

/** Of a batch the members that came; the others as if there were no such record. */
export const SOME: Outcome = {
  shown: 'the data that came, the rest `null`, no error',
  data: { ...NO_DATA, batch: [RIGHT_MEMBERS[0], UNKNOWN, RIGHT_MEMBERS[2]] },
  status: 'OK',
};

const fails = (failure: Failure, status: SourceRow['status'] = 'UNAVAILABLE'): Outcome => ({
  shown: `\`${failure.code}\``,
  data: NO_DATA,
  failure,
  status,
});

const ill = (code: string): Outcome => fails({ code, fault: 'PROVIDER', ...RETRY, counts: true });

export const TIMEOUT = ill('UPSTREAM_TIMEOUT');
export const UNREACHABLE = ill('UPSTREAM_UNREACHABLE');
export const FAULT = ill('UPSTREAM_FAULT');
export const INVALID = ill('UPSTREAM_INVALID');
export const TOO_LARGE = fails({ code: 'UPSTREAM_TOO_LARGE', fault: 'PROVIDER', ...NO_RETRY, counts: true });

export const DEADLINE = fails({ code: 'DEADLINE_EXCEEDED', fault: 'PROVIDER', ...RETRY, counts: false });
/** The hold of a refusal that names no time, which the manifest of the matrix makes as short as it can be. */
export const THROTTLED = fails({
  code: 'UPSTREAM_THROTTLED',
  fault: 'PROVIDER',
  retryable: true,
  retryAfterMs: [1, 1],
  counts: false,
});
export const UNAUTHORIZED = fails({
  code: 'UPSTREAM_UNAUTHORIZED',
  fault: 'GATEWAY',
  ...NO_RETRY,
  counts: false,
});
/** The source is well and said no: what it was asked for is answered in part. */
export const REFUSED = fails(
  { code: 'UPSTREAM_REFUSED', fault: 'CALLER', ...NO_RETRY, counts: false },
  'PARTIAL',
);

/** The same failure with the wait that the source asked for. @param fromMs since a date has no milliseconds */
export const after = (outcome: Outcome, fromMs: number, toMs = fromMs): Outcome => ({
  ...outcome,
  shown: `${outcome.shown}, \`retryAfterMs\` as asked`,
  failure: { ...(outcome.failure as Failure), retryAfterMs: [fromMs, toMs] },
});

/** The whole of it does not fit its type: null, with the error at its place. The source did answer, and is not ill. */
export const MISSHAPEN: Outcome = {
  ...fails({ code: 'UPSTREAM_INVALID', fault: 'PROVIDER', ...RETRY, counts: false }, 'PARTIAL'),
  isFresh: true,
  shown: '`UPSTREAM_INVALID`; it does not count in the breaker',
};

/** One field does not fit its type: it is null and has the error; its neighbours stay, and the source is not ill. */
export const MISFIT: Outcome = {
  shown: '`UPSTREAM_INVALID` at the field, the rest of the data; it does not count in the breaker',
  data: {
    rest: { ...RIGHT_PERSON, name: null },
    soap: { ...RIGHT_PERSON, name: null },
    batch: RIGHT_MEMBERS.map((member, i) => (i === 1 ? { ...member, name: null } : member)),
  },
  failure: { code: 'UPSTREAM_INVALID', fault: 'PROVIDER', ...RETRY, counts: false },
  at: { rest: [['name']], soap: [['name']], batch: [[1, 'name']] },
  isFresh: true,
  status: 'PARTIAL',
};

// The causes that show in what callers got: answers that were missing, late, refused or in another format. Pure.

import type { ErrorCode } from '../errors.ts';
import type { AnswerCounts } from '../observe/answer-window.ts';
import type { ConnectorStatus } from '../observe/channels.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { Cause, CauseName } from './cause.ts';
import {
  codeText,
  formatText,
  lateShareText,
  missingShareText,
  NO_CALLS,
  quotaText,
  refusalText,
  sentences,
  sourceClockText,
} from './cause-texts.ts';

/** Fewer missing or late answers than this are chance, whatever their share. */
const FEWEST_ILL = 2;
/** Share of answers with rejected credentials at which nobody is served: the credentials are those of all operations. */
const REJECTED_SHARE = 0.5;
/** Single callers ask for what they must not see; nearly all of twenty answers refused is the gateway's or the source's doing. */
const REFUSED_SHARE = 0.9;
const REFUSED_CALLS = 20;
/** Distance of clocks at which sources refuse timestamps, ms; beyond the error of a Date header and a slow answer. */
const SOURCE_SKEW_MS = 10_000;

export interface AnswerParts {
  readonly health: LiveConnector['manifest']['health'];
  /** By operation. */
  readonly answers: ReadonlyMap<string, AnswerCounts>;
  readonly lateMs: (operation: string) => number;
  /** This machine's clock minus the source's, ms, where an answer showed it. */
  readonly sourceSkewMs: number | undefined;
  /** When a used-up quota refills, epoch ms. */
  readonly quotaRefillsAt: number | undefined;
  readonly lastMappingProblem: string | undefined;
}

/** What is judged: the last minute, or the newest answers of any age where the minute has too few. */
interface Sample {
  readonly total: number;
  readonly missing: ReadonlyMap<ErrorCode, number>;
  readonly missed: number;
  readonly late: number;
  readonly refused: number;
}

export function causesOfAnswers(parts: AnswerParts): Cause[] {
  const { health, answers, lastMappingProblem } = parts;
  const counts = [...answers.values()];
  const inLastMinute = counts.reduce((sum, { total }) => sum + total, 0);
  const all = sampleOf(counts, health.minimumCalls);
  const causes: Cause[] = [];
  // —— all operations together ——
  const rejected = all.missing.get('UPSTREAM_UNAUTHORIZED') ?? 0;
  const isRejected = all.total >= health.minimumCalls && rejected / all.total >= REJECTED_SHARE;
  const ofAll = illnessOf(all, parts, undefined);
  if (isRejected) causes.push(rejectedCause(all, rejected, parts));
  else if (ofAll !== undefined) causes.push(ofAll);
  // —— one operation among healthy ones ——
  else if (answers.size > 1) {
    for (const [operation, count] of answers) {
      const ofOne = illnessOf(sampleOf([count], health.minimumCalls), parts, operation);
      // The others still answer.
      if (ofOne !== undefined) causes.push({ ...ofOne, status: 'DEGRADED' });
    }
  }
  // —— answers that arrived ——
  const unmapped = counts.reduce((sum, count) => sum + Math.min(count.unmapped, count.total), 0);
  if (unmapped >= FEWEST_ILL && unmapped / inLastMinute >= health.degradedShare) {
    const share = unmapped / inLastMinute;
    causes.push({
      cause: 'FORMAT_CHANGED',
      status: 'DEGRADED',
      share,
      calls: inLastMinute,
      text: formatText(share, undefined),
      detail: formatText(share, lastMappingProblem),
    });
  }
  if (all.total >= REFUSED_CALLS && all.refused / all.total >= REFUSED_SHARE) {
    const share = all.refused / all.total;
    const text = refusalText(share);
    causes.push({
      cause: 'REFUSALS',
      status: 'DEGRADED',
      code: 'UPSTREAM_REFUSED',
      share,
      calls: all.total,
      text,
    });
  }
  if (inLastMinute === 0) causes.push({ cause: 'NO_CALLS', status: 'OK', text: NO_CALLS });
  return causes;
}

/** Missing and late answers of all operations or of one. */
function illnessOf(sample: Sample, parts: AnswerParts, operation: string | undefined): Cause | undefined {
  const { health, lateMs, answers } = parts;
  const { total, missed, late } = sample;
  const ill = missed + late;
  if (total < health.minimumCalls || ill < FEWEST_ILL || ill / total < health.degradedShare) return undefined;
  const status: ConnectorStatus = missed / total >= health.unavailableShare ? 'UNAVAILABLE' : 'DEGRADED';
  if (late > missed) {
    const limits = [...answers.keys()].map(lateMs);
    const text = lateShareText(
      late / total,
      operation,
      operation === undefined ? Math.min(...limits) : lateMs(operation),
    );
    return { cause: 'LATE_ANSWERS', status, operation, share: late / total, calls: total, text };
  }
  const code = mainCodeOf(sample.missing);
  const share = missed / total;
  const text = sentences(
    missingShareText(share, operation),
    code === 'QUOTA_EXCEEDED' && parts.quotaRefillsAt !== undefined
      ? quotaText(parts.quotaRefillsAt)
      : codeText(code),
  );
  return { cause: NAMED[code] ?? 'FAILURES', status, code, operation, share, calls: total, text };
}

/** Codes whose remedy is another than that of a failing source. */
const NAMED: Readonly<Partial<Record<ErrorCode, CauseName>>> = {
  UPSTREAM_UNAUTHORIZED: 'CREDENTIALS_REJECTED',
  UPSTREAM_THROTTLED: 'THROTTLED',
  QUOTA_EXCEEDED: 'QUOTA_USED_UP',
};

function rejectedCause({ total }: Sample, rejected: number, { sourceSkewMs }: AnswerParts): Cause {
  const isSkewed = sourceSkewMs !== undefined && Math.abs(sourceSkewMs) >= SOURCE_SKEW_MS;
  const text = codeText('UPSTREAM_UNAUTHORIZED');
  return {
    cause: 'CREDENTIALS_REJECTED',
    status: 'UNAVAILABLE',
    code: 'UPSTREAM_UNAUTHORIZED',
    share: rejected / total,
    calls: total,
    text,
    ...(isSkewed && { detail: sentences(text, sourceClockText(sourceSkewMs)) }),
  };
}

/** The most frequent code; that of an open breaker only where nothing shows why it opened. */
function mainCodeOf(missing: ReadonlyMap<ErrorCode, number>): ErrorCode {
  const [first, second] = [...missing].sort(([, a], [, b]) => b - a).map(([code]) => code);
  return (first === 'CIRCUIT_OPEN' ? (second ?? first) : first) ?? 'INTERNAL_SERVER_ERROR';
}

function sampleOf(counts: readonly AnswerCounts[], minimum: number): Sample {
  const missing = new Map<ErrorCode, number>();
  const add = (code: ErrorCode, count: number): void =>
    void missing.set(code, (missing.get(code) ?? 0) + count);
  const sum = { total: 0, late: 0, refused: 0 };
  for (const count of counts) {
    sum.total += count.total;
    sum.late += count.late;
    sum.refused += count.refused;
    for (const [code, times] of count.missing) add(code, times);
  }
  if (sum.total < minimum) return newestOf(counts, minimum);
  return { ...sum, missing, missed: sumOf(missing) };
}

/** However old: silence heals nothing, and neither does it make anything ill. */
function newestOf(counts: readonly AnswerCounts[], minimum: number): Sample {
  const newest = counts
    .flatMap((count) => count.newest)
    .sort((a, b) => b.at - a.at)
    .slice(0, minimum);
  const missing = new Map<ErrorCode, number>();
  for (const { missing: code } of newest)
    if (code !== undefined) missing.set(code, (missing.get(code) ?? 0) + 1);
  return {
    total: newest.length,
    missing,
    missed: sumOf(missing),
    late: newest.filter(({ isLate }) => isLate).length,
    refused: newest.filter(({ isRefusal }) => isRefusal).length,
  };
}

const sumOf = (counts: ReadonlyMap<ErrorCode, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

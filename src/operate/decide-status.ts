// The one function that decides the status of a connector, from its references, gate, quota, expiries, breakers, probes and what
// callers got. Every view reads its result: `connectors`, `connectorHealth`, `/status`, metrics, log, start report. Pure.

import type { BreakerState, LocalizedText } from '../errors.ts';
import type { GateState, OperationState } from '../guard/contract.ts';
import type { AnswerCounts } from '../observe/answer-window.ts';
import type { ConnectorStatus } from '../observe/channels.ts';
import { type LiveConnector, lateMsOf } from '../registry/live-connector.ts';
import { byWeight, type Cause, type CauseName } from './cause.ts';
import {
  CLOSED,
  codeText,
  expiredText,
  expiresText,
  HELD_BACK,
  MAINTENANCE,
  MISSING,
  missingText,
  PAUSED,
  PROBING,
  quotaText,
  type RenewedThing,
  STILL_ACCEPTED,
  sentences,
  triggerText,
  UNREACHABLE,
  untilText,
  untrustedText,
} from './cause-texts.ts';
import { causesOfAnswers } from './causes-of-answers.ts';

/** What a person must renew warns so many days ahead. */
export const WARN_DAYS = 30;
const DAY_MS = 86_400_000;

export interface Verdict {
  readonly status: ConnectorStatus;
  /** The worst state of a breaker. */
  readonly breaker: BreakerState;
  /** The leading cause first; notices (status OK) last. */
  readonly causes: readonly Cause[];
}

export interface StatusParts {
  /** What callers got, by operation. */
  readonly answers: ReadonlyMap<string, AnswerCounts>;
  readonly lastMappingProblem?: string | undefined;
  /** Epoch ms, by the clock that all gateways share. */
  readonly now: number;
}

const OF_ANSWERS: ReadonlySet<CauseName> = new Set<CauseName>([
  'CREDENTIALS_REJECTED',
  'THROTTLED',
  'FAILURES',
  'LATE_ANSWERS',
  'FORMAT_CHANGED',
  'REFUSALS',
]);

export function decideStatus(connector: LiveConnector, parts: StatusParts): Verdict {
  const { manifest, guard, source } = connector;
  const { answers, now } = parts;
  const operations = connector.operations();
  const quota = guard.figures().quota;
  const ofAnswers = causesOfAnswers({
    health: manifest.health,
    answers,
    lateMs: lateMsOf(manifest),
    sourceSkewMs: source.clockSkewMs(),
    quotaRefillsAt: (quota?.perDay ?? quota?.perSecond)?.refillsAt,
    lastMappingProblem: parts.lastMappingProblem,
  });
  const latest = [...answers.values()].flatMap(({ newest }) => newest.slice(0, 1));
  const arrival =
    latest.length === 0
      ? 'UNKNOWN'
      : latest.some(({ missing }) => missing === undefined)
        ? 'ARRIVES'
        : 'FAILS';
  const causes = [
    ...causesOfReferences(connector),
    ...causesOfGate(guard.gate(), connector.startedAt),
    ...(quota?.perDay !== undefined && quota.perDay.used >= quota.perDay.limit
      ? [quotaCause(quota.perDay.refillsAt)]
      : []),
    ...causesOfExpiries(connector, now, arrival),
    ...causesOfThrottle(operations),
    ...causesOfBreakers(operations, connector.compiled.operations.length),
    ...ofAnswers,
    ...causesOfProbe(connector, operations),
  ];
  const isExplained = causes.some(({ cause, status }) => status !== 'OK' && !OF_ANSWERS.has(cause));
  // Where no call can pass, it is no news that none did.
  const told = isExplained ? causes.filter(({ cause }) => cause !== 'NO_CALLS') : causes;
  const ordered = onePerName(told.sort(byWeight));
  return {
    status: ordered[0]?.status ?? 'OK',
    breaker: worstOf(operations)?.breaker ?? 'CLOSED',
    causes: ordered,
  };
}

function causesOfReferences({ missingSecrets, startedAt }: LiveConnector): Cause[] {
  const missing = missingSecrets();
  if (missing.length === 0) return [];
  return [
    {
      cause: 'MISSING_REFERENCE',
      status: 'UNAVAILABLE',
      since: startedAt,
      text: MISSING,
      detail: missingText(missing),
    },
  ];
}

function causesOfGate(
  { gate, passes, since, until, text, maintenance }: GateState,
  startedAt: number,
): Cause[] {
  if (passes) return [];
  const isClosed = gate === 'CLOSED';
  const end = isClosed ? until : maintenance?.to;
  const published: LocalizedText | undefined = isClosed ? text : maintenance?.text;
  const said = sentences(
    isClosed ? CLOSED : MAINTENANCE,
    end === undefined ? undefined : untilText(end),
    published,
  );
  return [
    {
      cause: isClosed ? 'GATE_CLOSED' : 'MAINTENANCE',
      status: 'UNAVAILABLE',
      since: (isClosed ? since : maintenance?.from) ?? startedAt,
      code: 'MAINTENANCE',
      text: said,
    },
  ];
}

const quotaCause = (refillsAt: number): Cause => ({
  cause: 'QUOTA_USED_UP',
  status: 'UNAVAILABLE',
  code: 'QUOTA_EXCEEDED',
  text: quotaText(refillsAt),
});

/** An expired certificate that the source still accepts serves its callers, and may stop to at any time. */
function causesOfExpiries(
  connector: LiveConnector,
  now: number,
  arrival: 'UNKNOWN' | 'ARRIVES' | 'FAILS',
): Cause[] {
  const status: ConnectorStatus = arrival === 'FAILS' ? 'UNAVAILABLE' : 'DEGRADED';
  const causes: Cause[] = [];
  for (const { what, at } of connector.read().expiries) {
    // Tokens renew themselves.
    if (what === 'TOKEN') continue;
    const thing = what as RenewedThing;
    const days = Math.floor((at - now) / DAY_MS);
    if (at <= now) {
      const text = sentences(expiredText(thing, at), arrival === 'ARRIVES' ? STILL_ACCEPTED : undefined);
      causes.push({ cause: 'EXPIRED', status, since: at, text });
    } else if (days < WARN_DAYS) {
      causes.push({ cause: 'EXPIRES_SOON', status: 'OK', text: expiresText(thing, at, days) });
    }
  }
  const refused = connector.source.certificateError();
  if (refused === 'CERT_HAS_EXPIRED')
    causes.push({ cause: 'EXPIRED', status, text: expiredText('SOURCE_CERTIFICATE', undefined) });
  else if (refused !== undefined)
    causes.push({ cause: 'CERTIFICATE_REFUSED', status, text: untrustedText(refused) });
  return causes;
}

/** The guard spares a source that asked for fewer calls. */
const causesOfThrottle = (operations: readonly OperationState[]): Cause[] =>
  operations
    .filter(({ heldBack }) => heldBack === true)
    .map(({ operation }) => ({
      cause: 'THROTTLED' as const,
      status: 'DEGRADED' as const,
      code: 'UPSTREAM_THROTTLED' as const,
      operation,
      text: sentences(codeText('UPSTREAM_THROTTLED'), HELD_BACK),
    }));

function causesOfBreakers(operations: readonly OperationState[], known: number): Cause[] {
  const worst = worstOf(operations);
  if (worst === undefined || worst.breaker === 'CLOSED') return [];
  const open = operations.filter(({ breaker }) => breaker === 'OPEN').length;
  const { operation, since, reason, openedBy } = worst;
  const isOpen = worst.breaker === 'OPEN';
  return [
    {
      cause: isOpen ? 'BREAKER_OPEN' : 'BREAKER_HALF_OPEN',
      // A connector with one failing operation among several still serves the others.
      status: open > 0 && open >= known ? 'UNAVAILABLE' : 'DEGRADED',
      since,
      code: reason,
      operation,
      text: sentences(
        isOpen ? PAUSED : PROBING,
        openedBy && triggerText(openedBy.trigger, openedBy.failuresInARow),
        reason && codeText(reason),
      ),
    },
  ];
}

/** The latest probe failed, and no later call has shown more. */
function causesOfProbe(connector: LiveConnector, operations: readonly OperationState[]): Cause[] {
  const probe = connector.lastProbe();
  const isClosed = operations.every(({ breaker }) => breaker === 'CLOSED');
  if (probe === undefined || probe.code === null || !isClosed) return [];
  if (probe.at <= (connector.lastCallAt() ?? 0)) return [];
  const text = sentences(UNREACHABLE, codeText(probe.code));
  return [{ cause: 'UNREACHABLE', status: 'DEGRADED', since: probe.at, code: probe.code, text }];
}

const RANK: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

function worstOf(operations: readonly OperationState[]): OperationState | undefined {
  let worst = operations[0];
  for (const operation of operations)
    if (worst === undefined || RANK[operation.breaker] > RANK[worst.breaker]) worst = operation;
  return worst;
}

/** A quota that is used up shows in the quota and in the answers; each operation of a cause stays. */
function onePerName(causes: readonly Cause[]): Cause[] {
  const seen = new Set<string>();
  return causes.filter(({ cause, operation, text }) => {
    const key = cause === 'QUOTA_USED_UP' ? cause : `${cause} ${operation ?? text.en}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

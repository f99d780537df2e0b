// The public state of a connector: one status derived from its references, its gate and the breakers of its operations. Source of
// the `connectors` field, the start report and `/status`; `connector-health.ts` holds the details for operators.

import { type BreakerState, ERRORS, type Locale } from '../errors.ts';
import type { GateState } from '../guard/guard.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import { timeText } from '../time-text.ts';

export interface ConnectorSummary {
  readonly id: string;
  readonly title: string;
  readonly status: 'OK' | 'DEGRADED' | 'UNAVAILABLE';
  readonly breaker: BreakerState;
  /** ISO 8601. */
  readonly since: string;
  readonly message: string | null;
}

const RANK: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

/** UNAVAILABLE: no operation can be called. DEGRADED: some cannot, or are being probed. OK: all can. */
export function summaryOf(connector: LiveConnector, locale: Locale): ConnectorSummary {
  const { id, manifest, startedAt } = connector;
  const title = manifest.title[locale];
  const operations = connector.operations();
  let worst = operations[0];
  let open = 0;
  for (const operation of operations) {
    if (operation.breaker === 'OPEN') open += 1;
    if (worst === undefined || RANK[operation.breaker] > RANK[worst.breaker]) worst = operation;
  }
  const breaker = worst?.breaker ?? 'CLOSED';
  const closed = whyClosed(connector, locale);
  if (closed !== undefined) return { id, title, status: 'UNAVAILABLE', breaker, ...closed };
  const unreachable = breaker === 'CLOSED' ? whyUnreachable(connector, locale) : undefined;
  if (unreachable !== undefined) return { id, title, status: 'DEGRADED', breaker, ...unreachable };
  // A connector with one failing operation among several still serves the others.
  const known = connector.compiled.operations.length;
  const status = breaker === 'CLOSED' ? 'OK' : open > 0 && open >= known ? 'UNAVAILABLE' : 'DEGRADED';
  const since =
    breaker === 'CLOSED'
      ? Math.max(startedAt, ...operations.map((o) => o.since))
      : (worst?.since ?? startedAt);
  return {
    id,
    title,
    status,
    breaker,
    since: iso(since),
    message: messageOf(breaker, worst?.reason, locale),
  };
}

type Why = Pick<ConnectorSummary, 'since' | 'message'>;

/** Why no call would be made, whatever the breakers are. */
function whyClosed({ guard, startedAt, missingSecrets }: LiveConnector, locale: Locale): Why | undefined {
  if (missingSecrets().length > 0) return { since: iso(startedAt), message: MISSING[locale] };
  const gate = guard.gate();
  if (gate.passes) return undefined;
  const since = gate.gate === 'CLOSED' ? gate.since : gate.maintenance?.from;
  return { since: iso(since ?? startedAt), message: closedMessage(gate, locale) };
}

/** The latest probe failed, and no later call has shown more. */
function whyUnreachable(connector: LiveConnector, locale: Locale): Why | undefined {
  const probe = connector.lastProbe();
  if (probe === undefined || probe.code === null || probe.at <= (connector.lastCallAt() ?? 0))
    return undefined;
  return { since: iso(probe.at), message: `${UNREACHABLE[locale]} ${ERRORS[probe.code].text[locale]}` };
}

function closedMessage({ gate, until, text, maintenance }: GateState, locale: Locale): string {
  const isClosed = gate === 'CLOSED';
  const end = isClosed ? until : maintenance?.to;
  const published = (isClosed ? text : maintenance?.text)?.[locale];
  const state = isClosed ? CLOSED[locale] : MAINTENANCE[locale];
  const untilText = end === undefined ? undefined : UNTIL[locale](timeText(end)[locale]);
  return [state, untilText, published].filter(Boolean).join(' ');
}

function messageOf(
  breaker: BreakerState,
  reason: keyof typeof ERRORS | undefined,
  locale: Locale,
): string | null {
  if (breaker === 'CLOSED') return null;
  const why = reason === undefined ? '' : ` ${ERRORS[reason].text[locale]}`;
  return `${breaker === 'OPEN' ? PAUSED[locale] : PROBING[locale]}${why}`;
}

const PAUSED = { vi: 'Tạm ngừng gọi.', en: 'Calls are paused.' };
const PROBING = { vi: 'Đang thử kết nối lại.', en: 'Trying again.' };
const UNREACHABLE = { vi: 'Thử kết nối không được.', en: 'A probe did not reach it.' };
const CLOSED = { vi: 'Đã tạm đóng kết nối.', en: 'The connection is closed by an operator.' };
const MAINTENANCE = { vi: 'Hệ thống đang bảo trì.', en: 'The system is under maintenance.' };
const UNTIL = { vi: (at: string) => `Đến ${at}.`, en: (at: string) => `Until ${at}.` };
const MISSING = {
  vi: 'Chưa cấu hình thông tin xác thực.',
  en: 'Its credentials are not configured.',
};

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

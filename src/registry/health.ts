// What users and operators are told of a connector: one status from the breakers of its operations.
// Answers the `connectors` field and the start report.

import { type BreakerState, ERRORS, type Locale } from '../errors.ts';
import type { LiveConnector } from './live-connector.ts';

export interface ConnectorHealth {
  readonly id: string;
  readonly title: string;
  readonly status: 'OK' | 'DEGRADED' | 'UNAVAILABLE';
  readonly breaker: BreakerState;
  /** ISO 8601. */
  readonly since: string;
  readonly message: string | null;
}

const RANK: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

/** UNAVAILABLE: no operation is asked; DEGRADED: some are not, or are being probed; OK: all are. */
export function healthOf(connector: LiveConnector, locale: Locale): ConnectorHealth {
  const operations = connector.operations();
  const { id, manifest, startedAt } = connector;
  const title = manifest.title[locale];
  const missing = connector.missingSecrets();
  if (missing.length > 0) {
    const message = MISSING[locale];
    return { id, title, status: 'UNAVAILABLE', breaker: 'CLOSED', since: iso(startedAt), message };
  }
  let worst = operations[0];
  let open = 0;
  for (const operation of operations) {
    if (operation.breaker === 'OPEN') open += 1;
    if (worst === undefined || RANK[operation.breaker] > RANK[worst.breaker]) worst = operation;
  }
  const breaker = worst?.breaker ?? 'CLOSED';
  // A connector with one sick operation among several still answers for the others.
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
const MISSING = {
  vi: 'Chưa cấu hình thông tin xác thực.',
  en: 'Its credentials are not configured.',
};

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

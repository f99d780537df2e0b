// The causes of a connector's status. The order of the table decides which of several causes of the same status leads.

import type { ErrorCode, LocalizedText } from '../errors.ts';
import type { ConnectorStatus } from '../observe/channels.ts';

/** By the table of docs/operating.md, "Status". */
export const CAUSES = [
  'MISSING_REFERENCE',
  'GATE_CLOSED',
  'MAINTENANCE',
  'QUOTA_USED_UP',
  'EXPIRED',
  'CERTIFICATE_REFUSED',
  'CREDENTIALS_REJECTED',
  'THROTTLED',
  'BREAKER_OPEN',
  'BREAKER_HALF_OPEN',
  'FAILURES',
  'LATE_ANSWERS',
  'FORMAT_CHANGED',
  'REFUSALS',
  'UNREACHABLE',
  'EXPIRES_SOON',
  'NO_CALLS',
] as const;

export type CauseName = (typeof CAUSES)[number];

export interface Cause {
  readonly cause: CauseName;
  /** The status that this cause alone would give; OK: a notice. */
  readonly status: ConnectorStatus;
  /** Epoch ms; `undefined`: since it was first seen. */
  readonly since?: number | undefined;
  /** The error that callers receive, or by which the cause was seen. */
  readonly code?: ErrorCode | undefined;
  readonly operation?: string | undefined;
  /** Share of the answers that it concerns, 0 to 1, and how many answers were looked at. */
  readonly share?: number | undefined;
  readonly calls?: number | undefined;
  readonly requestIds?: readonly string[] | undefined;
  /** For everybody: no names of secrets, no reasons of operators. */
  readonly text: LocalizedText;
  /** For operators. Unset: the same. */
  readonly detail?: LocalizedText | undefined;
}

const RANK: Readonly<Record<ConnectorStatus, number>> = { UNAVAILABLE: 0, DEGRADED: 1, OK: 2 };

/** The worst first; of equals in the order of the table. */
export const byWeight = (one: Cause, other: Cause): number =>
  RANK[one.status] - RANK[other.status] || CAUSES.indexOf(one.cause) - CAUSES.indexOf(other.cause);

// The public state of a connector: its verdict in one language. Source of the `connectors` field, the start report and `/status`;
// `connector-health.ts` holds the details for operators.

import type { BreakerState, Locale } from '../errors.ts';
import type { ConnectorStatus } from '../observe/channels.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { ConnectorState } from './connector-states.ts';

export interface ConnectorSummary {
  readonly id: string;
  readonly title: string;
  readonly status: ConnectorStatus;
  readonly breaker: BreakerState;
  /** ISO 8601. */
  readonly since: string;
  readonly message: string | null;
}

export function summaryOf(
  { id, manifest }: LiveConnector,
  { status, breaker, since, text }: ConnectorState,
  locale: Locale,
): ConnectorSummary {
  return {
    id,
    title: manifest.title[locale],
    status,
    breaker,
    since: new Date(since).toISOString(),
    message: text?.[locale] ?? null,
  };
}

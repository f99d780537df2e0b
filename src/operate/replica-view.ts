// What a gateway publishes about its connectors to the other gateways on its store, and how it parses theirs: gates and breakers,
// nothing personal.

import { z } from 'zod';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { ConnectorStates } from './connector-states.ts';

const connectorView = z.object({
  id: z.string(),
  status: z.enum(['OK', 'DEGRADED', 'UNAVAILABLE']).optional(),
  gatePasses: z.boolean(),
  breakers: z.array(z.object({ operation: z.string(), state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']) })),
});

/** The published state of one connector. */
export type ConnectorView = z.output<typeof connectorView>;

/** A gateway process on this store, as it last published itself. */
export interface Replica {
  readonly id: string;
  readonly isThis: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly seenAt: number;
  /** Its wall clock minus the clock that all share, ms; null where it has not been measured. */
  readonly clockSkewMs: number | null;
  readonly connectors: readonly ConnectorView[];
}

export const viewOf = (connectors: readonly LiveConnector[], states: ConnectorStates): ConnectorView[] =>
  connectors.map((connector) => ({
    id: connector.id,
    status: states.of(connector).status,
    gatePasses: connector.guard.gate().passes,
    breakers: connector.guard.states().map(({ operation, breaker }) => ({ operation, state: breaker })),
  }));

/** A process of another version may publish another shape: what cannot be parsed is omitted. */
export function replicaOf({ view, ...replica }: Omit<Replica, 'connectors'> & { view: unknown }): Replica {
  const { id, isThis, startedAt, seenAt, clockSkewMs } = replica;
  const read = z.array(connectorView).safeParse(view);
  return { id, isThis, startedAt, seenAt, clockSkewMs, connectors: read.success ? read.data : [] };
}

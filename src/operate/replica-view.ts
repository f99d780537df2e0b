// What a gateway tells the others on its store of its connectors, and how it reads what they tell: gates and breakers, nothing
// personal. `gateway.ts` publishes it; `operators.ts` shows it.

import { z } from 'zod';
import type { LiveConnector } from '../registry/live-connector.ts';

const connectorView = z.object({
  id: z.string(),
  gatePasses: z.boolean(),
  breakers: z.array(z.object({ operation: z.string(), state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']) })),
});

/** What a process tells of one connector. */
export type ConnectorView = z.output<typeof connectorView>;

/** One gateway process on this store, as it spoke of itself last. */
export interface Replica {
  readonly id: string;
  readonly isThis: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly connectors: readonly ConnectorView[];
}

export const viewOf = (connectors: readonly LiveConnector[]): ConnectorView[] =>
  connectors.map(({ id, guard }) => ({
    id,
    gatePasses: guard.gate().passes,
    breakers: guard.states().map(({ operation, breaker }) => ({ operation, state: breaker })),
  }));

/** One that runs another version may say it in another way: it is shown without what cannot be read. */
export function replicaOf({ view, ...replica }: Omit<Replica, 'connectors'> & { view: unknown }): Replica {
  const { id, isThis, startedAt, seenAt } = replica;
  const read = z.array(connectorView).safeParse(view);
  return { id, isThis, startedAt, seenAt, connectors: read.success ? read.data : [] };
}

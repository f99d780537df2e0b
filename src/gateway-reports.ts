// What a gateway reports about its start and about a reload.

import type { SyntheticCity } from './city/seed-store.ts';
import type { ConnectorSummary } from './operate/connector-summary.ts';
import type { Operators } from './operate/operators.ts';
import type { LiveConnector } from './registry/live-connector.ts';

export interface StartReport {
  readonly graphqlUrl: string;
  readonly explorerUrl: string | null;
  /** The address of the port of operators; null where it is off. */
  readonly operatorsUrl: string | null;
  /** The development issuer, and a token of its first person for the query to paste; null without simulators. */
  readonly development: { readonly issuerUrl: string; readonly token: string } | null;
  /** The location of the store, without password. */
  readonly store: string;
  readonly syntheticCity: SyntheticCity;
  /** Whether simulators stand in for the national systems. */
  readonly simulators: boolean;
  readonly connectors: readonly (ConnectorSummary & {
    readonly url: string;
    readonly simulated: boolean;
    /** Coordinates of fields that the connector declares non-null and the gateway publishes as nullable. */
    readonly nullable: readonly string[];
  })[];
  /** A query that fits the schema of this start. */
  readonly exampleQuery: string;
  readonly readyInMs: number;
}

export interface ReloadReport {
  readonly connectors: readonly ConnectorSummary[];
  /** Ids of the connectors that were rebuilt; all others keep their breakers, pools and tokens. */
  readonly rebuilt: readonly string[];
  /** Ids of the connectors whose folders are gone. */
  readonly removed: readonly string[];
}

export const startedConnectors = (
  connectors: readonly LiveConnector[],
  operators: Pick<Operators, 'summaries'>,
  simulators: ReadonlyMap<string, unknown>,
): StartReport['connectors'] =>
  operators.summaries(connectors, 'en').map((summary, i) => ({
    ...summary,
    url: connectors[i]?.baseUrl ?? '',
    simulated: simulators.has(summary.id),
    nullable: [...(connectors[i]?.compiled.nullable ?? [])],
  }));

export const reloadReport = (
  before: readonly LiveConnector[],
  after: readonly LiveConnector[],
  operators: Pick<Operators, 'summaries'>,
): ReloadReport => ({
  connectors: operators.summaries(after, 'en'),
  rebuilt: after.filter((connector) => !before.includes(connector)).map(({ id }) => id),
  removed: before.map(({ id }) => id).filter((id) => after.every((each) => each.id !== id)),
});

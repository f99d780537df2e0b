// The current verdict about each connector, and since when it holds. A verdict is made when somebody looks, when a breaker changes,
// and every two seconds; a change is published, so that log and views never disagree.

import type { LocalizedText } from '../errors.ts';
import type { CallStatistics } from '../observe/call-statistics.ts';
import type { Channels, ConnectorStatus } from '../observe/channels.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { Cause } from './cause.ts';
import { sentences } from './cause-texts.ts';
import { decideStatus, type Verdict } from './decide-status.ts';

export interface ConnectorState extends Verdict {
  /** Epoch ms at which the status took its value. */
  readonly since: number;
  readonly causes: readonly (Cause & { readonly since: number })[];
  /** For everybody: the leading cause, and whether there were calls; `undefined`: nothing to say. */
  readonly text: LocalizedText | undefined;
  /** The same for operators: with the names of missing references, clocks, places in mappings. */
  readonly detail: LocalizedText | undefined;
}

export interface ConnectorStates {
  of(connector: LiveConnector): ConnectorState;
  /** Looks at all connectors now, e.g. after a gate was set. */
  look(): void;
  close(): void;
}

export interface ConnectorStatesParts {
  readonly statistics: CallStatistics;
  readonly channels: Pick<Channels, 'breaker' | 'connectorStatus' | 'collection'>;
  /** The connectors in service. */
  readonly connectors: () => readonly LiveConnector[];
  /** Epoch ms, by the clock that all gateways on the store share. */
  readonly now: () => number;
}

const LOOK_MS = 2_000;
const REQUESTS_NAMED = 5;

interface Known {
  connector: LiveConnector;
  status: ConnectorStatus;
  since: number;
  /** When each cause was first seen. */
  seen: Map<string, number>;
}

export function createConnectorStates(parts: ConnectorStatesParts): ConnectorStates {
  const { statistics, channels, connectors, now } = parts;
  const known = new Map<string, Known>();

  const knownOf = (connector: LiveConnector): Known => {
    const { id } = connector;
    const found = known.get(id);
    if (found?.connector === connector) return found;
    if (found !== undefined) {
      // What its predecessor did shows nothing about a connector that a reload has changed.
      for (const operation of statistics.answersOf(id).keys()) statistics.recovered(id, operation);
      publish(found, 'OK', undefined, 'RELOADED');
    }
    const fresh: Known = { connector, status: 'OK', since: connector.startedAt, seen: new Map() };
    known.set(id, fresh);
    return fresh;
  };

  const publish = (
    { connector, status }: Known,
    to: ConnectorStatus,
    lead: Cause | undefined,
    reason: string | null = null,
  ): void => {
    if (to === status) return;
    const isOpen = lead?.cause === 'BREAKER_OPEN' || lead?.cause === 'BREAKER_HALF_OPEN';
    const opening = isOpen ? connector.guard.transitions().find((each) => each.to === 'OPEN') : undefined;
    channels.connectorStatus.publish({
      connector: connector.id,
      from: status,
      to,
      at: now(),
      reason: lead?.cause ?? reason,
      cause: lead?.code ?? lead?.cause ?? reason,
      operation: lead?.operation,
      message: (lead?.detail ?? lead?.text)?.en,
      share: lead?.share,
      trigger: opening?.trigger,
      failuresInARow: opening?.failuresInARow,
      counts: opening?.counts,
      requestIds: opening?.requestIds ?? (lead === undefined ? undefined : failedRequests(connector.id)),
    });
  };

  const failedRequests = (id: string): string[] => {
    const failures = [...statistics.of(id).values()].flatMap(({ lastFailures }) => lastFailures);
    const newest = failures.sort((a, b) => b.at - a.at).map(({ requestId }) => requestId);
    return [...new Set(newest)].slice(0, REQUESTS_NAMED);
  };

  /** For requests that still run on connectors that a reload has replaced: nothing is published about those. */
  const apart = (connector: LiveConnector): Known => ({
    connector,
    status: 'OK',
    since: connector.startedAt,
    seen: new Map(),
  });

  const stateOf = (connector: LiveConnector): ConnectorState => {
    const at = now();
    const isInService = connectors().includes(connector);
    const held = isInService ? knownOf(connector) : apart(connector);
    const verdict = decideStatus(connector, {
      answers: statistics.answersOf(connector.id),
      lastMappingProblem: statistics.lastMappingProblemOf(connector.id),
      now: at,
    });
    const seen = new Map<string, number>();
    const causes = verdict.causes.map((cause) => {
      const key = `${cause.cause} ${cause.operation ?? ''}`;
      const since = cause.since ?? held.seen.get(key) ?? at;
      seen.set(key, since);
      return { ...cause, since };
    });
    held.seen = seen;
    const [lead] = causes;
    const { status } = verdict;
    if (status !== held.status) {
      if (isInService) publish(held, status, status === 'OK' ? undefined : lead);
      held.since = at;
      held.status = status;
    }
    const forOperators = causes.filter(({ cause }, i) => cause === 'NO_CALLS' || i === 0);
    // What expires soon concerns operators only.
    const forAll = forOperators.filter(({ cause }) => cause !== 'EXPIRES_SOON');
    return {
      ...verdict,
      causes,
      since: status === 'OK' ? held.since : (lead?.since ?? held.since),
      text: forAll.length === 0 ? undefined : sentences(...forAll.map(({ text }) => text)),
      detail:
        forOperators.length === 0
          ? undefined
          : sentences(...forOperators.map(({ text, detail }) => detail ?? text)),
    };
  };

  const look = (): void => {
    for (const connector of connectors()) stateOf(connector);
    for (const [id, held] of known) {
      if (connectors().some((connector) => connector.id === id)) continue;
      known.delete(id);
      publish(held, 'OK', undefined, 'RELOADED');
    }
  };

  const subscriptions = [
    channels.breaker.subscribe(({ connector: id, operation: group, to, cause }) => {
      const connector = connectors().find((each) => each.id === id);
      if (connector === undefined) return;
      if (to === 'CLOSED' && cause !== 'RELOADED') {
        const { operations } = connector.manifest;
        for (const operation of statistics.answersOf(id).keys())
          if ((operations[operation]?.group ?? operation) === group) statistics.recovered(id, operation);
      }
      stateOf(connector);
    }),
    channels.collection.subscribe(({ addStatus }) => {
      for (const connector of connectors()) {
        const { status, causes } = stateOf(connector);
        addStatus({
          connector: connector.id,
          status,
          causes: [...new Set(causes.map(({ cause }) => cause))],
        });
      }
    }),
  ];
  const timer = setInterval(look, LOOK_MS).unref();

  return {
    of: stateOf,
    look,
    close: () => {
      clearInterval(timer);
      for (const unsubscribe of subscriptions) unsubscribe();
    },
  };
}

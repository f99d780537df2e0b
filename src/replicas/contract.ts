// The interface to what gateways on one store share: gates, cache drops, holds, quotas and presence.
import type { GateSetting, Hold, QuotaLimits } from '../guard/contract.ts';
import type { QuotaLedger } from '../guard/quota/quota-ledger.ts';

/** A gate setting of a connector, and who made it. */
export interface SharedGate {
  readonly connector: string;
  /** In force until its `until`; an expired setting stays here until the next one. */
  readonly setting: GateSetting;
  readonly by: string;
  /** When it was set, epoch ms by the clock of the database. */
  readonly at: number;
  /** Incremented by each setting of this connector. */
  readonly version: number;
}

export type GateListener = (connector: string, setting: GateSetting) => void;

/** @param hold its end is by the clock of the database */
export type HoldListener = (connector: string, hold: Hold) => void;

/** A gateway process on the store, and the view that it publishes. */
export interface ReplicaView {
  readonly id: string;
  /** For display; reveals nothing about the machine it runs on. */
  readonly label: string;
  readonly isThis: boolean;
  /** Epoch ms by the clock of the database, as all times here. */
  readonly startedAt: number;
  /** Epoch ms of its last heartbeat. */
  readonly seenAt: number;
  /** Its wall clock minus the database's, ms; null where it has not been measured. */
  readonly clockSkewMs: number | null;
  /** The published view, as JSON; null before the first `publish`. */
  readonly view: unknown;
}

export interface Replicas {
  /** Random id of this process. */
  readonly id: string;
  /** The time that all replicas agree on, epoch ms: the clock of the database. On a store of its own: that of this process. */
  now(): number;
  /** Wall clock of this process minus the database's, ms; `undefined` on a store of its own. */
  clockSkewMs(): number | undefined;
  /** The latest gate setting of each connector, by id. Unchanged while the store is unavailable. */
  gates(): ReadonlyMap<string, SharedGate>;
  /**
   * Broadcasts a gate setting to all replicas, including those that start later. Resolves when it is stored and in force here; it is
   * in force everywhere within 2 s.
   * @param by id of the operator. @throws GatewayError STORE_UNAVAILABLE, with nothing changed
   */
  setGate(connector: string, setting: GateSetting, by: string): Promise<SharedGate>;
  /** Calls the listener for each new setting, made here or by another replica. @returns a function that unsubscribes */
  onGate(listener: GateListener): () => void;
  /**
   * Clears the cached answers of a connector in every replica, within 2 s.
   * @param by id of the operator. @throws GatewayError STORE_UNAVAILABLE, with nothing changed
   */
  dropCache(connector: string, by: string): Promise<void>;
  /** Calls the listener with the connector's id, also for drops made here. @returns a function that unsubscribes */
  onDropCache(listener: (connector: string) => void): () => void;
  /** The holds of a connector that have not ended, from all replicas. */
  holdsOf(connector: string): readonly Hold[];
  /**
   * Passes a hold that a source has asked for to all replicas, within 2 s, including those that start later. Returns at once; while
   * the store is unavailable it is stored as soon as that is possible. A hold that ends no later than the known one changes nothing.
   */
  shareHold(connector: string, hold: Hold): void;
  /** Calls the listener for each hold that is new or longer, made here or by another replica. @returns a function that unsubscribes */
  onHold(listener: HoldListener): () => void;
  /** Counts a connector's calls across all replicas; `undefined` where this process is the only one and counts by itself. */
  quotaLedger(connector: string, options: QuotaLimits): QuotaLedger | undefined;
  /**
   * Sets the view of this replica. It is read and stored as JSON shortly after this call and with each heartbeat; call it again after
   * a change. It must not contain personal data.
   */
  publish(view: () => unknown): void;
  /** Views of the live replicas, this one included, the oldest first. @throws GatewayError STORE_UNAVAILABLE */
  views(): Promise<readonly ReplicaView[]>;
  /** Returns unused calls and unregisters. Waits at most 1 s for the store. */
  close(): Promise<void>;
}

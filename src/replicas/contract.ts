// What the gateways on one store share, as others see it. Made by `replicas.ts`; used by `gateway.ts`, the registry's connectors and
// the operators' part of the schema.
import type { GateSetting, QuotaLimits } from '../guard/contract.ts';
import type { QuotaLedger } from '../guard/quota/quota-ledger.ts';

/** An operator's word on a connector, with who gave it. */
export interface SharedGate {
  readonly connector: string;
  /** Holds until its `until`; one that has ended stays here until the next word. */
  readonly setting: GateSetting;
  readonly by: string;
  /** Epoch ms, by the clock of the database. */
  readonly at: number;
  /** Grows by one with each word on this connector. */
  readonly version: number;
}

export type GateListener = (connector: string, setting: GateSetting) => void;

/** One gateway process on the store, and what it shows of itself. */
export interface ReplicaView {
  readonly id: string;
  /** For people; says nothing of the machine it runs on. */
  readonly label: string;
  readonly isThis: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms of its last heartbeat. */
  readonly seenAt: number;
  /** What it gave `publish`, as JSON; null before. */
  readonly view: unknown;
}

export interface Replicas {
  /** Of this process, random. */
  readonly id: string;
  /** The last word on each connector, by its id. A store that is away leaves them as they were. */
  gates(): ReadonlyMap<string, SharedGate>;
  /**
   * Says an operator's word to every replica, at once and after restarts. Resolves when it is stored and holds here; it holds
   * everywhere within 2 s.
   * @param by who says it: an officer's id. @throws GatewayError STORE_UNAVAILABLE; nothing has changed then
   */
  setGate(connector: string, setting: GateSetting, by: string): Promise<SharedGate>;
  /** Called for each new word, one's own and other replicas'. @returns the function that ends it */
  onGate(listener: GateListener): () => void;
  /**
   * Has every replica forget the kept answers of a connector, within 2 s as well.
   * @param by an officer's id. @throws GatewayError STORE_UNAVAILABLE; nothing has changed then
   */
  dropCache(connector: string, by: string): Promise<void>;
  /** Called with the connector's id, also for one's own. @returns the function that ends it */
  onDropCache(listener: (connector: string) => void): () => void;
  /** Counts a connector's calls for all replicas together; `undefined` where this process is the only one: it counts by itself. */
  quotaLedger(connector: string, options: QuotaLimits): QuotaLedger | undefined;
  /**
   * What this replica shows from now on: read, and written as JSON, soon and with each heartbeat. Call it again when it changed.
   * Nothing personal belongs in it.
   */
  publish(view: () => unknown): void;
  /** Those that live, the oldest first, this one included. @throws GatewayError STORE_UNAVAILABLE */
  views(): Promise<readonly ReplicaView[]>;
  /** Gives unused calls back and leaves; never waits long for a store that is away. */
  close(): Promise<void>;
}

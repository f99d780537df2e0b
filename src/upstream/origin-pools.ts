// The connections of a source: a pool per origin, created with its first request. Origins are fixed at registration.
import type { buildConnector } from 'undici';
import { GatewayError } from '../errors.ts';
import type { Addresses } from './addresses.ts';
import { type ClientPool, createClientPool, type PoolStats } from './client-pool.ts';
import type { Tls } from './contract.ts';
import type { Names } from './names/names.ts';

export interface OriginPoolOptions {
  readonly addresses: Pick<Addresses, 'assertAllowed'>;
  /** Looks names up again while sockets to them are in use. */
  readonly names: Pick<Names, 'refresh'>;
  readonly tls?: Tls | undefined;
  readonly connections: number;
  /** Age after which a kept connection receives no more requests, ms. */
  readonly connectionMaxAgeMs: number;
  readonly maxHeaderBytes: number;
  /** Offers HTTP/2 to sources over TLS. */
  readonly http2: boolean;
  /** Monotonic ms. */
  readonly tick: () => number;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs: () => number;
}

export interface OriginPools {
  /** @throws GatewayError CANCELLED when closed, INTERNAL_SERVER_ERROR for an origin that is not allowed */
  of(origin: string): ClientPool;
  /** A name leads to these addresses now: sockets to other ones receive no more requests. */
  moved(name: string, addresses: ReadonlySet<string>): void;
  isClosed(): boolean;
  close(): Promise<void>;
  stats(): PoolStats;
}

/** Sockets with client certificates are replaced after this many requests, so that a renewed certificate takes effect under steady traffic. */
const REQUESTS_PER_TLS_SOCKET = 1_000;

export const sourceClosed = (): GatewayError =>
  new GatewayError('CANCELLED', { detail: 'this source is closed' });

export function createOriginPools(
  options: OriginPoolOptions,
  connect: buildConnector.connector,
): OriginPools {
  const { addresses, names } = options;
  const pools = new Map<string, { readonly pool: ClientPool; readonly name: string }>();
  let closed = false;

  return {
    of: (origin) => {
      const known = pools.get(origin);
      if (known !== undefined) {
        names.refresh(known.name);
        return known.pool;
      }
      if (closed) throw sourceClosed();
      addresses.assertAllowed(origin);
      const pool = createClientPool(origin, {
        connections: options.connections,
        maxHeaderBytes: options.maxHeaderBytes,
        connect,
        requestsPerSocket: options.tls === undefined ? 0 : REQUESTS_PER_TLS_SOCKET,
        maxAgeMs: options.connectionMaxAgeMs,
        tick: options.tick,
        stalledMs: options.stalledMs,
        http2: options.http2 && origin.startsWith('https:'),
      });
      pools.set(origin, { pool, name: new URL(origin).hostname.replace(/\.$/, '') });
      return pool;
    },
    moved: (name, current) => {
      for (const one of pools.values()) if (one.name === name) one.pool.keepOnly(current);
    },
    isClosed: () => closed,
    close: async () => {
      closed = true;
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map(({ pool }) => pool.close()));
    },
    stats: () => {
      const total = { running: 0, waiting: 0, idle: 0, clients: 0 };
      for (const { pool } of pools.values()) {
        const { running, waiting, idle, clients } = pool.stats();
        total.running += running;
        total.waiting += waiting;
        total.idle += idle;
        total.clients += clients;
      }
      return total;
    },
  };
}

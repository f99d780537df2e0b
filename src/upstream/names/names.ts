// The addresses of the names that one source uses. A name is looked up once for all sockets that wait for it, within a time limit; its
// addresses are kept for the life of their records. A slow or dead name server delays the sockets of this source only.
import type { LookupFunction } from 'node:net';
import { GatewayError } from '../../errors.ts';
import type { Address, FindAddresses, NameAnswer } from './answer.ts';
import { createHostsFile, type HostsFile } from './hosts-file.ts';
import { createNameServers, type NameServerOptions } from './name-servers.ts';

export interface Names {
  /** For `net.connect`. Fails with UPSTREAM_UNREACHABLE. */
  readonly lookup: LookupFunction;
  /** Looks the name up again, without waiting, if the life of its addresses has ended. Costs two comparisons otherwise. */
  refresh(name: string): void;
  /** Stops all look-ups. */
  close(): void;
}

export interface NameOptions extends NameServerOptions {
  /** Monotonic ms. */
  readonly tick: () => number;
  /** Path of the hosts file. Default: the system's. */
  readonly hostsFile?: string | undefined;
  /** Replaces hosts file and name servers. Its answers are used once. */
  readonly lookup?: LookupFunction | undefined;
  /** A look-up has found that a name has other addresses than before. */
  readonly onChange: (name: string, addresses: ReadonlySet<string>) => void;
}

/** Time limit of a look-up; less than that of opening a socket. */
const LIMIT_MS = 4_000;

/** Bounds of a record's life: a name without a life costs one look-up per second, and a moved name is noticed within five minutes. */
const SHORTEST_LIFE_MS = 1_000;
const LONGEST_LIFE_MS = 300_000;

/** How long "no such name" and "no answer" are kept: calls meanwhile fail at once. */
const FAILURE_LIFE_MS = 1_000;

/** How long addresses are used beyond their life while the name servers do not answer (RFC 8767). */
const STALE_MS = 3_600_000;

/** How long a socket waits for the name servers when it could use addresses beyond their life. */
const STALE_AFTER_MS = 500;

/** Minimum delay before a look-up that failed is repeated while addresses beyond their life are in use. */
const RETRY_MS = 5_000;

interface Entry {
  addresses: readonly Address[];
  /** Ticks. */
  expiresAt: number;
  staleUntil: number;
  /** A failure, thrown until `failsUntil`. */
  error: GatewayError | undefined;
  failsUntil: number;
  noRetryBefore: number;
  /** When the last look-up began. */
  lookedAt: number;
  looking: Promise<readonly Address[]> | undefined;
}

export function createNames({ tick, onChange, hostsFile, lookup, ...servers }: NameOptions): Names {
  const find =
    lookup === undefined
      ? fromSystem(createHostsFile(tick, hostsFile), createNameServers(servers))
      : fromFunction(lookup);
  const shortestLifeMs = lookup === undefined ? SHORTEST_LIFE_MS : 0;
  const entries = new Map<string, Entry>();
  const controllers = new Set<AbortController>();

  const entryOf = (name: string): Entry => {
    let entry = entries.get(name);
    if (entry === undefined) {
      const never = Number.NEGATIVE_INFINITY;
      entry = {
        addresses: [],
        expiresAt: never,
        staleUntil: never,
        error: undefined,
        failsUntil: never,
        noRetryBefore: never,
        lookedAt: never,
        looking: undefined,
      };
      entries.set(name, entry);
    }
    return entry;
  };

  const keep = (name: string, entry: Entry, { addresses, lifeMs }: NameAnswer): readonly Address[] => {
    const now = tick();
    if (addresses.length === 0) throw noSuchName();
    const before = entry.addresses;
    entry.addresses = addresses;
    entry.expiresAt = now + Math.min(LONGEST_LIFE_MS, Math.max(shortestLifeMs, lifeMs));
    entry.staleUntil = entry.expiresAt + STALE_MS;
    entry.error = undefined;
    const current = new Set(addresses.map(({ address }) => address));
    if (before.some(({ address }) => !current.has(address))) onChange(name, current);
    return addresses;
  };

  const failed = (entry: Entry, error: unknown): GatewayError => {
    const now = tick();
    const failure = error instanceof GatewayError ? error : noAnswer(error);
    // That there is no such name is an answer: what was known before has ended.
    if (isNoSuchName(failure)) entry.staleUntil = Number.NEGATIVE_INFINITY;
    entry.error = failure;
    entry.failsUntil = now + FAILURE_LIFE_MS;
    entry.noRetryBefore = now + RETRY_MS;
    return failure;
  };

  /** One look-up for all that wait for the name. */
  const look = (name: string, entry: Entry): Promise<readonly Address[]> => {
    if (entry.looking !== undefined) return entry.looking;
    const controller = new AbortController();
    controllers.add(controller);
    entry.lookedAt = tick();
    const looking = within(LIMIT_MS, controller, find(name, controller.signal))
      .then((answer) => keep(name, entry, answer))
      .catch((error: unknown) => {
        throw failed(entry, error);
      })
      .finally(() => {
        controllers.delete(controller);
        entry.looking = undefined;
      });
    // No socket may wait for it any more.
    looking.catch(() => {});
    entry.looking = looking;
    return looking;
  };

  const resolve = (name: string): readonly Address[] | Promise<readonly Address[]> => {
    const entry = entryOf(name);
    const now = tick();
    if (now < entry.expiresAt) return entry.addresses;
    const hasStale = now < entry.staleUntil;
    if (hasStale && now < entry.noRetryBefore) return entry.addresses;
    if (!hasStale && entry.error !== undefined && now < entry.failsUntil) throw entry.error;
    const looking = look(name, entry);
    return hasStale ? orStale(looking, entry) : looking;
  };

  return {
    lookup: (hostname, options, callback) => {
      const settle = (found: readonly Address[]): void => {
        const { family } = options;
        const wanted = family === 4 || family === 6 ? found.filter((one) => one.family === family) : found;
        const [first] = wanted;
        if (first === undefined) callback(noSuchName(), '', 0);
        else if (options.all === true) callback(null, [...wanted]);
        else callback(null, first.address, first.family);
      };
      const fail = (error: GatewayError): void => callback(error, '', 0);
      // Never within the call: the socket has no listeners yet.
      Promise.try(resolve, normalized(hostname)).then(settle, fail);
    },
    refresh: (hostname) => {
      const entry = entries.get(hostname);
      if (entry === undefined || entry.looking !== undefined) return;
      const now = tick();
      if (now < entry.expiresAt || now < entry.noRetryBefore || now - entry.lookedAt < SHORTEST_LIFE_MS)
        return;
      if (entry.addresses.length > 0) look(hostname, entry).catch(() => {});
    },
    close: () => {
      for (const controller of controllers) controller.abort();
    },
  };
}

const normalized = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, '');

/** RFC 6761 sections 6.3 and 6.4: these names are never asked for. */
const LOOPBACK: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

function reserved(name: string): readonly Address[] | undefined {
  if (name === 'localhost' || name.endsWith('.localhost')) return LOOPBACK;
  return name === 'invalid' || name.endsWith('.invalid') ? [] : undefined;
}

/** Hosts file, then the reserved names, then the name servers. */
const fromSystem =
  (hosts: HostsFile, servers: FindAddresses): FindAddresses =>
  async (name, signal) => {
    const local = hosts.find(name) ?? reserved(name);
    return local === undefined ? servers(name, signal) : { addresses: local, lifeMs: 0 };
  };

const fromFunction =
  (lookup: LookupFunction): FindAddresses =>
  (name) =>
    new Promise((resolve, reject) => {
      lookup(name, { all: true }, (error, found, family) => {
        if (error !== null) reject(error);
        else if (typeof found === 'string')
          resolve({ addresses: [{ address: found, family: family ?? 4 }], lifeMs: 0 });
        else resolve({ addresses: found, lifeMs: 0 });
      });
    });

/** The look-up's result within the limit. Beyond it, the look-up is stopped. */
const within = <T>(limitMs: number, controller: AbortController, running: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => controller.abort(), limitMs);
    controller.signal.addEventListener('abort', () => reject(noAnswer({ code: 'ETIMEOUT' })));
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Addresses beyond their life when the look-up fails or takes long. */
const orStale = (looking: Promise<readonly Address[]>, entry: Entry): Promise<readonly Address[]> =>
  new Promise((resolve, reject) => {
    const stale = entry.addresses;
    const timer = setTimeout(resolve, STALE_AFTER_MS, stale);
    looking
      .then(resolve, (error: unknown) => {
        if (isNoSuchName(error)) reject(error);
        else resolve(stale);
      })
      .finally(() => clearTimeout(timer));
  });

const NO_SUCH_NAME = "the source's name has no address (ENOTFOUND)";

const noSuchName = (): GatewayError => new GatewayError('UPSTREAM_UNREACHABLE', { detail: NO_SUCH_NAME });

const isNoSuchName = (error: unknown): boolean =>
  error instanceof GatewayError && error.message === NO_SUCH_NAME;

/** Only the code of a failure is kept. */
function noAnswer(error: unknown): GatewayError {
  const { code } = error as { code?: unknown };
  if (code === 'ENOTFOUND') return noSuchName();
  const text = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,30}$/.test(code) ? code : 'UNKNOWN';
  return new GatewayError('UPSTREAM_UNREACHABLE', {
    detail: `no name server answered for the source's name (${text})`,
  });
}

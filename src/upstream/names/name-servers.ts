// Asks the name servers for the addresses of a name, over sockets of its own (c-ares): no thread of the pool is involved, and a query
// that is given up leaves nothing behind. `dns.lookup` would occupy one of libuv's four threads until the name server's time limit,
// whoever has stopped waiting.
import { Resolver } from 'node:dns/promises';
import type { Address, FindAddresses, NameAnswer } from './answer.ts';
import { fullNames } from './search-list.ts';

export interface NameServerOptions {
  /** `address` or `address:port`. Default: the servers of the system, read again at each look-up. */
  readonly servers?: readonly string[] | undefined;
  /** Path of the file with the search list. Default: /etc/resolv.conf. */
  readonly configuration?: string | undefined;
}

/** First time limit of a query; it grows with each of the tries. */
const QUERY = { timeout: 1_000, tries: 3 } as const;

/** How long the other family's answer is waited for once the first has arrived (RFC 8305 section 3). */
const OTHER_FAMILY_MS = 50;

/** The servers have answered, and there is no such name or no address of that family. */
const NO_ADDRESS: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'ENONAME']);

export const createNameServers =
  ({ servers, configuration }: NameServerOptions = {}): FindAddresses =>
  async (name, signal) => {
    const resolver = new Resolver(QUERY);
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      let answer: NameAnswer = { addresses: [], lifeMs: 0 };
      for (const full of fullNames(name, configuration)) {
        answer = await bothFamilies(resolver, full);
        if (answer.addresses.length > 0 || signal.aborted) break;
      }
      return answer;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };

type Records = readonly { readonly address: string; readonly ttl: number }[];

/** @throws the failure of a query when the other family has no address */
async function bothFamilies(resolver: Resolver, name: string): Promise<NameAnswer> {
  const v4 = found(resolver.resolve4(name, { ttl: true }), 4);
  const v6 = found(resolver.resolve6(name, { ttl: true }), 6);
  const first = await Promise.any([v4, v6].map(someAddress)).catch(() => undefined);
  // Without an address so far, both have ended: the failure of either says that the name may have one.
  const answers =
    first === undefined ? await Promise.all([v4, v6]) : await Promise.all([v4, v6].map(withinMoments));
  // IPv4 first: most of the platforms have no IPv6 route. A socket tries the addresses in turn, families alternating.
  const addresses = answers.flatMap((answer) => answer.addresses);
  const lives = answers.filter((answer) => answer.addresses.length > 0).map(({ lifeMs }) => lifeMs);
  return { addresses, lifeMs: lives.length === 0 ? 0 : Math.min(...lives) };
}

const found = (records: Promise<Records>, family: number): Promise<NameAnswer> =>
  records.then(
    (list) => ({
      addresses: list.map(({ address }): Address => ({ address, family })),
      lifeMs: Math.min(...list.map(({ ttl }) => ttl)) * 1000,
    }),
    (error: unknown) => {
      if (NO_ADDRESS.has((error as { code?: unknown }).code)) return NOTHING;
      throw error;
    },
  );

const NOTHING: NameAnswer = { addresses: [], lifeMs: 0 };

const someAddress = async (answering: Promise<NameAnswer>): Promise<NameAnswer> => {
  const answer = await answering;
  if (answer.addresses.length === 0) throw NOTHING;
  return answer;
};

/** The answer of a family, or nothing when it fails or takes too long after the first. */
const withinMoments = (answering: Promise<NameAnswer>): Promise<NameAnswer> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, OTHER_FAMILY_MS, NOTHING);
    const settle = (answer: NameAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    answering.then(settle, () => settle(NOTHING));
  });

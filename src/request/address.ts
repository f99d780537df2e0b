// The address from which a request comes, for limits: that of the connection, or the one that a trusted proxy in front of the
// gateway states. Addresses of one customer of a network count as one.

import { BlockList, isIP } from 'node:net';

/** What a request shows about its sender before anything of it is verified. */
export interface Sender {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of the other end of the connection: a client, or a proxy. */
  readonly peer: string | undefined;
}

/** @param trustedProxies addresses and networks of proxies, whose `X-Forwarded-For` is used */
export function createAddressOf(trustedProxies: readonly string[]): (sender: Sender) => string {
  const isTrusted = createProxyCheck(trustedProxies);
  return ({ headers, peer }) => {
    const forwarded = peer !== undefined && isTrusted(peer) ? headers['x-forwarded-for'] : undefined;
    // The proxy adds the address of its own client at the end.
    return networkOf(
      typeof forwarded === 'string' ? forwarded.slice(forwarded.lastIndexOf(',') + 1).trim() : peer,
    );
  };
}

/** Does an address belong to a trusted proxy? */
export function createProxyCheck(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (length === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(length), family);
  }
  return (address) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** The part of an address that belongs to one customer of a network: a whole IPv4 address, the first 64 bits of IPv6. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address.slice(0, 64);
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}

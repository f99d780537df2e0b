// Which hosts a source may call, and which addresses their names may resolve to. Hosts are checked once per origin, addresses at
// each new socket: the addresses that were checked are the ones that are connected to, so a name that starts to resolve to an
// internal address (DNS rebinding) is refused immediately. Open sockets cost nothing.
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { GatewayError } from '../errors.ts';

export interface Addresses {
  /** @throws GatewayError INTERNAL_SERVER_ERROR when the origin's host is not among the hosts. */
  assertAllowed(origin: string): void;
  /** For `net.connect`: resolves a name; fails with UPSTREAM_UNREACHABLE when one of its addresses is internal and not listed. */
  readonly lookup: LookupFunction;
}

/**
 * @param hosts `host`, `host:port` and `*.domain` may be called; an address or a range (`10.20.0.0/16`) may also be resolved to.
 * `localhost` stands for the loopback range.
 * @param resolve resolves names
 */
export function createAddresses(hosts: readonly string[], resolve: LookupFunction): Addresses {
  const internal = internalAddresses();
  const listed = listedAddresses(hosts);
  const refused = (address: string): boolean => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return internal.check(address, family) && !listed.check(address, family);
  };

  return {
    assertAllowed: (origin) => {
      const { host, hostname } = new URL(origin);
      if (hosts.includes(host) || hosts.includes(hostname)) return;
      if (hosts.some((one) => one.startsWith('*.') && host.endsWith(one.slice(1)))) return;
      throw new GatewayError('INTERNAL_SERVER_ERROR', {
        detail:
          "the request's host is not among the hosts of this source; add it to source.hosts in connector.yaml",
      });
    },
    lookup: (hostname, options, callback) => {
      resolve(hostname, options, (error, address, family) => {
        // One internal address among public ones is enough: any of them may be connected to.
        const found = typeof address === 'string' ? [{ address }] : (address ?? []);
        if (error === null && found.some((one) => refused(one.address)))
          callback(resolvesToInternal(), '', 0);
        else callback(error, address, family);
      });
    },
  };
}

const resolvesToInternal = (): GatewayError =>
  new GatewayError('UPSTREAM_UNREACHABLE', {
    detail:
      "the source's name resolves to an internal address (private, link-local, loopback or metadata); if that is right, add the address or its range to source.hosts in connector.yaml",
  });

/** Addresses that are not on the public Internet (IANA special-purpose registries), and those of cloud metadata services. */
function internalAddresses(): BlockList {
  const list = new BlockList();
  for (const range of [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/3',
    // Azure's platform address: a public number that serves internal metadata.
    '168.63.129.16/32',
    '::/127',
    // IPv6 ranges that embed an IPv4 address: NAT64 and 6to4.
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2002::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ]) {
    addRange(list, range);
  }
  return list;
}

function listedAddresses(hosts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const host of hosts) {
    const name = withoutPort(host);
    if (name === 'localhost') {
      addRange(list, '127.0.0.0/8');
      addRange(list, '::1/128');
    } else addRange(list, name);
  }
  return list;
}

function addRange(list: BlockList, text: string): void {
  const [address = '', bits] = text.split('/', 2);
  const version = isIP(address);
  if (version === 0) return;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** `[::1]:80` and `[::1]` are `::1`, `host:80` is `host`. */
function withoutPort(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const colon = host.indexOf(':');
  return colon >= 0 && colon === host.lastIndexOf(':') ? host.slice(0, colon) : host;
}

// The listening sockets of the server: one for each address of HOST. A failure to listen is one sentence for the person who
// starts the gateway.

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, type Server as NetServer } from 'node:net';

/** The address cannot be used; `message` is a sentence with the reason and the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Listeners {
  /** Opens the sockets. @returns the port @throws {ListenError} */
  listen(address: Address): Promise<number>;
  /** The sockets that listen. */
  open(): readonly NetServer[];
}

export function createListeners(server: Server): Listeners {
  const others: NetServer[] = [];
  return {
    listen: async (wanted) => {
      const forward = (): NetServer => createServer(AS_HTTP, (socket) => server.emit('connection', socket));
      try {
        others.push(...(await listenTogether(server, forward, wanted)));
      } catch (error) {
        throw listenError(error, wanted);
      }
      const own = server.address();
      const { address, port } =
        typeof own === 'object' && own !== null ? own : { address: '', port: wanted.port };
      // `localhost` is 127.0.0.1 for some clients and ::1 for others.
      const further = wanted.host === 'localhost' ? await lookup('localhost', { all: true }) : [];
      for (const { address: host } of further.filter((each) => each.address !== address)) {
        const other = forward();
        // A machine may have no IPv6 although the name has such an address.
        await listenOn(other, { host, port }).then(
          () => others.push(other),
          () => {},
        );
      }
      return port;
    },
    open: () => [server, ...others].filter(({ listening }) => listening),
  };
}

/**
 * Connections that the kernel keeps until they are accepted; it applies its own limit (`net.core.somaxconn`). When they are more, clients
 * try again after 1, 3 and 7 s: with Node's 511 a burst of connections would wait for seconds, health checks among them.
 */
const BACKLOG = 65_535;

/**
 * Listening sockets on the same port. The event loop accepts one connection of each per turn: with a single one, a gateway whose turns
 * take 20 ms accepts 50 connections a second.
 */
const SOCKETS = 16;

/** What Node sets for the sockets of an HTTP server. */
const AS_HTTP = { allowHalfOpen: true, noDelay: true };

/** Attempts to find a free port that nobody takes in the same millisecond. */
const MOST_ATTEMPTS = 5;

/** Opens the server and further sockets on its port, where the platform can share one (SO_REUSEPORT). @returns the further ones */
async function listenTogether(
  server: Server,
  create: () => NetServer,
  wanted: Address,
): Promise<NetServer[]> {
  if (process.platform !== 'linux') {
    await listenOn(server, wanted);
    return [];
  }
  for (let attempt = 1; ; attempt++) {
    try {
      // Sockets that share a port do not notice that another process shares it too; this one does.
      const port = await freePortOf(wanted);
      const shared = { host: wanted.host, port, reusePort: true };
      await listenOn(server, shared);
      const further = Array.from({ length: SOCKETS - 1 }, create);
      for (const each of further) await listenOn(each, shared);
      return further;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (server.listening || !isTaken || wanted.port !== 0 || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** @throws the error of a port that is in use */
async function freePortOf(wanted: Address): Promise<number> {
  const probe = createServer();
  await listenOn(probe, wanted);
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : wanted.port;
}

async function listenOn(
  server: NetServer,
  address: Address & { readonly reusePort?: boolean },
): Promise<void> {
  server.listen({ ...address, backlog: BACKLOG });
  await once(server, 'listening');
}

/** The error with a sentence for the person who starts the gateway. @param names the settings of the address */
export function listenError(
  error: unknown,
  { host, port }: Address,
  names: Readonly<Record<'host' | 'port', string>> = { host: 'HOST', port: 'PORT' },
): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another process. Stop that process, or set ${names.port} to a free port.`,
    EACCES: `Port ${port} is not allowed for this user. Set ${names.port} to a number above 1023.`,
    EADDRNOTAVAIL: `The address ${host} does not belong to this machine. Set ${names.host} to an address of this machine, such as 127.0.0.1.`,
    ENOTFOUND: `The host name ${host} cannot be resolved. Set ${names.host} to an address of this machine, such as 127.0.0.1.`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? (error as Error) : new ListenError(reason, { cause: error });
}

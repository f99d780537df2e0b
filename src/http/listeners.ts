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
      await listenOn(server, wanted).catch((error: unknown) => {
        throw listenError(error, wanted);
      });
      const own = server.address();
      const { address, port } =
        typeof own === 'object' && own !== null ? own : { address: '', port: wanted.port };
      // `localhost` is 127.0.0.1 for some clients and ::1 for others.
      const further = wanted.host === 'localhost' ? await lookup('localhost', { all: true }) : [];
      for (const { address: host } of further.filter((each) => each.address !== address)) {
        const other = createServer((socket) => server.emit('connection', socket));
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

async function listenOn(server: NetServer, { host, port }: Address): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}

function listenError(error: unknown, { host, port }: Address): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another process. Stop that process, or set PORT to a free port.`,
    EACCES: `Port ${port} is not allowed for this user. Set PORT to a number above 1023.`,
    EADDRNOTAVAIL: `The address ${host} does not belong to this machine. Set HOST to an address of this machine, such as 127.0.0.1.`,
    ENOTFOUND: `The host name ${host} cannot be resolved. Set HOST to an address of this machine, such as 127.0.0.1.`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? (error as Error) : new ListenError(reason, { cause: error });
}

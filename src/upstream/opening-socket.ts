// A socket on its way: undici's clients forget it when they are destroyed, and then it stays until the source has ended its
// handshake or the connect timeout has. `client-pool.ts` makes one per client. Guarantee: whoever gives up, closes it at once.
import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { GatewayError } from '../errors.ts';

export interface OpeningSocket {
  readonly connect: buildConnector.connector;
  /** Closes the socket if it is not open yet. */
  giveUp(): void;
}

export function createOpeningSocket(connect: buildConnector.connector): OpeningSocket {
  let socket: Socket | undefined;
  return {
    connect: (options, callback) => {
      // undici's connectors give the socket back, though their type does not say so.
      const begun: unknown = connect(options, (...result) => {
        socket = undefined;
        callback(...result);
      });
      if (begun instanceof Socket) socket = begun;
    },
    giveUp: () => void socket?.destroy(new GatewayError('CANCELLED')),
  };
}

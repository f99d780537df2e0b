// Tracks the socket that an undici client is opening. A destroyed client forgets that socket, which would then stay open until the
// handshake or the connect timeout ends; `giveUp` closes it immediately.
import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { GatewayError } from '../errors.ts';

export interface OpeningSocket {
  readonly connect: buildConnector.connector;
  /** Closes the socket if it is still opening. */
  giveUp(): void;
}

export function createOpeningSocket(connect: buildConnector.connector): OpeningSocket {
  let socket: Socket | undefined;
  return {
    connect: (options, callback) => {
      // undici's connectors return the socket, which their type does not declare.
      const begun: unknown = connect(options, (...result) => {
        socket = undefined;
        callback(...result);
      });
      if (begun instanceof Socket) socket = begun;
    },
    giveUp: () => void socket?.destroy(new GatewayError('CANCELLED')),
  };
}

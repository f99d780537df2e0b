// Tracks the socket that an undici client is opening. A destroyed client forgets that socket, which would then stay open until the
// handshake or the connect timeout ends; `giveUp` closes it immediately. Opens it a second time where a time limit ended the first try
// while the gateway stood still: Node gives each address of a name a fraction of a second, and looks at the clock before the socket.
import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { GatewayError } from '../errors.ts';

export interface OpeningSocket {
  readonly connect: buildConnector.connector;
  /** Closes the socket if it is still opening. */
  giveUp(): void;
}

/** undici's code for any time limit of connecting. */
const TIMED_OUT = 'UND_ERR_CONNECT_TIMEOUT';

/** @param stalledMs total time in which the event loop stood still, ms */
export function createOpeningSocket(
  connect: buildConnector.connector,
  stalledMs: () => number,
): OpeningSocket {
  let socket: Socket | undefined;
  const open = (
    options: buildConnector.Options,
    callback: buildConnector.Callback,
    mayRepeat: boolean,
  ): void => {
    const stalledAt = stalledMs();
    // undici's connectors return the socket, which their type does not declare.
    const begun: unknown = connect(options, (...result) => {
      socket = undefined;
      const { code } = (result[0] ?? {}) as { code?: unknown };
      if (mayRepeat && code === TIMED_OUT && stalledMs() > stalledAt) open(options, callback, false);
      else callback(...result);
    });
    if (begun instanceof Socket) socket = begun;
  };
  return {
    connect: (options, callback) => open(options, callback, true),
    giveUp: () => void socket?.destroy(new GatewayError('CANCELLED')),
  };
}

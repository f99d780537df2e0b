// A socket in the data folder, for commands on the same machine: only the user who runs the gateway may connect to it.

import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';

/**
 * Listens at `path`. @returns a function that stops listening and ends every connection
 * @throws the error of the system where no socket can be made: its path may be too long
 */
export async function serveLocally(path: string, onSocket: (socket: Socket) => void): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    onSocket(socket);
  });
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
  server.unref();
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

/** Writes, and waits while the reader is slower. @throws when the reader has gone */
export async function send(socket: Socket, text: string): Promise<void> {
  if (socket.destroyed) throw new Error('the reader has gone');
  if (socket.write(text)) return;
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}

/** The socket of a running gateway; undefined where no gateway listens. */
export async function connectLocally(path: string): Promise<Socket | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    return undefined;
  }
}

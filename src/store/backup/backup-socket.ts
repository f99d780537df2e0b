// A running gateway holds the data folder of PGlite, so it writes backups itself: for whoever connects to a socket in that
// folder, which only its own user may do.
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TextTransaction } from './text-query.ts';
import { writeBackup } from './write-backup.ts';

export const backupSocketOf = (dataDir: string): string => join(dataDir, 'backup.sock');

/** @throws the error of the system where no socket can be made: its path may be too long */
export async function serveBackups(path: string, transaction: TextTransaction): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    writeBackup(transaction, (line) => send(socket, `${JSON.stringify(line)}\n`)).then(
      () => socket.end(),
      // The end of the backup is missing, which its reader notices.
      () => socket.destroy(),
    );
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

/** @throws when the reader has gone */
async function send(socket: Socket, text: string): Promise<void> {
  if (socket.destroyed) throw new Error('the reader has gone');
  if (socket.write(text)) return;
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}

/** The socket of a running gateway; undefined where none listens. */
export async function connectToGateway(path: string): Promise<Socket | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    return undefined;
  }
}

// A running gateway holds the data folder of PGlite, so it runs the statements of `lienthong audit` itself: for whoever connects to
// a socket in that folder, which only its own user may do. A line of JSON in, a line of JSON out; no other statements.

import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AuditQuery, type AuditStatementName, SOCKET_STATEMENTS } from './statements.ts';

interface Asked {
  readonly name: string;
  readonly params: readonly (string | number | null)[];
}

type Reply = { readonly json: string | null } | { readonly error: string };

const socketOf = (dataDir: string): string => join(dataDir, 'audit.sock');

/** @throws the error of the system where no socket can be made: its path may be too long */
export async function serveAuditSocket(dataDir: string, query: AuditQuery): Promise<() => void> {
  const path = socketOf(dataDir);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    void serve(socket, query);
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

async function serve(socket: Socket, query: AuditQuery): Promise<void> {
  const lines = createInterface({ input: socket });
  lines.on('error', () => {});
  try {
    for await (const line of lines) {
      const reply = await answer(line, query);
      if (socket.destroyed) return;
      if (!socket.write(`${JSON.stringify(reply)}\n`)) await once(socket, 'drain').catch(() => {});
    }
  } catch {
    socket.destroy();
  }
}

async function answer(line: string, query: AuditQuery): Promise<Reply> {
  try {
    const { name, params } = JSON.parse(line) as Asked;
    if (!SOCKET_STATEMENTS.has(name)) return { error: `the statement ${name} is not offered` };
    return { json: await query(name as AuditStatementName, params) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'unknown' };
  }
}

export interface AuditConnection {
  readonly query: AuditQuery;
  close(): void;
}

/** Connects to the gateway that runs on the data folder; undefined where none listens. */
export async function connectToAudit(dataDir: string): Promise<AuditConnection | undefined> {
  const socket = createConnection(socketOf(dataDir));
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  const waiting: PromiseWithResolvers<Reply>[] = [];
  createInterface({ input: socket }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as Reply),
  );
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const each of waiting.splice(0)) each.resolve({ error: 'the gateway closed the connection' });
  });
  return {
    query: async (name, params) => {
      if (socket.destroyed) throw new Error('the gateway closed the connection');
      const asked = Promise.withResolvers<Reply>();
      waiting.push(asked);
      socket.write(`${JSON.stringify({ name, params })}\n`);
      const reply = await asked.promise;
      if ('error' in reply) throw new Error(reply.error);
      return reply.json;
    },
    close: () => socket.destroy(),
  };
}

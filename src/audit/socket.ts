// A running gateway holds the data folder of PGlite, so it runs the statements of `lienthong audit` itself, for whoever connects to a
// socket in that folder: it answers each line of JSON with a line of JSON, and runs no other statements.

import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectLocally, send, serveLocally } from '../store/local-socket.ts';
import { type AuditQuery, type AuditStatementName, SOCKET_STATEMENTS } from './statements.ts';

interface Asked {
  readonly name: string;
  readonly params: readonly (string | number | null)[];
}

type Reply = { readonly json: string | null } | { readonly error: string };

const socketOf = (dataDir: string): string => join(dataDir, 'audit.sock');

/** @throws the error of the system where no socket can be made: its path may be too long */
export const serveAuditSocket = (dataDir: string, query: AuditQuery): Promise<() => void> =>
  serveLocally(socketOf(dataDir), (socket) => void serve(socket, query));

async function serve(socket: Socket, query: AuditQuery): Promise<void> {
  const lines = createInterface({ input: socket });
  lines.on('error', () => {});
  try {
    for await (const line of lines) await send(socket, `${JSON.stringify(await answer(line, query))}\n`);
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

/** Connects to the gateway that runs on the data folder; undefined where no gateway listens. */
export async function connectToAudit(dataDir: string): Promise<AuditConnection | undefined> {
  const socket = await connectLocally(socketOf(dataDir));
  if (socket === undefined) return undefined;
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

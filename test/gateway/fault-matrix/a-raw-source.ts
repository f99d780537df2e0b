// A source that says exactly the bytes that a test tells it, on a bare socket: HTTP servers are too well-behaved to cut an
// answer in the middle of its status line. It counts what it was asked and what it managed to send, and knows which of its
// sockets are still in the middle of a call.

import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { type RightAnswer, type Speech, TALK } from './right-answers.ts';

export const CERTIFICATES = new URL('../../upstream/certificates/', import.meta.url);
export type CertificateName = 'source' | 'expired' | 'self-signed' | 'stranger' | 'elsewhere';

/** What a source does: takes no connections, does something with a connection before it is asked, or with a call. */
export interface Behaviour {
  readonly accepts?: false;
  readonly connected?: (socket: Socket, source: Talk) => void;
  readonly asked?: (call: Call) => void;
  /** Over TLS: whose certificate it shows. Default: its own. */
  readonly certificate?: CertificateName;
}

export interface Talk {
  /** Writes, and counts what the other side took. `then` is called when it did. */
  write(bytes: string | Uint8Array, then?: () => void): void;
}

/** One call that was read to its end. */
export interface Call extends Talk {
  readonly socket: Socket;
  readonly method: string;
  readonly path: string;
  /** In place of `write` for the last bytes of a whole answer: the socket may serve the next call. */
  finish(bytes: string | Uint8Array): void;
  /** What would be right to answer. */
  readonly right: RightAnswer;
  /** Words that must never be seen outside: a marker, where the source is, what was asked, whose data it is. */
  readonly mark: string;
}

export interface RawSource {
  readonly url: string;
  readonly port: number;
  /** From now on it does this, on new sockets; counts begin anew. */
  behave(behaviour: Behaviour): Promise<void>;
  connections(): number;
  calls(): number;
  /** Bytes that left for the other side. */
  sent(): number;
  /** Sockets that are open and in the middle of a call, or that were never asked anything. */
  busy(): number;
  close(): Promise<void>;
}

const NEVER: Behaviour = { asked: () => {} };

/** @param port a free one that outgoing connections never take, since the source may close and open it again */
export async function aRawSource(
  speech: Speech,
  port: number,
  over: 'tcp' | 'tls' = 'tcp',
): Promise<RawSource> {
  let behaviour = NEVER;
  let connections = 0;
  let calls = 0;
  let sent = 0;
  const sockets = new Set<Socket>();
  /** What the gateway's end of a socket is doing; the bare socket stands for its TLS. */
  const idle = new Set<Socket>();

  const talkOn = (socket: Socket): Talk => ({
    write: (bytes, then) => {
      if (socket.destroyed) return;
      socket.write(bytes, (error) => {
        if (error) return;
        sent += bytes.length;
        then?.();
      });
    },
  });

  const serve = (socket: Socket, bare: Socket): void => {
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      const body = received.toString('utf8', end + 4, end + 4 + length);
      received = received.subarray(end + 4 + length);
      calls++;
      idle.delete(bare);
      const [method = '', path = ''] = head.split(' ', 2);
      const talk = talkOn(socket);
      const mark = markOf(port, path, `${path} ${body}`);
      behaviour.asked?.({
        ...talk,
        socket,
        method,
        path,
        right: TALK[speech](mark, body),
        mark,
        finish: (bytes) => {
          idle.add(bare);
          talk.write(bytes);
        },
      });
    });
  };

  const tls =
    over === 'tls'
      ? createTlsServer({}, (socket) => serve(socket, bareOf(socket))).on('tlsClientError', () => {})
      : undefined;
  const show = (name: CertificateName): void => {
    const pem = (end: string): string => readFileSync(new URL(`${name}.${end}`, CERTIFICATES), 'utf8');
    tls?.setSecureContext({ cert: pem('crt'), key: pem('key') });
  };

  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      idle.delete(socket);
    });
    if (behaviour.connected !== undefined) {
      behaviour.connected(socket, talkOn(socket));
      // Read, or the end of the other side is never seen.
      socket.resume();
    } else if (tls === undefined) serve(socket, socket);
    else tls.emit('connection', socket);
  });
  const listen = (): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen();
  return {
    url: `${over === 'tls' ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    behave: async (next) => {
      if (server.listening) await stop();
      behaviour = next;
      connections = 0;
      calls = 0;
      sent = 0;
      show(next.certificate ?? 'source');
      if (next.accepts !== false) await listen();
    },
    connections: () => connections,
    calls: () => calls,
    sent: () => sent,
    busy: () => sockets.size - idle.size,
    close: async () => {
      if (server.listening) await stop();
    },
  };
}

/** The socket that a TLS server was given; Node keeps it there. */
const bareOf = (socket: TLSSocket): Socket => (socket as TLSSocket & { _parent: Socket })._parent;

/** Stands in everything that a source says, and must be seen nowhere else. */
export const MARK = 'xq7-upstream-text';

const markOf = (port: number, path: string, asked: string): string =>
  [MARK, `127.0.0.1:${port}`, path, ...(asked.match(/\d{12}/g) ?? [])].join(' ');

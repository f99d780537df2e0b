// HTTP as fast as a socket allows: requests are cut out of a socket's bytes and handed over, answers are written as they are.
// For processes that stand in for sources: `recorded-server.ts`, and those of the resilience bench.

import { createServer, type Socket } from 'node:net';

export interface RawCall {
  readonly head: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export const CRLF2 = '\r\n\r\n';

/** @returns the port, on the loopback */
export const listenRaw = (onCall: (socket: Socket, call: RawCall) => void): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((socket) => serve(socket, onCall));
    server.listen(0, '127.0.0.1', 4096, () => resolve((server.address() as { port: number }).port));
  });

/** Bodies carry a content-length: no caller here sends chunks. */
function serve(socket: Socket, onCall: (socket: Socket, call: RawCall) => void): void {
  let rest = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    rest += chunk.toString('latin1');
    for (;;) {
      const end = rest.indexOf(CRLF2);
      if (end < 0) return;
      const head = rest.slice(0, end);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const from = end + CRLF2.length;
      if (rest.length < from + length) return;
      const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
      onCall(socket, { head, method, path, body: rest.slice(from, from + length) });
      rest = rest.slice(from + length);
    }
  });
}

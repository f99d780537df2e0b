// A process of the page bench: stands in for the four national systems. While it records, an unknown request goes on to the
// real simulator and its answer is kept; afterwards it answers from memory, as fast as a socket allows, after an added latency.
// Forked by `recorded.ts`, which sends it `Order`s.

import type { Socket } from 'node:net';
import { Pool } from 'undici';
import { CRLF2, listenRaw, type RawCall } from './raw-server.ts';
import type { Order, Report } from './recorded.ts';

const answers = new Map<string, Buffer>();
let recording = true;
let latencyMs = 0;
let calls: Record<string, number> = {};
let misses = 0;

interface Target {
  readonly id: string;
  readonly simulator: Pool;
}

/** The parts that distinguish requests; ids, times, signatures and tokens vary without changing the answer. */
function keyOf({ path, body }: RawCall): string {
  const person = body.indexOf('<SoDinhDanh>');
  if (person >= 0) return body.slice(person, body.lastIndexOf('</TraCuu'));
  const payment = body.indexOf('"MaThamChieu":"');
  if (payment >= 0) return `payment ${body.slice(payment + 15, body.indexOf('"', payment + 15))}`;
  return path;
}

async function record(call: RawCall, { simulator }: Target): Promise<Buffer> {
  const headers: Record<string, string> = {};
  for (const line of call.head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (name !== 'connection' && name !== 'content-length') headers[name] = line.slice(colon + 1).trim();
  }
  const answer = await simulator.request({
    method: call.method as 'GET',
    path: call.path,
    headers,
    body: call.body === '' ? null : Buffer.from(call.body, 'latin1'),
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  const head =
    `HTTP/1.1 ${answer.statusCode} ${answer.statusCode === 200 ? 'OK' : 'Recorded'}\r\n` +
    `content-type: ${answer.headers['content-type'] ?? 'text/plain'}\r\n` +
    `date: ${new Date().toUTCString()}\r\ncontent-length: ${body.length}${CRLF2}`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

const MISSED = Buffer.from(`HTTP/1.1 500 Not recorded\r\ncontent-length: 0${CRLF2}`);

function reply(socket: Socket, call: RawCall, target: Target): void {
  calls[target.id] = (calls[target.id] ?? 0) + 1;
  const key = keyOf(call);
  const known = answers.get(key);
  if (known !== undefined) {
    if (latencyMs === 0) socket.write(known);
    else setTimeout(() => socket.write(known), latencyMs);
    return;
  }
  if (!recording) {
    misses += 1;
    socket.write(MISSED);
    return;
  }
  record(call, target).then(
    (answer) => {
      // A failed sign-in or a fault is no answer to keep.
      if (answer.toString('latin1', 9, 12) === '200') answers.set(key, answer);
      socket.write(answer);
    },
    () => socket.destroy(),
  );
}

const listen = (target: Target): Promise<number> => listenRaw((socket, call) => reply(socket, call, target));

const report = (message: Report): void => void process.send?.(message);

process.on('message', async (order: Order) => {
  if (order.do === 'start') {
    const ports: Record<string, number> = {};
    for (const [id, url] of Object.entries(order.simulators)) {
      ports[id] = await listen({ id, simulator: new Pool(url, { connections: 32 }) });
    }
    report({ ports });
  } else if (order.do === 'replay') {
    recording = false;
    report({ answers: answers.size });
  } else if (order.do === 'latency') {
    latencyMs = order.ms;
    report({});
  } else {
    report({ calls, misses });
    calls = {};
    misses = 0;
  }
});
// The bench has ended.
process.on('disconnect', () => process.exit());

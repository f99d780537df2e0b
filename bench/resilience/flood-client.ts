// The process that floods the gateway: raw sockets, so that one core sends several times what the gateway can answer. Either each
// connection sends its next request at once (the peak), or requests are due at a constant rate, whether earlier ones are answered or not.

import { connect, type Socket } from 'node:net';
import type { Flood, Flooded } from './flood.ts';

interface Connection {
  readonly socket: Socket;
  /** When the request under way was due. */
  due: number;
  text: string;
}

function flood({ port, body, authorization, connections, perSecond, ms }: Flood): Promise<Flooded> {
  const request = Buffer.from(
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\nauthorization: ${authorization}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const counts = { sent: 0, good: 0, shed: 0, failed: 0, lost: 0, unsent: 0 };
  const codes: Record<string, number> = {};
  const goodMs: number[] = [];
  const shedMs: number[] = [];
  const lateMs: number[] = [];
  const idle: Connection[] = [];
  const startedAt = performance.now();
  let open = 0;
  let underWay = 0;
  let sending = true;

  const open1 = (): Connection => {
    open++;
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const connection: Connection = { socket, due: 0, text: '' };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      connection.text += chunk;
      const end = connection.text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(connection.text)?.[1]);
      if (connection.text.length < end + 4 + length) return;
      take(connection, connection.text, end + 4);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      open--;
      if (connection.due === 0) return;
      counts.lost++;
      underWay--;
    });
    return connection;
  };

  const take = (connection: Connection, text: string, start: number): void => {
    const took = performance.now() - connection.due;
    connection.text = '';
    connection.due = 0;
    underWay--;
    if (text.startsWith('503', 9)) {
      counts.shed++;
      shedMs.push(took);
    } else if (text.startsWith('200', 9) && !text.includes('"errors"', start)) {
      counts.good++;
      goodMs.push(took);
    } else {
      counts.failed++;
      const code = /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(9, 12);
      codes[code] = (codes[code] ?? 0) + 1;
    }
    if (perSecond === undefined && sending) send(connection, performance.now());
    else idle.push(connection);
  };

  const send = (connection: Connection, due: number): void => {
    connection.due = due;
    counts.sent++;
    underWay++;
    lateMs.push(performance.now() - due);
    connection.socket.write(request);
  };

  const sendDue = (): void => {
    const at = performance.now();
    if (at - startedAt >= ms) {
      sending = false;
      return;
    }
    const due = Math.floor(((at - startedAt) * (perSecond ?? 0)) / 1000);
    while (counts.sent + counts.unsent < due) {
      const dueAt = startedAt + ((counts.sent + counts.unsent) * 1000) / (perSecond ?? 1);
      const connection = idle.pop() ?? (open < connections ? open1() : undefined);
      if (connection === undefined) counts.unsent++;
      else send(connection, dueAt);
    }
    setTimeout(sendDue, 1);
  };

  return new Promise((resolve) => {
    if (perSecond === undefined) {
      for (let i = 0; i < connections; i++) send(open1(), performance.now());
      setTimeout(() => {
        sending = false;
      }, ms);
    } else sendDue();
    const watch = setInterval(() => {
      if (sending || (underWay > 0 && performance.now() - startedAt < ms + 20_000)) return;
      clearInterval(watch);
      for (const { socket } of idle) socket.destroy();
      resolve({
        ...counts,
        codes,
        good50Ms: quantile(goodMs, 0.5),
        good99Ms: quantile(goodMs, 0.99),
        goodMaxMs: quantile(goodMs, 1),
        shed99Ms: quantile(shedMs, 0.99),
        late99Ms: quantile(lateMs, 0.99),
        lastedMs: ms,
      });
    }, 20);
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

process.on('message', async (order: Flood) => {
  process.send?.(await flood(order), () => process.disconnect?.());
});

// Ports that stay free when their server stops: below those that the system gives to outgoing connections, so that no
// client socket takes one while a simulator is down.

import { createServer } from 'node:net';

const FROM = 12_000;
const SPAN = 18_000;

/** So many free ports of loopback. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (const port of candidates()) {
    if (ports.length === count) break;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** The first of so many free ports in a row. */
export async function freeRow(count: number): Promise<number> {
  let length = 0;
  for (const port of candidates()) {
    length = (await isFree(port)) ? length + 1 : 0;
    if (length === count) return port - count + 1;
  }
  throw new Error(`There are no ${count} free ports in a row.`);
}

/** From a place of its own for each process, so that two that look at the same time do not find the same ones. */
function* candidates(): Generator<number> {
  const start = (process.pid * 101) % SPAN;
  for (let step = 0; step < SPAN; step++) yield FROM + ((start + step) % SPAN);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

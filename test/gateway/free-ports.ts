// Ports that stay free when their server stops: below those that the system gives to outgoing connections, so that no
// client socket takes one while a simulator is down.

import { createServer } from 'node:net';

const FROM = 12_000;
const SPAN = 18_000;

/** So many free ports of loopback, from a place of its own for each process. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports: number[] = [];
  for (let step = 0; ports.length < count && step < SPAN; step++) {
    const port = FROM + ((process.pid * 41 + step) % SPAN);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

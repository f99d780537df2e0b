// A source in a thread of its own: it keeps answering while the thread of the test is busy. `delayMs` in the query of a request is the
// time until its answer; without it the source never answers.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

const SOURCE = `
const { createServer } = require('node:http');
const { parentPort } = require('node:worker_threads');
const server = createServer((request, response) => {
  const delay = new URL(request.url, 'http://x').searchParams.get('delayMs');
  if (delay === null) return;
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"ok":true}');
  }, Number(delay));
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

export async function aSourceInAThread(): Promise<string> {
  const worker = new Worker(SOURCE, { eval: true });
  onTestFinished(async () => void (await worker.terminate()));
  const [port] = await once(worker, 'message');
  return `http://127.0.0.1:${port}`;
}

/** Keeps this thread busy, as a gateway under too much load is. */
export function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

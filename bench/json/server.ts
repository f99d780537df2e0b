// A process of the JSON bench: serves the five sources from memory, as fast as a socket allows. Forked by `json.ts`; sends its
// ports when all of them listen, and on each message the calls since the last one.

import { CRLF2, listenRaw } from '../page/raw-server.ts';
import { allPaths, answerOf, SOURCES, type SourceName } from './sources.ts';

const answers = new Map<string, Buffer>();
for (const [source, path] of allPaths()) {
  const body = answerOf(source, path);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}${CRLF2}`;
  answers.set(source + path, Buffer.from(head + body));
}
const MISSED = Buffer.from(`HTTP/1.1 500 Unknown\r\ncontent-length: 0${CRLF2}`);

let calls: Record<string, number> = {};
let misses = 0;

const listen = (source: SourceName): Promise<number> =>
  listenRaw((socket, { path }) => {
    calls[source] = (calls[source] ?? 0) + 1;
    const answer = answers.get(source + path);
    if (answer === undefined) misses++;
    socket.write(answer ?? MISSED);
  });

const ports: Record<string, number> = {};
for (const source of SOURCES) ports[source] = await listen(source);
process.send?.({ ports });
process.on('message', () => {
  process.send?.({ calls, misses });
  calls = {};
  misses = 0;
});
process.on('disconnect', () => process.exit());

// A process of the resilience bench: five sources, each a port of its own, that answer at once until they are told to be ill.
// Notes each call that reaches it and how many it had at a time. Forked by `sources.ts`, which sends it `Order`s.

import type { Socket } from 'node:net';
import { CRLF2, listenRaw, type RawCall } from '../page/raw-server.ts';
import type { Condition, Order, Report, Seen } from './sources.ts';

interface Source {
  condition: Condition;
  calls: Seen['calls'][number][];
  /** Sockets with a call that is not answered yet: a caller here sends one call at a time over a socket. */
  readonly underWay: Set<Socket>;
  mostAtOnce: number;
  /** To be told of each call. */
  onCall: (() => void) | undefined;
}

const sources = new Map<string, Source>();
const known = new WeakSet<Socket>();

const answerOf = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}${CRLF2}${body}`;
const FAULT = answerOf('503 Service Unavailable', '{"message":"down"}');

function take(source: Source, socket: Socket, { path }: RawCall): void {
  const id = path.slice(path.lastIndexOf('/') + 1);
  source.calls.push({ at: Date.now(), id });
  source.underWay.add(socket);
  source.mostAtOnce = Math.max(source.mostAtOnce, source.underWay.size);
  if (!known.has(socket)) {
    known.add(socket);
    // Given up by the caller.
    socket.once('close', () => source.underWay.delete(socket));
  }
  const answer = (text: string): void => {
    if (source.underWay.delete(socket)) socket.write(text);
  };
  const good = answerOf('200 OK', `{"id":"${id}","name":"Record ${id}"}`);
  const { condition } = source;
  if (condition.is === 'well') answer(good);
  else if (condition.is === 'slow') setTimeout(answer, condition.ms, good);
  else if (condition.is === 'faulty') answer(Math.random() < condition.share ? FAULT : good);
  // Else it hangs: this call is never answered, also when the source is well again.
  source.onCall?.();
}

function sourceOf(id: string): Source {
  const source = sources.get(id);
  if (source === undefined) throw new Error(`there is no source "${id}"`);
  return source;
}

const report = (message: Report): void => void process.send?.(message);

process.on('message', async (order: Order) => {
  if (order.do === 'start') {
    const ports: Record<string, number> = {};
    for (const id of order.ids) {
      const source: Source = {
        condition: { is: 'well' },
        calls: [],
        underWay: new Set(),
        mostAtOnce: 0,
        onCall: undefined,
      };
      sources.set(id, source);
      ports[id] = await listenRaw((socket, call) => take(source, socket, call));
    }
    report({ ports });
  } else if (order.do === 'be') {
    sourceOf(order.id).condition = order.condition;
    report({ at: Date.now() });
  } else if (order.do === 'healAfter') {
    const source = sourceOf(order.id);
    let left = order.calls;
    source.onCall = () => {
      if (--left > 0) return;
      source.onCall = undefined;
      source.condition = { is: 'well' };
      report({ at: Date.now() });
    };
  } else {
    const { calls, mostAtOnce, underWay } = sourceOf(order.id);
    report({ seen: { calls, mostAtOnce } });
    Object.assign(sourceOf(order.id), { calls: [], mostAtOnce: underWay.size });
  }
});
// The bench has gone.
process.on('disconnect', () => process.exit());

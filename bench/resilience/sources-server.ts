// The process of the five sources of the resilience bench. Each has a port of its own and answers at once, until an `Order` from
// `sources.ts` makes it fail. Records the calls that reach it, and the most concurrent ones.

import type { Socket } from 'node:net';
import { CRLF2, listenRaw, type RawCall } from '../page/raw-server.ts';
import type { Condition, Order, Report, Seen } from './sources.ts';

interface Source {
  condition: Condition;
  calls: Seen['calls'][number][];
  /** Sockets with an unanswered call; the gateway sends one call at a time over a socket. */
  readonly underWay: Set<Socket>;
  mostAtOnce: number;
  /** Epoch ms of the first call that it refused. */
  throttledSince: number | undefined;
  /** Called for each call. */
  onCall: (() => void) | undefined;
}

const sources = new Map<string, Source>();
const known = new WeakSet<Socket>();

const answerOf = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}${CRLF2}${body}`;
const FAULT = answerOf('503 Service Unavailable', '{"message":"down"}');

const THROTTLED = (seconds: number): string =>
  answerOf(`429 Too Many Requests\r\nretry-after: ${seconds}`, '{"message":"too many"}');

function take(source: Source, socket: Socket, { path }: RawCall): void {
  const id = path.slice(path.lastIndexOf('/') + 1);
  source.calls.push({ at: Date.now(), id });
  source.underWay.add(socket);
  source.mostAtOnce = Math.max(source.mostAtOnce, source.underWay.size);
  if (!known.has(socket)) {
    known.add(socket);
    // The gateway aborted the call.
    socket.once('close', () => source.underWay.delete(socket));
  }
  const answer = (text: string): void => {
    if (source.underWay.delete(socket)) socket.write(text);
  };
  const good = answerOf('200 OK', `{"id":"${id}","name":"Record ${id}"}`);
  const { condition } = source;
  if (condition.is === 'healthy') answer(good);
  else if (condition.is === 'slow') setTimeout(answer, condition.ms, good);
  else if (condition.is === 'throttling') {
    source.throttledSince ??= Date.now();
    const isOver = Date.now() - source.throttledSince >= condition.seconds * 1000;
    answer(isOver ? good : THROTTLED(condition.seconds));
  } else if (condition.is === 'faulty') answer(Math.random() < condition.share ? FAULT : good);
  // Otherwise the source hangs: this call is never answered, even after the recovery.
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
        condition: { is: 'healthy' },
        calls: [],
        underWay: new Set(),
        mostAtOnce: 0,
        throttledSince: undefined,
        onCall: undefined,
      };
      sources.set(id, source);
      ports[id] = await listenRaw((socket, call) => take(source, socket, call));
    }
    report({ ports });
  } else if (order.do === 'be') {
    Object.assign(sourceOf(order.id), { condition: order.condition, throttledSince: undefined });
    report({ at: Date.now() });
  } else if (order.do === 'recoverAfter') {
    const source = sourceOf(order.id);
    let left = order.calls;
    source.onCall = () => {
      if (--left > 0) return;
      source.onCall = undefined;
      source.condition = { is: 'healthy' };
      report({ at: Date.now() });
    };
  } else {
    const { calls, mostAtOnce, underWay } = sourceOf(order.id);
    report({ seen: { calls, mostAtOnce } });
    Object.assign(sourceOf(order.id), { calls: [], mostAtOnce: underWay.size });
  }
});
// The bench has ended.
process.on('disconnect', () => process.exit());

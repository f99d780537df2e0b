// A name server on loopback (UDP), for the tests of look-ups: set the records, count the queries, let it hang or fail.
import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

export interface ANameServer {
  /** `address:port` */
  readonly at: string;
  /** The queries received, e.g. `A source.test`. */
  readonly asked: string[];
  /** The addresses of a name; a name without an entry does not exist. */
  readonly records: Map<string, readonly string[]>;
  ttl: number;
  /** `silent`: no answer. `fails`: SERVFAIL. `silentV6`: answers for IPv4 only. */
  mood: 'answers' | 'silent' | 'fails' | 'silentV6';
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };

export async function aNameServer(): Promise<ANameServer> {
  const socket = createSocket('udp4');
  const state: ANameServer = {
    at: '',
    asked: [],
    records: new Map(),
    ttl: 60,
    mood: 'answers',
  };
  socket.on('message', (query, peer) => {
    const { name, type, end } = questionOf(query);
    state.asked.push(`${TYPES[type] ?? type} ${name}`);
    if (state.mood === 'silent' || (state.mood === 'silentV6' && type === 28)) return;
    const known = state.records.get(name);
    const wanted = (known ?? []).filter((address) => address.includes(':') === (type === 28));
    const code = state.mood === 'fails' ? 2 : known === undefined ? 3 : 0;
    const answers = code === 0 ? wanted.map((address) => recordOf(address, type, state.ttl)) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return Object.assign(state, { at: `127.0.0.1:${socket.address().port}` });
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A record whose name points to the question. */
function recordOf(address: string, type: number, ttl: number): Buffer {
  const data =
    type === 1
      ? Buffer.from(address.split('.').map(Number))
      : Buffer.from(
          fullV6(address)
            .map((part) => Number.parseInt(part, 16))
            .flatMap((part) => [part >> 8, part & 255]),
        );
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function fullV6(address: string): string[] {
  const [left = '', right = ''] = address.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === '' ? [] : right.split(':');
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

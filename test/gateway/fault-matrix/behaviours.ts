// The ways of a source, as words for the rows of the matrix: whole answers, answers that are cut and what follows then,
// answers without an end. Each answer carries the mark in a header, in the reason phrase and in its body.

import { gzipSync } from 'node:zlib';
import type { Behaviour, Call, CertificateName } from './a-raw-source.ts';
import type { RightAnswer } from './right-answers.ts';

type Bytes = string | Uint8Array;

/** What is said in place of the right answer. */
export interface Saying {
  readonly status?: number;
  readonly type?: string | undefined;
  /** May name further headers, or with the value '' leave one out. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
  /** How the body's end is told. Default: by its length. */
  readonly framing?: 'length' | 'chunked' | 'close';
}

type Say = Saying | ((call: Call) => Saying);

interface Message {
  readonly head: string;
  readonly body: Uint8Array;
}

function messageOf(call: Call, say: Say, length?: number): Message {
  const {
    status = 200,
    type,
    headers,
    body,
    framing = 'length',
  } = typeof say === 'function' ? say(call) : say;
  const bytes = Buffer.from(body ?? call.right.body);
  const lines = Object.entries({
    'content-type': type ?? call.right.type,
    'x-note': call.mark,
    ...(framing === 'length' && { 'content-length': String(length ?? bytes.length) }),
    ...(framing === 'chunked' && { 'transfer-encoding': 'chunked' }),
    ...(framing === 'close' && { connection: 'close' }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${call.mark}\r\n${lines.join('')}\r\n`;
  return { head, body: framing === 'chunked' ? chunked(bytes) : bytes };
}

const chunked = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]);

// —— whole answers ——

/** The right answer, or another one, whole. */
export const answers = (say: Say = {}): Behaviour => ({
  asked: (call) => {
    const { head, body } = messageOf(call, say);
    call.finish(Buffer.concat([Buffer.from(head), body]));
    if (head.includes('connection: close')) call.socket.end();
  },
});

/** The same body for whoever asks. */
export const says = (body: Bytes, type?: string, more: Saying = {}): Behaviour =>
  answers({ body, type, ...more });

/** An answer made with the mark in it. */
export const saysOf = (make: (mark: string) => RightAnswer): Behaviour => answers((call) => make(call.mark));

export const status = (code: number, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  answers((call) => ({
    status: code,
    headers,
    type: 'text/plain',
    body: `${call.mark}\n    at ${call.mark} (/srv/app.js:1:1)`,
  }));

export const late = (ms: number, { asked }: Behaviour): Behaviour => ({
  asked: (call) => void setTimeout(() => asked?.(call), ms),
});

/** Something that is not wanted before the right answer, or after it. */
export const amid = (before: string, after = ''): Behaviour => ({
  asked: (call) => {
    const { head, body } = messageOf(call, {});
    call.finish(Buffer.concat([Buffer.from(before), Buffer.from(head), body, Buffer.from(after)]));
  },
});

/** The right answer in pieces of so many bytes. */
export const inPieces = (size: number): Behaviour => ({
  asked: (call) => {
    call.socket.setNoDelay();
    const { head, body } = messageOf(call, {});
    const all = Buffer.concat([Buffer.from(head), body]);
    const next = (at: number): void => {
      if (at + size >= all.length) call.finish(all.subarray(at));
      else call.write(all.subarray(at, at + size), () => setImmediate(next, at + size));
    };
    next(0);
  },
});

// —— cut ——

type Stage = (call: Call) => Bytes;

const half = (text: Bytes): Bytes => text.slice(0, Math.ceil(text.length / 2));

/** How far an answer came. */
export const STAGES = {
  'before the answer': () => '',
  'inside the status line': () => 'HTTP/1.1 2',
  'inside the headers': (call) => half(messageOf(call, {}).head),
  'between headers and body': (call) => messageOf(call, {}).head,
  'inside the body': (call) => {
    const { head, body } = messageOf(call, {});
    return Buffer.concat([Buffer.from(head), half(body) as Uint8Array]);
  },
  'inside a chunk': (call) => {
    const { head, body } = messageOf(call, { framing: 'chunked' });
    return Buffer.concat([Buffer.from(head), half(body) as Uint8Array]);
  },
} satisfies Record<string, Stage>;

type Ending = (call: Call) => void;

export const hangs: Ending = () => {};
export const resets: Ending = ({ socket }) => void socket.resetAndDestroy();
export const closes: Ending = ({ socket }) => void socket.end();

/** For each stage: what the source does when its answer came so far. */
export const atEachStage = (verb: string, ending: Ending): Record<string, Behaviour> =>
  Object.fromEntries(
    Object.entries(STAGES).map(([name, stage]: [string, Stage]) => [
      `${verb} ${name}`,
      {
        asked: (call: Call) => {
          const bytes = stage(call);
          if (bytes.length === 0) ending(call);
          else call.write(bytes, () => setTimeout(ending, 5, call));
        },
      },
    ]),
  );

/** A body that ends before its announced length, or none that is announced: the end of the connection ends it. */
export const truncated: Behaviour = answers((call) => ({ body: half(call.right.body), framing: 'close' }));

// —— without an end ——

export const MiB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, ' ');

function pour(call: Call, piece: Uint8Array, total: number): void {
  let left = total;
  const next = (): void => {
    if (left <= 0) return;
    left -= piece.length;
    call.write(piece, next);
  };
  next();
}

/** A body of so many bytes, as fast as the other side takes it; its length is told before, or it is not. */
export const floods = (total: number, framing: 'length' | 'close'): Behaviour => ({
  asked: (call) => {
    call.write(messageOf(call, { framing }, total).head);
    pour(call, PIECE, total);
  },
});

/** Header lines of so many bytes together. */
export const floodsHeaders = (total: number): Behaviour => ({
  asked: (call) => {
    const line = `x-note-${'n'.repeat(16)}: ${call.mark.padEnd(1000, '.')}\r\n`;
    call.write('HTTP/1.1 200 OK\r\n');
    pour(call, Buffer.from(line.repeat(64)), total);
  },
});

/** One line that is larger than all headers may be. */
export const oneLongHeader: Behaviour = answers((call) => ({
  headers: { 'x-long': call.mark.repeat(2000) },
}));

/** So many bytes of an answer, packed into few. */
export function bomb(total: number, encoding: string, pack: (raw: Buffer) => Uint8Array): Behaviour {
  const body = pack(Buffer.alloc(total, ' '));
  return answers({ body, headers: { 'content-encoding': encoding } });
}

/** After `start`, the same few bytes again and again, slowly and without an end. */
export const drips = (start: (call: Call) => Bytes, drop: string): Behaviour => ({
  asked: (call) => {
    call.write(start(call));
    const timer = setInterval(() => call.write(drop), 5);
    call.socket.once('close', () => clearInterval(timer));
  },
});

/** A body that is told to last as long as the connection. */
export const dripsBody: Behaviour = drips((call) => messageOf(call, { framing: 'close' }).head, ' ');

export const compressed: Behaviour = answers((call) => ({
  body: gzipSync(call.right.body),
  headers: { 'content-encoding': 'gzip' },
}));

// —— before it is asked ——

export const refuses: Behaviour = { accepts: false };
export const resetsAtOnce: Behaviour = { connected: (socket) => void socket.resetAndDestroy() };
export const closesAtOnce: Behaviour = { connected: (socket) => void socket.end() };
/** In place of the handshake. */
export const noHandshake: Behaviour = { connected: () => {} };
export const speaksPlainly: Behaviour = {
  connected: (_, { write }) => write('HTTP/1.1 400 Bad Request\r\n\r\n'),
};
export const shows = (certificate: CertificateName): Behaviour => ({ ...answers(), certificate });

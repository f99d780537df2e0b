// The fault matrix: what a source does, and what a client then sees, by the source's protocol. Each line is a row of the
// table in docs/errors.md, in the same order and words; `when` holds the ways in which a source does it, each a test.
// A column that is missing does not apply.

import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Column, Way } from './a-matrix-folder.ts';
import type { Behaviour } from './a-raw-source.ts';
import {
  amid,
  answers,
  atEachStage,
  bomb,
  closes,
  closesAtOnce,
  compressed,
  drips,
  dripsBody,
  floods,
  floodsHeaders,
  hangs,
  inPieces,
  late,
  MiB,
  noHandshake,
  oneLongHeader,
  refuses,
  resets,
  resetsAtOnce,
  says,
  saysOf,
  shows,
  speaksPlainly,
  status,
  truncated,
} from './behaviours.ts';
import {
  after,
  DEADLINE,
  FAULT,
  INVALID,
  MISFIT,
  MISSHAPEN,
  NOTHING,
  type Outcome,
  REFUSED,
  RIGHT,
  SOME,
  THROTTLED,
  TIMEOUT,
  TOO_LARGE,
  UNAUTHORIZED,
  UNREACHABLE,
} from './outcomes.ts';
import { envelope, json, MEMBERS, personXml, RIGHT_PERSON } from './right-answers.ts';

/** What a source does, the same in all columns or by column. */
export type Does = Behaviour | Readonly<Partial<Record<Column, Behaviour>>>;

export interface Line {
  /** Completes "The source …". */
  readonly source: string;
  readonly sees: Readonly<Partial<Record<Column, Outcome>>>;
  /** How it is reached. Default: over http, in time. */
  readonly way?: Way;
  readonly when: Readonly<Record<string, Does>>;
  /** What one source may have sent at most when its socket was closed, in bytes. */
  readonly sentAtMost?: number;
}

const all = (outcome: Outcome) => ({ rest: outcome, soap: outcome, batch: outcome });
const both = (outcome: Outcome) => ({ rest: outcome, soap: outcome });

const JSON_TYPE = 'application/json';
const XML_TYPE = 'text/xml';
const HUGE = 100 * MiB;
/** What the kernel's buffers on both ends may hold of a flood when the gateway closes its end, with room to spare. */
const SENT_OF_HUGE = 32 * MiB;

const bothJson = (behaviour: Behaviour) => ({ rest: behaviour, batch: behaviour });
/** Its best takes seconds for 100 MB. */
const fastBrotli = (raw: Buffer): Uint8Array =>
  brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
const deep = (open: string, mark: string, close: string): string =>
  `${open.repeat(20_000)}${mark}${close.repeat(20_000)}`;

/** Ten entities, each ten times the one before: 10^10 marks when they are expanded. */
function laughs(mark: string): string {
  const entities = Array.from({ length: 10 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join(
    '',
  );
  return `<!DOCTYPE x [<!ENTITY e0 "${mark}">${entities}]>${envelope('<PersonResponse>&e10;</PersonResponse>').body}`;
}

/** Answers of one column, made with the mark in them. */
const members = (make: (mark: string) => readonly unknown[]): { batch: Behaviour } => ({
  batch: saysOf((mark) => json({ note: mark, people: make(mark) })),
});
const others = (second: (mark: string) => unknown) =>
  members((mark) => MEMBERS.map((member, i) => (i === 1 ? { ...member, name: second(mark) } : member)));
const person = (name: (mark: string) => unknown): Behaviour =>
  saysOf((mark) => json({ note: mark, person: { ...RIGHT_PERSON, name: name(mark) } }));
const personIn = (inside: (mark: string) => string): Behaviour =>
  saysOf((mark) => personXml(`<Person>${inside(mark)}<Home>${RIGHT_PERSON.home}</Home></Person>`));

const soapFault = (code: string, withStatus: number): { soap: Behaviour } => ({
  soap: answers(({ mark }) => ({
    status: withStatus,
    body: envelope(
      `<s:Fault><faultcode>${code}</faultcode><faultstring>${mark}</faultstring><detail>${mark}</detail></s:Fault>`,
    ).body,
  })),
});

const retryInAMinute = answers(({ mark }) => ({
  status: 429,
  body: mark,
  headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() },
}));
const silent: Behaviour = { asked: hangs };
const notHttp: Behaviour = { asked: ({ socket, mark }) => void socket.end(`SSH-2.0-${mark}\r\n`) };

/** What the client sees, in words: once where all columns see the same, else by column. */
export function shownOf({ sees }: Pick<Line, 'sees'>): string {
  const by = new Map<string, Column[]>();
  for (const column of Object.keys(sees) as Column[]) {
    const shown = sees[column]?.shown ?? '';
    by.set(shown, [...(by.get(shown) ?? []), column]);
  }
  const [only] = by.keys();
  if (by.size === 1 && only !== undefined) return only;
  return [...by]
    .map(([shown, columns]) => `${columns.map((column) => NAMES[column]).join(', ')}: ${shown}`)
    .join('. ');
}

const NAMES: Readonly<Record<Column, string>> = { rest: 'REST', soap: 'SOAP', batch: 'batch' };

export const MATRIX = (inside: string): readonly Line[] => [
  // —— answers ——
  {
    source: 'answers as agreed, however it is wrapped',
    sees: all(RIGHT),
    when: {
      'at once': answers(),
      'after 100 ms': late(100, answers()),
      'in pieces of seven bytes': inPieces(7),
      'in chunks': answers({ framing: 'chunked' }),
      'until the connection ends': answers({ framing: 'close' }),
      compressed: compressed,
      'with a byte order mark': answers(({ right }) => ({ body: `\ufeff${right.body}` })),
      'in UTF-16 with a mark': answers(({ right }) => ({ body: utf16(`\ufeff${right.body}`) })),
      'in UTF-16, as its header says': answers(({ right }) => ({
        body: utf16(right.body),
        type: `${right.type}; charset=utf-16le`,
      })),
      'after an interim response': amid('HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n'),
      'and says more than its length': amid('', '<html>xq7-upstream-text</html>'),
      'and answers a second time, unasked': amid(
        '',
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 39\r\n\r\n{"person":{"name":"xq7-upstream-text"}}',
      ),
    },
  },
  {
    source: 'answers with keys that are traps (`__proto__`, `constructor`)',
    sees: { rest: RIGHT, soap: INVALID, batch: RIGHT },
    when: {
      'beside the data and in it': {
        rest: saysOf((mark) => ({
          type: JSON_TYPE,
          body: `{"__proto__":{"polluted":"${mark}"},"constructor":{"prototype":{"polluted":"${mark}"}},"person":{"__proto__":{"polluted":"${mark}"},${JSON.stringify(RIGHT_PERSON).slice(1)}}`,
        })),
        soap: saysOf((mark) => personXml(`<__proto__><polluted>${mark}</polluted></__proto__><Person/>`)),
        batch: saysOf((mark) => ({
          type: JSON_TYPE,
          body: `{"__proto__":{"polluted":"${mark}"},"people":[{"__proto__":{"id":"${mark}"}},${JSON.stringify(MEMBERS).slice(1)}}`,
        })),
      },
    },
  },
  {
    source: 'has no such record',
    sees: all(NOTHING),
    when: {
      'and says so in its format': {
        rest: says('{"person":null}', JSON_TYPE),
        soap: says(personXml('').body, XML_TYPE),
        batch: says('{"people":[]}', JSON_TYPE),
      },
      'and leaves the place of the record out': {
        rest: saysOf((mark) => json({ note: mark })),
        soap: saysOf((mark) => personXml(`<Note>${mark}</Note>`)),
        batch: saysOf((mark) => json({ note: mark })),
      },
    },
  },
  {
    source: 'answers with nothing: status 204, or an empty body',
    sees: { rest: NOTHING, soap: INVALID, batch: NOTHING },
    when: {
      'with status 204': answers({ status: 204, body: '', headers: { 'content-length': '0' } }),
      'with an empty body': answers({ body: '' }),
    },
  },
  {
    source: 'leaves items of a batch out, repeats them, or adds some',
    sees: { batch: SOME },
    when: {
      'the second is missing': members(() => [MEMBERS[0], MEMBERS[2]]),
      'the second is null': members(() => [MEMBERS[0], null, MEMBERS[2]]),
      'the first comes twice, with other data the second time': members((mark) => [
        MEMBERS[0],
        { ...MEMBERS[0], name: mark },
        MEMBERS[2],
      ]),
      'in another order, among others': members((mark) => [
        MEMBERS[2],
        { id: mark, name: mark },
        mark,
        MEMBERS[0],
      ]),
    },
  },
  {
    source: 'gives a value of another type than the schema says',
    sees: all(MISFIT),
    when: {
      'an object where a text should be': {
        rest: person((mark) => ({ text: mark })),
        soap: personIn((mark) => `<Name><X>${mark}</X></Name>`),
        ...others((mark) => ({ text: mark })),
      },
      'a list where a text should be': {
        rest: person((mark) => [mark]),
        soap: personIn((mark) => `<Name>${mark}</Name><Name>${mark}</Name>`),
        ...others((mark) => [mark]),
      },
    },
  },

  {
    source: 'gives a list where one record should be',
    sees: both(MISSHAPEN),
    when: {
      'two records': {
        rest: saysOf((mark) => json({ person: [{ name: mark }, { name: mark }] })),
        soap: saysOf((mark) => personXml(`<Person><Name>${mark}</Name></Person>`.repeat(2))),
      },
      'none, as a list': {
        rest: saysOf((mark) => json({ note: mark, person: [] })),
        soap: saysOf((mark) => personXml(`<Person/><Person><Name>${mark}</Name></Person>`)),
      },
    },
  },
  {
    source: 'gives a text where a record should be, or records under another name',
    sees: all(NOTHING),
    when: {
      'a text': {
        rest: saysOf((mark) => json({ person: mark })),
        soap: saysOf((mark) => personXml(`<Person>${mark}</Person>`)),
        ...members((mark) => [mark]),
      },
      'under another name; of a batch no list': {
        rest: saysOf((mark) => json({ someone: { name: mark } })),
        soap: saysOf((mark) => personXml(`<Someone><Name>${mark}</Name></Someone>`)),
        batch: saysOf((mark) => json({ people: { name: mark } })),
      },
    },
  },

  // —— no answer ——
  {
    source: 'does not answer within the limit of one attempt',
    sees: all(TIMEOUT),
    way: 'hurried',
    when: {
      ...atEachStage('hangs', hangs),
      'drips headers': drips(() => 'HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'),
      'drips a body': dripsBody,
      'drips interim responses': drips(() => '', 'HTTP/1.1 103 Early Hints\r\nx-a: b\r\n\r\n'),
    },
  },
  {
    source: 'does not end the TLS handshake within that limit',
    sees: both(TIMEOUT),
    way: 'hurried https',
    when: { 'hangs in the handshake': noHandshake },
  },
  {
    source: 'does not answer before the deadline of the request',
    sees: all(DEADLINE),
    when: { 'hangs before the answer, and has a longer limit': silent },
  },
  {
    source: 'cannot be connected to, or breaks the connection',
    sees: all(UNREACHABLE),
    when: {
      'refuses the connection': refuses,
      'resets it at once': resetsAtOnce,
      'closes it at once': closesAtOnce,
      ...atEachStage('resets', resets),
      ...atEachStage('closes', closes),
    },
  },
  {
    source: 'is not found by its name',
    sees: both(UNREACHABLE),
    way: 'nowhere',
    when: { 'a name that nobody has': answers() },
  },

  // —— TLS ——
  {
    source: 'shows the right certificate',
    sees: both(RIGHT),
    way: 'https',
    when: { 'signed by the authority of the manifest': shows('source') },
  },
  {
    source: 'shows a wrong certificate, or does not speak TLS',
    sees: both(UNREACHABLE),
    way: 'https',
    when: {
      'an expired one': shows('expired'),
      'one that it signed itself': shows('self-signed'),
      'one of an authority that we do not know': shows('stranger'),
      'one for another name': shows('elsewhere'),
      'resets the handshake': resetsAtOnce,
      'speaks plain HTTP': speaksPlainly,
    },
  },

  // —— statuses ——
  {
    source: 'redirects, e.g. to the inside',
    sees: all(INVALID),
    when: Object.fromEntries(
      [301, 302, 303, 307, 308].map((code) => [`with status ${code}`, status(code, { location: inside })]),
    ),
  },
  {
    source: 'answers 401 or 403',
    sees: all(UNAUTHORIZED),
    when: { 'with status 401': status(401, { 'www-authenticate': 'Basic' }), 'with status 403': status(403) },
  },
  {
    source: 'answers 429',
    sees: all(THROTTLED),
    when: {
      'without Retry-After': status(429),
      'with one that cannot be read': status(429, { 'retry-after': 'xq7-upstream-text' }),
    },
  },
  {
    source: 'answers 429 with `Retry-After`',
    sees: all(after(THROTTLED, 7000)),
    when: { 'in seconds': status(429, { 'retry-after': '7' }) },
  },
  {
    source: 'answers 429 with `Retry-After` as a date',
    sees: all(after(THROTTLED, 50_000, 60_000)),
    when: { 'a minute from now': retryInAMinute },
  },
  {
    source: 'answers 429 with `Retry-After` of more than an hour',
    sees: all({ ...after(THROTTLED, 3_600_000), shown: '`UPSTREAM_THROTTLED`, `retryAfterMs` an hour' }),
    when: { 'three years': status(429, { 'retry-after': '99999999' }) },
  },
  {
    source: 'answers 408: it, or something before it, did not get its answer in time',
    sees: all(TIMEOUT),
    when: { 'with status 408': status(408) },
  },
  {
    source: 'answers 400 to 499 otherwise',
    sees: all(REFUSED),
    when: Object.fromEntries([400, 404, 418, 499].map((code) => [`with status ${code}`, status(code)])),
  },
  {
    source: 'answers 500 to 599',
    sees: all(FAULT),
    when: Object.fromEntries([500, 503, 599].map((code) => [`with status ${code}`, status(code)])),
  },
  {
    source: 'answers 503 with `Retry-After`',
    sees: all(after(FAULT, 120_000)),
    when: { 'two minutes': status(503, { 'retry-after': '120' }) },
  },
  {
    source: 'answers with a SOAP Fault of its own (`Server`)',
    sees: { soap: FAULT },
    when: { 'with status 500': soapFault('s:Server', 500), 'with status 200': soapFault('s:Server', 200) },
  },
  {
    source: 'answers with a SOAP Fault about the message (`Client`)',
    sees: { soap: REFUSED },
    when: { 'with status 500': soapFault('s:Client', 500), 'with status 200': soapFault('s:Client', 200) },
  },

  // —— what cannot be read ——
  {
    source: 'answers with something that cannot be read',
    sees: all(INVALID),
    when: {
      'cut off': truncated,
      'something that is not quite it': {
        rest: saysOf((mark) => ({ type: JSON_TYPE, body: `{"person": ${mark}}` })),
        soap: saysOf((mark) => envelope(`<PersonResponse><Person>${mark}</PersonResponse></Person>`)),
        batch: saysOf((mark) => ({ type: JSON_TYPE, body: `{"people": [${mark},]}` })),
      },
      'a web page with status 200': answers(({ mark }) => ({
        type: 'text/html; charset=utf-8',
        body: `<!DOCTYPE html><html><body>${mark}</body></html>`,
      })),
      'a web page that says it is data': answers(({ mark }) => ({
        body: `<!DOCTYPE html><html><body>${mark}</body></html>`,
      })),
      'in another charset than its header says': answers(({ right }) => ({
        body: utf16(right.body),
        type: `${right.type}; charset=utf-8`,
      })),
      'in Latin-1, as UTF-8': answers(({ right }) => ({ body: Buffer.from(right.body, 'latin1') })),
      'in a charset that nobody knows': answers(({ right }) => ({
        type: `${right.type}; charset=xq7-upstream-text`,
      })),
      'compressed, and then cut': answers(({ right }) => ({
        body: gzipSync(right.body).subarray(0, 30),
        headers: { 'content-encoding': 'gzip' },
      })),
      'not compressed, though it says so': answers({ headers: { 'content-encoding': 'gzip' } }),
      'nested without an end': {
        ...bothJson(saysOf((mark) => ({ type: JSON_TYPE, body: deep('[', JSON.stringify(mark), ']') }))),
        soap: saysOf((mark) => personXml(deep('<a>', mark, '</a>'))),
      },
      'not HTTP': notHttp,
    },
  },
  {
    source: 'answers with another media type than its protocol has',
    sees: { rest: INVALID, soap: INVALID, batch: INVALID },
    when: {
      'XML in place of JSON, and JSON in place of XML': {
        ...bothJson(saysOf((mark) => envelope(`<PersonResponse>${mark}</PersonResponse>`))),
        soap: saysOf((mark) => json({ PersonResponse: { Note: mark } })),
      },
    },
  },
  {
    source: 'answers with XML that declares entities, or with another element than agreed',
    sees: { soap: INVALID },
    when: {
      'an entity that reads a file': saysOf((mark) => ({
        type: XML_TYPE,
        body: `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${personXml(`<Person><Name>&f;${mark}</Name></Person>`).body}`,
      })),
      'an entity that asks the inside': saysOf((mark) => ({
        type: XML_TYPE,
        body: `<!DOCTYPE x SYSTEM "${inside}" [<!ENTITY f SYSTEM "${inside}">]>${personXml(`<Person><Name>&f;${mark}</Name></Person>`).body}`,
      })),
      'entities that grow without an end': saysOf((mark) => ({ type: XML_TYPE, body: laughs(mark) })),
      'an entity that nobody declared': saysOf((mark) =>
        personXml(`<Person><Name>&${mark};</Name></Person>`),
      ),
      'the answer of another operation': saysOf((mark) => envelope(`<OtherResponse>${mark}</OtherResponse>`)),
      'no envelope': saysOf((mark) => ({ type: XML_TYPE, body: `<PersonResponse>${mark}</PersonResponse>` })),
    },
  },

  // —— too much ——
  {
    source: 'answers with more than the limit',
    sees: all(TOO_LARGE),
    when: {
      'a body of 100 MB, as its length says': floods(HUGE, 'length'),
      'a body of 100 MB that nothing announced': floods(HUGE, 'close'),
      'a gzip bomb of 100 MB': bomb(HUGE, 'gzip', gzipSync),
      'a br bomb of 100 MB': bomb(HUGE, 'br', fastBrotli),
      'a zstd bomb of 100 MB': bomb(HUGE, 'zstd', zstdCompressSync),
      'headers of 100 MB': floodsHeaders(HUGE),
      'one header that is larger than all may be': oneLongHeader,
    },
    sentAtMost: SENT_OF_HUGE,
  },
];

// `lienthong connector run`: one call over a real socket, shown from the request to the mapped value; what is hidden.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCity } from '../../../src/city/city.ts';
import { found } from '../../connectors/a-simulator.ts';
import {
  type AFolder,
  aFolder,
  commandLine,
  lienthong,
  MANIFEST,
  SCHEMA,
  writeBooks,
} from '../a-connector-folder.ts';

let folder: AFolder;
let server: Server;
let url: string;
let reply: { status?: number; type?: string; body: string };
const seen: IncomingMessage[] = [];

const BOOK = {
  isbn: '978-1',
  name: 'Truyện Kiều',
  writer: { full: 'Nguyễn Du', born: 1766 },
  shop: '001178946918',
};

beforeAll(async () => {
  folder = await aFolder();
  server = createServer((request, response) => {
    seen.push(request);
    const { status = 200, type = 'application/json', body } = reply;
    response.writeHead(status, { 'content-type': type, 'set-cookie': 'sid=s3cr3t-cookie' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await folder.remove();
});
beforeEach(async () => {
  reply = { body: JSON.stringify(BOOK) };
  await writeBooks(folder);
});

const args = () => [
  'connector',
  'run',
  'Query.book',
  '--connector',
  'books',
  '--url',
  url,
  '--args',
  '{"isbn":"978-1"}',
];

const ask = (env: Record<string, string> = {}) => commandLine(args(), { cwd: folder.path, env });

describe('connector run', () => {
  it('a live source · called · then request, answer, judgement and each mapped key; exit code 0', async () => {
    const { code, out, err } = await lienthong(args(), { cwd: folder.path });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(seen.at(-1)?.url).toBe('/books/978-1?by=978-1');
    expect(out).toContain(`  GET ${url}/books/978-1?by=978-1\n  accept: application/json\n  x-shelf: A1\n`);
    expect(out).toMatch(/^Answer {2}200 after \d+ ms, \d+ bytes$/m);
    expect(out).toContain('"name": "Truyện Kiều"');
    expect(out).toContain('Judgement  success\n  outcome table: nothing at state, which means success\n');
    expect(out).toContain('Mapping  connectors/books/schema.graphql:13, no problems\n');
    expect(out).toMatch(/^ {2}title {3}name {9}"Truyện Kiều"$/m);
    expect(out).toMatch(/^ {2}pages {3}length\? {6}\(nothing\)$/m);
  });

  it('a personal field, a cookie and a number like an id · shown · then masked', async () => {
    const { out } = await ask();
    expect(out).toMatch(/^ {2}author {2}writer\.full {2}"\[personal\]"$/m);
    expect(out).toContain('"full": "[personal]"');
    expect(out).toContain('"shop": "[not mapped]"');
    expect(out).toContain('"born": "[not mapped]"');
    expect(out).toContain('set-cookie: [secret]');
    expect(out).not.toMatch(/Nguyễn Du|001178946918|s3cr3t/);
  });

  it('an answer that drifted · mapped · then each problem with its line and a caret', async () => {
    reply = { body: JSON.stringify({ ...BOOK, writer: { name: 'Nguyễn Du' } }) };
    const { code, out } = await ask();
    expect(code).toBe(0);
    expect(out).toContain('schema.graphql:13, 1 problem\n');
    expect(out).not.toContain('Nguyễn Du');
    expect(
      out,
    ).toContain(`    problem connectors/books/schema.graphql:15:21 writer.full: "full" was not found in an object
      15 │       author: writer.full
         │                     ^
`);
  });

  it('an answer 503 · judged · then code and whose fault, and exit code 1', async () => {
    reply = { status: 503, body: '{}' };
    const { code, out } = await ask();
    expect(code).toBe(1);
    expect(out).toContain('Judgement  UPSTREAM_FAULT, the system’s fault\n  status 503\n');
    expect(out).not.toContain('Mapping');
  });

  it('a page for people with 200 · judged · then it cannot be read', async () => {
    reply = { type: 'text/html', body: '<html>' };
    const { code, out } = await ask();
    expect(code).toBe(1);
    expect(out).toContain('(cannot be read: expected JSON, found text/html)');
    expect(out).toContain('Judgement  UPSTREAM_INVALID');
  });

  it('no such record · judged · then reported, exit code 0', async () => {
    reply = { body: '{"state":"gone"}' };
    const { code, out } = await ask();
    expect(code).toBe(0);
    expect(out).toContain('Judgement  no such record\n  outcome table: "gone" at state means notFound\n');
  });

  it('an unreachable source · called · then unreachable, exit code 1', async () => {
    const { code, out } = await commandLine(
      [
        'connector',
        'run',
        'Query.book',
        '--connector',
        'books',
        '--url',
        'http://127.0.0.1:9',
        '--args',
        '{"isbn":"1"}',
      ],
      { cwd: folder.path },
    );
    expect(code).toBe(1);
    expect(out).toContain('Answer  none\n');
    expect(out).toContain('Judgement  UPSTREAM_UNREACHABLE');
  });

  it('a secret that an answer repeats · shown · then masked everywhere', async () => {
    const credentials = `credentials: { type: header, name: X-Key-Of-Ours, value: '\${env:BOOKS_KEY}' }\n`;
    await writeBooks(folder, { manifest: MANIFEST + credentials });
    reply = { body: JSON.stringify({ ...BOOK, name: 'key was opensesame!' }) };
    const { out } = await ask({ BOOKS_KEY: 'opensesame' });
    expect(seen.at(-1)?.headers['x-key-of-ours']).toBe('opensesame');
    expect(out).toContain('x-key-of-ours: [secret]');
    expect(out).toContain('"name": "key was [secret]!"');
    expect(out).not.toContain('opensesame');
  });

  it('a secret that is not set · called · then a sentence, exit code 2', async () => {
    await writeBooks(folder, {
      manifest: `${MANIFEST}credentials: { type: header, name: X-Key, value: '\${env:BOOKS_KEY}' }\n`,
    });
    const { code, err } = await ask();
    expect(code).toBe(2);
    expect(err).toBe(
      'The credentials of "books" are not complete: the environment variable BOOKS_KEY is not set. Set them, or give --simulator.\n',
    );
  });

  it('a connector that does not compile · called · then its findings, exit code 1', async () => {
    await writeBooks(folder, { schema: SCHEMA.replace('title: name', 'title: $argz') });
    const { code, err } = await ask();
    expect(code).toBe(1);
    expect(err).toContain('connectors/books/schema.graphql:14:14 error InvalidSelection');
  });
});

describe('what a call shows', () => {
  const run = (options: string[] = [], env: Record<string, string> = {}, operation = 'Query.book') =>
    commandLine(['connector', 'run', operation, '--connector', 'books', '--url', url, ...options], {
      cwd: folder.path,
      env,
    });
  const isbn = ['--args', '{"isbn":"978-1"}'];

  it.each([
    ['query', `{ type: query, name: k, value: '\${env:BOOKS_KEY}' }`],
    ['values', `{ type: values, query: { zz: '\${env:BOOKS_KEY}' } }`],
  ])(
    'credentials in the query (%s) · called · then the call is shown, and no secret',
    async (_kind, credentials) => {
      await writeBooks(folder, { manifest: `${MANIFEST}credentials: ${credentials}\n` });
      const { code, out } = await run(isbn, { BOOKS_KEY: 'open & sesame' });
      expect(seen.at(-1)?.url).toMatch(/open/);
      expect(code).toBe(0);
      expect(out).toMatch(/GET \S+\/books\/978-1\?by=978-1&\w+=\[secret\]\n/);
      expect(out).not.toContain('for a token');
      expect(out).toContain('"name": "Truyện Kiều"');
      expect(out).toMatch(/^ {2}title {3}name/m);
      expect(out).not.toMatch(/sesame/);
    },
  );

  it('a session that a login answered · sent in the query · then hidden wherever it is', async () => {
    const login = `{ type: login, path: /sign-in, body: { user: '\${env:BOOKS_USER}' }, tokenAt: session.key, query: { s: session.key } }`;
    await writeBooks(folder, { manifest: `${MANIFEST}credentials: ${login}\n` });
    reply = { body: JSON.stringify({ ...BOOK, session: { key: 'tick-tock-77' }, name: 'of tick-tock-77' }) };
    const { out } = await run(isbn, { BOOKS_USER: 'reader' });
    expect(seen.at(-1)?.url).toBe('/books/978-1?by=978-1&s=tick-tock-77');
    expect(out).toMatch(/first POST \/sign-in → 200/);
    expect(out).toContain('s=[secret]');
    expect(out).toContain('"name": "of [secret]"');
    expect(out).not.toContain('tick-tock');
  });

  it('a variable of the environment in a header · called · then hidden, also when it is short', async () => {
    await writeBooks(folder, {
      manifest: `${MANIFEST}env: [BOOKS_PIN]\n`,
      schema: SCHEMA.replace('headers: [', 'headers: [{ name: "x-pin", value: "{$env.BOOKS_PIN}" }, '),
    });
    const { out } = await run(isbn, { BOOKS_PIN: '731' });
    expect(seen.at(-1)?.headers['x-pin']).toBe('731');
    expect(out).toContain('x-pin: [secret]');
  });

  it('a list for one object · mapped · then invalid, as in the gateway', async () => {
    reply = { body: JSON.stringify([BOOK, BOOK]) };
    const { code, out } = await run(isbn);
    expect(code).toBe(1);
    expect(out).toContain('Judgement  UPSTREAM_INVALID');
    expect(out).toContain('the selection yielded a list, one object was expected');
    expect(out).not.toContain('Mapping');
  });

  it('a key that the answer does not have · mapped · then the names of those that are there', async () => {
    reply = { body: JSON.stringify({ ...BOOK, writer: { name: 'Nguyễn Du', '001178946918': 1 } }) };
    const { out } = await run(isbn);
    expect(out).toContain('"full" was not found in an object');
    expect(out).toMatch(/^ {6}there is name$/m);
    expect(out).not.toMatch(/Nguyễn Du|001178946918/);
  });

  it('more keys than the connector sends in one call · then a sentence, exit code 2', async () => {
    await writeBooks(folder, {
      schema: SCHEMA.replace(
        'type Book @key(fields: "isbn")',
        `type Book @key(fields: "isbn")
  @connect(
    source: "shop"
    http: { POST: "/many", body: "isbns: $batch.isbn" }
    selection: "isbn title: name author: writer.full pages: length"
    batch: { maxSize: 2 }
    id: "books"
  )`,
      ),
    });
    const many = await run(['--batch', '[{"isbn":"1"},{"isbn":"2"},{"isbn":"3"}]'], {}, 'books');
    expect(many).toMatchObject({ code: 2, out: '' });
    expect(many.err).toMatch(
      /^--batch: found 3 keys, expected at most 2, because books has batch.maxSize 2:/,
    );
    reply = { body: JSON.stringify([BOOK]) };
    const two = await run(['--batch', '[{"isbn":"1"},{"isbn":"2"}]'], {}, 'books');
    expect(two.err).toBe('');
    expect(two.code).toBe(0);
  });

  it('headers of the client · given · then mappings read them', async () => {
    await writeBooks(folder, {
      schema: SCHEMA.replace(
        'headers: [',
        `headers: [{ name: "x-lang", value: "{$request.headers.'accept-language'->first}" }, `,
      ),
    });
    const { code, err } = await run([...isbn, '--headers', '{"Accept-Language":"vi"}']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(seen.at(-1)?.headers['x-lang']).toBe('vi');
    expect((await run([...isbn, '--headers', '{"a":1}'])).err).toMatch(
      /^--headers: found another value than a text in "a"/,
    );
  });

  const ARGS = SCHEMA.replace(
    'book(isbn: ID!): Book',
    'book(isbn: ID!, kind: Kind = PRINT, filter: Filter): Book',
  )
    .replace('?by={$args.isbn}"', '?kind={$args.kind}&from={$args.filter.from}&lang={$args.filter.lang}"')
    .replace('entity: true', '')
    .replace(' @key(fields: "isbn")', '')
    .concat('enum Kind { PRINT AUDIO }\ninput Filter { from: Int!, lang: String = "vi" }\n');
  it.each([
    ['{"isbn":1}', '/books/1?kind=PRINT&from=&lang='],
    ['{"isbn":"1","kind":"AUDIO","filter":{"from":3}}', '/books/1?kind=AUDIO&from=3&lang=vi'],
    ['{"isbn":"1","kind":"TAPE"}', /^--args: found another value in "kind" than the schema allows: .*"TAPE"/],
    ['{"isbn":"1","filter":{"lang":"en"}}', /^--args: .*"filter" than the schema allows: .*from/],
    ['{"isbn":"1","filter":{"from":"x"}}', /^--args: .*"filter.from"/],
    ['{"isbn":"1","filter":{"from":1,"to":2}}', /^--args: .*"to"/],
    ['{"isbn":"1","filter":{"from":"001178946918"}}', /^(?!.*001178946918)/],
  ])('arguments %s · given · then as the schema has them', async (given, expected) => {
    await writeBooks(folder, { schema: ARGS });
    const before = seen.length;
    const { err } = await run(['--args', given]);
    if (typeof expected === 'string') {
      expect(err).toBe('');
      expect(seen.at(-1)?.url).toBe(expected);
    } else {
      expect(err).toMatch(expected);
      expect(err).toMatch(/^--args/);
      expect(seen).toHaveLength(before);
    }
  });
});

describe('connector run --simulator', () => {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
  const person = found(
    createCity({ anchor: today }).people.values(),
    (one) => !one.unknownToPopulation && one.birthDate.day !== null,
  );
  const { personalId, fullName, birthDate } = person;
  const key = JSON.stringify({ personalId, declared: { fullName, birthDate } });
  const purpose = JSON.stringify({
    purpose: { dossier: '000.00.01.H26-261120-0001', procedure: '1.005129' },
  });
  const look = (...more: string[]) =>
    lienthong([
      'connector',
      'run',
      'Citizen',
      '--connector',
      'population',
      '--simulator',
      '--this',
      key,
      '--context',
      purpose,
      ...more,
    ]);

  it('a person · looked up · then nothing of the person, and what is the gateway’s own', async () => {
    const { code, out, err } = await look();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('<MaDVC>1.005129</MaDVC>');
    expect(out).toContain('<HoVaTen>[personal]</HoVaTen>');
    expect(out).toContain('Judgement  success');
    for (const part of [
      personalId,
      fullName,
      fullName.toLocaleUpperCase('vi'),
      person.permanentAddress.detail,
      person.nameParts.given,
    ]) {
      expect(out).not.toContain(part);
    }
    expect(out).toContain('authorization: [secret]');
    expect(out).toContain('apikey: [secret]');
  });

  it('--show-personal · looked up · then the person, and still no secret', async () => {
    const { code, out } = await look('--show-personal');
    expect(code).toBe(0);
    expect(out).toContain(`<SoDinhDanh>${personalId}</SoDinhDanh>`);
    expect(out).toContain(`"${fullName}"`);
    expect(out).toContain('authorization: [secret]');
    expect(out).not.toContain('demo-population');
  });

  it('a look-up without its purpose · then a sentence, exit code 2', async () => {
    const { code, err } = await lienthong([
      'connector',
      'run',
      'Citizen',
      '--connector',
      'population',
      '--simulator',
      '--this',
      key,
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^--context: found no purpose, expected one, because "population" accepts requests for a dossier only\./,
    );
  });

  it('a signed request and a token · shown · then the signature is hidden and the sign-in is one line', async () => {
    const city = createCity({ anchor: today });
    const reference = found(city.payments.keys(), () => true);
    const trackingCode = found(city.deliveries.keys(), () => true);
    const [payment, parcel] = await Promise.all([
      lienthong([
        'connector',
        'run',
        'Payment',
        '--connector',
        'payment',
        '--simulator',
        '--this',
        JSON.stringify({ reference }),
        '--show-personal',
      ]),
      lienthong([
        'connector',
        'run',
        'Delivery.events',
        '--connector',
        'connectors/postal',
        '--simulator',
        '--this',
        JSON.stringify({ trackingCode }),
        '--show-personal',
      ]),
    ]);
    expect(payment.out).toContain('"MaXacThuc": "[secret]"');
    expect(payment.out).toContain(`"MaThamChieu": "${reference}"`);
    expect(parcel.out).toMatch(/^ {2}first POST \/GetAccessToken → 200 after \d+ ms, for a token$/m);
    expect(parcel.out).toContain('token: [secret]');
    expect(parcel.out).toMatch(/^ {4}status {6}status->match\(/m);
    expect([payment.code, parcel.code]).toEqual([0, 0]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createLog, errorFields } from '../../src/observe/log.ts';
import { redact } from '../../src/observe/redact.ts';
import { anUnsafeText, UNSAFE } from '../an-unsafe-text.ts';

function aParseError(text: string): Error {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error as Error;
  }
}

function aLog(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

describe('redact', () => {
  it.each([
    ['id 001099012345.', 'id [id].'],
    ['CCCD001099012345', 'CCCD[id]'],
    ['old 123456789, new 001099012345', 'old [id], new [id]'],
    ['no.001099012345', 'no.[id]'],
    ['{"n":123456789012}', '{"n":0}'],
    ['{"n":[123456789,1]}', '{"n":[0,1]}'],
    ['{"s":"123456789"}', '{"s":"[id]"}'],
    ['{"s":"\\u0001001099012345"}', '{"s":"\\u0001[id]"}'],
    ['a%20001099012345%22001099012345', 'a%20[id]%22[id]'],
    // Only the end of a whole UUID is no id.
    ['aaaa-bbbb-001099012345', 'aaaa-bbbb-[id]'],
    ['call 0912345678 or +84912345678.', 'call [phone] or [phone].'],
    ['to hoa.tran@city.example, now', 'to [email], now'],
    ['Authorization: Bearer aB3.d-f, then', 'Authorization: Bearer [secret], then'],
    ['proxy said basic dXNlcjpwYXNz', 'proxy said basic [secret]'],
    ['{"s":"cookie: a=b; c=d","n":1}', '{"s":"cookie: [secret]","n":1}'],
    [`x ${'eyJ'}hbGciOiJub25l.eyJzdWIi.c2ln y`, 'x [token] y'],
    [`sent ${'eyJ'}hbGciOiJub25l`, 'sent [token]'],
    [
      `GET https://${'u:p@'}source.example/a?id=1#b failed`,
      'GET https://[secret]@source.example/a?[query] failed',
    ],
    ['/path?access_token=abc&page=2', '/path?access_token=[secret]&page=2'],
    [`a ${'-----BEGIN'} PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\nb`, 'a [key]\nb'],
    [`{"s":"${'-----BEGIN'} PRIVATE KEY-----\\nMII","n":1}`, '{"s":"[key]","n":1}'],
    ['{"POPULATION_SECRET":"a","n":1}', '{"POPULATION_SECRET":"[removed]","n":1}'],
    ['{"clientSecret":{"a":["}"]},"n":1}', '{"clientSecret":"[removed]","n":1}'],
    ['{"n":{"fullName":null,"personalId":12}}', '{"n":{"fullName":"[removed]","personalId":"[removed]"}}'],
    [
      '{"s":"got {\\"token\\":\\"a\\\\\\"b\\",\\"n\\":1}"}',
      '{"s":"got {\\"token\\":\\"[removed]\\",\\"n\\":1}"}',
    ],
  ])('%s · redacted · then %s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    ['ten digits', '0123456789'],
    ['thirteen digits, a time', '1700000000000'],
    ['a fraction', '{"durationMs":12.123456789}'],
    ['a UUID with digits only at its end', '7f044991-70f3-4e47-9d4d-123456789012'],
    ['a UUID with a phone number at its end', '7f044991-70f3-4e47-9d4d-ad0912345678'],
    ['a dossier code', '000.01.34.H26-261121-0001'],
    ['words', 'Basic authentication, a bearer token: malformed; OPERATOR_TOKEN: found 3 characters'],
    ['an address without a query', 'http://127.0.0.1:4000/graphql'],
    ['other keys', '{"requestId":"a","operation":"b","cursor":"c","mailbox":1,"keys":[1]}'],
  ])('%s · redacted · then unchanged', (_what, text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('redact, any JSON', () => {
  const MARK = 'Trần Thị Bưởi';
  const KEYS = [
    'password',
    'clientSecret',
    'access_token',
    'headers',
    'variables',
    'personalId',
    'fullName',
    'API_KEY',
  ];
  const json = fc.jsonValue();

  it('a secret key, at any depth, in JSON in texts of JSON · redacted · then valid JSON without its value', () => {
    const value = fc
      .tuple(json, anUnsafeText)
      .map(([other, text]) => ({ other, text, value: MARK, list: [{ MARK }, MARK] }));
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), value, anUnsafeText, fc.nat(3), (key, hidden, rest, depth) => {
        let text = JSON.stringify({ before: rest, [key]: hidden, after: rest });
        for (let i = 0; i < depth; i++) text = JSON.stringify({ msg: text, rest });
        const redacted = redact(text);
        expect(redacted).not.toContain(MARK);
        expect(redacted).toContain('[removed]');
        expect(() => JSON.parse(redacted)).not.toThrow();
      }),
    );
  });

  it('JSON in a text, cut anywhere · redacted · then valid JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), json, fc.nat(200), (key, hidden, length) => {
        const inner = JSON.stringify({ a: 1, [key]: hidden, b: { [key]: hidden } });
        const redacted = redact(JSON.stringify({ msg: inner.slice(0, length), after: 1 }));
        expect(JSON.parse(redacted).after).toBe(1);
      }),
    );
  });

  it.each([
    '1'.repeat(9),
    '"',
    'bearer ',
    'bearer a-',
    '-----BEGIN A-----',
    '"token":',
    '"token":"',
    '"token":[',
    '://a',
    '://a@',
    'eyJa.',
    'a@',
    'a@a.',
    'cookie:',
    'token=',
    '"atoken',
    '\\',
    '%20',
  ])(
    '%j, many times · redacted · in steps that grow with the text only',
    (part) => {
      // A search that is quadratic takes minutes for it, and the test ends by its limit.
      expect(redact(part.repeat(Math.ceil(400_000 / part.length))).length).toBeGreaterThan(0);
    },
    5_000,
  );
});

describe('a line', () => {
  it('any value that contains an id · logged · then without the id, and valid JSON', () => {
    const { log, last, lines } = aLog();
    const err = new Error('no person 001099012345');
    log.warn(
      { note: 'x 001099012345', number: 123456789012, err, list: ['001099012345'] },
      'about 001099012345',
    );
    expect(lines.join()).not.toContain('001099012345');
    expect(last()).toMatchObject({
      level: 'warn',
      note: 'x [id]',
      number: 0,
      list: ['[id]'],
      msg: 'about [id]',
    });
  });

  it('any texts · logged as message, field and error · then one line without unsafe characters, and the same values', () => {
    fc.assert(
      fc.property(anUnsafeText, anUnsafeText, (msg, note) => {
        const { log, lines } = aLog();
        log.info({ note, nested: { [note]: 1 }, err: new Error(note) }, msg);
        expect(lines).toHaveLength(1);
        const [line = ''] = lines;
        expect(line.slice(0, -1)).not.toMatch(UNSAFE);
        expect(line.endsWith('\n')).toBe(true);
        expect(JSON.parse(line)).toMatchObject(JSON.parse(redact(JSON.stringify({ msg, note }))));
      }),
    );
  });

  it('a line · below the level · then not written', () => {
    const { log, lines } = aLog();
    log.debug('quiet');
    expect(lines).toEqual([]);
  });

  it('prepared error fields · as err · then unchanged', () => {
    const { log, last } = aLog();
    log.error({ err: errorFields(new GatewayError('FORBIDDEN')) });
    expect(last().err).toMatchObject({ type: 'GatewayError', code: 'FORBIDDEN' });
  });
});

describe('an error', () => {
  it('a GatewayError · logged · then code and detail, without a stack', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1:443');
    const error = new GatewayError('UPSTREAM_UNREACHABLE', { connector: 'postal', detail: 'refused', cause });
    expect(errorFields(error)).toEqual({
      type: 'GatewayError',
      code: 'UPSTREAM_UNREACHABLE',
      connector: 'postal',
      operation: undefined,
      fault: 'PROVIDER',
      message: 'refused',
      cause: { type: 'Error', message: 'connect ECONNREFUSED [address]', stack: expect.anything() },
    });
  });

  it('another error that contains an address · logged · then without the address, in the stack, too', () => {
    const fields = errorFields(
      new Error('GET https://user:pw@csdl.example.vn/x?id=1 failed at 10.1.2.3:8443'),
    );
    expect(fields.message).toBe('GET [url] failed at [address]');
    expect(JSON.stringify(fields.stack)).not.toMatch(/csdl|pw@/);
  });

  it.each([
    [
      'of the system',
      Object.assign(new Error('getaddrinfo ENOTFOUND dancu.city.example'), {
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
      }),
      'getaddrinfo ENOTFOUND',
    ],
    ['of a parser', aParseError('{"name": Trần}'), /^Unexpected token \[text\], ?\[text\]/],
    [
      'that quotes',
      new Error('Int cannot represent non-integer value: "Tran Hoa"'),
      'Int cannot represent non-integer value: [text]',
    ],
    ['that names', new Error('no person Trần Thị Bưởi here'), 'no person [text] [text] [text] here'],
    [
      'of a defect',
      new TypeError("Cannot read properties of undefined (reading 'code')"),
      /\(reading 'code'\)$/,
    ],
    [
      'of a defect with data as a key',
      new TypeError("Cannot read properties of undefined (reading 'Tran Hoa')"),
      /\(reading \[text\]\)$/,
    ],
    ['with an apostrophe', new Error("it isn't there, and that's it"), "it isn't there, and that's it"],
  ])('another error, %s · logged · then without the values in its message', (_what, error, message) => {
    const logged = errorFields(error).message;
    if (typeof message === 'string') expect(logged).toBe(message);
    else expect(logged).toMatch(message);
  });

  it.each([[undefined], ['text'], [42], [{ message: 'x' }]])('%j · thrown · then only its type', (thrown) => {
    expect(errorFields(thrown)).toEqual({ message: `a value of type ${typeof thrown} was thrown` });
  });

  it('a chain of causes · long or circular · then cut', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(errorFields(error)).match(/"message"/g)).toHaveLength(4);
  });
});

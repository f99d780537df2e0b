import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createLog, errorFields } from '../../src/observe/log.ts';
import { redact } from '../../src/observe/redact.ts';
import { anUnsafeText, UNSAFE } from '../an-unsafe-text.ts';

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
  ])('%s · redacted · then %s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    ['ten digits', '0123456789'],
    ['thirteen digits, a time', '1700000000000'],
    ['a fraction', '{"durationMs":12.123456789}'],
    ['a UUID with digits only at its end', '7f044991-70f3-4e47-9d4d-123456789012'],
    ['a dossier code', '000.01.34.H26-261121-0001'],
  ])('%s · redacted · then unchanged', (_what, text) => {
    expect(redact(text)).toBe(text);
  });
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

  it.each([[undefined], ['text'], [42], [{ message: 'x' }]])('%j · thrown · then only its type', (thrown) => {
    expect(errorFields(thrown)).toEqual({ message: `a value of type ${typeof thrown} was thrown` });
  });

  it('a chain of causes · long or circular · then cut', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(errorFields(error)).match(/"message"/g)).toHaveLength(4);
  });
});

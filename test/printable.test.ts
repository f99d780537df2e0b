// Escaping of output: no text from outside can control a terminal, change the order of a line, or begin a line of its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableLine, printableText } from '../src/printable.ts';
import { anUnsafeText, UNSAFE } from './an-unsafe-text.ts';

describe('a line', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['\u009b2J', '\\u009b2J'],
    ['a\nb\rc', 'a\\nb\\rc'],
    ['a\u2028b\u2029c\u0085d', 'a\\u2028b\\u2029c\\u0085d'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['\ud800', '\\ud800'],
    ['a\tb', 'a\tb'],
    ['Nguyễn Văn A, 👩‍💻', 'Nguyễn Văn A, 👩‍💻'],
  ])('%j · made printable · then %j', (text, printable) => {
    expect(printableLine(text)).toBe(printable);
  });

  it('any text · made printable · then without unsafe characters, and unchanged the second time', () => {
    fc.assert(
      fc.property(anUnsafeText, (text) => {
        const line = printableLine(text);
        expect(line.replaceAll('\t', '')).not.toMatch(UNSAFE);
        expect(printableLine(line)).toBe(line);
      }),
    );
  });

  it('a JSON text of any value · made printable · then JSON of the same value', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anUnsafeText, anUnsafeText)), (entries) => {
        const json = JSON.stringify(entries);
        expect(JSON.parse(printableLine(json))).toEqual(entries);
      }),
    );
  });
});

it('a text · made printable · then its lines, each printable', () => {
  fc.assert(
    fc.property(anUnsafeText, (text) => {
      expect(printableText(text).split('\n')).toEqual(text.split('\n').map(printableLine));
    }),
  );
});

// Text functions that are written for linear time, against short definitions that are not.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMapping, parseExpression } from '../../../src/connect/mapping/index.ts';
import { camelCase } from '../../../src/connect/mapping/methods/camel-case.ts';
import {
  characterAt,
  countCharacters,
  isWhiteSpace,
  lastCharacter,
  sliceCharacters,
} from '../../../src/connect/mapping/methods/characters.ts';

const texts = fc.string({
  unit: fc.constantFrom('a', 'B', 'ệ', '1', ' ', '_', '-', '\u00a0', '😀', '\ud83d', '\ude00', '\ufeff'),
});
const indexes = fc.integer({ min: -12, max: 12 });

describe('characters', () => {
  it('any text and indexes · counted, read and sliced · as the list of its code points', () => {
    fc.assert(
      fc.property(texts, indexes, fc.option(indexes, { nil: undefined }), (text, from, to) => {
        const list = Array.from(text);
        expect(countCharacters(text)).toBe(list.length);
        expect(characterAt(text, from)).toBe(list.at(from));
        expect(lastCharacter(text)).toBe(list.at(-1));
        expect(sliceCharacters(text, from, to)).toBe(list.slice(from, to).join(''));
      }),
      { numRuns: 5000 },
    );
  });

  it('every UTF-16 unit · is white space · as in a regular expression', () => {
    for (let code = 0; code < 0x10000; code++) {
      if (isWhiteSpace(code) !== /\s/.test(String.fromCharCode(code)))
        throw new Error(`U+${code.toString(16)}`);
    }
  });
});

describe('camelCase', () => {
  /** The definition, in time quadratic in the key. */
  function reference(key: string): string {
    const words = key
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
      .split(/[\s_-]+/)
      .filter((word) => word !== '');
    const joined = words
      .map((word, i) => (i === 0 ? word.toLowerCase() : word[0]?.toUpperCase() + word.slice(1).toLowerCase()))
      .join('');
    return joined === '' ? key : joined;
  }

  it('any key · as by its definition', () => {
    const keys = fc.string({
      unit: fc.constantFrom('a', 'b', 'A', 'B', 'C', '1', '_', '-', ' ', '\u3000', 'đ', 'Đ', 'ß', '😀'),
    });
    fc.assert(
      fc.property(keys, (key) => {
        expect(camelCase(key)).toBe(reference(key));
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('personName', () => {
  it('any text · has single spaces, none at its ends', () => {
    const { run } = compileMapping(parseExpression('$->personName', { version: '0.4', extensions: true }));
    fc.assert(
      fc.property(texts, (text) => {
        const expected = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
        expect(run(text)).toBe(expected === '' ? undefined : expected);
      }),
      { numRuns: 5000 },
    );
  });
});

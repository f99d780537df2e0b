// Patterns that are matched in linear time: the same verdict as the platform's regular expressions where both are possible, and a
// refusal of everything that needs backtracking.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLinearPattern, PatternError } from '../src/linear-pattern.ts';

const ACCEPTED = [
  '(a|b)*c',
  '[0-9]{3}-\\d+',
  '(a*)*b?',
  '(?:ab?){2,4}',
  '\\p{L}+( \\p{L}+)*',
  '^x$',
  '^(a|b)$',
  'a\\$',
  '(|a)b',
  '.{0,3}',
  '(a{0,2}){1,2}',
  'a\\\\$',
  '[^\\]a]+',
  '((a|)*)+c',
  'a{2}b{1,}?',
  '[\\w-]*?',
  '\\u{1F600}|\\x61|\\u0062',
  '[\\p{Lu}\\d]',
  '',
];

describe('linear patterns', () => {
  it.each(ACCEPTED)('agree with the platform: %s', (source) => {
    const pattern = compileLinearPattern(source);
    const expression = new RegExp(`^(?:${source})$`, 'u');
    const character = fc.constantFrom(...'abcx01-$ éĐ]\\\n😀_');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 9 }), (characters) => {
        const text = characters.join('');
        expect(pattern.matches(text)).toBe(expression.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['(?=a)b', /groups/],
    ['(?<!a)b', /groups/],
    ['(?<name>a)', /groups/],
    ['(a)\\1', /backreferences/],
    ['\\bword', /word boundaries/],
    ['a^b', /anchor/],
    ['^a|b$', /anchor/],
    ['(a$)', /anchor/],
    ['[', /not a regular expression/],
    ['a**', /not a regular expression/],
    ['a{1,99999}', /more than 1000 states/],
    ['(a{100}){100}', /more than 1000 states/],
    ['((((){999}){999}){999}){999}', /more than 1000 states/],
    ['a'.repeat(501), /at most 500 characters/],
  ])('refuse %s', (source, message) => {
    expect(() => compileLinearPattern(source)).toThrow(PatternError);
    expect(() => compileLinearPattern(source)).toThrow(message);
  });

  it.each(['(a*)*b', '(a|aa)+b', '(a|a)*b', '(a?){40}a{40}b', '(.*a){20}b'])(
    'take no exponential time on what backtracking fails at: %s',
    (source) => {
      // A backtracking engine would need more than 2^40 steps; the test would never end.
      expect(compileLinearPattern(source).matches('a'.repeat(10_000))).toBe(false);
    },
  );
});

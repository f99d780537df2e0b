// Test maker: texts that try to control a terminal or to forge a line of output.
import fc from 'fast-check';

/** Strings in which unsafe characters are frequent, lone surrogates and characters beyond U+FFFF included. */
export const anUnsafeText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\n',
        '\r',
        '\t',
        '\u0000',
        '\u001b[31m',
        '\u007f',
        '\u0085',
        '\u009b2J',
        '\u2028',
        '\u2029',
        '\u202e',
        '\u2066',
        '\u200f',
        '\ufeff',
        '\ud800',
        '\u{e0041}',
        'Nguyễn Văn A',
        '👩‍💻',
      ),
    ),
  )
  .map((parts) => parts.join(''));

/** Every character that a terminal or a viewer could act on, tab excepted. */
export const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff\u{e0000}-\u{e007f}]/u;

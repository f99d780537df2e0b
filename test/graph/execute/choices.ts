// Decisions read from a list of numbers: fast-check shrinks the list, and with it whatever was decided. Every decision that
// is left when the list has ended is the first alternative, which makers put the simplest at.

import fc from 'fast-check';

export interface Choices {
  /** A number from 0 to `count - 1`. */
  readonly below: (count: number) => number;
  /** True about once in `times`; false when the list has ended. */
  readonly oneIn: (times: number) => boolean;
  readonly pick: <T>(alternatives: readonly T[]) => T;
}

export function aChoices(numbers: ArrayLike<number>): Choices {
  let next = 0;
  const below = (count: number): number => (next < numbers.length ? (numbers[next++] as number) % count : 0);
  return {
    below,
    oneIn: (times) => below(times) === times - 1,
    pick: (alternatives) => alternatives[below(alternatives.length)] as never,
  };
}

export const numbers = (least: number, most: number): fc.Arbitrary<Uint32Array> =>
  fc.uint32Array({ minLength: least, maxLength: most, size: 'max' });

// A seeded random number generator, so that a seed yields the same city on every machine. Files of this folder use neither
// Math.random nor the clock.

export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  /** True in the given share of calls, 0 to 1. */
  chance(share: number): boolean;
  /** An element of a non-empty list. */
  pick<T>(list: readonly T[]): T;
  /** A value of `[value, weight]` rows, with a probability in proportion to its weight. */
  weighted<T>(rows: readonly (readonly [T, number])[]): T;
  /** `length` decimal digits; the first may be 0. */
  digits(length: number): string;
}

/** @param seed any integer; equal seeds give equal sequences (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed | 0;

  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);

  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (list) => list[int(list.length)] as (typeof list)[number],
    weighted(rows) {
      let total = 0;
      for (const row of rows) total += row[1];
      let left = next() * total;
      for (const row of rows) {
        left -= row[1];
        if (left < 0) return row[0];
      }
      return (rows[rows.length - 1] as (typeof rows)[number])[0];
    },
    digits(length) {
      let text = '';
      while (text.length < length) text += String(int(10));
      return text;
    },
  };
}

// Counts slow answers in the breaker's window, per slice; opossum counts successes and failures only.

export interface SlowAnswers {
  /** Adds a slow answer to the current slice. */
  add(): void;
  /** The number in the window. */
  count(): number;
  /** Moves the window on by a number of slices. */
  rotate(slices: number): void;
}

export function createSlowAnswers(slices: number): SlowAnswers {
  const perSlice = new Array<number>(slices).fill(0);
  let current = 0;
  let total = 0;
  return {
    add: () => {
      perSlice[current] = (perSlice[current] as number) + 1;
      total++;
    },
    count: () => total,
    rotate: (times) => {
      for (let i = 0; i < times; i++) {
        current = (current + 1) % slices;
        total -= perSlice[current] as number;
        perSlice[current] = 0;
      }
    },
  };
}

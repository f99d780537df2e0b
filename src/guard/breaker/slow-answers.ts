// How many answers of the breaker's window came late: a count per slice, turned on together with the machine's own window. Called by
// `breaker.ts`; opossum knows successes and failures only.

export interface SlowAnswers {
  /** One more, in the present slice. */
  add(): void;
  /** Of the window. */
  count(): number;
  /** Turns the window on: what falls out of it is forgotten. */
  rotate(slices: number): void;
}

export function createSlowAnswers(slices: number): SlowAnswers {
  const perSlice = new Array<number>(slices).fill(0);
  let present = 0;
  let total = 0;
  return {
    add: () => {
      perSlice[present] = (perSlice[present] as number) + 1;
      total++;
    },
    count: () => total,
    rotate: (times) => {
      for (let i = 0; i < times; i++) {
        present = (present + 1) % slices;
        total -= perSlice[present] as number;
        perSlice[present] = 0;
      }
    },
  };
}

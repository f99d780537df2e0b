// At most a few pieces of work at once, the others in order: the share that one source has in threads that all sources use.

export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    run: async (work) => {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        // The turn passes on, so that work which comes meanwhile does not overtake.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

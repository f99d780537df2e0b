// How the gateway starts, reloads and closes: all together, one after the other, once.

/** Waits for all promises, so that nothing is left half open, then throws the first failure. */
export async function allOrFirstFailure<T extends readonly Promise<unknown>[]>(
  promises: [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises) as Promise<{ [K in keyof T]: Awaited<T[K]> }>;
}

/** A function whose calls run one after the other: each waits for the call before it, whatever came of it. */
export function oneAtATime<T>(run: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(run, run);
    last = next;
    return next;
  };
}

/** A function that runs once; further calls share its result. */
export function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

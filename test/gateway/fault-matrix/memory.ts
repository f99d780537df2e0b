// How much more memory this process held at the worst moment of something: sampled often, since what is taken and given
// back in between would not be seen afterwards. Buffers and heap, without what the runtime itself keeps.

const SAMPLE_MS = 2;

function held(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

/** Begins to watch; the returned function ends it and gives bytes above the beginning. */
export function watchMemory(): () => number {
  const before = held();
  let most = before;
  const sample = (): void => {
    most = Math.max(most, held());
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    sample();
    return most - before;
  };
}

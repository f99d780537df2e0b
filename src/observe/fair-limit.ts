// A time limit for others that does not count the time in which this process stood still: that time is added again, at most the limit
// once more, and after a stall the event loop reads its sockets before the limit ends.

/**
 * @param stalledMs total time in which the event loop stood still, ms
 * @param onEnd receives how much of the time that was, ms: from the limit on, the gateway itself used it up
 * @returns a function that cancels the limit
 */
export function startFairLimit(
  limitMs: number,
  stalledMs: () => number,
  onEnd: (stalledMs: number) => void,
): () => void {
  const startedAt = performance.now();
  const stalledAt = stalledMs();
  let hasReadSockets = false;
  const check = (): void => {
    const stalled = stalledMs() - stalledAt;
    const leftMs = startedAt + limitMs + Math.min(stalled, limitMs) - performance.now();
    if (leftMs > 0) timer = setTimeout(check, leftMs);
    else if (stalled > 0 && !hasReadSockets) {
      hasReadSockets = true;
      timer = setTimeout(check, 1);
    } else onEnd(stalled);
  };
  let timer = setTimeout(check, limitMs);
  return () => clearTimeout(timer);
}

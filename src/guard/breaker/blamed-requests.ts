// Which requests met the failures that opened a breaker: the last few, so that an operator finds them in the log. Called by
// `breaker.ts` at failures only; a healthy call costs nothing.

/** Enough to look into one by one. */
const MOST = 5;

export interface BlamedRequests {
  add(requestId: string | undefined, at: number): void;
  /** Newest first; those that failed at `at` or later. `undefined` when none is known. */
  since(at: number): readonly string[] | undefined;
  clear(): void;
}

export function createBlamedRequests(): BlamedRequests {
  let blamed: { readonly requestId: string; readonly at: number }[] = [];
  return {
    add: (requestId, at) => {
      if (requestId === undefined) return;
      // A request makes many calls: it is named once.
      blamed = [{ requestId, at }, ...blamed.filter((one) => one.requestId !== requestId)].slice(0, MOST);
    },
    since: (at) => {
      const ids = blamed.filter((one) => one.at >= at).map((one) => one.requestId);
      return ids.length > 0 ? ids : undefined;
    },
    clear: () => {
      if (blamed.length > 0) blamed = [];
    },
  };
}

// The last requests whose failures counted in a breaker, so that an operator finds them in the log.

/** Enough to look into one by one. */
const MAX_REQUESTS = 5;

export interface FailedRequests {
  add(requestId: string | undefined, at: number): void;
  /** Requests that failed at `at` or later, newest first; `undefined` without any. */
  since(at: number): readonly string[] | undefined;
  clear(): void;
}

export function createFailedRequests(): FailedRequests {
  let failed: { readonly requestId: string; readonly at: number }[] = [];
  return {
    add: (requestId, at) => {
      if (requestId === undefined) return;
      // A request makes many calls, and is listed once.
      const others = failed.filter((other) => other.requestId !== requestId);
      failed = [{ requestId, at }, ...others].slice(0, MAX_REQUESTS);
    },
    since: (at) => {
      const ids = failed.filter((request) => request.at >= at).map((request) => request.requestId);
      return ids.length > 0 ? ids : undefined;
    },
    clear: () => {
      if (failed.length > 0) failed = [];
    },
  };
}

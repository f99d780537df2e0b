// What counts as a promise, and promises that nobody will wait for.

/** Anything with a `then`, as graphql-js recognises promises. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function';

/** Handles the failures of promises that nobody will wait for. */
export function abandon(list: unknown): void {
  // Another iterable would have to be iterated again.
  if (!Array.isArray(list) && !(list instanceof Set)) return;
  for (const item of list) {
    if (isPromise(item)) item.then(abandon, () => undefined);
    else abandon(item);
  }
}

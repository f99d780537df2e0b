// The error of a store that cannot be opened.

/**
 * `message` is one sentence for the person who starts the gateway: what is wrong and how to correct it. It never contains a
 * password. The process prints it without a stack trace.
 */
export class StoreStartError extends Error {
  override readonly name = 'StoreStartError';
}

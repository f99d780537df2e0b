// Why the store cannot be opened, said in one sentence for the person who starts the gateway.

/**
 * Thrown by `openStore` only. `message` is one clear sentence with what was found and the way out; it never holds a
 * password. The process entry prints it without a stack.
 */
export class StoreStartError extends Error {
  override readonly name = 'StoreStartError';
}

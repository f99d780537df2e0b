/** Thrown when the signature of an answer does not hold. The message has no text of the answer. */
export class UnverifiedError extends Error {
  override readonly name = 'UnverifiedError';
}

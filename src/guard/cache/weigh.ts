// How much memory an answer takes, about, and at the same walk frozen: many requests will read the one that is kept.
// Called by `answer-cache.ts` when it keeps an answer.

/** An object or array itself, and each of its places. */
const OBJECT_BYTES = 48;
const PLACE_BYTES = 16;

/** Freezes a JSON-like value through and through. @returns about its bytes */
export function freezeAndWeigh(value: unknown): number {
  if (typeof value === 'string') return value.length * 2 + PLACE_BYTES;
  if (typeof value !== 'object' || value === null) return PLACE_BYTES;
  // Bytes of a buffer cannot be frozen, and nothing below maps them.
  if (ArrayBuffer.isView(value)) return value.byteLength + OBJECT_BYTES;
  let bytes = OBJECT_BYTES;
  if (Array.isArray(value)) for (const item of value) bytes += PLACE_BYTES + freezeAndWeigh(item);
  else
    for (const name of Object.keys(value))
      bytes += PLACE_BYTES + name.length + freezeAndWeigh((value as Record<string, unknown>)[name]);
  Object.freeze(value);
  return bytes;
}

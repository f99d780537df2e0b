// Freezes an answer and estimates its memory in one pass: many requests read a cached answer.

/** An object or array, and each of its slots. */
const OBJECT_BYTES = 48;
const SLOT_BYTES = 16;

/** Freezes a JSON-like value deeply. @returns its approximate size in bytes */
export function freezeAndWeigh(value: unknown): number {
  if (typeof value === 'string') return value.length * 2 + SLOT_BYTES;
  if (typeof value !== 'object' || value === null) return SLOT_BYTES;
  // The bytes of a buffer cannot be frozen.
  if (ArrayBuffer.isView(value)) return value.byteLength + OBJECT_BYTES;
  let bytes = OBJECT_BYTES;
  if (Array.isArray(value)) for (const item of value) bytes += SLOT_BYTES + freezeAndWeigh(item);
  else
    for (const name of Object.keys(value))
      bytes += SLOT_BYTES + name.length + freezeAndWeigh((value as Record<string, unknown>)[name]);
  Object.freeze(value);
  return bytes;
}

// Bounds the depth of a decoded value, since V8's JSON parser accepts any depth and later steps are recursive. Checked on the value:
// that costs a twentieth of parsing, while scanning the text would cost a third.

/** True when objects and lists are nested more than `most` deep. The check itself recurses no deeper than that. */
export const isNestedDeeper = (value: unknown, most: number): boolean =>
  typeof value === 'object' && value !== null && exceeds(value, most);

function exceeds(value: object, left: number): boolean {
  if (left === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (typeof item === 'object' && item !== null && exceeds(item, left - 1)) return true;
    }
    return false;
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object' && item !== null && exceeds(item, left - 1)) return true;
  }
  return false;
}

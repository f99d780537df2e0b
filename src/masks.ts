// How personal values are shown to callers who may not see them whole. The only place that masks values of answers; a manifest
// and the core schema name a mask per field.

/**
 * `id`: the first four characters and the last two (`0010*****67`). `initials`: the first letter of each word (`N. V. A.`).
 * `year`: of a date the year only. `phone`: the last three digits. `email`: the first letter and the domain.
 */
export const MASKS = ['id', 'initials', 'year', 'phone', 'email'] as const;
export type Mask = (typeof MASKS)[number];

/** Five stars for any number of hidden characters: their number is not revealed. */
const HIDDEN = '*****';

const TEXT_MASKS: Readonly<Record<Exclude<Mask, 'year'>, (text: string) => string>> = {
  id: (text) => (text.length < 9 ? HIDDEN : `${text.slice(0, 4)}${HIDDEN}${text.slice(-2)}`),
  initials: (text) => {
    const words = text.normalize('NFC').split(/\s+/u).filter(Boolean);
    return words.map((word) => `${[...word][0]}.`).join(' ');
  },
  phone: (text) => (text.length < 8 ? HIDDEN : `${HIDDEN}${text.slice(-3)}`),
  email: (text) => {
    const at = text.lastIndexOf('@');
    return at < 1 ? HIDDEN : `${[...text][0]}${HIDDEN}${text.slice(at)}`;
  },
};

/** Masks a serialized leaf; anything but text is hidden. */
export function maskLeaf(mask: Mask, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  const text = String(value);
  // A date as text, `1992-01-31`, `19920131` or `1992`.
  if (mask === 'year') return /^\d{4}/.exec(text)?.[0] ?? HIDDEN;
  return typeof value === 'string' ? TEXT_MASKS[mask](text) : HIDDEN;
}

/** Masks an object before its fields are read: of a date only the year remains, of anything else nothing. */
export function maskObject(mask: Mask, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const year: unknown = (value as { year?: unknown }).year;
  return mask === 'year' && year !== undefined ? { year, month: null, day: null } : null;
}

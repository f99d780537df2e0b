// Building blocks of the keys of `connector.yaml`. A key has a description and an example; a number has its range and unit; a key
// without a default states what its absence means. docs/manifest.md and the JSON Schema for editors are generated from them.
import { z } from 'zod';
import { REFERENCE } from './references.ts';

interface KeyNotes {
  /** What applies when the key is absent and has no fixed default. */
  readonly whenAbsent?: string;
  /** Of a number. */
  readonly unit?: string;
  /** The text is a key in PEM form. */
  readonly pem?: 'private key' | 'public key';
}

/** @param example a value that the key accepts */
export const about = (description: string, example: unknown, notes: KeyNotes = {}) => ({
  description,
  // Not `examples`: zod drops that of a schema with a transformation.
  example,
  ...notes,
});

export const text = z.string().min(1);

/** Up to ten minutes. */
export const milliseconds = z.number().int().min(1).max(600_000).meta({ unit: 'ms' });

export const localizedText = z.strictObject({
  vi: text.meta(about('Vietnamese.', 'Đang bảo trì')),
  en: text.meta(about('English.', 'Under maintenance')),
});

/** A secret: only by reference, so that no manifest contains one. */
export const secret = z
  .string()
  .regex(REFERENCE, 'a secret must be given by reference: ${env:NAME} or ${file:/path}')
  .brand<'Reference'>()
  .meta({ reference: true });

/** A value that may be, or contain, a reference. */
export const setting = text.brand<'Reference'>().meta({ reference: true });

/** A value that is read again at each use, since it may contain references. */
export type Reference = z.output<typeof setting>;

/** The schema inside `.optional()`, `.default()`, `.transform()` and the like. */
export function innerSchema(schema: z.ZodType): z.ZodType {
  let inner = schema;
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.def.in as z.ZodType;
    else if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault
    ) {
      inner = inner.def.innerType as z.ZodType;
    } else return inner;
  }
}

type SchemasOf<Kinds extends readonly { readonly schema: z.ZodObject }[]> = {
  -readonly [Index in keyof Kinds]: Kinds[Index]['schema'];
};

/** The members of a union whose kinds stand in a table. */
export const schemasOf = <const Kinds extends readonly { readonly schema: z.ZodObject }[]>(
  kinds: Kinds,
): SchemasOf<Kinds> => kinds.map(({ schema }) => schema) as unknown as SchemasOf<Kinds>;

/** A day of the calendar, `yyyy-MM-dd`. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2027-01-31')
  .refine((value) => isTime(`${value}T00:00:00Z`), 'a day that the calendar has');

/** Rejects dates that do not round-trip: `Date.parse` accepts 31 April as 1 May. */
export function isTime(utc: string): boolean {
  const at = Date.parse(utc);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(utc.slice(0, -1));
}

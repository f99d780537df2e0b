// How to write a value that a person wrote in another form: a duration with its unit, a percentage, a number in quotes, a word for a
// truth value, a reference as other tools write it.

import { z } from 'zod';
import { nearestName } from '../connect/mapping/syntax-error.ts';
import { innerSchema } from '../manifest-keys.ts';
import { largestOf, metaOf, optionsOf } from './schema-words.ts';

/** The most similar name; those that differ in capitals, hyphens and underscores only come first. */
export function similarName(name: string, names: readonly string[]): string | undefined {
  const same = sameName(name, names);
  if (same !== undefined) return same;
  // In a short name two edits leave nothing that is similar, unless it begins in the same way.
  const isShort = name.length <= 4;
  return nearestName(name, isShort ? names.filter((known) => known[0] === name[0]?.toLowerCase()) : names);
}

/** The name that differs in capitals, hyphens and underscores only. */
export function sameName(name: string, names: readonly string[]): string | undefined {
  const plain = plainForm(name);
  return names.find((known) => plainForm(known) === plain);
}

const plainForm = (name: string): string => name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

const FACTORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ms: {
    ms: 1,
    s: 1000,
    sec: 1000,
    second: 1000,
    seconds: 1000,
    m: 60_000,
    min: 60_000,
    minute: 60_000,
    minutes: 60_000,
    h: 3_600_000,
    hour: 3_600_000,
    hours: 3_600_000,
    d: 86_400_000,
    day: 86_400_000,
    days: 86_400_000,
  },
  bytes: {
    b: 1,
    byte: 1,
    bytes: 1,
    k: 1024,
    kb: 1024,
    kib: 1024,
    m: 1_048_576,
    mb: 1_048_576,
    mib: 1_048_576,
    g: 1_073_741_824,
    gb: 1_073_741_824,
    gib: 1_073_741_824,
  },
};

/**
 * A sentence for a value that does not fit its schema; undefined when nothing better than the description of the key is known.
 * @param value no secret: the sentence may repeat parts of it
 */
export function hintFor(schema: z.ZodType, value: unknown): string | undefined {
  const inner = innerSchema(schema);
  const options = optionsOf(schema);
  if (options.length > 0)
    return typeof value === 'string' ? didYouMean(similarName(value, options)) : undefined;
  if (inner instanceof z.ZodNumber) return numberHint(schema, value);
  if (inner instanceof z.ZodBoolean) return truthHint(value);
  if (inner instanceof z.ZodArray && isScalarValue(value)) return 'Write it as a list, in brackets: […].';
  if (inner instanceof z.ZodString && Array.isArray(value)) return 'Write one value, without brackets.';
  if (inner instanceof z.ZodString && typeof value === 'number')
    return `Put the value in quotes: "${value}".`;
  if (inner instanceof z.ZodString && typeof value === 'boolean')
    return `Put the value in quotes: "${value}".`;
  return undefined;
}

export const didYouMean = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : `Did you mean "${name}"?`;

const isScalarValue = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function numberHint(schema: z.ZodType, value: unknown): string | undefined {
  const unit = metaOf(schema).unit ?? '';
  const largest = largestOf(schema);
  if (typeof value === 'number') {
    if (largest === 1 && value > 1 && value <= 100) return `Write ${value / 100} if ${value} % are meant.`;
    if (unit === 'ms' && value > 0 && !Number.isInteger(value))
      return `The unit is ms: write ${Math.round(value * 1000)} if ${value} seconds are meant.`;
    return undefined;
  }
  if (typeof value !== 'string') return undefined;
  const [, digits = '', named = ''] = /^\s*(-?\d+(?:[.,_]\d+)*)\s*([a-z%]*)\s*$/i.exec(value) ?? [];
  const number = Number(digits.replaceAll('_', '').replace(',', '.'));
  if (digits === '' || Number.isNaN(number)) return undefined;
  if (named === '%') return `Write ${largest === 1 ? number / 100 : number}, without a sign.`;
  if (named === '') return `Write the number without quotes: ${number}.`;
  const factor = FACTORS[unit]?.[named.toLowerCase()];
  if (factor === undefined) return 'Write the number alone, without a unit.';
  return `The unit is ${unit}: write ${number * factor}.`;
}

function truthHint(value: unknown): string | undefined {
  const word = String(value).toLowerCase();
  if (['yes', 'on', 'y', '1', 'true'].includes(word)) return 'Write true.';
  return ['no', 'off', 'n', '0', 'false'].includes(word) ? 'Write false.' : undefined;
}

// —— references ——

/** A reference as the gateway resolves it. */
const SOUND_REFERENCE = /^\$\{(?:env:[A-Za-z_]\w*(?::-[^{}]*)?|file:[^{}\s][^{}]*)\}$/;

/**
 * The first part of a text that looks like a reference, but does not have the form of one.
 * @param isElsewhere true for parts with a meaning of their own at this place
 */
export function brokenReference(text: string, isElsewhere: (part: string) => boolean): string | undefined {
  return text
    .match(/\$\{\{?[^{}]*\}{0,2}/g)
    ?.find((part) => !SOUND_REFERENCE.test(part) && !isElsewhere(part));
}

/**
 * The reference that a text in the form of another tool stands for: `$NAME`, `${NAME}`, `${{ secrets.NAME }}`, `#{environment.NAME}`,
 * `%NAME%`, or one with a misspelt kind. Only names in the style of environment variables are repeated: anything else may be a secret.
 */
export function meantReference(text: string): string | undefined {
  for (const form of FOREIGN_REFERENCES) {
    const [, name, fallback] = form.exec(text.trim()) ?? [];
    if (name !== undefined) return `\${env:${name}${fallback === undefined ? '' : `:-${fallback}`}}`;
  }
  return undefined;
}

const VARIABLE = '([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)';
const FOREIGN_REFERENCES: readonly RegExp[] = [
  // ${NAME}, ${enw:NAME}, ${env:NAME:default} and one that is not closed
  new RegExp(`^\\$\\{\\s*(?:[A-Za-z]{1,8}\\s*[:.]\\s*)?${VARIABLE}(?:\\s*:?[-=:]([\\w./:-]*))?\\s*\\}?$`),
  new RegExp(`^\\$\\{\\{\\s*(?:\\w+\\.)?${VARIABLE}\\s*\\}\\}$`),
  new RegExp(`^#\\{\\s*(?:\\w+[.:])?${VARIABLE}\\s*\\}$`),
  /^[$%]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)%?$/,
];

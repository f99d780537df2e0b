// Reads the headers that describe a request: its id and its language.

import { randomUUID } from 'node:crypto';
import type { Locale } from '../errors.ts';

type Header = string | string[] | undefined;

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Personal ids, old identity cards, phone numbers and tokens in a request id, which log, traces, status and audit trail repeat. In any
 * place but within a longer number: where a UUID ends with such digits by chance, a new id costs nothing.
 */
const PRIVATE = /(?<!\d)(?:0\d{11}|(?:84|0)[35789]\d{8})(?!\d)|(?<![\da-f])[0-3]\d{8}(?![\da-f])|eyJ/i;

/**
 * The caller's own `x-request-id` if it has 1 to 64 characters of `A-Z a-z 0-9 . _ -` and nothing that looks like personal data or a token,
 * otherwise a new random id.
 */
export const requestIdOf = (header: Header): string =>
  typeof header === 'string' && REQUEST_ID.test(header) && !PRIVATE.test(header) ? header : randomUUID();

/** Entries of an `Accept-Language` header that are read. */
const MAX_LANGUAGES = 16;

/** The supported language with the highest weight in an `Accept-Language` header; Vietnamese by default. */
export function localeOf(header: string | undefined): Locale {
  if (!header || header.startsWith('vi')) return 'vi';
  let best: Locale = 'vi';
  let bestWeight = 0;
  for (const part of header.split(',', MAX_LANGUAGES)) {
    const [tag = '', ...parameters] = part.split(';');
    const language = tag.trim().slice(0, 3).toLowerCase();
    const locale = /^vi-?$/.test(language) ? 'vi' : /^en-?$/.test(language) ? 'en' : undefined;
    if (!locale) continue;
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
    const weight = quality ? Number.parseFloat(quality.trim().slice(2)) : 1;
    if (weight > bestWeight) {
      best = locale;
      bestWeight = weight;
    }
  }
  return best;
}

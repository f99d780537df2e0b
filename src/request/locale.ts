// Which language a request is answered in. Called once per request by `http/`.

import type { Locale } from '../errors.ts';

/** The language of an `Accept-Language` header that we speak: the best weighted of vi and en, Vietnamese by default. */
export function localeOf(header: string | undefined): Locale {
  if (!header || header.startsWith('vi')) return 'vi';
  let best: Locale = 'vi';
  let bestWeight = 0;
  for (const part of header.split(',', 16)) {
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

// The media type of an answer, chosen from the Accept header (RFC 9110, section 12.5.1) before anything is executed: a
// mutation whose answer cannot be sent must not run.

export const JSON_TYPE = 'application/json; charset=utf-8';
const RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';

export type MediaType = typeof JSON_TYPE | typeof RESPONSE_TYPE;

/** In order of preference. */
const OFFERED = [
  { mediaType: JSON_TYPE, subtype: 'json' },
  { mediaType: RESPONSE_TYPE, subtype: 'graphql-response+json' },
] as const satisfies readonly { mediaType: MediaType; subtype: string }[];

/** Ranges of a header that are read. */
const MAX_RANGES = 32;

interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly charset: string | undefined;
  readonly quality: number;
}

/** The best media type for an `Accept` header, JSON without one; `null` when none is acceptable. */
export function mediaTypeOf(accept: string | undefined): MediaType | null {
  if (!accept) return JSON_TYPE;
  const ranges = accept.split(',', MAX_RANGES).map(parseRange);
  let chosen: MediaType | null = null;
  let quality = 0;
  let position = 0;
  for (const { mediaType, subtype } of OFFERED) {
    const at = mostSpecific(ranges, subtype);
    const found = ranges[at]?.quality ?? 0;
    // Equal weights: the range that the client named first.
    if (found > quality || (found === quality && found > 0 && at < position)) {
      chosen = mediaType;
      quality = found;
      position = at;
    }
  }
  return chosen;
}

/**
 * Whether a client names plain JSON as what it wants. GraphQL over HTTP then answers 200 to every well-formed request, since a
 * proxy on the way could have made an answer with another status; only `application/graphql-response+json` rules that out.
 */
export const namesJson = (accept: string | undefined, chosen: MediaType): boolean =>
  chosen === JSON_TYPE && accept?.toLowerCase().includes('application/json') === true;

/** Index of the range that applies to `application/<subtype>`; -1 when none does. */
function mostSpecific(ranges: readonly Range[], subtype: string): number {
  let found = -1;
  let specificity = -1;
  for (const [index, range] of ranges.entries()) {
    if (range.type !== '*' && range.type !== 'application') continue;
    if (range.subtype !== '*' && range.subtype !== subtype) continue;
    if (range.charset !== undefined && range.charset !== 'utf-8') continue;
    const exact = (range.type === '*' ? 0 : 4) + (range.subtype === '*' ? 0 : 2) + (range.charset ? 1 : 0);
    if (exact > specificity) {
      found = index;
      specificity = exact;
    }
  }
  return found;
}

function parseRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';');
  const [type = '', subtype = ''] = name.trim().toLowerCase().split('/');
  let quality = 1;
  let charset: string | undefined;
  for (const parameter of parameters) {
    const [key = '', value = ''] = parameter.trim().toLowerCase().split('=');
    if (key === 'q') quality = Number.parseFloat(value) || 0;
    else if (key === 'charset') charset = value.replaceAll('"', '');
  }
  return { type, subtype, charset, quality };
}

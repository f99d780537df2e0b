// Reads what the answer of a source shows of its list: the items by the connector's selection, the number of all items, and
// the source's cursor of the next page.

import { isComposite } from '../../exact-number.ts';
import type { ConnectAnswer } from '../contract.ts';
import { nextFromLink } from './next-link.ts';
import { MAX_TOKEN } from './page-cursor.ts';
import type { Invalid, PagingRules, SourcePage } from './page-styles.ts';

/** What the source answered to one call of a page. */
export interface PagePart {
  readonly answer: ConnectAnswer;
  /** By the selection: an object with `nodes`, `edges` or both. */
  readonly value: unknown;
}

export function compileReader(rules: PagingRules, invalid: Invalid): (part: PagePart) => SourcePage {
  const { total, totalHeader, next } = rules;
  const totalPath = total?.split('.');
  const nextPath = next?.split('.');
  const header = totalHeader?.toLowerCase();

  const totalOf = ({ headers, body }: ConnectAnswer): number | undefined => {
    const found = header === undefined ? totalPath && readAt(body, totalPath) : headers[header];
    if (found === undefined || found === null) return undefined;
    const count = typeof found === 'string' && /^[0-9]{1,15}$/.test(found) ? Number(found) : found;
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
    throw invalid('expected a whole number as the total, found another value');
  };
  const nextOf = ({ headers, body }: ConnectAnswer): string | undefined => {
    if (rules.style === 'link') {
      const found = nextFromLink(headers.link, rules.position);
      if (found === null) throw invalid(`expected "${rules.position}" in the next link, found none`);
      return found === undefined ? undefined : tokenOf(found);
    }
    const found = nextPath && readAt(body, nextPath);
    if (found === undefined || found === null || found === '' || found === false) return undefined;
    if (typeof found !== 'string' && typeof found !== 'number') {
      throw invalid('expected a text as the cursor of the next page, found another value');
    }
    return tokenOf(String(found));
  };
  const tokenOf = (token: string): string => {
    if (token.length <= MAX_TOKEN && token.isWellFormed()) return token;
    throw invalid(`expected a cursor of at most ${MAX_TOKEN} characters, found another`);
  };

  return ({ answer, value }) => ({
    items: itemsOf(value, invalid),
    total: totalOf(answer),
    next: nextOf(answer),
  });
}

/** The items that the selection found: `nodes`, or the `node` of each of the `edges`. */
function itemsOf(value: unknown, invalid: Invalid): readonly unknown[] {
  if (!isComposite(value)) return [];
  const { nodes, edges } = value as { readonly nodes?: unknown; readonly edges?: unknown };
  const found = nodes ?? edges;
  if (found === undefined || found === null) return [];
  if (!Array.isArray(found))
    throw invalid('expected a list as nodes or edges of the page, found another value');
  if (found !== edges) return found;
  return found.map((edge) => (isComposite(edge) ? (edge as { readonly node?: unknown }).node : null));
}

function readAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (!isComposite(at) || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return at;
}

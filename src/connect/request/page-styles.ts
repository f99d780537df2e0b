// How sources find a page of a list, each as two functions: what the first call asks for, and what the answers so far amount to.
// Positions of offsets and pages count items of the whole list, so that they do not depend on the size of a page.

import type { GatewayError } from '../../errors.ts';
import type { Position } from './page-cursor.ts';

export interface PagingRules {
  /** `offset`: items to skip. `page`: number of a page. `cursor`: a text in the answer names the next page. `link`: the `Link` header does. */
  readonly style: 'offset' | 'page' | 'cursor' | 'link';
  /** Parameter of the position. */
  readonly position: string;
  /** Parameter of the size; unset: pages of the source have `maxSize` items. */
  readonly size?: string | undefined;
  /** Items of a page of the source at most, and of a page of the caller. */
  readonly maxSize: number;
  /** `first` when it is absent. */
  readonly defaultFirst: number;
  /** Number of the source's first page. */
  readonly firstPage: number;
  readonly in: 'query' | 'body';
  /** Dotted path of the next page's cursor in the decoded body. */
  readonly next?: string | undefined;
  /** Dotted path of the number of items in the list. */
  readonly total?: string | undefined;
  /** Header with the number of items in the list. */
  readonly totalHeader?: string | undefined;
}

/** One call: what it asks for. */
export interface Ask {
  readonly position: string | number | undefined;
  readonly size: number;
}

/** An item that belongs to the page, and where the next one is. */
interface Item {
  readonly value: unknown;
  readonly after: Position;
}

/** What the answers so far amount to. */
interface Collected {
  readonly items: readonly Item[];
  readonly hasNext: boolean;
  /** Where to go on when there are no items. */
  readonly end: Position | undefined;
  /** The call that is still needed. */
  readonly ask: Ask | undefined;
}

export interface Style {
  readonly begin: (from: Position, first: number) => Ask;
  readonly collect: (from: Position, first: number, pages: readonly SourcePage[]) => Collected;
}

export interface SourcePage {
  readonly items: readonly unknown[];
  /** Unset: unknown. */
  readonly total: number | undefined;
  /** The source's cursor of the page behind; undefined: it is the last. */
  readonly next: string | undefined;
}

export type Invalid = (detail: string) => GatewayError;

export const STYLES: Readonly<Record<PagingRules['style'], (rules: PagingRules, invalid: Invalid) => Style>> =
  {
    offset: byOffset,
    page: byPage,
    cursor: byToken,
    link: byToken,
  };

/** Items of the page that begins at `from`, out of a row of items that begins at `start`. */
function windowOf(
  row: readonly unknown[],
  start: number,
  from: number,
  first: number,
): { readonly items: readonly Item[]; readonly hasFurther: boolean } {
  const skipped = from - start;
  const items = row
    .slice(skipped, skipped + first)
    .map((value, i) => ({ value, after: { skip: from + i + 1 } }));
  return { items, hasFurther: row.length > skipped + first };
}

/** A total is evidence only while there are items: an empty page ends every list. */
const hasBehind = (items: readonly Item[], total: number | undefined): boolean =>
  total !== undefined && items.length > 0 && (items.at(-1) as Item).after.skip < total;

/** One item more than the page shows whether there is a next page, unless the source counts its list. */
const countsList = ({ total, totalHeader }: PagingRules): boolean =>
  total !== undefined || totalHeader !== undefined;

function byOffset(rules: PagingRules): Style {
  const ahead = countsList(rules) ? 0 : 1;
  return {
    begin: ({ skip }, first) => ({ position: skip, size: Math.min(first + ahead, rules.maxSize) }),
    collect: ({ skip }, first, [page, behind]) => {
      const row = page?.items ?? [];
      const { items, hasFurther } = windowOf(row, skip, skip, first);
      const hasNext = hasFurther || hasBehind(items, page?.total) || (behind?.items.length ?? 0) > 0;
      // The largest page has no room for one item more.
      const isOpen = !hasNext && behind === undefined && page?.total === undefined && row.length === first;
      const ask = isOpen && first === rules.maxSize ? { position: skip + first, size: 1 } : undefined;
      return { items, hasNext, end: undefined, ask };
    },
  };
}

/** Pages of a size of ours: the smallest in which all items lie in one page of the source; else two neighbouring pages. */
function byPage(rules: PagingRules, invalid: Invalid): Style {
  const ahead = countsList(rules) ? 0 : 1;
  const sizeFor = (from: number, count: number): number => {
    if (rules.size === undefined) return rules.maxSize;
    for (let size = count; size < rules.maxSize; size++) {
      if (Math.floor(from / size) === Math.floor((from + count - 1) / size)) return size;
    }
    return rules.maxSize;
  };
  const ask = (page: number, size: number): Ask => ({ position: rules.firstPage + page, size });
  return {
    begin: ({ skip }, first) => {
      const size = sizeFor(skip, first + ahead);
      return ask(Math.floor(skip / size), size);
    },
    collect: ({ skip }, first, pages) => {
      const size = sizeFor(skip, first + ahead);
      const number = Math.floor(skip / size);
      for (const [i, { items, total }] of pages.entries()) {
        const rest = total === undefined ? 0 : total - (number + i) * size;
        if (items.length > size || items.length < Math.min(size, rest)) {
          throw invalid(
            `expected pages of ${size} items, found ${items.length}: the source has pages of another size`,
          );
        }
      }
      const row = pages.flatMap((page) => page.items);
      const { items, hasFurther } = windowOf(row, number * size, skip, first);
      const hasNext = hasFurther || hasBehind(items, pages.at(-1)?.total);
      const isFull = row.length === pages.length * size;
      const isOpen = items.length < first || (ahead > 0 && !hasNext);
      return {
        items,
        hasNext,
        end: undefined,
        ask: isFull && isOpen ? ask(number + pages.length, size) : undefined,
      };
    },
  };
}

/**
 * The source names its pages. A page that a `Link` header names may be a number, which depends on the size: all pages have
 * `maxSize` items. Where the answer names a cursor, the page begins there whatever its size.
 */
function byToken(rules: PagingRules, invalid: Invalid): Style {
  const isLink = rules.style === 'link';
  const ask = (token: string | undefined, count: number): Ask => ({
    position: token,
    size: isLink ? rules.maxSize : Math.min(count, rules.maxSize),
  });
  return {
    begin: ({ token, skip }, first) => ask(token, skip + first),
    collect: (from, first, pages) => {
      const items: Item[] = [];
      let { token } = from;
      let skip = from.skip;
      let hasNext = false;
      for (const page of pages) {
        const { next } = page;
        if (next !== undefined && next === token) throw invalid('expected another next page, found the same');
        const end = page.items.length;
        for (let i = skip; i < end && items.length < first; i++) {
          const isLast = i === end - 1 && next !== undefined;
          items.push({
            value: page.items[i],
            after: isLast ? { token: next, skip: 0 } : { token, skip: i + 1 },
          });
          skip = i + 1;
        }
        hasNext = skip < end || next !== undefined;
        if (skip < end || next === undefined) break;
        token = next;
        skip = 0;
      }
      const isOpen = hasNext && items.length < first && token !== undefined;
      return {
        items,
        hasNext,
        end: { token, skip },
        ask: isOpen ? ask(token, first - items.length) : undefined,
      };
    },
  };
}

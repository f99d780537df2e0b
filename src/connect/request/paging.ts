// Paged operations: a field with `first` and `after` whose source counts items, counts pages, or names the next page. Turns the
// arguments into the position and size that the source understands, and what it answers into a Relay connection. A page takes one
// call, or two where the source's pages do not lie as the caller's do; never more.

import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import type { ConnectRequest } from '../contract.ts';
import type { MappingVariables, VariableUse } from '../mapping/index.ts';
import { compileReader, type PagePart } from './page-answers.ts';
import { decodeCursor, encodeCursor, type Position } from './page-cursor.ts';
import { withParameters } from './page-parameters.ts';
import { type Ask, type PagingRules, STYLES } from './page-styles.ts';

export interface Paging {
  /** The request for the first call. @throws GatewayError BAD_USER_INPUT for `first` or `after` */
  readonly begin: (request: ConnectRequest, vars: MappingVariables) => ConnectRequest;
  /** The request for a further call that the page needs; undefined when it is complete. @throws GatewayError UPSTREAM_INVALID */
  readonly further: (
    request: ConnectRequest,
    vars: MappingVariables,
    parts: readonly PagePart[],
  ) => ConnectRequest | undefined;
  /** The connection. @throws GatewayError UPSTREAM_INVALID for answers that are no page */
  readonly connect: (vars: MappingVariables, parts: readonly PagePart[]) => unknown;
}

/** Calls of one page at most. */
const MAX_CALLS = 2;

export interface PagingOf {
  readonly connector: string;
  readonly operation: string;
  /** What the request reads: the list depends on it. */
  readonly uses: readonly VariableUse[];
}

export function compilePaging(rules: PagingRules, of: PagingOf): Paging {
  const { connector, operation } = of;
  const invalid = (detail: string): GatewayError =>
    new GatewayError('UPSTREAM_INVALID', { detail, connector, operation });
  const style = STYLES[rules.style](rules, invalid);
  const scopeOf = compileScope(of);
  const readPage = compileReader(rules, invalid);
  const within = (request: ConnectRequest, { position, size }: Ask): ConnectRequest =>
    withParameters(request, rules.in, [
      [rules.position, position],
      ...(rules.size === undefined ? [] : [[rules.size, size] as const]),
    ]);
  const asked = (vars: MappingVariables) => {
    const { first, after } = (vars.args ?? {}) as { first?: unknown; after?: unknown };
    const scope = scopeOf(vars);
    const from = typeof after === 'string' ? decodeCursor(after, scope) : { skip: 0 };
    return { scope, from, first: sizeOf(first, rules, of), isFirst: typeof after !== 'string' };
  };
  return {
    begin: (request, vars) => {
      const { from, first } = asked(vars);
      return within(request, style.begin(from, first));
    },
    further: (request, vars, parts) => {
      if (parts.length >= MAX_CALLS || parts.some(({ value }) => !isComposite(value))) return undefined;
      const { from, first } = asked(vars);
      const { ask } = style.collect(from, first, parts.map(readPage));
      return ask && within(request, ask);
    },
    connect: (vars, parts) => {
      const [whole] = parts;
      // There is no such list.
      if (whole === undefined || !isComposite(whole.value)) return whole?.value;
      const { from, first, scope, isFirst } = asked(vars);
      const pages = parts.map(readPage);
      const { items, hasNext, end } = style.collect(from, first, pages);
      const cursorAt = (position: Position): string => encodeCursor(position, scope);
      const edges = items.map(({ value, after }) => ({ cursor: cursorAt(after), node: value }));
      const last = edges.at(-1)?.cursor ?? (hasNext && end !== undefined ? cursorAt(end) : null);
      const own = whole.value as Readonly<Record<string, unknown>>;
      return {
        ...own,
        nodes: items.map(({ value }) => value),
        edges,
        pageInfo: {
          hasNextPage: hasNext,
          hasPreviousPage: !isFirst && (from.token !== undefined || from.skip > 0),
          startCursor: edges[0]?.cursor ?? null,
          endCursor: last,
        },
        totalCount: own.totalCount ?? pages.at(-1)?.total ?? null,
      };
    },
  };
}

function sizeOf(first: unknown, { maxSize, defaultFirst }: PagingRules, of: PagingOf): number {
  if (first === undefined || first === null) return Math.min(defaultFirst, maxSize);
  if (typeof first === 'number' && Number.isInteger(first) && first >= 1 && first <= maxSize) return first;
  throw new GatewayError('BAD_USER_INPUT', {
    connector: of.connector,
    operation: of.operation,
    detail: `argument "first": expected 1 to ${maxSize}`,
    reason: {
      vi: `Đối số "first": cần số nguyên từ 1 đến ${maxSize}; nhận được ${first}. Để xem tiếp, hãy dùng \`pageInfo.endCursor\`.`,
      en: `Argument "first": expected a whole number from 1 to ${maxSize}; found ${first}. For more, follow \`pageInfo.endCursor\`.`,
    },
  });
}

/** Everything that the list depends on, as text: the operation, and what its request reads besides the page. */
function compileScope({ connector, operation, uses }: PagingOf): (vars: MappingVariables) => string {
  const pathsOf = (variable: string) =>
    uses.flatMap((use) => (use.variable === variable && !isOfPage(use.path[0]) ? [use.path] : []));
  const ofArgs = pathsOf('$args');
  const ofThis = pathsOf('$this');
  return ({ args, this: parent }) =>
    JSON.stringify([
      connector,
      operation,
      ofArgs.map((path) => readAt(args, path)),
      ofThis.map((path) => readAt(parent, path)),
    ]);
}

const isOfPage = (name: string | undefined): boolean => name === 'first' || name === 'after';

/** The value at the path; a whole list where the path leads into one, and all arguments but the page's for the empty path. */
function readAt(root: unknown, path: readonly string[]): unknown {
  if (path.length === 0 && isComposite(root)) return { ...root, first: undefined, after: undefined };
  let at = root;
  for (const step of path) {
    if (Array.isArray(at)) break;
    at = isComposite(at) ? (at as Readonly<Record<string, unknown>>)[step] : undefined;
  }
  return at ?? null;
}

// Lets the graph answer one operation, and decides status, media type and headers of the answer. Plain requests and those that Apollo
// has read come here alike.

import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { GatewayError, type LocalizedText } from '../errors.ts';
import type { GraphExecutor, GraphRequest } from '../graph/executor.ts';
import { formatError } from '../graph/format-error.ts';
import type { Log } from '../observe/log.ts';
import type { RequestContext } from '../request/context.ts';
import { JSON_TYPE, mediaTypeOf, namesJson } from './media-type.ts';

export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly result: FormattedExecutionResult;
}

/** Negotiates the media type, then lets the graph answer. */
export type ReplyTo = (
  request: GraphRequest,
  accept: string | string[] | undefined,
  context: RequestContext,
) => Promise<Reply>;

export function createReply(graph: Pick<GraphExecutor, 'answer'>, log: Log): ReplyTo {
  return async (request, accept, context) => {
    const accepted = typeof accept === 'string' ? accept : undefined;
    const mediaType = mediaTypeOf(accepted);
    if (mediaType === null) return notAcceptable(context);
    const contentType = ['content-type', mediaType] as const;
    try {
      const wanted = isStrict(context.clientHeaders?.prefer) ? { ...request, allOrNothing: true } : request;
      const { outcome, result, headers = [] } = await graph.answer(wanted, context);
      if (outcome === 'NOT_A_QUERY')
        return { status: 405, headers: [contentType, ['allow', 'POST']], result };
      if (outcome === 'RATE_LIMITED') {
        const seconds = Math.ceil(Number(result.errors?.[0]?.extensions?.retryAfterMs) / 1000);
        return { status: 429, headers: [contentType, ['retry-after', String(seconds)], ...headers], result };
      }
      // Without data nothing was executed: the document or its variables were wrong.
      const isExecuted = outcome === 'EXECUTED' && result.data !== undefined;
      const status = isExecuted || namesJson(accepted, mediaType) ? 200 : 400;
      return { status, headers: [contentType, ...headers], result };
    } catch (error) {
      return { status: 500, headers: [contentType], result: { errors: [mask(error, context, log)] } };
    }
  };
}

/** RFC 7240: without the right to one of the fields, the whole request is refused. */
const isStrict = (prefer: string | string[] | undefined): boolean =>
  prefer !== undefined && /(?:^|[,;\s])handling\s*=\s*"?strict"?(?:$|[,;\s])/i.test(String(prefer));

const notAcceptable = ({ locale, requestId }: RequestContext): Reply => ({
  status: 406,
  headers: [['content-type', JSON_TYPE]],
  result: {
    errors: [formatError(new GatewayError('BAD_REQUEST', { reason: NOT_ACCEPTABLE }), { locale, requestId })],
  },
});

const NOT_ACCEPTABLE: LocalizedText = {
  vi: 'Accept: cần application/json hoặc application/graphql-response+json.',
  en: 'Accept: expected application/json or application/graphql-response+json.',
};

/** The public form of an unexpected error, which is logged. */
export const mask = (
  error: unknown,
  { locale, requestId }: RequestContext,
  log: Log,
): GraphQLFormattedError =>
  formatError(error, {
    locale,
    requestId,
    onMasked: (err) => log.error({ requestId, err }, 'an error was masked'),
  });

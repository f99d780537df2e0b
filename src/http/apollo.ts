// The only file that knows Apollo Server. Apollo supplies the protocol: it reads POST bodies and GET query strings, prevents
// forged requests (CSRF), and refuses batches and persisted queries. It neither parses, validates nor executes: its document
// store returns a placeholder for every document, and a plugin supplies the response. See docs/decisions/0015.

import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  HeaderMap,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type FormattedExecutionResult, type GraphQLFormattedError, parse } from 'graphql';
import { GatewayError, isGatewayError, type LocalizedText } from '../errors.ts';
import type { GraphExecutor, GraphRequest } from '../graph/executor.ts';
import { formatError, formatProblem } from '../graph/format-error.ts';
import type { Log } from '../observe/log.ts';
import type { RequestContext } from '../request/context.ts';
import { exactVariablesOf, hasInvalidBytes } from './json-body.ts';
import { JSON_TYPE, mediaTypeOf, namesJson } from './media-type.ts';
import { type Documents, withNamedDocument } from './named-document.ts';
import { COST_HEADER, type ProtocolRequest, plainRequestOf } from './plain-request.ts';
import { protocolText } from './protocol-texts.ts';

export interface ProtocolAnswer {
  readonly status: number;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  /** `result` as JSON. */
  readonly body: string;
  readonly result: FormattedExecutionResult;
}

export interface Protocol {
  /** Reads the request, passes it to the graph, and returns status, headers and body of the answer. */
  readonly answer: (request: ProtocolRequest, context: RequestContext) => Promise<ProtocolAnswer>;
  readonly stop: () => Promise<void>;
}

/** What one request carries through Apollo, which copies the object around it. */
interface Exchange {
  readonly context: RequestContext;
  /** Variables of a query string with numbers that Apollo's parser would change. */
  readonly exactVariables: GraphRequest['variables'];
  /** Set once the graph has answered; unset where Apollo refused the request before. */
  result: FormattedExecutionResult | undefined;
}

interface ApolloContext {
  readonly exchange: Exchange;
}

/** All that Apollo looks at; it never sees credentials. */
const FORWARDED_HEADERS = [
  'content-type',
  'accept',
  'x-apollo-operation-name',
  'apollo-require-preflight',
  COST_HEADER,
];

/** Creates and starts Apollo Server in front of a graph. */
export async function createProtocol(
  graph: Pick<GraphExecutor, 'answer'>,
  log: Log,
  documents?: Documents,
): Promise<Protocol> {
  const reply = createReply(graph, log);
  const apollo = new ApolloServer<ApolloContext>({
    typeDefs: 'type Query { placeholder: Boolean }',
    documentStore: { get: async () => PLACEHOLDER, set: async () => {}, delete: async () => {} },
    logger: log,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [
      createAnswerPlugin(reply),
      // It wraps every field.
      ApolloServerPluginCacheControlDisabled(),
      // It loads from a CDN.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
    stringifyResult: (result) => JSON.stringify(result),
  });
  await apollo.start();

  return {
    answer: async (received, context) => {
      let request = received;
      if (documents !== undefined) {
        try {
          request = withNamedDocument(received, context, documents);
        } catch (error) {
          if (!isGatewayError(error)) throw error;
          return refuseDocument(error, received.headers.accept, context);
        }
      }
      const plain = plainRequestOf(request);
      if (plain !== undefined) {
        const { status, headers, result } = await reply(plain, request.headers.accept, context);
        return { status, headers, body: textOf(result), result };
      }
      const { method, headers, search, body } = request;
      if (method === 'GET' && hasInvalidBytes(search)) return notUtf8(context);
      const exchange: Exchange = {
        context,
        exactVariables: method === 'GET' ? exactVariablesOf(search) : undefined,
        result: undefined,
      };
      const answered = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method, headers: forward(headers), search, body },
        context: async () => ({ exchange }),
      });
      if (answered.body.kind !== 'complete') {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail: 'an answer in parts, which nothing here makes',
        });
      }
      const head = { status: answered.status ?? 200, headers: answered.headers };
      const text = answered.body.string;
      if (exchange.result !== undefined) return { ...head, body: text, result: exchange.result };
      const result = refusalOf(text, context, log);
      return { ...head, body: JSON.stringify(result), result };
    },
    stop: () => apollo.stop(),
  };
}

/** As Apollo orders the members. */
const textOf = ({ errors, data, extensions }: FormattedExecutionResult): string =>
  JSON.stringify({ errors, data, extensions });

/** What Apollo takes for the document of every request: a query, which any HTTP method may carry. */
const PLACEHOLDER = parse('{ placeholder }');

interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly result: FormattedExecutionResult;
}

/** Negotiates the media type, then lets the graph answer. */
type ReplyTo = (
  request: GraphRequest,
  accept: string | string[] | undefined,
  context: RequestContext,
) => Promise<Reply>;

function createReply(graph: Pick<GraphExecutor, 'answer'>, log: Log): ReplyTo {
  return async (request, accept, context) => {
    const accepted = typeof accept === 'string' ? accept : undefined;
    const mediaType = mediaTypeOf(accepted);
    if (mediaType === null) return notAcceptable(context);
    const contentType = ['content-type', mediaType] as const;
    try {
      const asked = isStrict(context.clientHeaders?.prefer) ? { ...request, allOrNothing: true } : request;
      const { outcome, result, headers = [] } = await graph.answer(asked, context);
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

/** RFC 7240: the client wants all of an answer or none of it, where it may not ask some of the fields. */
const isStrict = (prefer: string | string[] | undefined): boolean =>
  prefer !== undefined && /(?:^|[,;\s])handling\s*=\s*"?strict"?(?:$|[,;\s])/i.test(String(prefer));

/** Supplies the response in place of Apollo's own execution. */
function createAnswerPlugin(reply: ReplyTo): ApolloServerPlugin<ApolloContext> {
  const listener: GraphQLRequestListener<ApolloContext> = {
    responseForOperation: async ({ source, queryHash, request, contextValue: { exchange } }) => {
      const { status, headers, result } = await reply(
        {
          text: source,
          digest: queryHash,
          operationName: request.operationName,
          variables: exchange.exactVariables ?? request.variables,
          showsCost: request.extensions?.cost === true || request.http?.headers.get(COST_HEADER) === 'true',
          queriesOnly: request.http?.method === 'GET',
        },
        request.http?.headers.get('accept'),
        exchange.context,
      );
      exchange.result = result;
      return {
        http: { status, headers: new HeaderMap(headers) },
        body: { kind: 'single', singleResult: result },
      };
    },
  };

  return { requestDidStart: async () => listener };
}

function refuseDocument(
  error: GatewayError,
  accept: string | string[] | undefined,
  context: RequestContext,
): ProtocolAnswer {
  const accepted = typeof accept === 'string' ? accept : undefined;
  const mediaType = mediaTypeOf(accepted) ?? JSON_TYPE;
  const result = { errors: [formatError(error, context)] };
  const status = namesJson(accepted, mediaType) ? 200 : 400;
  return { status, headers: [['content-type', mediaType]], body: JSON.stringify(result), result };
}

/** Refused before Apollo reads the query string, which would replace the bytes. */
function notUtf8({ locale, requestId }: RequestContext): ProtocolAnswer {
  const error = new GatewayError('BAD_REQUEST', { reason: NOT_UTF8 });
  const result = { errors: [formatError(error, { locale, requestId })] };
  const headers = [['content-type', JSON_TYPE]] as const;
  return { status: 400, headers, body: JSON.stringify(result), result };
}

const NOT_UTF8: LocalizedText = {
  vi: 'Chuỗi truy vấn của URL phải là UTF-8.',
  en: 'The query string of the URL must be UTF-8.',
};

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

const mask = (error: unknown, { locale, requestId }: RequestContext, log: Log): GraphQLFormattedError =>
  formatError(error, {
    locale,
    requestId,
    onMasked: (err) => log.error({ requestId, err }, 'an error was masked'),
  });

/** The public form of a request that Apollo refused before the graph was asked; `text` is Apollo's own answer. */
function refusalOf(text: string, context: RequestContext, log: Log): FormattedExecutionResult {
  const { errors = [] } = JSON.parse(text) as FormattedExecutionResult;
  return {
    errors: errors.map(({ message, extensions }) =>
      PROTOCOL_CODES.has(extensions?.code)
        ? formatProblem({ code: 'BAD_REQUEST', text: protocolText(message) }, context)
        : mask(
            new GatewayError('INTERNAL_SERVER_ERROR', { detail: `Apollo Server: ${message}` }),
            context,
            log,
          ),
    ),
  };
}

/** Apollo's codes for requests that it refuses. Clients fall back from persisted queries by the message of the second. */
const PROTOCOL_CODES: ReadonlySet<unknown> = new Set(['BAD_REQUEST', 'PERSISTED_QUERY_NOT_SUPPORTED']);

function forward(headers: ProtocolRequest['headers']): HeaderMap {
  const forwarded = new HeaderMap();
  for (const name of FORWARDED_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') forwarded.set(name, value);
  }
  // A page of another origin cannot send a token without a preflight: such a request is not forged.
  if (headers.authorization !== undefined) forwarded.set('apollo-require-preflight', 'true');
  return forwarded;
}

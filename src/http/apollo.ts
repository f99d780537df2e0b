// Apollo Server, for the requests that are not plain. It reads POST bodies and GET query strings, prevents forged requests (CSRF), and
// refuses batches and persisted queries. It neither parses, validates nor executes: its document store returns a placeholder for every
// document, and a plugin supplies the response. No other file imports it. See docs/decisions/0015.

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
import { type FormattedExecutionResult, parse } from 'graphql';
import { GatewayError, type LocalizedText } from '../errors.ts';
import type { GraphRequest } from '../graph/executor.ts';
import { formatError, formatProblem } from '../graph/format-error.ts';
import type { Log } from '../observe/log.ts';
import type { RequestContext } from '../request/context.ts';
import { exactVariablesOf, hasInvalidBytes } from './json-body.ts';
import { JSON_TYPE } from './media-type.ts';
import { COST_HEADER } from './plain-request.ts';
import type { Protocol, ProtocolAnswer, ProtocolRequest } from './protocol-contract.ts';
import { protocolText } from './protocol-texts.ts';
import { mask, type ReplyTo } from './reply.ts';

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

/** Creates and starts Apollo Server. */
export async function createApollo(reply: ReplyTo, log: Log): Promise<Protocol> {
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
    answer: async (request, context) => {
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

/** What Apollo takes for the document of every request: a query, which any HTTP method may carry. */
const PLACEHOLDER = parse('{ placeholder }');

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

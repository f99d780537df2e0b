// Between HTTP and execution: Apollo Server reads, parses and validates; the gateway's own executor runs. Made by
// `server.ts`. Guarantees that nothing is reported anywhere, that no plugin touches fields, and that errors come out
// either public already or still whole, to be put into the request's language by the route.

import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isPublicError } from '../graph/format-error.ts';
import type { Log } from '../observe/log.ts';
import type { RequestContext } from '../request/context.ts';

export type Apollo = ApolloServer<RequestContext>;

/** A GraphQL result as it leaves Apollo: errors not yet public stand in a wrapper. */
export interface UnsentResult {
  readonly data?: unknown;
  readonly errors?: readonly (GraphQLFormattedError | WithheldError)[];
  readonly extensions?: Record<string, unknown>;
}

/** An error that Apollo, or a stranger, made: only the route knows the language and the request id. */
export interface WithheldError {
  readonly withheld: unknown;
}

export const isWithheld = (error: GraphQLFormattedError | WithheldError): error is WithheldError =>
  'withheld' in error;

// Bounds the parser's work and depth; the longest documented operation has under 300.
const MAX_TOKENS = 5000;

/** Creates and starts Apollo Server over a gateway. */
export async function createApollo(gateway: GatewayInterface, log: Log): Promise<Apollo> {
  const apollo = new ApolloServer<RequestContext>({
    gateway: noteOperations(gateway),
    logger: log,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    stopOnTerminationSignals: false,
    maxRecursiveSelections: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    // `documentStore` is left at its default: one bounded store (30 MiB) per schema, dropped when the schema is swapped.
    plugins: [
      // It wraps every field: 13 to 15 % of the page query.
      ApolloServerPluginCacheControlDisabled(),
      // It loads from a CDN.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
    // Apollo knows neither language nor request here, so errors are carried through.
    formatError: (_formatted, error) =>
      isPublicError(error) ? error : ({ withheld: error } as unknown as GraphQLFormattedError),
    // The result itself goes on, not a text: the route finishes the errors, reads the outcome, and writes it once.
    stringifyResult: (result) => result as unknown as string,
  });
  await apollo.start();
  return apollo;
}

/** The same gateway, whose executor notes which operation runs, for the log line and the metrics. */
const noteOperations = (gateway: GatewayInterface): GatewayInterface => ({
  onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
  stop: () => gateway.stop(),
  load: async (options) => {
    const { executor } = await gateway.load(options);
    return { executor: executor && noting(executor) };
  },
});

const noting =
  (executor: GatewayExecutor): GatewayExecutor =>
  (requestContext) => {
    const { operation } = requestContext;
    // Apollo's type says that it is there; it is not when the document holds no such operation.
    if (operation === undefined)
      return Promise.resolve({ errors: [unknownOperation(requestContext.request)] });
    const note = (requestContext.context as RequestContext).operation;
    note.name = requestContext.operationName;
    note.type = operation.operation;
    return executor(requestContext);
  };

const unknownOperation = ({ operationName }: { operationName?: string }): GraphQLError =>
  new GraphQLError(
    operationName
      ? `Unknown operation named "${operationName.slice(0, 100)}".`
      : 'Must provide operation name if query contains multiple operations.',
  );

// The last step of the answer's way: the only place where an error becomes public text. Called by the executor for each
// failure, and by `http/` for what fails before execution. Guarantees that only these leave the house: the texts of the
// table in `errors.ts`, declared reasons and extensions, and what graphql-js says about the client's own document.

import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql';
import {
  type BreakerState,
  ERRORS,
  type ErrorCode,
  type GatewayError,
  isGatewayError,
  type Locale,
  retryAfterMsOf,
} from '../errors.ts';
import type { DocumentProblem } from './document-problem.ts';

export interface FormatErrorOptions {
  /** Language of the text. */
  readonly locale: Locale;
  readonly requestId: string;
  /** Path in the answer, where the error does not carry one. */
  readonly path?: readonly (string | number)[] | undefined;
  /** State of a connector's breaker, for failures that the guard did not see, e.g. of a mapping. */
  readonly breakerOf?: ((connector: string) => BreakerState | undefined) | undefined;
  /** Called with each error whose text was withheld, so that it can be logged. */
  readonly onMasked?: ((error: unknown) => void) | undefined;
}

/**
 * The public form of any error:
 * `{ message, locations?, path?, extensions: { code, fault, retryable, requestId, connector?, operation?, retryAfterMs?, breaker?, …declared } }`.
 * Never throws.
 */
export function formatError(error: unknown, options: FormatErrorOptions): GraphQLFormattedError {
  const root = rootOf(error);
  if (isGatewayError(root)) {
    const { text } = ERRORS[root.code];
    const message = root.reason ? `${text[options.locale]} ${root.reason}` : text[options.locale];
    if (ERRORS[root.code].defect) options.onMasked?.(error);
    return publish(error, message, extensionsOf(root, options), options);
  }
  const own = aboutTheDocument(error, root, options.locale);
  if (own) return publish(error, own.message, plainExtensions(own.code, options), options);
  options.onMasked?.(error);
  const code = 'INTERNAL_SERVER_ERROR';
  return publish(error, ERRORS[code].text[options.locale], plainExtensions(code, options), options);
}

/** The public form of why a document is not executed. */
export function formatProblem(problem: DocumentProblem, options: FormatErrorOptions): GraphQLFormattedError {
  const { code, text, locations } = problem;
  return {
    message: text[options.locale],
    ...(locations?.length ? { locations } : {}),
    extensions: plainExtensions(code, options),
  };
}

/** The original error: below any number of GraphQLErrors that only add a position. */
export function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 8 && root instanceof GraphQLError && root.originalError; depth++) {
    root = root.originalError;
  }
  return root;
}

function publish(
  error: unknown,
  message: string,
  extensions: GraphQLErrorExtensions,
  options: FormatErrorOptions,
): GraphQLFormattedError {
  const located = error instanceof GraphQLError ? error : undefined;
  const path = located?.path ?? options.path;
  return {
    message,
    ...(located?.locations?.length ? { locations: located.locations } : {}),
    ...(path ? { path } : {}),
    extensions,
  };
}

function extensionsOf(
  error: GatewayError,
  { requestId, breakerOf }: FormatErrorOptions,
): GraphQLErrorExtensions {
  // Declared additions come first, so that none of them can replace what the gateway says.
  const extensions: GraphQLErrorExtensions = { ...error.extensions, code: error.code };
  if (error.connector !== undefined) extensions.connector = error.connector;
  if (error.operation !== undefined) extensions.operation = error.operation;
  extensions.fault = error.fault;
  extensions.retryable = error.retryable;
  const retryAfterMs = retryAfterMsOf(error);
  if (retryAfterMs !== undefined) extensions.retryAfterMs = retryAfterMs;
  const breaker = error.breaker ?? (error.connector === undefined ? undefined : breakerOf?.(error.connector));
  if (breaker !== undefined) extensions.breaker = breaker;
  extensions.requestId = requestId;
  return extensions;
}

const plainExtensions = (code: ErrorCode, { requestId }: FormatErrorOptions): GraphQLErrorExtensions => ({
  code,
  fault: ERRORS[code].fault,
  retryable: ERRORS[code].retryable,
  requestId,
});

interface OwnText {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Codes that the server library gives to errors about the client's own request. */
const documentCodes: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  OPERATION_RESOLUTION_FAILURE: 'OPERATION_RESOLUTION_FAILURE',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_REQUEST',
  // Clients fall back to the whole document by this message.
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
};

/** How graphql-js begins what carries no code yet. */
const documentTexts: readonly (readonly [string, ErrorCode])[] = [
  ['Syntax Error', 'GRAPHQL_PARSE_FAILED'],
  ['Variable "$', 'BAD_USER_INPUT'],
  // Of a condition such as @include at the root; an argument of a field has a path.
  ['Argument "', 'BAD_USER_INPUT'],
  ['Too many errors processing variables', 'BAD_USER_INPUT'],
  ['Unknown operation named', 'OPERATION_RESOLUTION_FAILURE'],
  ['Must provide an operation', 'OPERATION_RESOLUTION_FAILURE'],
  ['Must provide operation name', 'OPERATION_RESOLUTION_FAILURE'],
];

/** What may be said of an error that is not ours: only when graphql-js made it, about the client's own document. */
function aboutTheDocument(error: unknown, root: unknown, _locale: Locale): OwnText | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  // A path means that it came up in execution, where resolvers may throw anything.
  if (error.path)
    return isArgumentCoercion(root) ? { code: 'BAD_USER_INPUT', message: root.message } : undefined;
  const code = documentCode(error);
  if (!code) return undefined;
  const message = error.message.trimEnd();
  if (root instanceof GraphQLError) return { code, message };
  // A scalar's own code threw it: everything up to its text is graphql-js's.
  const subject = /^Variable "\$\w{1,64}"/.exec(message)?.[0];
  return subject
    ? { code, message: `${subject} has an invalid value.` }
    : { code, message: ERRORS[code].text.en };
}

function documentCode(error: GraphQLError): ErrorCode | undefined {
  const given = error.extensions?.code;
  if (typeof given === 'string')
    return Object.hasOwn(documentCodes, given) ? documentCodes[given] : undefined;
  const known = documentTexts.find(([start]) => error.message.startsWith(start));
  if (known) return known[1];
  // Validation errors point at the document and stand for nothing else.
  return error.nodes?.length && !error.originalError ? 'GRAPHQL_VALIDATION_FAILED' : undefined;
}

/** graphql-js's own word about an argument: it names the node of the document, which no resolver's error does. */
const isArgumentCoercion = (root: unknown): root is GraphQLError =>
  root instanceof GraphQLError &&
  root.message.startsWith('Argument "') &&
  root.nodes?.length === 1 &&
  root.originalError === undefined;

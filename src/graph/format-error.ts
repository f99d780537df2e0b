// The only place where an error becomes public text. Only these texts leave the gateway: those of the table of error codes,
// reasons and extensions that are declared to be safe, and texts about the client's own document and variables.

import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql';
import {
  type BreakerState,
  ERRORS,
  type ErrorCode,
  type GatewayError,
  isGatewayError,
  type Locale,
  type LocalizedText,
  retryAfterMsOf,
} from '../errors.ts';
import type { DocumentProblem } from './document-problem.ts';
import { graphqlText } from './graphql-texts.ts';

export interface FormatErrorOptions {
  /** Language of the text. */
  readonly locale: Locale;
  readonly requestId: string;
  /** Whether texts may suggest names of the schema. Default: no. */
  readonly suggests?: boolean | undefined;
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
  const { code, text, extensions } = publicPartsOf(error, options);
  const located = error instanceof GraphQLError ? error : undefined;
  const path = located?.path ?? options.path;
  return {
    message: text[options.locale],
    ...(located?.locations?.length ? { locations: located.locations } : {}),
    ...(path ? { path } : {}),
    extensions: extensions ?? plainExtensions(code, options),
  };
}

interface PublicParts {
  readonly code: ErrorCode;
  readonly text: LocalizedText;
  readonly extensions?: GraphQLErrorExtensions;
}

function publicPartsOf(error: unknown, options: FormatErrorOptions): PublicParts {
  const input = error instanceof GraphQLError ? inputText(error, options.suggests === true) : undefined;
  if (input !== undefined) return { code: 'BAD_USER_INPUT', text: input };
  const root = rootOf(error);
  if (isGatewayError(root)) {
    if (ERRORS[root.code].defect) options.onMasked?.(error);
    return { code: root.code, text: textOf(root), extensions: extensionsOf(root, options) };
  }
  options.onMasked?.(error);
  return { code: 'INTERNAL_SERVER_ERROR', text: ERRORS.INTERNAL_SERVER_ERROR.text };
}

function textOf({ code, reason }: GatewayError): LocalizedText {
  const { text } = ERRORS[code];
  return reason === undefined ? text : { vi: `${text.vi} ${reason.vi}`, en: `${text.en} ${reason.en}` };
}

/** The public form of why a document is not executed. */
export function formatProblem(problem: DocumentProblem, options: FormatErrorOptions): GraphQLFormattedError {
  const { code, locations, extensions } = problem;
  const text = (options.suggests && problem.suggestion) || problem.text;
  return {
    message: text[options.locale],
    ...(locations?.length ? { locations } : {}),
    extensions: { ...extensions, ...plainExtensions(code, options) },
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

function extensionsOf(
  error: GatewayError,
  { requestId, breakerOf }: FormatErrorOptions,
): GraphQLErrorExtensions {
  // Declared additions come first, so that they cannot replace the gateway's own.
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

/**
 * The text of an error that graphql-js reports about the values of a request; undefined for other errors. Such errors name a
 * node of the document, which errors of resolvers do not.
 */
function inputText(error: GraphQLError, suggests: boolean): LocalizedText | undefined {
  const { message } = error;
  // Variables, and arguments of a condition at the root: nothing was executed, so nothing but graphql-js reports.
  if (error.path === undefined) {
    const isInput =
      error.nodes?.length === 1
        ? message.startsWith('Variable "$') || message.startsWith('Argument "')
        : message.startsWith('Too many errors processing variables');
    return isInput ? (graphqlText(error, suggests) ?? ERRORS.BAD_USER_INPUT.text) : undefined;
  }
  const root = rootOf(error);
  return isArgumentCoercion(root) ? (graphqlText(root, suggests) ?? ERRORS.BAD_USER_INPUT.text) : undefined;
}

const isArgumentCoercion = (root: unknown): root is GraphQLError =>
  root instanceof GraphQLError &&
  root.message.startsWith('Argument "') &&
  root.nodes?.length === 1 &&
  root.originalError === undefined;

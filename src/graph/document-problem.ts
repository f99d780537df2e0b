// Why a document is not executed, as data that does not depend on a request: the code, the text in both languages and
// the places in the document. Holds no node of the document, so that a kept refusal stays small.

import { GraphQLError, type SourceLocation } from 'graphql';
import { ERRORS, type ErrorCode, type LocalizedText } from '../errors.ts';

export interface DocumentProblem {
  readonly code: ErrorCode;
  /** The whole public text. */
  readonly text: LocalizedText;
  readonly locations?: readonly SourceLocation[] | undefined;
}

/** Longest text taken from graphql-js: it may quote names and values of the document, which may be of any length. */
const MAX_TEXT = 1_000;

/** An error that parsing or validation reported. */
export function problemOf(error: GraphQLError, code: ErrorCode): DocumentProblem {
  const { locations, originalError } = error;
  // The code of a scalar may throw anything while it reads a literal; only graphql-js's own texts are public.
  const isOwnText = originalError === undefined || originalError instanceof GraphQLError;
  const text = isOwnText ? shorten(error.message) : undefined;
  return {
    code,
    text: text === undefined ? ERRORS[code].text : { vi: text, en: text },
    locations: locations?.slice(0, MAX_LOCATIONS),
  };
}

/** Validation points at every place of a repeated name. */
const MAX_LOCATIONS = 20;

const shorten = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`);

/** A document that exceeds a limit. `reason` names the limit. */
export const tooCostly = (reason: LocalizedText, locations?: readonly SourceLocation[]): DocumentProblem => ({
  code: 'QUERY_TOO_COSTLY',
  text: {
    vi: `${ERRORS.QUERY_TOO_COSTLY.text.vi} ${reason.vi}`,
    en: `${ERRORS.QUERY_TOO_COSTLY.text.en} ${reason.en}`,
  },
  locations,
});

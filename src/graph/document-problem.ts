// Why a document is not executed, as data that does not depend on a request: the code, the text in both languages and
// the places in the document. Holds no node of the document, so that a kept refusal stays small.

import type { GraphQLError, SourceLocation } from 'graphql';
import { ERRORS, type ErrorCode, type LocalizedText } from '../errors.ts';
import { graphqlText } from './graphql-texts.ts';

export interface DocumentProblem {
  readonly code: ErrorCode;
  /** The whole public text. */
  readonly text: LocalizedText;
  /** The same with names of the schema that may have been meant; absent where there are none. */
  readonly suggestion?: LocalizedText | undefined;
  readonly locations?: readonly SourceLocation[] | undefined;
  /** Additions to the public `extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Validation reports every place of a repeated name. */
const MAX_LOCATIONS = 20;

/** An error that parsing or validation reported. */
export function problemOf(error: GraphQLError, code: ErrorCode): DocumentProblem {
  const text = graphqlText(error, false) ?? ERRORS[code].text;
  const suggestion = graphqlText(error, true);
  return {
    code,
    text,
    suggestion: suggestion?.en === text.en ? undefined : suggestion,
    locations: error.locations?.slice(0, MAX_LOCATIONS),
  };
}

/** A document that exceeds a limit. `reason` names the limit. */
export const tooCostly = (
  reason: LocalizedText,
  locations?: readonly SourceLocation[],
  extensions?: DocumentProblem['extensions'],
): DocumentProblem => ({
  code: 'QUERY_TOO_COSTLY',
  text: {
    vi: `${ERRORS.QUERY_TOO_COSTLY.text.vi} ${reason.vi}`,
    en: `${ERRORS.QUERY_TOO_COSTLY.text.en} ${reason.en}`,
  },
  locations,
  extensions,
});

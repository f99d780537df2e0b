// What graphql-js reports about a client's document and variables, as public text in both languages. A message without a row in
// `graphql-text-rows.ts` has no public text.

import { GraphQLError } from 'graphql';
import { isGatewayError, type LocalizedText } from '../errors.ts';
import { INPUT_ROWS, SYNTAX_ROWS, type TextRow } from './graphql-text-rows.ts';

/**
 * The public text of an error that graphql-js reports; undefined where it has none.
 * @param suggests adds names of the schema that resemble a wrong one: for callers who may read the schema
 */
export function graphqlText(error: GraphQLError, suggests: boolean): LocalizedText | undefined {
  const { originalError: cause, message } = error;
  // A scalar refused the value.
  if (isGatewayError(cause)) return cause.reason;
  if (cause instanceof GraphQLError && message.startsWith('Variable "$'))
    return variableText(error, cause, suggests);
  // The code of a scalar threw something else, which is not public.
  if (cause !== undefined && !(cause instanceof GraphQLError)) return undefined;
  return message.startsWith(SYNTAX_ERROR) ? syntaxText(message) : messageText(message, INPUT_ROWS, suggests);
}

/** `Variable "$name" got invalid value <value> at "name.path"; <why>`, without the value. */
function variableText({ message }: GraphQLError, cause: GraphQLError, suggests: boolean): LocalizedText {
  const name = /^Variable "(\$\w+)"/.exec(message)?.[1] ?? '$';
  const beforeWhy = message.slice(0, message.length - cause.message.length - 2);
  const path = / at "([^"]+)"$/.exec(beforeWhy)?.[1];
  const why = graphqlText(cause, suggests);
  return {
    vi: `Biến "${name}" có giá trị không hợp lệ${path === undefined ? '' : ` tại "${path}"`}${why === undefined ? '.' : `: ${why.vi}`}`,
    en: `Variable "${name}" has an invalid value${path === undefined ? '' : ` at "${path}"`}${why === undefined ? '.' : `: ${why.en}`}`,
  };
}

const SYNTAX_ERROR = 'Syntax Error: ';

function syntaxText(message: string): LocalizedText | undefined {
  const withoutValues = message
    .slice(SYNTAX_ERROR.length)
    .replace(/\b(String|BlockString|Int|Float) ".*"/s, '$1');
  const text = messageText(withoutValues, SYNTAX_ROWS, false);
  return text && { vi: `Sai cú pháp: ${text.vi}`, en: `${SYNTAX_ERROR}${text.en}` };
}

const SUGGESTION =
  /^(.*\.) Did you mean (?:to use an inline fragment on |the enum value )?((?:"[^"]*"(?:, or |, | or )?)+)\?$/s;

function messageText(
  message: string,
  rows: readonly TextRow[],
  suggests: boolean,
): LocalizedText | undefined {
  const [, start = message, suggestions] = SUGGESTION.exec(message) ?? [];
  for (const { pattern, vi, en } of rows) {
    if (!pattern.test(start)) continue;
    const text = {
      vi: shorten(start.replace(pattern, vi)),
      en: shorten(en === undefined ? start : start.replace(pattern, en)),
    };
    if (suggestions === undefined || !suggests) return text;
    return {
      vi: `${text.vi} Có phải ${suggestions.replace(/,? or /, ' hoặc ')}?`,
      en: `${text.en}${message.slice(start.length)}`,
    };
  }
  return undefined;
}

/** Keys of a variable's objects are names of any length. */
const MAX_TEXT = 1_000;

const shorten = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`);

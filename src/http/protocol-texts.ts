// The refusals of Apollo Server in both languages. English is Apollo's own text, without the line breaks.

import { ERRORS, type LocalizedText } from '../errors.ts';

const ROWS: readonly (readonly [pattern: RegExp, vi: string])[] = [
  [
    /^This operation has been blocked as a potential Cross-Site Request Forgery/,
    'Yêu cầu bị chặn vì có thể do trang khác giả mạo (CSRF). Hãy gửi content-type application/json, hoặc header apollo-require-preflight.',
  ],
  [/^POST body missing/, 'Thiếu nội dung POST: cần một đối tượng JSON, content-type application/json.'],
  [/^GraphQL queries must be strings\./, 'query: phải là chuỗi.'],
  [/^GraphQL operations must contain a non-empty `query`/, 'Thiếu query.'],
  [/^`(variables|extensions)` in a POST body (?:should|must) be/, '$1: phải là đối tượng JSON.'],
  [/^`operationName` in a POST body must be a string/, 'operationName: phải là chuỗi.'],
  [/^The '?(\w+)'? search parameter may only be specified once/, '$1: chỉ được có một lần trong địa chỉ.'],
  [/^The (\w+) search parameter contains invalid JSON/, '$1: không phải JSON hợp lệ.'],
  [/^The (\w+) search parameter should contain a JSON-encoded object/, '$1: phải là đối tượng JSON.'],
  [
    /^GET requests may not have a content-type header/,
    'Với GET, content-type chỉ có thể là application/json.',
  ],
  [/^Operation batching disabled\./, 'Mỗi yêu cầu chỉ gồm một thao tác.'],
];

/** Clients recognise it and send the whole document instead. */
const PERSISTED_QUERY_NOT_SUPPORTED = 'PersistedQueryNotSupported';

/** The public text of a refusal; that of BAD_REQUEST where it is not known. */
export function protocolText(message: string): LocalizedText {
  if (message === PERSISTED_QUERY_NOT_SUPPORTED) return { vi: message, en: message };
  for (const [pattern, vi] of ROWS) {
    const match = pattern.exec(message);
    if (match !== null) return { vi: vi.replace('$1', match[1] ?? ''), en: message.trim() };
  }
  return ERRORS.BAD_REQUEST.text;
}

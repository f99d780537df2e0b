// Reads JSON bodies with the numbers that a double cannot hold. Fastify's own parser decides what is refused, so that its
// protection against `__proto__` and its errors stay in force.

import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isExactNumber, mayHoldExactNumbers, parseJsonExact } from '../exact-number.ts';

/** Replaces Fastify's parser of `application/json`. */
export function addExactJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    // Decoding would replace such bytes by U+FFFD, and another value would be asked for.
    if (!isUtf8(bytes as Buffer)) {
      done(Object.assign(new Error('the body is not UTF-8'), { statusCode: 400 }));
      return;
    }
    const text = withoutMark(bytes.toString('utf8'));
    parse(request, text, (error, plain) => {
      if (error) done(error);
      else done(null, mayHoldExactNumbers(text) ? withExactVariables(plain, parseJsonExact(text)) : plain);
    });
  });
}

const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** Only variables have exact numbers: the protocol reads everything else, and would take such a number for an object. */
function withExactVariables(plain: unknown, exact: unknown): unknown {
  if (!isRecord(plain) || !isRecord(exact)) return plain;
  return isRecord(exact.variables) ? { ...plain, variables: exact.variables } : plain;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/**
 * The variables of a query string with exact numbers; `undefined` where the parameter has none, so that the protocol's own
 * reading holds.
 */
export function exactVariablesOf(search: string): Record<string, unknown> | undefined {
  if (!/[0-9]{16}|[eE]|\./.test(search)) return undefined;
  const text = new URLSearchParams(search).get('variables');
  if (text === null || !mayHoldExactNumbers(text)) return undefined;
  try {
    const parsed = parseJsonExact(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    // The protocol refuses it.
    return undefined;
  }
}

/** True where percent-encoded bytes are not UTF-8: they would be read as U+FFFD. */
export const hasInvalidBytes = (search: string): boolean =>
  search.match(/(?:%[0-9a-f]{2})+/gi)?.some((run) => !isUtf8(Buffer.from(run.replaceAll('%', ''), 'hex'))) ??
  false;

// The log: JSON lines on stderr, by pino. Guarantees that every line passes `redact`, that control characters are escaped, and that
// a logged error contains no text of an upstream.

import { type DestinationStream, type Logger, levels, pino, stdTimeFunctions, symbols } from 'pino';
import { ERRORS, type GatewayError, isGatewayError, type LogLevel } from '../errors.ts';
import { printableText } from '../printable.ts';
import { createLineBuffer } from './line-buffer.ts';
import { redact } from './redact.ts';

export type Log = Logger;

export interface LogOptions {
  /** Default: `info`. */
  readonly level?: LogLevel | 'silent' | undefined;
  /** Receives each line with its line break. Default: stderr, the lines of a turn of the event loop together. */
  readonly write?: ((line: string) => void) | undefined;
}

const gatewayErrorFields = (error: GatewayError) => ({
  code: error.code,
  connector: error.connector,
  operation: error.operation,
  fault: error.fault,
});

/** The logged fields of an error. A defect of the gateway, or an error that is not a GatewayError, is logged with its stack. */
export function errorFields(thrown: unknown, depth = 0): Record<string, unknown> {
  const error = unwrapLocated(thrown);
  if (!(error instanceof Error)) return { message: `a value of type ${typeof error} was thrown` };
  const own = isGatewayError(error);
  return {
    type: error.name,
    ...(own ? gatewayErrorFields(error) : {}),
    message: own ? error.message : messageOf(error),
    ...(own && !ERRORS[error.code].defect ? {} : { stack: frames(error) }),
    ...(error.cause !== undefined && depth < 3 ? { cause: errorFields(error.cause, depth + 1) } : {}),
  };
}

/** The error that a GraphQLError wraps to add its place in the document. */
function unwrapLocated(error: unknown): unknown {
  const original = error instanceof Error ? (error as { originalError?: unknown }).originalError : undefined;
  return original instanceof Error ? unwrapLocated(original) : error;
}

/** A system error is its call and its code: the rest of its message is an address, a host or a path. */
function messageOf(error: Error): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && typeof syscall === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code))
    return `${syscall.slice(0, 40)} ${code}`;
  return withoutValues(error.message.slice(0, 500));
}

/**
 * Messages of libraries quote values, texts of systems and addresses. Removes all quoted texts but names of properties, words with
 * letters outside ASCII, URLs and addresses.
 */
const withoutValues = (message: string): string =>
  message
    .replaceAll(/\b[a-z][a-z0-9+.-]{0,40}:\/\/[^\s"']+/gi, '[url]')
    .replaceAll(/(?<!\b(?:reading|setting) )(?:"[^"]*(?:"|$)|(?<!\w)'[^']*(?:'|$)|`[^`]*(?:`|$))/g, '[text]')
    .replaceAll(/(\b(?:reading|setting) )'(?!\w{1,40}')[^']*(?:'|$)/g, '$1[text]')
    .replaceAll(/[\p{L}\p{M}]*[^\p{ASCII}\s][\p{L}\p{M}]*/gu, '[text]')
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '[address]');

/** The stack frames without the message. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .map((line) => line.trim());

/** Was the value made by `errorFields`? */
const isFields = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(value instanceof Error);

export function createLog(options: LogOptions = {}): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      // Epoch milliseconds: formatting ISO 8601 costs more than the rest of a line.
      timestamp: stdTimeFunctions.epochTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => (isFields(error) ? error : errorFields(error)) },
    },
    createDestination(options.write),
  );
}

/** Where pino writes; it sets `lastLevel` before each line. */
function createDestination(write: LogOptions['write']): DestinationStream {
  if (write !== undefined) return { write: (line) => write(safeLine(line)) };
  const lines = createLineBuffer((text) => void process.stderr.write(text));
  const destination = {
    [symbols.needsMetadataGsym]: true as const,
    lastLevel: levels.values.info as number,
    write: (line: string) =>
      lines.add(safeLine(line), destination.lastLevel >= (levels.values.warn as number)),
  };
  return destination as unknown as DestinationStream;
}

/** JSON of pino has no control characters but DEL: only a line with it, or with characters outside ASCII, is searched. */
function safeLine(line: string): string {
  const redacted = redact(line);
  const isPrintable = Buffer.byteLength(redacted) === redacted.length && !redacted.includes('\x7f');
  return isPrintable ? redacted : printableText(redacted);
}

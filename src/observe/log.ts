// The log: JSON lines by pino on stderr, without personal data. Made once by `gateway.ts` or `main.ts`, given to all.
// Guarantees that every line passes `redact`, and that an error is written without what an upstream said.

import { type Logger, pino, stdTimeFunctions } from 'pino';
import { ERRORS, type GatewayError, isGatewayError, type LogLevel } from '../errors.ts';
import { redact } from './redact.ts';

export type Log = Logger;

export interface LogOptions {
  /** Default: `info`. */
  readonly level?: LogLevel | 'silent' | undefined;
  /** Where the lines go; each ends in a line break. Default: stderr. */
  readonly write?: ((line: string) => void) | undefined;
}

const gatewayErrorFields = (error: GatewayError) => ({
  code: error.code,
  connector: error.connector,
  operation: error.operation,
  fault: error.fault,
});

/** What the log keeps of an error: the gateway's own say what was found; of a stranger's, also where it came from. */
export function errorFields(thrown: unknown, depth = 0): Record<string, unknown> {
  const error = withoutPlace(thrown);
  if (!(error instanceof Error)) return { message: `a value of type ${typeof error} was thrown` };
  const own = isGatewayError(error);
  return {
    type: error.name,
    ...(own ? gatewayErrorFields(error) : {}),
    message: own ? error.message : withoutAddresses(error.message.slice(0, 500)),
    ...(own && !ERRORS[error.code].defect ? {} : { stack: frames(error) }),
    ...(error.cause !== undefined && depth < 3 ? { cause: errorFields(error.cause, depth + 1) } : {}),
  };
}

/** A GraphQLError that only adds a place in the document stands for the error below it. */
function withoutPlace(error: unknown): unknown {
  const original = error instanceof Error ? (error as { originalError?: unknown }).originalError : undefined;
  return original instanceof Error ? withoutPlace(original) : error;
}

/** A library's message may name the system it talked to. */
const withoutAddresses = (message: string): string =>
  message
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"']+/gi, '[url]')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '[address]');

/** The stack without its first lines, which repeat the message. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .map((line) => line.trim());

/** What `errorFields` made already. */
const isFields = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(value instanceof Error);

/** Creates the log. */
export function createLog(options: LogOptions = {}): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      // Epoch milliseconds: writing ISO 8601 costs more than the rest of a line.
      timestamp: stdTimeFunctions.epochTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => (isFields(error) ? error : errorFields(error)) },
    },
    { write: (line: string) => write(redact(line)) },
  );
}

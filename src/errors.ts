// The one error class. Every folder throws `GatewayError`; only `graph/format-error.ts` turns one into public text.
import { ERRORS, type ErrorCode, type Fault, type LocalizedText } from './error-codes.ts';

export * from './error-codes.ts';

/** State of a circuit breaker as clients and operators see it. */
export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

export interface GatewayErrorOptions {
  /** For logs only: what was found and expected. Never upstream text, never personal data, never a secret. */
  readonly detail?: string | undefined;
  readonly connector?: string | undefined;
  readonly operation?: string | undefined;
  /** Overrides the fault of the code, e.g. BUS for an X-Road error header. */
  readonly fault?: Fault | undefined;
  /** Overrides `retryable` of the code: `false` where sending the same request again could do harm. */
  readonly retryable?: boolean | undefined;
  /** Overrides `outcomeUnknown` of the code: `false` where the source certainly did not process the request. */
  readonly outcomeUnknown?: boolean | undefined;
  /** Milliseconds from now after which a retry makes sense. Unset: clients receive a default, see `retryAfterMsOf`. */
  readonly retryAfterMs?: number | undefined;
  readonly breaker?: BreakerState | undefined;
  /** A reason that is safe to show: a text of our own, or a connector's declared `errors.message`, which has one language. */
  readonly reason?: LocalizedText | string | undefined;
  /** Safe, declared additions to the public `extensions` (a connector's `errors.extensions`, an HTTP status). */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** `code` narrows in a switch; everything else comes from the options, or from the row of the code. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly fault: Fault;
  readonly retryable: boolean;
  /** Can a mutation that failed like this have been made? */
  readonly outcomeUnknown: boolean;
  readonly connector: string | undefined;
  readonly operation: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly breaker: BreakerState | undefined;
  /** In both languages; a text that has one language only is used for both. */
  readonly reason: LocalizedText | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  readonly #options: GatewayErrorOptions;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(options.detail ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fault = options.fault ?? ERRORS[code].fault;
    this.retryable = options.retryable ?? ERRORS[code].retryable;
    this.outcomeUnknown = options.outcomeUnknown ?? ERRORS[code].outcomeUnknown;
    this.connector = options.connector;
    this.operation = options.operation;
    this.retryAfterMs = options.retryAfterMs;
    this.breaker = options.breaker;
    const { reason } = options;
    this.reason = typeof reason === 'string' ? { vi: reason, en: reason } : reason;
    this.extensions = options.extensions;
    this.#options = options;
  }

  /** A copy with some options replaced. The original is not changed: all calls of a request share the reason of its signal. */
  amend(changes: GatewayErrorOptions): GatewayError {
    return new GatewayError(this.code, { ...this.#options, ...changes });
  }
}

export const isGatewayError = (value: unknown): value is GatewayError => value instanceof GatewayError;

/** The error of an aborted call: the reason of its signal when that is a GatewayError, else CANCELLED. */
export const abortReason = (signal: AbortSignal): GatewayError =>
  isGatewayError(signal.reason) ? signal.reason : new GatewayError('CANCELLED');

/** The published `retryAfterMs` when a failure supplies none: soon, but not at once. */
const DEFAULT_RETRY_AFTER_MS = 1_000;

/**
 * The longest published `retryAfterMs`: a day, the longest period of a quota. A client that waited longer would miss that a closed
 * source was opened early. Also below 2^31 - 1, the longest delay of a timer.
 */
export const MAX_RETRY_AFTER_MS = 86_400_000;

/** A delay as clients and operators receive it: whole milliseconds, 0 to `MAX_RETRY_AFTER_MS`. */
export const publicDelayMs = (ms: number): number => Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(ms)));

/** The published `retryAfterMs` of an error; `undefined` when a retry makes no sense. */
export const retryAfterMsOf = (error: GatewayError): number | undefined =>
  error.retryable ? publicDelayMs(error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) : undefined;

// The table of codes: whose fault, may it be retried, does the breaker count it, the public text, the log level.
// Every folder throws `GatewayError`; only `graph/format-error.ts` turns one into public text.

/** Whose fault a failure is: the caller's input, this gateway, the bus in between, or the system behind it. */
export type Fault = 'CALLER' | 'GATEWAY' | 'BUS' | 'PROVIDER';

/** State of a circuit breaker as it is shown to clients and operators. */
export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

export type Locale = 'vi' | 'en';
export type LocalizedText = Readonly<Record<Locale, string>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

interface ErrorRow {
  readonly fault: Fault;
  /** May the same request succeed later without a change? */
  readonly retryable: boolean;
  /** Does a breaker count it as a failure of the upstream system? */
  readonly breaker: boolean;
  readonly level: LogLevel;
  readonly text: LocalizedText;
}

const row = (
  fault: Fault,
  flags: { retryable?: boolean; breaker?: boolean; level?: LogLevel },
  vi: string,
  en: string,
): ErrorRow => ({
  fault,
  retryable: flags.retryable ?? false,
  breaker: flags.breaker ?? false,
  level: flags.level ?? 'info',
  text: { vi, en },
});

/** Every code the gateway can answer with. `docs/errors.md` explains each. */
export const ERRORS = {
  BAD_USER_INPUT: row('CALLER', {}, 'Dữ liệu gửi lên không hợp lệ.', 'The input is not valid.'),
  GRAPHQL_PARSE_FAILED: row('CALLER', {}, 'Câu truy vấn sai cú pháp.', 'The query has a syntax error.'),
  GRAPHQL_VALIDATION_FAILED: row(
    'CALLER',
    {},
    'Câu truy vấn không khớp với lược đồ.',
    'The query does not fit the schema.',
  ),
  OPERATION_RESOLUTION_FAILURE: row(
    'CALLER',
    {},
    'Không xác định được thao tác cần chạy.',
    'The operation to run could not be determined.',
  ),
  BAD_REQUEST: row('CALLER', {}, 'Yêu cầu HTTP không hợp lệ.', 'The HTTP request is not valid.'),
  PAYLOAD_TOO_LARGE: row('CALLER', {}, 'Yêu cầu quá lớn.', 'The request is too large.'),
  UNAUTHENTICATED: row('CALLER', {}, 'Chưa đăng nhập.', 'Not signed in.'),
  FORBIDDEN: row('CALLER', {}, 'Không có quyền xem dữ liệu này.', 'Not allowed to see this.'),
  QUERY_TOO_COSTLY: row('CALLER', {}, 'Câu truy vấn quá lớn.', 'The query is too costly.'),
  STORE_UNAVAILABLE: row(
    'GATEWAY',
    { retryable: true, level: 'error' },
    'Kho hồ sơ tạm thời không truy cập được.',
    'The dossier store cannot be reached at the moment.',
  ),
  CIRCUIT_OPEN: row(
    'PROVIDER',
    { retryable: true, level: 'debug' },
    'Hệ thống nguồn đang gặp sự cố; tạm ngừng gọi để hệ thống hồi phục.',
    'The source system is ill; calls to it are paused so that it can recover.',
  ),
  BULKHEAD_FULL: row(
    'GATEWAY',
    { retryable: true, level: 'warn' },
    'Quá nhiều yêu cầu đang chờ hệ thống nguồn.',
    'Too many calls are waiting for the source system.',
  ),
  MAINTENANCE: row(
    'PROVIDER',
    { retryable: true, level: 'debug' },
    'Hệ thống nguồn đang bảo trì.',
    'The source system is under maintenance.',
  ),
  QUOTA_EXCEEDED: row(
    'GATEWAY',
    { retryable: true, level: 'warn' },
    'Đã dùng hết hạn mức gọi hệ thống nguồn.',
    'The quota of calls to the source system is used up.',
  ),
  DEADLINE_EXCEEDED: row(
    'PROVIDER',
    { retryable: true, level: 'warn' },
    'Hệ thống nguồn không trả lời kịp trong thời hạn của yêu cầu.',
    'The source system did not answer before the deadline of the request.',
  ),
  CANCELLED: row(
    'CALLER',
    { retryable: true, level: 'debug' },
    'Yêu cầu đã bị hủy.',
    'The request was cancelled.',
  ),
  UPSTREAM_TIMEOUT: row(
    'PROVIDER',
    { retryable: true, breaker: true, level: 'warn' },
    'Hệ thống nguồn trả lời quá chậm.',
    'The source system took too long to answer.',
  ),
  UPSTREAM_UNREACHABLE: row(
    'PROVIDER',
    { retryable: true, breaker: true, level: 'warn' },
    'Không kết nối được với hệ thống nguồn.',
    'The source system could not be reached.',
  ),
  UPSTREAM_FAULT: row(
    'PROVIDER',
    { retryable: true, breaker: true, level: 'warn' },
    'Hệ thống nguồn báo lỗi.',
    'The source system reported a fault.',
  ),
  UPSTREAM_THROTTLED: row(
    'PROVIDER',
    { retryable: true, level: 'warn' },
    'Hệ thống nguồn từ chối vì quá nhiều lượt gọi.',
    'The source system refused: too many calls.',
  ),
  UPSTREAM_UNAUTHORIZED: row(
    'GATEWAY',
    { level: 'error' },
    'Hệ thống nguồn không chấp nhận thông tin xác thực của cổng.',
    'The source system did not accept the credentials of the gateway.',
  ),
  UPSTREAM_REFUSED: row(
    'CALLER',
    {},
    'Hệ thống nguồn từ chối yêu cầu.',
    'The source system refused the request.',
  ),
  UPSTREAM_INVALID: row(
    'PROVIDER',
    { retryable: true, breaker: true, level: 'warn' },
    'Hệ thống nguồn trả lời không đúng định dạng.',
    'The source system gave an answer that cannot be read.',
  ),
  UPSTREAM_TOO_LARGE: row(
    'PROVIDER',
    { breaker: true, level: 'warn' },
    'Hệ thống nguồn trả lời quá lớn.',
    'The source system gave an answer that is too large.',
  ),
  INTERNAL_SERVER_ERROR: row(
    'GATEWAY',
    { level: 'error' },
    'Cổng gặp lỗi. Mã yêu cầu giúp tìm lại lỗi trong nhật ký.',
    'The gateway failed. The request id finds the failure in the log.',
  ),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** When trying again makes sense after a failure that says nothing of it itself: soon, but not at once. Milliseconds. */
export const RETRY_HINT_MS = 1_000;

export interface GatewayErrorOptions {
  /** For logs only: what was found and expected. Never upstream text, never personal data, never a secret. */
  readonly detail?: string;
  readonly connector?: string;
  readonly operation?: string;
  /** Overrides the row's fault, e.g. BUS where an X-Road error header says so. */
  readonly fault?: Fault;
  /** Overrides the row's word: `false` where the same request sent again could do harm. */
  readonly retryable?: boolean;
  /** Milliseconds from now after which trying again makes sense. */
  readonly retryAfterMs?: number;
  readonly breaker?: BreakerState;
  /** A reason that is safe to show: from our own tables, or a connector's declared `errors.message`. */
  readonly reason?: string;
  /** Safe, declared additions to the public `extensions` (a connector's `errors.extensions`, an HTTP status). */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class. `code` narrows in a switch; everything else comes from the table or the options. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly fault: Fault;
  readonly retryable: boolean;
  readonly connector: string | undefined;
  readonly operation: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly breaker: BreakerState | undefined;
  readonly reason: string | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(options.detail ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fault = options.fault ?? ERRORS[code].fault;
    this.retryable = options.retryable ?? ERRORS[code].retryable;
    this.connector = options.connector;
    this.operation = options.operation;
    this.retryAfterMs = options.retryAfterMs;
    this.breaker = options.breaker;
    this.reason = options.reason;
    this.extensions = options.extensions;
  }
}

/** The same failure with more known of it: a copy, since the reason of a request's signal is shared by all its calls. */
export const amendError = (error: GatewayError, changes: GatewayErrorOptions): GatewayError =>
  new GatewayError(error.code, {
    detail: error.message,
    connector: error.connector,
    operation: error.operation,
    fault: error.fault,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    breaker: error.breaker,
    reason: error.reason,
    extensions: error.extensions,
    cause: error.cause,
    ...changes,
  });

export const isGatewayError = (value: unknown): value is GatewayError => value instanceof GatewayError;

/** Does this failure say that the upstream system is ill? Refusals, cancellations and our own rejections do not. */
export const countsForBreaker = (error: unknown): boolean =>
  isGatewayError(error) && ERRORS[error.code].breaker;

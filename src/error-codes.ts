// The table of error codes. A row holds the public text of a code and its policy; a policy answers every question that the
// gateway asks about a code. A row without a policy, or a policy without a column, does not compile.

/** Whose fault a failure is: the caller's input, this gateway, the bus in between, or the system behind it. */
export type Fault = 'CALLER' | 'GATEWAY' | 'BUS' | 'PROVIDER';

export type Locale = 'vi' | 'en';
export type LocalizedText = Readonly<Record<Locale, string>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A step of the guard that can reject a call before it reaches the source. */
export type RejectingStep = 'gate' | 'throttle' | 'quota' | 'bulkhead' | 'breaker';

/** What the gateway does about a failure. */
interface ErrorPolicy {
  /** Default; `GatewayErrorOptions.fault` overrides it. */
  readonly fault: Fault;
  /** Can the same request succeed later without a change? Default; `GatewayErrorOptions.retryable` overrides it. */
  readonly retryable: boolean;
  readonly logLevel: LogLevel;
  /**
   * What the failure of an attempt shows about the source. UNHEALTHY counts as a failure in the breaker. HEALTHY is an answer: it
   * counts as a success, and withdraws the cached answer. TIMED_OUT_AT_LIMIT counts as a failure only after an attempt that had its
   * whole time limit. UNKNOWN does not count.
   */
  readonly sourceHealth: 'UNHEALTHY' | 'HEALTHY' | 'TIMED_OUT_AT_LIMIT' | 'UNKNOWN';
  /** May the guard make another attempt within the same request? */
  readonly retriedInRequest: boolean;
  /** May a stale answer from the cache replace the failure (`staleIfErrorMs`)? */
  readonly staleAnswerAllowed: boolean;
  /** Can a mutation that failed with this code have been made? Default; `GatewayErrorOptions.outcomeUnknown` overrides it. */
  readonly outcomeUnknown: boolean;
  /** The step of the guard that rejects calls with this code; for UPSTREAM_THROTTLED see `guard/rejection-counts.ts`. */
  readonly rejectedBy: RejectingStep | null;
  /** Does `extensions.sources` count it as a refusal (status PARTIAL) rather than as a failure (UNAVAILABLE)? */
  readonly refusal: boolean;
  /** The caller left before the outcome: not listed among the last failures of an operation. */
  readonly abandoned: boolean;
  /** A defect of the gateway: reported with its stack in the log, and without any detail to clients. */
  readonly defect: boolean;
}

interface ErrorRow extends ErrorPolicy {
  readonly text: LocalizedText;
}

const row = (policy: ErrorPolicy, vi: string, en: string): ErrorRow => ({ ...policy, text: { vi, en } });

/** The caller has to change the request. */
const BAD_REQUEST_POLICY: ErrorPolicy = {
  fault: 'CALLER',
  retryable: false,
  logLevel: 'info',
  sourceHealth: 'UNKNOWN',
  retriedInRequest: false,
  staleAnswerAllowed: false,
  outcomeUnknown: false,
  rejectedBy: null,
  refusal: true,
  abandoned: false,
  defect: false,
};

/** The guard did not make the call, or did not wait for its outcome. */
const NOT_CALLED_POLICY: ErrorPolicy = {
  fault: 'PROVIDER',
  retryable: true,
  logLevel: 'warn',
  sourceHealth: 'UNKNOWN',
  retriedInRequest: false,
  staleAnswerAllowed: true,
  outcomeUnknown: false,
  rejectedBy: null,
  refusal: false,
  abandoned: false,
  defect: false,
};

/** The call was made, and the source failed. */
const SOURCE_FAILURE_POLICY: ErrorPolicy = {
  fault: 'PROVIDER',
  retryable: true,
  logLevel: 'warn',
  sourceHealth: 'UNHEALTHY',
  retriedInRequest: true,
  staleAnswerAllowed: true,
  outcomeUnknown: true,
  rejectedBy: null,
  refusal: false,
  abandoned: false,
  defect: false,
};

/** The gateway, or something it owns, failed. */
const GATEWAY_FAILURE_POLICY: ErrorPolicy = {
  fault: 'GATEWAY',
  retryable: false,
  logLevel: 'error',
  sourceHealth: 'UNKNOWN',
  retriedInRequest: false,
  staleAnswerAllowed: false,
  outcomeUnknown: false,
  rejectedBy: null,
  refusal: false,
  abandoned: false,
  defect: false,
};

/** Every code the gateway can return. `docs/errors.md` explains each. */
export const ERRORS = {
  BAD_USER_INPUT: row(BAD_REQUEST_POLICY, 'Dữ liệu gửi lên không hợp lệ.', 'The input is not valid.'),
  GRAPHQL_PARSE_FAILED: row(BAD_REQUEST_POLICY, 'Câu truy vấn sai cú pháp.', 'The query has a syntax error.'),
  GRAPHQL_VALIDATION_FAILED: row(
    BAD_REQUEST_POLICY,
    'Câu truy vấn không khớp với lược đồ.',
    'The query does not fit the schema.',
  ),
  OPERATION_RESOLUTION_FAILURE: row(
    BAD_REQUEST_POLICY,
    'Không xác định được thao tác cần chạy.',
    'The operation to run could not be determined.',
  ),
  BAD_REQUEST: row(BAD_REQUEST_POLICY, 'Yêu cầu HTTP không hợp lệ.', 'The HTTP request is not valid.'),
  PAYLOAD_TOO_LARGE: row(BAD_REQUEST_POLICY, 'Yêu cầu quá lớn.', 'The request is too large.'),
  UNAUTHENTICATED: row(BAD_REQUEST_POLICY, 'Chưa đăng nhập.', 'Not signed in.'),
  FORBIDDEN: row(BAD_REQUEST_POLICY, 'Không có quyền xem dữ liệu này.', 'Not allowed to see this.'),
  IDEMPOTENCY_KEY_REUSED: row(
    BAD_REQUEST_POLICY,
    'Khóa chống lặp này đã dùng cho một yêu cầu có nội dung khác.',
    'This idempotency key was used for a request with other content.',
  ),
  OUTCOME_UNKNOWN: row(
    { ...GATEWAY_FAILURE_POLICY, logLevel: 'warn', outcomeUnknown: true },
    'Yêu cầu với khóa chống lặp này đã được gửi nhưng không rõ kết quả; cổng không gửi lại.',
    'The request with this idempotency key was sent, and its outcome is not known; it is not sent again.',
  ),
  QUERY_TOO_COSTLY: row(BAD_REQUEST_POLICY, 'Câu truy vấn quá lớn.', 'The query is too costly.'),
  PERSISTED_QUERY_NOT_FOUND: row(
    BAD_REQUEST_POLICY,
    'Không có tài liệu đã công bố nào mang mã này.',
    'No published document has this identifier.',
  ),
  DOCUMENT_NOT_TRUSTED: row(
    BAD_REQUEST_POLICY,
    'Ứng dụng này chỉ được gửi những tài liệu đã công bố.',
    'This client may send published documents only.',
  ),
  RATE_LIMITED: row(
    { ...BAD_REQUEST_POLICY, retryable: true },
    'Đã gửi quá nhiều yêu cầu trong một phút.',
    'Too much was requested within a minute.',
  ),
  STORE_UNAVAILABLE: row(
    { ...GATEWAY_FAILURE_POLICY, retryable: true },
    'Kho hồ sơ tạm thời không truy cập được.',
    'The dossier store cannot be reached at the moment.',
  ),
  // A refusal, and no failure of the system whose data was asked for.
  AUDIT_UNAVAILABLE: row(
    { ...GATEWAY_FAILURE_POLICY, retryable: true, refusal: true },
    'Tạm thời không ghi được nhật ký truy cập; dữ liệu cá nhân và thao tác thay đổi chỉ phục vụ khi ghi được.',
    'Access cannot be recorded at the moment; personal data and mutations are served only when it can.',
  ),
  CIRCUIT_OPEN: row(
    { ...NOT_CALLED_POLICY, logLevel: 'debug', rejectedBy: 'breaker' },
    'Hệ thống nguồn đang gặp sự cố; tạm ngừng gọi để hệ thống hồi phục.',
    'The source system is failing; calls to it are paused so that it can recover.',
  ),
  BULKHEAD_FULL: row(
    { ...NOT_CALLED_POLICY, fault: 'GATEWAY', rejectedBy: 'bulkhead' },
    'Quá nhiều yêu cầu đang chờ hệ thống nguồn.',
    'Too many calls are waiting for the source system.',
  ),
  MAINTENANCE: row(
    { ...NOT_CALLED_POLICY, logLevel: 'debug', rejectedBy: 'gate' },
    'Hệ thống nguồn đang bảo trì.',
    'The source system is under maintenance.',
  ),
  QUOTA_EXCEEDED: row(
    { ...NOT_CALLED_POLICY, fault: 'GATEWAY', rejectedBy: 'quota' },
    'Đã dùng hết hạn mức gọi hệ thống nguồn.',
    'The quota of calls to the source system is used up.',
  ),
  DEADLINE_EXCEEDED: row(
    { ...NOT_CALLED_POLICY, sourceHealth: 'TIMED_OUT_AT_LIMIT' },
    'Hệ thống nguồn không trả lời kịp trong thời hạn của yêu cầu.',
    'The source system did not answer before the deadline of the request.',
  ),
  CANCELLED: row(
    {
      ...NOT_CALLED_POLICY,
      fault: 'CALLER',
      logLevel: 'debug',
      staleAnswerAllowed: false,
      abandoned: true,
    },
    'Yêu cầu đã bị hủy.',
    'The request was cancelled.',
  ),
  UPSTREAM_TIMEOUT: row(
    SOURCE_FAILURE_POLICY,
    'Hệ thống nguồn trả lời quá chậm.',
    'The source system took too long to answer.',
  ),
  // A connection that broke after the request was sent. Where nothing was sent, or the source certainly did not process the request,
  // the error itself has `outcomeUnknown: false`.
  UPSTREAM_UNREACHABLE: row(
    SOURCE_FAILURE_POLICY,
    'Không kết nối được với hệ thống nguồn.',
    'The source system could not be reached.',
  ),
  UPSTREAM_FAULT: row(
    SOURCE_FAILURE_POLICY,
    'Hệ thống nguồn báo lỗi.',
    'The source system reported a fault.',
  ),
  UPSTREAM_INVALID: row(
    SOURCE_FAILURE_POLICY,
    'Hệ thống nguồn trả lời không đúng định dạng.',
    'The source system returned an answer that cannot be read.',
  ),
  UPSTREAM_TOO_LARGE: row(
    { ...SOURCE_FAILURE_POLICY, retryable: false, retriedInRequest: false },
    'Hệ thống nguồn trả lời quá lớn.',
    'The source system returned an answer that is too large.',
  ),
  UPSTREAM_THROTTLED: row(
    { ...SOURCE_FAILURE_POLICY, sourceHealth: 'UNKNOWN', outcomeUnknown: false },
    'Hệ thống nguồn từ chối vì quá nhiều lượt gọi.',
    'The source system refused: too many calls.',
  ),
  UPSTREAM_UNAUTHORIZED: row(
    { ...GATEWAY_FAILURE_POLICY, staleAnswerAllowed: true },
    'Hệ thống nguồn không chấp nhận thông tin xác thực của cổng.',
    'The source system did not accept the credentials of the gateway.',
  ),
  UPSTREAM_REFUSED: row(
    { ...BAD_REQUEST_POLICY, sourceHealth: 'HEALTHY' },
    'Hệ thống nguồn từ chối yêu cầu.',
    'The source system refused the request.',
  ),
  // Of a request that was not begun, and of an attempt whose time the gateway itself used up: the latter may have been made.
  OVERLOADED: row(
    {
      ...GATEWAY_FAILURE_POLICY,
      retryable: true,
      logLevel: 'warn',
      staleAnswerAllowed: true,
      outcomeUnknown: true,
    },
    'Cổng đang quá tải.',
    'The gateway is overloaded.',
  ),
  INTERNAL_SERVER_ERROR: row(
    { ...GATEWAY_FAILURE_POLICY, defect: true },
    'Cổng gặp lỗi. Mã yêu cầu giúp tìm lại lỗi trong nhật ký.',
    'The gateway failed. The request id finds the failure in the log.',
  ),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

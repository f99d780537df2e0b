import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { DossierNode, ProcedureNode, AgencyNode, ApplicantStub, PaymentNode, DeliveryNode } from '../dossiers/nodes.ts';
import type { ConnectorSummary } from '../operate/connector-summary.ts';
import type { RequestContext } from '../request/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * The identifier of an agency by Decision 20/2020/QĐ-TTg (mã định danh cơ quan), with the highest level first and at most 35
   * characters, e.g. `H26.12.34`.
   */
  AgencyCode: { input: string; output: string; }
  /**
   * A moment in the form of RFC 3339, with an offset from UTC (thời điểm). Output from the city's store is in UTC, e.g.
   * `2026-06-09T01:30:00Z`. Input may have any offset. The moment is in the years 0001 to 9999 in UTC. Input is exact to the
   * millisecond: digits of the fraction after the third must be zero, and other input is refused, not cut. Leap seconds and the
   * hour 24 are refused.
   */
  DateTime: { input: string; output: string; }
  /**
   * A dossier code (mã hồ sơ), in the form of Circular 01/2018/TT-VPCP, `000.00.00.H26-200524-0001`, or as the national number
   * introduced in 2026, `G09.20-20260609-0092637`. The date within the code must exist.
   */
  DossierCode: { input: string; output: string; }
  /**
   * An enterprise code, which is the tax code as well (mã số doanh nghiệp): ten digits, the last of which is a check digit. A
   * branch adds a suffix from `-001` to `-999`. A household business uses the 12 digits of its owner since 2025-07-01.
   */
  EnterpriseCode: { input: string; output: string; }
  /**
   * A personal identification number by Decree 137/2015/NĐ-CP (số định danh cá nhân): 12 digits that encode the place of
   * registration, the century and sex, and the year of birth, followed by six random digits. This is personal data.
   */
  PersonalId: { input: string; output: string; }
  /**
   * The code of a procedure in the national database of procedures (mã thủ tục hành chính): `1.005129`, or with the agency that
   * publishes the procedure, `3.000181.000.00.00.H22`.
   */
  ProcedureCode: { input: string; output: string; }
  /**
   * An amount in đồng (số tiền), a whole number from 0 to 9,007,199,254,740,991. Input is an integer literal or a JSON number that
   * is a whole number; a literal such as `1.0` or `1e3` is refused, and nothing is rounded.
   */
  Vnd: { input: number; output: number; }
};

/** An agency of the city (cơ quan): the city itself, a department or a commune. Source: the city's store. */
export type Agency = {
  /**
   * The identifier of the agency by Decision 20/2020/QĐ-TTg (mã định danh), with the highest level first, e.g. `H26.12.34`.
   * Source: the city's store.
   */
  readonly code: Scalars['AgencyCode']['output'];
  /**
   * The five-digit code of the commune, as in force since 2025-07-01 (mã xã, phường); null for an agency that is not a
   * commune. Source: the city's store.
   */
  readonly communeCode: Maybe<Scalars['String']['output']>;
  /** The level of the agency in the hierarchy (cấp hành chính). Source: the city's store. */
  readonly level: AgencyLevel;
  /** The name of the agency in Vietnamese (tên cơ quan). Source: the city's store. */
  readonly name: Scalars['String']['output'];
  /**
   * The identifier in the form used before Decision 20/2020/QĐ-TTg (mã định danh cũ), with the lowest level first,
   * e.g. `000.00.12.H26`. Source: the city's store.
   */
  readonly oldCode: Scalars['String']['output'];
  /** The agency directly above this one (cơ quan cấp trên); null for the city itself. Source: the city's store. */
  readonly parent: Maybe<Agency>;
};

/** The level of an agency in the hierarchy (cấp hành chính). */
export type AgencyLevel =
  /** The city, which is the root of the hierarchy (thành phố). */
  | 'CITY'
  /** A commune, ward or special zone (xã, phường, đặc khu). */
  | 'COMMUNE'
  /** A department of the city (sở, ngành). */
  | 'DEPARTMENT'
  /** A district (quận, huyện). Districts were abolished on 2025-07-01; older dossiers still refer to them. */
  | 'DISTRICT';

/** What deserves a look in a period (dấu hiệu bất thường). Source: the audit trail of the gateway. */
export type AuditAnomalies = {
  /** Uses of the break-glass token, the newest first, at most 100 (dùng mã khẩn cấp). */
  readonly breakGlass: ReadonlyArray<AuditRecord>;
  /** The start of the period (từ). */
  readonly from: Scalars['DateTime']['output'];
  /** Officers who read the data of far more people than their colleagues, the highest score first (cán bộ xem nhiều bất thường). */
  readonly officers: ReadonlyArray<OfficerAnomaly>;
  /** Persons whom more than ten officers looked up in systems behind the gateway, the most first, at most 100 (người bị tra cứu bởi nhiều cán bộ). */
  readonly persons: ReadonlyArray<WatchedPerson>;
  /** The end of the period (đến). */
  readonly to: Scalars['DateTime']['output'];
};

/** Conditions on records of the audit trail, which all have to hold (điều kiện lọc). */
export type AuditFilter = {
  /** The code of the agency (mã cơ quan). */
  readonly agency?: InputMaybe<Scalars['String']['input']>;
  /** The code of the dossier (mã hồ sơ). */
  readonly dossier?: InputMaybe<Scalars['String']['input']>;
  /** The earliest time (từ thời điểm). */
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  /** The code of the officer, or the name of the client or member of the staff (mã cán bộ). */
  readonly officer?: InputMaybe<Scalars['String']['input']>;
  /** The outcome: `OK`, `CACHED`, `STALE`, `COALESCED`, `NOT_FOUND` or an error code (kết quả). */
  readonly outcome?: InputMaybe<Scalars['String']['input']>;
  /**
   * The personal identification number of the person whose data was read (số định danh). It is turned into its keyed digest at once and
   * stored nowhere.
   */
  readonly personalId?: InputMaybe<Scalars['PersonalId']['input']>;
  /** The code of the procedure (mã thủ tục). */
  readonly procedure?: InputMaybe<Scalars['String']['input']>;
  /** The id of the connector, `store` or `gateway` (hệ thống). */
  readonly system?: InputMaybe<Scalars['String']['input']>;
  /** The time before which the records were made (trước thời điểm). */
  readonly to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** One record of the audit trail (bản ghi truy cập). It contains no values of a person. Source: the audit trail of the gateway. */
export type AuditRecord = {
  /** The officer code, or the name of the client or member of the staff; for a person, the keyed digest (chủ thể). */
  readonly actor: Scalars['String']['output'];
  /** The kind of the actor: `officer`, `citizen`, `enterprise`, `machine`, `staff`, `break-glass`, `anonymous` or `gateway` (loại chủ thể). */
  readonly actorKind: Scalars['String']['output'];
  /** The code of the agency (mã cơ quan); null if the actor belongs to none. */
  readonly agency: Maybe<Scalars['String']['output']>;
  /** The process that wrote the record (chuỗi). */
  readonly chain: Scalars['String']['output'];
  /** The application through which the request came (ứng dụng); null if it is not known. */
  readonly client: Maybe<Scalars['String']['output']>;
  /** The day of the chain in Vietnam, e.g. `2026-06-09` (ngày). */
  readonly day: Scalars['String']['output'];
  /** The digest of the record (giá trị băm). */
  readonly digest: Scalars['String']['output'];
  /** The code of the dossier (mã hồ sơ); null where there is none. */
  readonly dossier: Maybe<Scalars['String']['output']>;
  /** The fields that were read, as `Type.field` (những trường nào). */
  readonly fields: ReadonlyArray<Scalars['String']['output']>;
  /** What the record is about (loại bản ghi). */
  readonly kind: AuditRecordKind;
  /** The id under which the source knows the call (mã thông điệp); null where no call left. */
  readonly messageId: Maybe<Scalars['String']['output']>;
  /** The operation (thao tác). */
  readonly operation: Scalars['String']['output'];
  /** The outcome (kết quả). */
  readonly outcome: Scalars['String']['output'];
  /** The code of the procedure (mã thủ tục); null where there is none. */
  readonly procedure: Maybe<Scalars['String']['output']>;
  /** The stated purpose (mục đích); null where there is none. */
  readonly purpose: Maybe<Scalars['String']['output']>;
  /** SHA-256 of what was received, base64url (giá trị băm nhận về); null without an answer. */
  readonly receivedDigest: Maybe<Scalars['String']['output']>;
  /** The id of the request (mã yêu cầu). */
  readonly requestId: Scalars['String']['output'];
  /** The time of the request (nhận yêu cầu). */
  readonly requestIn: Scalars['DateTime']['output'];
  /** The time at which the call left (gửi đi); null where no call left. */
  readonly requestOut: Maybe<Scalars['DateTime']['output']>;
  /** The time at which the answer came (nhận về); null without an answer. */
  readonly responseIn: Maybe<Scalars['DateTime']['output']>;
  /** The time at which the request was answered (trả lời). */
  readonly responseOut: Scalars['DateTime']['output'];
  /** The roles of the actor (vai trò). */
  readonly roles: ReadonlyArray<Scalars['String']['output']>;
  /** SHA-256 of what was sent, base64url (giá trị băm gửi đi); null where no call left. */
  readonly sentDigest: Maybe<Scalars['String']['output']>;
  /** The number of the record in its chain (số thứ tự). */
  readonly seq: Scalars['Int']['output'];
  /** Whose data it was: a keyed digest, or an enterprise code (của ai); null if the record concerns no person, or it is not known whom. */
  readonly subject: Maybe<Scalars['String']['output']>;
  /** The id of the connector, `store` or `gateway` (hệ thống). */
  readonly system: Scalars['String']['output'];
};

/** Records of the audit trail, in pages (các bản ghi). */
export type AuditRecordConnection = {
  /** The records of the page with their cursors (các bản ghi của trang). */
  readonly edges: ReadonlyArray<AuditRecordEdge>;
  /** The position of the page in the list (thông tin trang). */
  readonly pageInfo: PageInfo;
};

/** A record and its position (bản ghi kèm con trỏ). */
export type AuditRecordEdge = {
  /** The position of the record in the list (con trỏ). */
  readonly cursor: Scalars['String']['output'];
  /** The record (bản ghi). */
  readonly node: AuditRecord;
};

/** What a record of the audit trail is about (loại bản ghi). */
export type AuditRecordKind =
  /** An access to the data of a person (xem dữ liệu). */
  | 'ACCESS'
  /** An action of an operator, integrator, approver or auditor (thao tác vận hành, kiểm tra). */
  | 'ACTION'
  /** The beginning, the end or a seal of a chain (mốc của chuỗi). */
  | 'CHAIN'
  /** A mutation in a system (thao tác thay đổi). */
  | 'MUTATION';

/** The state of a circuit breaker (trạng thái cầu dao). */
export type BreakerState =
  /** Calls pass (đóng). */
  | 'CLOSED'
  /** A few trial calls pass, to find out whether the system has recovered (nửa mở). */
  | 'HALF_OPEN'
  /** Calls are refused immediately, so that the system can recover (mở). */
  | 'OPEN';

/** A change of breaker state (cầu dao đổi trạng thái). Source: the gateway. */
export type BreakerTransition = {
  /** The time of the change (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** The number of calls in the window that led to the change (số lượt gọi). */
  readonly calls: Scalars['Int']['output'];
  /**
   * The cause of the change (nguyên nhân): the error code of the failure that opened the breaker, `SLOW_CALLS`, `WAITED`,
   * `PROBES_SUCCEEDED`, `RECOVERED` or `REQUESTED`.
   */
  readonly cause: Scalars['String']['output'];
  /** The number of failures among these calls (số lượt lỗi). */
  readonly failures: Scalars['Int']['output'];
  /** The number of failures in a row when the breaker opened (số lỗi liên tiếp); null for other changes. */
  readonly failuresInARow: Maybe<Scalars['Int']['output']>;
  /** The state before the change (trạng thái trước). */
  readonly from: BreakerState;
  /** The operation, or the group of operations, of the breaker (thao tác). */
  readonly operation: Scalars['String']['output'];
  /** The identifiers of the most recent requests whose calls failed, when the breaker opened (mã yêu cầu). */
  readonly requestIds: ReadonlyArray<Scalars['String']['output']>;
  /** The state after the change (trạng thái sau). */
  readonly to: BreakerState;
  /**
   * The rule that opened the breaker (quy tắc mở): `FAILURES_IN_A_ROW`, `FAILURE_RATE`, `SLOW_CALLS` or `PROBE_FAILED`; null
   * for other changes.
   */
  readonly trigger: Maybe<Scalars['String']['output']>;
};

/** The calls in progress and in the queue (số lượt gọi đồng thời). Source: the gateway. */
export type BulkheadHealth = {
  /** The current limit on calls in progress (giới hạn hiện tại). */
  readonly limit: Scalars['Int']['output'];
  /** The highest value that `limit` may reach, by the manifest (giới hạn cao nhất). */
  readonly maxConcurrent: Scalars['Int']['output'];
  /** The limit on calls in the queue, by the manifest (giới hạn hàng chờ). */
  readonly maxWaiting: Scalars['Int']['output'];
  /** The number of calls in progress (đang gọi). */
  readonly running: Scalars['Int']['output'];
  /** The number of calls in the queue (đang chờ). */
  readonly waiting: Scalars['Int']['output'];
};

/**
 * An enterprise (doanh nghiệp). The city's store holds the code; the national business registry holds all other fields. They
 * are null when the registry has no such enterprise, and when the registry does not answer; in the second case `errors` states
 * the reason.
 */
export type Business = {
  /** The enterprise code, which is the tax code as well (mã số doanh nghiệp, mã số thuế). Source: the city's store. */
  readonly code: Scalars['EnterpriseCode']['output'];
  /**
   * The full address of the head office (địa chỉ trụ sở chính); null when the record has none. Source: national business
   * registry, `HOAdress`.
   */
  readonly headOffice: Maybe<Scalars['String']['output']>;
  /**
   * The registered name in Vietnamese (tên doanh nghiệp); null when the record has none. Source: national business registry,
   * `NAME`.
   */
  readonly name: Maybe<Scalars['String']['output']>;
  /** Where the object came from and how old it is (nguồn gốc dữ liệu); null if no source has answered. Source: the gateway. */
  readonly provenance: Maybe<Provenance>;
  /**
   * The legal representatives (người đại diện theo pháp luật), an empty list when the record names none; null when the registry
   * does not answer. Source: national business registry, `Representatives`.
   */
  readonly representatives: Maybe<ReadonlyArray<Maybe<Representative>>>;
  /**
   * The legal status in the words of the registry, e.g. `Đang hoạt động` (tình trạng pháp lý); null when the record has none.
   * Source: national business registry, `ENTERPRISE_STATUS_NAME`.
   */
  readonly status: Maybe<Scalars['String']['output']>;
  /**
   * The legal form in the words of the registry (loại hình doanh nghiệp); null when the record has none.
   * Source: national business registry, `ENTERPRISE_TYPE_NAME`.
   */
  readonly type: Maybe<Scalars['String']['output']>;
};

/** The answers cached in memory (bộ đệm). Source: the gateway. */
export type CacheHealth = {
  /** The approximate size of the cached answers in bytes (dung lượng). */
  readonly bytes: Scalars['Float']['output'];
  /** The number of requests since the start that joined a call in progress (số lượt gọi chung). */
  readonly coalesced: Scalars['Float']['output'];
  /** The number of cached answers (số mục). */
  readonly entries: Scalars['Int']['output'];
  /**
   * The share of look-ups since the start that found an answer within its time to live, 0 to 1 (tỷ lệ trúng); null when there
   * were no look-ups.
   */
  readonly hitRate: Maybe<Scalars['Float']['output']>;
  /**
   * The share of look-ups since the start that received an answer past its time to live, 0 to 1 (tỷ lệ dữ liệu cũ); null when
   * there were no look-ups.
   */
  readonly staleRate: Maybe<Scalars['Float']['output']>;
};

/** A failed call (lượt gọi lỗi). Source: the gateway. */
export type CallFailure = {
  /** The time of the failure (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** The error code (mã lỗi). */
  readonly code: Scalars['String']['output'];
  /** The duration of the call in milliseconds (thời lượng). */
  readonly durationMs: Scalars['Float']['output'];
  /** The identifier of the request that made the call, as it appears in the log (mã yêu cầu). */
  readonly requestId: Scalars['String']['output'];
};

/**
 * A person (công dân). The city's store holds the personal identification number and the identity that the applicant declared;
 * the national population database holds all other fields. The gateway looks a person up by number, name and birth date
 * together, and the database returns a record only when all three match. The other fields are null when there is no such
 * record, and when the database does not answer; in the second case `errors` states the reason.
 */
export type Citizen = {
  /**
   * The birth date (ngày, tháng, năm sinh); null when the record has none. For many older people only the year is recorded.
   * Source: national population database, `NgayThangNamSinh`.
   */
  readonly birthDate: Maybe<PartialDate>;
  /** The identity that the applicant declared on the form (thông tin tự khai). Source: the city's store. */
  readonly declared: DeclaredIdentity;
  /**
   * The full name in Unicode NFC, with the family name first (họ và tên); null when the record has none. Source: national
   * population database, `HoVaTen`.
   */
  readonly fullName: Maybe<Scalars['String']['output']>;
  /** The recorded sex (giới tính); null when the record has none. Source: national population database, `GioiTinh`. */
  readonly gender: Maybe<Gender>;
  /**
   * The nationality, as a country code of two letters (quốc tịch); null when the record has none. Source: national population
   * database, `QuocTich`.
   */
  readonly nationality: Maybe<Scalars['String']['output']>;
  /**
   * The registered permanent residence (nơi thường trú); null when the record has none. Source: national population database,
   * `ThuongTru`.
   */
  readonly permanentAddress: Maybe<CivilAddress>;
  /** The personal identification number, 12 digits (số định danh cá nhân). Source: the city's store. */
  readonly personalId: Scalars['PersonalId']['output'];
  /**
   * The place of origin of the family, with the codes in force when it was recorded (quê quán); null when the record has none.
   * Source: national population database, `QueQuan`.
   */
  readonly placeOfOrigin: Maybe<CivilAddress>;
  /** Where the object came from and how old it is (nguồn gốc dữ liệu); null if no source has answered. Source: the gateway. */
  readonly provenance: Maybe<Provenance>;
};

/**
 * An address in a civil record (địa chỉ). A record keeps the codes in force when it was made: it may have a district code,
 * although districts were abolished on 2025-07-01, and the code of one of the former 63 provinces. Source: national population
 * database.
 */
export type CivilAddress = {
  /**
   * The code of the commune, ward or special zone, five digits (mã xã, phường, đặc khu); null when the record has none.
   * Source: national population database, `MaPhuongXa`.
   */
  readonly communeCode: Maybe<Scalars['String']['output']>;
  /**
   * The code of the country, two letters (mã quốc gia); null when the record has none. Source: national population database,
   * `QuocGia`.
   */
  readonly countryCode: Maybe<Scalars['String']['output']>;
  /**
   * The house, street or hamlet, without the names of the commune and the province (địa chỉ chi tiết); null when the record has
   * none. Source: national population database, `ChiTiet`.
   */
  readonly detail: Maybe<Scalars['String']['output']>;
  /**
   * The code of the former district, three digits (mã quận, huyện); null in records made since 2025-07-01. Source: national
   * population database, `MaQuanHuyen`.
   */
  readonly districtCode: Maybe<Scalars['String']['output']>;
  /**
   * The code of the province, two digits (mã tỉnh, thành phố); null when the record has none. A leading zero that the record
   * has lost is restored. Source: national population database, `MaTinhThanh`.
   */
  readonly provinceCode: Maybe<Scalars['String']['output']>;
};

/** A system behind this gateway (hệ thống nguồn) in its current state, as this gateway observes it. Source: the gateway. */
export type Connector = {
  /**
   * The state of the circuit breaker (trạng thái cầu dao). A connector has one breaker for each operation; this is the worst
   * of their states. Source: the gateway.
   */
  readonly breaker: BreakerState;
  /**
   * The identifier of the connector, e.g. `population` (mã kết nối). Errors and `Provenance` refer to the connector by this
   * identifier. Source: the gateway.
   */
  readonly id: Scalars['String']['output'];
  /**
   * A message about the system for end users, in the language of the request (thông báo): the reason for the status. When the
   * status is `OK`, null, or that there were no calls in the last minute. Source: the gateway.
   */
  readonly message: Maybe<Scalars['String']['output']>;
  /** The time at which `status` took its current value (thời điểm bắt đầu tình trạng). Source: the gateway. */
  readonly since: Scalars['DateTime']['output'];
  /** What callers get from the system at present (tình trạng kết nối). Source: the gateway. */
  readonly status: ConnectorStatus;
  /** The name of the system in the language of the request (tên hệ thống). Source: the manifest of the connector. */
  readonly title: Scalars['String']['output'];
};

/** The gate of a connector (cổng vận hành). Source: the gateway. */
export type ConnectorGate = {
  /** The current maintenance window, or the next one (bảo trì); null when none is planned. */
  readonly maintenance: Maybe<MaintenanceWindow>;
  /** Whether calls pass at present (cho phép gọi). */
  readonly passes: Scalars['Boolean']['output'];
  /** The reason that the operator gave (lý do); null when there is none. */
  readonly reason: Maybe<Scalars['String']['output']>;
  /** The time at which the gate was set (thời điểm đặt); null when no operator has set it. */
  readonly since: Maybe<Scalars['DateTime']['output']>;
  /** The state of the gate (trạng thái cổng). */
  readonly state: GateState;
  /** The time at which the setting ends (thời điểm kết thúc); null when it lasts until the next one. */
  readonly until: Maybe<Scalars['DateTime']['output']>;
};

/**
 * The state of a connector with details for operators (tình trạng một kết nối). Times and counts are those of the process that
 * answers. Source: the gateway.
 */
export type ConnectorHealth = {
  /** The calls in progress and in the queue (số lượt gọi đồng thời). */
  readonly bulkhead: BulkheadHealth;
  /** The answers cached in memory (bộ đệm). */
  readonly cache: CacheHealth;
  /** The causes of the status and the notices, the leading cause first (nguyên nhân). */
  readonly causes: ReadonlyArray<HealthCause>;
  /** The certificates and credentials with an expiry date, the earliest first (hạn dùng). */
  readonly expiries: ReadonlyArray<ExpiryHealth>;
  /** The gate of the connector and its next maintenance window (cổng, bảo trì). */
  readonly gate: ConnectorGate;
  /** The identifier of the connector (mã kết nối). */
  readonly id: Scalars['String']['output'];
  /** The most recent probe, by an operator or by schedule (lần thử gần nhất); null when there has been none since the start. */
  readonly lastProbe: Maybe<ConnectorProbe>;
  /** The message of the leading cause, in the language of the request (lý do); null when there is no cause. */
  readonly message: Maybe<Scalars['String']['output']>;
  /** Each of these references by name, and never a value (tham chiếu thiếu). */
  readonly missing: ReadonlyArray<Scalars['String']['output']>;
  /** The number of references in the manifest, to secrets and settings, that cannot be resolved (tham chiếu thiếu). */
  readonly missingReferences: Scalars['Int']['output'];
  /** The operations of the connector, each with its own breaker (thao tác). */
  readonly operations: ReadonlyArray<OperationHealth>;
  /** The quotas of the system (hạn mức); empty when the system has no quota. */
  readonly quotas: ReadonlyArray<QuotaHealth>;
  /** The number of calls that the guard refused, by the step that refused them (bị từ chối). */
  readonly refused: RefusalCounts;
  /** Every gateway process that shares the store, the answering process first (các tiến trình). */
  readonly replicas: ReadonlyArray<ReplicaHealth>;
  /** The repeated attempts and their budget (thử lại). */
  readonly retry: RetryHealth;
  /** The time at which `status` took its current value (thời điểm bắt đầu tình trạng). */
  readonly since: Scalars['DateTime']['output'];
  /** The sockets to the source (kết nối mạng). */
  readonly sockets: SocketHealth;
  /**
   * The time at which this process created the connector in its current form, at the start or at a reload that changed it
   * (thời điểm khởi tạo).
   */
  readonly startedAt: Scalars['DateTime']['output'];
  /** What callers get from the system at present (tình trạng); the same as in `connectors`. */
  readonly status: ConnectorStatus;
  /** The name of the system in the language of the request (tên hệ thống). */
  readonly title: Scalars['String']['output'];
  /** The most recent changes of breaker state, newest first, at most twenty (lịch sử cầu dao). */
  readonly transitions: ReadonlyArray<BreakerTransition>;
};

/** The result of a test whether a system can be reached (kết quả thử kết nối). Source: the gateway. */
export type ConnectorProbe = {
  /** The time of the test (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** The number of open breakers that the test caused to admit trial calls (số cầu dao được thử lại). */
  readonly breakersWoken: Scalars['Int']['output'];
  /** The error code (mã lỗi); null when the system was reached. */
  readonly code: Maybe<Scalars['String']['output']>;
  /** The identifier of the connector (mã kết nối). */
  readonly connector: Scalars['String']['output'];
  /** The duration of the test in milliseconds (thời lượng). */
  readonly durationMs: Scalars['Float']['output'];
  /** The kind of test: a socket, or the request that the manifest declares (cách thử). */
  readonly kind: ProbeKind;
  /** Whether the system could be reached (kết nối được). */
  readonly reachable: Scalars['Boolean']['output'];
};

/** What callers get from a system at present (tình trạng kết nối): it follows the answers of the last minute. */
export type ConnectorStatus =
  /** A part of the answers is missing or late (suy giảm). */
  | 'DEGRADED'
  /** Callers get their answers in time, or nothing shows the opposite (hoạt động). */
  | 'OK'
  /**
   * Callers get nothing from the system at present (không khả dụng): it fails, rejects the credentials of the gateway, or is
   * closed. Fields that depend on the system are null, or hold older values.
   */
  | 'UNAVAILABLE';

/**
 * The consent of a person to data being fetched from a system (sự đồng ý của chủ thể dữ liệu), by Law 91/2025/QH15. Source: the city's
 * store, which keeps a keyed digest in place of the personal identification number.
 */
export type Consent = {
  /** The application through which the consent was given (ứng dụng); null where it is not known. */
  readonly client: Maybe<Scalars['String']['output']>;
  /** The identifier of the connector whose system may be asked (mã kết nối). */
  readonly connector: Scalars['ID']['output'];
  /**
   * The fields to which the person agreed, as `Type.field` (những dữ liệu nào): those of the connector that needed consent when it was given.
   * A field that comes to need consent later needs a new one.
   */
  readonly fields: ReadonlyArray<Scalars['String']['output']>;
  /** The time at which the consent was given (thời điểm đồng ý). */
  readonly givenAt: Scalars['DateTime']['output'];
  /** The identifier of the consent (mã sự đồng ý). */
  readonly id: Scalars['ID']['output'];
  /** The code of the procedure for which the data may be fetched (mã thủ tục); null where it may be for every procedure. */
  readonly procedure: Maybe<Scalars['ProcedureCode']['output']>;
  /** The text to which the person agreed (văn bản đồng ý). */
  readonly statement: Scalars['String']['output'];
  /** The time at which the consent was withdrawn (thời điểm rút lại); null while it is in force. */
  readonly withdrawnAt: Maybe<Scalars['DateTime']['output']>;
};

/** A currency by its ISO 4217 code (mã tiền tệ). */
export type Currency =
  /** The đồng, the currency of Viet Nam (đồng Việt Nam). No smaller unit is in use. */
  | 'VND';

/** An access to the data of the person who asks (một lượt xem dữ liệu). Source: the audit trail of the gateway. */
export type DataUsage = {
  /** The code of the agency (mã cơ quan); null where the access was not made for an agency. */
  readonly agency: Maybe<Scalars['String']['output']>;
  /** The name of the agency (tên cơ quan); null where the access was not made for a known agency. */
  readonly agencyName: Maybe<Scalars['String']['output']>;
  /** The time of the access (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** The code of the dossier for which the data was read (mã hồ sơ); null where there was none. */
  readonly dossier: Maybe<Scalars['String']['output']>;
  /** The data that was read, in the language of the request (những dữ liệu nào). */
  readonly fields: ReadonlyArray<Scalars['String']['output']>;
  /** Whether it was the person who asks (chính mình). */
  readonly isSelf: Scalars['Boolean']['output'];
  /** How the access ended, in the language of the request (kết quả). */
  readonly outcome: Scalars['String']['output'];
  /** The code of the procedure for which the data was read (mã thủ tục); null where there was none. */
  readonly procedure: Maybe<Scalars['String']['output']>;
  /** The name of the procedure (tên thủ tục); null where there was none or it is not known. */
  readonly procedureName: Maybe<Scalars['String']['output']>;
  /** The stated purpose (mục đích); null where dossier and procedure are the purpose. */
  readonly purpose: Maybe<Scalars['String']['output']>;
  /** The access in one sentence, in the language of the request (tóm tắt). */
  readonly summary: Scalars['String']['output'];
  /** The system from which the data came, in the language of the request (hệ thống). */
  readonly system: Scalars['String']['output'];
  /** Who has read the data, in the language of the request (ai đã xem): the officer and the agency, a program, or the person who asks. */
  readonly who: Scalars['String']['output'];
};

/** Accesses to the data of one person, in pages (các lượt truy cập). */
export type DataUsageConnection = {
  /** The accesses of the page with their cursors (các lượt của trang). */
  readonly edges: ReadonlyArray<DataUsageEdge>;
  /** The position of the page in the list (thông tin trang). */
  readonly pageInfo: PageInfo;
};

/** An access and its position (lượt truy cập kèm con trỏ). */
export type DataUsageEdge = {
  /** The position of the access in the list (con trỏ). */
  readonly cursor: Scalars['String']['output'];
  /** The access (lượt truy cập). */
  readonly node: DataUsage;
};

/**
 * The identity that an applicant declared on the form (thông tin tự khai). The declaration is not verified.
 * Source: the city's store.
 */
export type DeclaredIdentity = {
  /** The birth date as declared (ngày sinh). Source: the city's store. */
  readonly birthDate: PartialDate;
  /** The full name as declared, with the family name first (họ và tên). Source: the city's store. */
  readonly fullName: Scalars['String']['output'];
};

/**
 * A parcel of the public post that carries the papers of a dossier (bưu gửi, bưu chính công ích). The city's store holds the
 * tracking code and the time of the order; the post holds all other fields. They are null when the post has no such parcel,
 * and when the post does not answer; in the second case `errors` states the reason.
 */
export type Delivery = {
  /**
   * The steps of the parcel so far, oldest first (lịch sử hành trình); null when the post has no such parcel. This field
   * requires a second call to the post. Source: MyVNPost, `GetStatusHistoryOrder`.
   */
  readonly events: Maybe<ReadonlyArray<Maybe<DeliveryEvent>>>;
  /** The time at which the parcel was ordered (ngày tạo đơn). Source: the city's store. */
  readonly orderedAt: Scalars['DateTime']['output'];
  /** Where the object came from and how old it is (nguồn gốc dữ liệu); null if no source has answered. Source: the gateway. */
  readonly provenance: Maybe<Provenance>;
  /** The status of the parcel (trạng thái bưu gửi); null when the post has no such parcel. Source: MyVNPost, `status`. */
  readonly status: Maybe<DeliveryStatus>;
  /**
   * The time at which the parcel took this status (thời điểm cập nhật); null when the post states none. Source: MyVNPost,
   * `statusDate`.
   */
  readonly statusAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * The status in the words of the post, in Vietnamese (diễn giải trạng thái); null when the post has no such parcel.
   * Source: MyVNPost, `statusName`.
   */
  readonly statusText: Maybe<Scalars['String']['output']>;
  /** The tracking code, 13 characters, e.g. `EH123456785VN` (số hiệu bưu gửi). Source: the city's store. */
  readonly trackingCode: Scalars['String']['output'];
};

/** One step of a parcel (sự kiện hành trình bưu gửi). Source: MyVNPost. */
export type DeliveryEvent = {
  /** The time of the step (thời điểm); null when the post states none. Source: MyVNPost, `statusDate`. */
  readonly at: Maybe<Scalars['DateTime']['output']>;
  /** The status of the parcel after the step (trạng thái); null when the post states none. Source: MyVNPost, `status`. */
  readonly status: Maybe<DeliveryStatus>;
  /**
   * The status in the words of the post, in Vietnamese (diễn giải); null when the post states none. Source: MyVNPost,
   * `statusName`.
   */
  readonly statusText: Maybe<Scalars['String']['output']>;
};

/** The status of a parcel (trạng thái bưu gửi), with the number of each at MyVNPost. Source: MyVNPost. */
export type DeliveryStatus =
  /** 11, đã đến bưu cục phát: the parcel is at the post office that delivers it. */
  | 'AT_DELIVERY_OFFICE'
  /** 7, bưu cục đã nhận: the post office has received the parcel. */
  | 'AT_POST_OFFICE'
  /** 3, chờ xác nhận: the order awaits confirmation. */
  | 'AWAITING_CONFIRMATION'
  /** 16, chờ chuyển hoàn: the return of the parcel awaits approval. */
  | 'AWAITING_RETURN'
  /** 22, hủy phát: the delivery was cancelled. */
  | 'CANCELLED'
  /** 21, đã trả tiền COD: the money collected from the addressee was paid out to the sender. */
  | 'COD_PAID'
  /** 6, đã thu gom: the parcel was collected from the sender. */
  | 'COLLECTED'
  /** 4, đang thu gom: the postman is on the way to collect the parcel. */
  | 'COLLECTING'
  /** 9, hủy thu gom: the collection was cancelled. */
  | 'COLLECT_CANCELLED'
  /** 5, thu gom không thành công: the parcel could not be collected; the post will try again. */
  | 'COLLECT_FAILED'
  /** 8, thu gom thất bại: the parcel could not be collected; the post will not try again. */
  | 'COLLECT_FAILED_FINALLY'
  /** 1, đã tạo: the order was created. */
  | 'CREATED'
  /** 14, phát thành công: the parcel was delivered. */
  | 'DELIVERED'
  /** 15, phát không thành công: the parcel could not be delivered; the post will try again. */
  | 'DELIVERY_FAILED'
  /** 0, nháp: the order is a draft. */
  | 'DRAFT'
  /** 13, chuyển tiếp: the parcel was forwarded to another post office. */
  | 'FORWARDED'
  /** 10, đang vận chuyển: the parcel is between two post offices. */
  | 'IN_TRANSIT'
  /** 12, đang phát: the postman is on the way to the addressee. */
  | 'OUT_FOR_DELIVERY'
  /** 23, phát một phần: a part of the parcel was delivered. */
  | 'PARTLY_DELIVERED'
  /** 20, chuyển hoàn một phần: a part of the parcel was returned to the sender. */
  | 'PARTLY_RETURNED'
  /** 2, đã phân công bưu tá: a postman was assigned to collect the parcel. */
  | 'POSTMAN_ASSIGNED'
  /** 19, đã chuyển hoàn: the parcel was returned to the sender. */
  | 'RETURNED'
  /** 24, đang chuyển hoàn: the parcel is on the way back to the sender. */
  | 'RETURNING'
  /** 17, đã duyệt chuyển hoàn: the return of the parcel was approved. */
  | 'RETURN_APPROVED'
  /** 18, bắt đầu chuyển hoàn: the return of the parcel has begun. */
  | 'RETURN_BEGUN'
  /**
   * Không rõ: the post returned a number that this gateway does not recognise. The numbers 28 and 29 have been observed, and
   * older systems use 70 to 100.
   */
  | 'UNKNOWN';

/**
 * A dossier (hồ sơ): one application of a person or an enterprise for an administrative procedure, from its registration to
 * its result. Source: the city's store.
 */
export type Dossier = {
  /** The agency that processes the dossier (đơn vị xử lý). Source: the city's store. */
  readonly agency: Agency;
  /**
   * The person to whom the dossier belongs (chủ hồ sơ). Sources: the city's store for the personal identification number and
   * the declared identity, the national population database for all other fields.
   */
  readonly applicant: Citizen;
  /**
   * The enterprise for which the dossier was submitted (doanh nghiệp); null when a person applied for themself.
   * Sources: the city's store for the code, the national business registry for all other fields.
   */
  readonly business: Maybe<Business>;
  /** The channel through which the dossier was submitted (kênh thực hiện). Source: the city's store. */
  readonly channel: SubmissionChannel;
  /** The code of the dossier, which the applicant uses to follow it (mã hồ sơ). Source: the city's store. */
  readonly code: Scalars['DossierCode']['output'];
  /**
   * The parcels that were ordered for the dossier, oldest first (bưu gửi). Sources: the city's store for the tracking code and
   * the time of the order, the public post for all other fields.
   */
  readonly deliveries: ReadonlyArray<Delivery>;
  /** The time at which the result is due, within working hours (ngày hẹn trả). Source: the city's store. */
  readonly dueAt: Scalars['DateTime']['output'];
  /** The steps of processing so far, oldest first (lịch sử xử lý). Source: the city's store. */
  readonly events: ReadonlyArray<DossierEvent>;
  /**
   * The time at which processing ended, whatever the outcome (ngày kết thúc xử lý); null while processing continues.
   * Source: the city's store.
   */
  readonly finishedAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * The online payments that were started for the dossier, oldest first (thanh toán trực tuyến). Sources: the city's store for
   * what was requested, the national payment platform for the outcome.
   */
  readonly payments: ReadonlyArray<Payment>;
  /** The procedure under which the dossier is processed (thủ tục hành chính). Source: the city's store. */
  readonly procedure: Procedure;
  /** The time at which an officer received the dossier (ngày tiếp nhận); null until then. Source: the city's store. */
  readonly receivedAt: Maybe<Scalars['DateTime']['output']>;
  /** The current status of the dossier (trạng thái hồ sơ). Source: the city's store. */
  readonly status: DossierStatus;
  /** The time at which the dossier was submitted (ngày nộp). Source: the city's store. */
  readonly submittedAt: Scalars['DateTime']['output'];
};

/** A page of dossiers (trang hồ sơ), in the form of the Relay cursor connections specification. Source: the city's store. */
export type DossierConnection = {
  /** The dossiers of this page, each with its cursor (hồ sơ trong trang). Source: the city's store. */
  readonly edges: ReadonlyArray<DossierEdge>;
  /** The position of this page in the whole list (thông tin trang). Source: the city's store. */
  readonly pageInfo: PageInfo;
};

/** A dossier and its position in the list (hồ sơ và vị trí). Source: the city's store. */
export type DossierEdge = {
  /** The position of this dossier in the list (con trỏ), an opaque value for the argument `after`. Source: the city's store. */
  readonly cursor: Scalars['String']['output'];
  /** The dossier at this position (hồ sơ). Source: the city's store. */
  readonly node: Dossier;
};

/** One step in the processing of a dossier (tiến độ xử lý). Source: the city's store. */
export type DossierEvent = {
  /**
   * The author of the step (người xử lý): the code of an officer, or a role such as the applicant, and never the name of a
   * person. Source: the city's store.
   */
  readonly actor: Scalars['String']['output'];
  /** The time of the step (thời điểm xử lý). Source: the city's store. */
  readonly at: Scalars['DateTime']['output'];
  /** The note on the step (nội dung xử lý); null when there is none. Source: the city's store. */
  readonly note: Maybe<Scalars['String']['output']>;
  /** The status of the dossier after the step (trạng thái). Source: the city's store. */
  readonly status: DossierStatus;
};

/**
 * The status of a dossier (trạng thái hồ sơ), by the national list of ten. Agencies exchange dossiers by the numbers of this
 * list, which are those of the National Public Service Portal.
 */
export type DossierStatus =
  /** 4, đang xử lý: the agency is processing the dossier. */
  | 'IN_PROCESS'
  /** 3, không được tiếp nhận: the dossier was not accepted. This status is final. */
  | 'NOT_ACCEPTED'
  /** 6, yêu cầu thực hiện nghĩa vụ tài chính: the agency has requested a payment from the applicant. */
  | 'PAYMENT_REQUIRED'
  /** 9, đã xử lý xong: processing is complete, and the result has not been returned to the applicant yet. */
  | 'PROCESSED'
  /** 2, được tiếp nhận: the dossier is complete, and an officer has received it. */
  | 'RECEIVED'
  /** 1, mới đăng ký: the dossier was submitted and has not been examined yet. */
  | 'REGISTERED'
  /** 10, đã trả kết quả: the result was returned to the applicant. This status is final. */
  | 'RESULT_RETURNED'
  /** 8, dừng xử lý: the agency has stopped processing the dossier. This status is final. */
  | 'STOPPED'
  /**
   * 5, yêu cầu bổ sung: the agency has requested further papers from the applicant. The processing time is suspended until they
   * arrive.
   */
  | 'SUPPLEMENT_REQUIRED'
  /** 7, công dân yêu cầu rút: the dossier was withdrawn at the request of the applicant. This status is final. */
  | 'WITHDRAWN';

/** The result of dropping a cache (kết quả xóa bộ đệm). Source: the gateway. */
export type DroppedCache = {
  /** The identifier of the connector (mã kết nối). */
  readonly connector: Scalars['String']['output'];
  /** The number of answers that the answering process had cached (số mục đã xóa). */
  readonly dropped: Scalars['Int']['output'];
};

/** A part of a connector that expires (thứ có hạn dùng). */
export type ExpiringThing =
  /** The certificate of the gateway (chứng thư của cổng). */
  | 'CLIENT_CERTIFICATE'
  /** The key or password, by the expiry date in the manifest (thông tin xác thực). */
  | 'CREDENTIAL'
  /** The certificate of the source, as presented in the most recent handshake (chứng thư của hệ thống nguồn). */
  | 'SOURCE_CERTIFICATE'
  /** The current session token, which the gateway renews (mã phiên). */
  | 'TOKEN';

/** The expiry of a certificate or credential (hạn dùng). Source: the gateway. */
export type ExpiryHealth = {
  /** The time of expiry (thời điểm hết hạn). */
  readonly at: Scalars['DateTime']['output'];
  /** The number of whole days left; negative after the expiry (số ngày còn lại). */
  readonly daysLeft: Scalars['Int']['output'];
  /** The object that expires (đối tượng). */
  readonly what: ExpiringThing;
};

/** Whether an object was fetched for this request or was kept from an earlier one (độ mới của dữ liệu). */
export type Freshness =
  /** The object was kept from an earlier request and has not reached its time to live (từ bộ đệm). */
  | 'CACHED'
  /** The object was fetched for this request (trực tiếp). */
  | 'LIVE'
  /**
   * The object was kept from an earlier request and is past its time to live (đã cũ). The gateway returns such an object only
   * while the source does not answer.
   */
  | 'STALE';

/** The state of a gate, which decides whether calls pass (trạng thái cổng). */
export type GateState =
  /** The maintenance windows of the manifest decide (tự động). */
  | 'AUTOMATIC'
  /** No call passes (đóng). Fields that depend on the system are null, with the error code `MAINTENANCE`, or hold older values. */
  | 'CLOSED'
  /** Calls pass, even during a maintenance window (mở). Circuit breakers still apply. */
  | 'OPEN';

/** The sex in a civil record (giới tính). Source: national population database, `GioiTinh`. */
export type Gender =
  /** 2, giới tính nữ: female. */
  | 'FEMALE'
  /** 1, giới tính nam: male. */
  | 'MALE';

/** What a person agrees to (nội dung đồng ý). */
export type GiveConsentInput = {
  /** The identifier of the connector whose system may be asked (mã kết nối). It must be one that asks for consent. */
  readonly connector: Scalars['ID']['input'];
  /** The code of the procedure for which the data may be fetched (mã thủ tục); without it, for every procedure. */
  readonly procedure?: InputMaybe<Scalars['ProcedureCode']['input']>;
  /**
   * The text that the person has read and agreed to, 1 to 4,000 characters (văn bản đồng ý). It is stored as it is, as the proof of the
   * consent. It must not contain the personal identification number.
   */
  readonly statement: Scalars['String']['input'];
};

/** A cause of the status of a connector, or a notice (nguyên nhân). Source: the gateway. */
export type HealthCause = {
  /**
   * The name of the cause, e.g. `CREDENTIALS_REJECTED`, `FAILURES`, `LATE_ANSWERS` or `NO_CALLS` (nguyên nhân). The metric
   * `lienthong_connector_cause` has the same names.
   */
  readonly cause: Scalars['String']['output'];
  /** The error code that callers receive most often for this cause (mã lỗi); null when no error belongs to the cause. */
  readonly code: Maybe<Scalars['String']['output']>;
  /** The cause as a sentence, in the language of the request (lý do). */
  readonly message: Scalars['String']['output'];
  /** The operation that the cause concerns (thao tác); null when it concerns all of them. */
  readonly operation: Maybe<Scalars['String']['output']>;
  /** The share of the recent answers that the cause concerns, 0 to 1 (tỷ lệ); null for a cause that is not in the answers. */
  readonly share: Maybe<Scalars['Float']['output']>;
  /** The time since which the cause holds, or at which it was first seen (từ lúc). */
  readonly since: Scalars['DateTime']['output'];
  /** The status that this cause alone leads to; `OK` for a notice (tình trạng). */
  readonly status: ConnectorStatus;
};

/** A text in both languages of the gateway (văn bản hai thứ tiếng). */
export type LocalizedTextInput = {
  /** The text in English (tiếng Anh). */
  readonly en: Scalars['String']['input'];
  /** The text in Vietnamese (tiếng Việt). */
  readonly vi: Scalars['String']['input'];
};

/** A period of planned maintenance (khung giờ bảo trì). Source: the manifest of the connector. */
export type MaintenanceWindow = {
  /** The start of the window (bắt đầu). */
  readonly from: Scalars['DateTime']['output'];
  /** The message for callers, in the language of the request (thông báo); null when the manifest has none. */
  readonly text: Maybe<Scalars['String']['output']>;
  /** The end of the window (kết thúc). */
  readonly to: Scalars['DateTime']['output'];
};

/** The actions of operators (thao tác của người vận hành). No action changes a dossier or a system behind the gateway. */
export type Mutation = {
  /**
   * Drops all cached answers of a connector, on every gateway that shares the store (xóa bộ đệm). Requires an operator; null, with
   * an error, for other callers. Source: the gateway.
   */
  readonly dropConnectorCache: Maybe<DroppedCache>;
  /**
   * Gives the consent of the person who asks to a system being asked for those of the person's data that need it (cho phép xử lý dữ liệu).
   * Duties of state agencies need no consent, and their data is not concerned. Where the same consent is in force already, it is returned and
   * nothing is changed. The action is recorded in the audit trail. It is null, with an error, for callers who are not citizens and when nothing
   * was stored.
   */
  readonly giveConsent: Maybe<Consent>;
  /**
   * Tests whether a system can be reached (thử kết nối). The test does not count towards the quota of the system. When it
   * succeeds, open breakers admit trial calls immediately. Requires an operator; null, with an error,
   * for other callers. Source: the gateway.
   */
  readonly probeConnector: Maybe<ConnectorProbe>;
  /**
   * Sets the gate of a connector (đóng, mở, trả về tự động). The setting is stored: it takes effect within two seconds on every
   * gateway that shares the store, and survives a restart. Requires an operator; null, with an error,
   * for other callers. Source: the gateway.
   */
  readonly setConnectorGate: Maybe<ConnectorHealth>;
  /**
   * Withdraws a consent of the person who asks (rút lại sự đồng ý). From the next request on nothing is fetched by it; what was lawful before
   * remains so. A consent that has been withdrawn already is returned as it is. The action is recorded in the audit trail. It is null, with an
   * error, for callers who are not citizens and when the person has no such consent.
   */
  readonly withdrawConsent: Maybe<Consent>;
};


/** The actions of operators (thao tác của người vận hành). No action changes a dossier or a system behind the gateway. */
export type MutationDropConnectorCacheArgs = {
  connector: Scalars['String']['input'];
};


/** The actions of operators (thao tác của người vận hành). No action changes a dossier or a system behind the gateway. */
export type MutationGiveConsentArgs = {
  input: GiveConsentInput;
};


/** The actions of operators (thao tác của người vận hành). No action changes a dossier or a system behind the gateway. */
export type MutationProbeConnectorArgs = {
  connector: Scalars['String']['input'];
};


/** The actions of operators (thao tác của người vận hành). No action changes a dossier or a system behind the gateway. */
export type MutationSetConnectorGateArgs = {
  input: SetConnectorGateInput;
};


/** The actions of operators (thao tác của người vận hành). No action changes a dossier or a system behind the gateway. */
export type MutationWithdrawConsentArgs = {
  id: Scalars['ID']['input'];
};

/**
 * An officer who read the data of far more people than the colleagues of the same agency (cán bộ xem nhiều bất thường): by the modified
 * z-score over median and median absolute deviation, above 3.5, among at least five officers, and at least ten people.
 */
export type OfficerAnomaly = {
  /** The number of accesses (số lượt). */
  readonly accesses: Scalars['Int']['output'];
  /** The code of the agency (mã cơ quan). */
  readonly agency: Scalars['String']['output'];
  /** The median of the agency, in people (trung vị của cơ quan). */
  readonly median: Scalars['Float']['output'];
  /** The officer code (mã cán bộ). */
  readonly officer: Scalars['String']['output'];
  /** The number of different people whose data the officer read (số người). */
  readonly people: Scalars['Int']['output'];
  /** The modified z-score (điểm lệch). */
  readonly score: Scalars['Float']['output'];
};

/**
 * One operation of a connector (tình trạng một thao tác). Rates, percentiles and outcomes cover the last minute.
 * Source: the gateway.
 */
export type OperationHealth = {
  /** The state of the breaker (trạng thái cầu dao). */
  readonly breaker: BreakerState;
  /** The number of calls that left the gateway (số lượt gọi). */
  readonly calls: Scalars['Int']['output'];
  /** The number of calls that left the gateway, per second (lượt mỗi giây). */
  readonly callsPerSecond: Scalars['Float']['output'];
  /** The number of failures in a row when the breaker opened (số lỗi liên tiếp); null while the breaker is closed. */
  readonly failuresInARow: Maybe<Scalars['Int']['output']>;
  /** The most recent failures of calls that left the gateway, newest first, at most ten (lượt gọi lỗi gần nhất). */
  readonly lastFailures: ReadonlyArray<CallFailure>;
  /**
   * The most recent of these problems (sai lệch gần nhất): the place in the mapping, and never a value; null when there has
   * been none.
   */
  readonly lastMappingProblem: Maybe<Scalars['String']['output']>;
  /**
   * The time of the last successful answer since the start (lần thành công gần nhất); null when there has been none. An answer
   * that no such record exists is successful.
   */
  readonly lastSuccessAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * The number of times since the start that a part of an answer did not match its mapping (sai lệch định dạng). A growing
   * number means that the format of the system has changed.
   */
  readonly mappingProblems: Scalars['Int']['output'];
  /** The name of the operation, as errors report it (thao tác). */
  readonly operation: Scalars['String']['output'];
  /**
   * The outcomes of all requests to the operation, the most frequent first (kết quả). Requests that the gateway refused are
   * included.
   */
  readonly outcomes: ReadonlyArray<OutcomeRate>;
  /** The median duration of the calls, in milliseconds, within 5 % (trung vị); null when there were no calls. */
  readonly p50Ms: Maybe<Scalars['Float']['output']>;
  /** The 95th percentile of the durations, in milliseconds, within 5 % (phân vị 95); null when there were no calls. */
  readonly p95Ms: Maybe<Scalars['Float']['output']>;
  /** The 99th percentile of the durations, in milliseconds, within 5 % (phân vị 99); null when there were no calls. */
  readonly p99Ms: Maybe<Scalars['Float']['output']>;
  /** The time until the breaker admits calls again, in milliseconds (thời gian chờ); null while the breaker is closed. */
  readonly retryAfterMs: Maybe<Scalars['Int']['output']>;
  /** The time at which the breaker took this state (thời điểm đổi trạng thái). */
  readonly since: Scalars['DateTime']['output'];
  /**
   * The share of slow calls, 0 to 1 (tỷ lệ chậm). A call is slow when it takes at least `breaker.slowCallMs` of the manifest;
   * null when the manifest has no such limit or there were no calls.
   */
  readonly slowRate: Maybe<Scalars['Float']['output']>;
  /**
   * The source that the operation calls, by its name in the schema of the connector (nguồn); null when the operation calls an
   * absolute URL.
   */
  readonly source: Maybe<Scalars['String']['output']>;
  /**
   * The rule that opened the breaker (quy tắc mở): `FAILURES_IN_A_ROW`, `FAILURE_RATE`, `SLOW_CALLS` or `PROBE_FAILED`; null
   * while the breaker is closed.
   */
  readonly trigger: Maybe<Scalars['String']['output']>;
  /** The error code of the failure that opened the breaker (lý do mở); null while the breaker is closed. */
  readonly why: Maybe<Scalars['String']['output']>;
};

/** The frequency of one outcome in the last minute (tần suất kết quả). Source: the gateway. */
export type OutcomeRate = {
  /** The number of requests with this outcome (số lượt). */
  readonly count: Scalars['Int']['output'];
  /** The outcome: `OK`, `NOT_FOUND` or an error code (kết quả). */
  readonly outcome: Scalars['String']['output'];
  /** The share of requests with this outcome, 0 to 1 (tỷ lệ). */
  readonly share: Scalars['Float']['output'];
};

/**
 * The position of a page in the whole list (thông tin trang), in the form of the Relay cursor connections specification.
 * Source: the city's store.
 */
export type PageInfo = {
  /**
   * The cursor of the last entry of this page, to be passed as `after` (con trỏ cuối); null when the page is empty.
   * Source: the city's store.
   */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether the list continues after this page (còn trang sau). Source: the city's store. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /**
   * Whether the list has entries before this page (còn trang trước): false for the first page, true when `after` was given.
   * Source: the city's store.
   */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry of this page (con trỏ đầu); null when the page is empty. Source: the city's store. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A date whose month or day may be unknown (ngày tháng có thể thiếu). Many births were registered with the year only. */
export type PartialDate = {
  /** The day of the month, 1 to 31 (ngày); null when the day is not known. */
  readonly day: Maybe<Scalars['Int']['output']>;
  /** The month, 1 to 12 (tháng); null when only the year is known. */
  readonly month: Maybe<Scalars['Int']['output']>;
  /** The year, four digits (năm). */
  readonly year: Scalars['Int']['output'];
};

/**
 * An online payment that was started for a dossier (thanh toán trực tuyến). The city's store holds what was requested; the
 * national payment platform holds the outcome. The fields of the outcome are null when the platform has no such payment, and
 * when the platform does not answer; in the second case `errors` states the reason.
 */
export type Payment = {
  /** The requested amount in đồng (số tiền). Source: the city's store. */
  readonly amount: Scalars['Vnd']['output'];
  /**
   * The bank that processed the payment, by the code of the platform (mã ngân hàng); null until the payment is made.
   * Source: national payment platform, `MaNganHang`.
   */
  readonly bank: Maybe<Scalars['String']['output']>;
  /** The currency of the amount (mã tiền tệ). Source: the city's store. */
  readonly currency: Currency;
  /**
   * The time of the payment (thời gian giao dịch); null when the status is neither `PAID` nor `REFUNDED`. Source: national
   * payment platform, `ThoiGianGD`.
   */
  readonly paidAt: Maybe<Scalars['DateTime']['output']>;
  /** Where the object came from and how old it is (nguồn gốc dữ liệu); null if no source has answered. Source: the gateway. */
  readonly provenance: Maybe<Provenance>;
  /**
   * The reference by which the payment platform identifies the payment, letters and digits only (mã tham chiếu).
   * Source: the city's store.
   */
  readonly reference: Scalars['String']['output'];
  /** The time at which the payment was started (thời gian khởi tạo). Source: the city's store. */
  readonly startedAt: Scalars['DateTime']['output'];
  /**
   * The status of the payment (trạng thái giao dịch); null when the platform has no such payment. Source: national payment
   * platform, `TrangThaiGD`.
   */
  readonly status: Maybe<PaymentStatus>;
  /**
   * The number that the platform assigned to the transaction (mã giao dịch); null until the payment is made. Source: national
   * payment platform, `MaGiaoDich`.
   */
  readonly transactionId: Maybe<Scalars['String']['output']>;
};

/** The status of a payment (trạng thái giao dịch). Source: national payment platform, `TrangThaiGD`. */
export type PaymentStatus =
  /** 3, hết hạn: the payment was not made in time. */
  | 'EXPIRED'
  /** 2, thất bại: the payment failed. */
  | 'FAILED'
  /** 1, đã thanh toán: the payment was made. */
  | 'PAID'
  /** 4, đã hoàn tiền: the payment was made and has been refunded. */
  | 'REFUNDED'
  /** Không rõ: the platform returned a status that this gateway does not recognise. */
  | 'UNKNOWN'
  /** 0, chờ thanh toán: the payment was started and has not been made yet. */
  | 'WAITING';

/** The kind of a probe (cách thử). */
export type ProbeKind =
  /** The probe sends the request that the manifest declares (gửi yêu cầu). */
  | 'REQUEST'
  /** The probe opens a socket, with TLS where the source uses it (mở kết nối). It does not count towards the quota. */
  | 'SOCKET';

/**
 * An administrative procedure (thủ tục hành chính) that the city carries out, as published in the national database of
 * procedures. Source: the city's store.
 */
export type Procedure = {
  /** The national code of the procedure, e.g. `1.005129` (mã thủ tục). Source: the city's store. */
  readonly code: Scalars['ProcedureCode']['output'];
  /** The fee for one dossier, in đồng (phí, lệ phí); 0 when the procedure is free of charge. Source: the city's store. */
  readonly fee: Scalars['Vnd']['output'];
  /** The code of the administrative field, e.g. `G03-GD10` (mã lĩnh vực). Source: the city's store. */
  readonly fieldCode: Scalars['String']['output'];
  /** The name of the administrative field in Vietnamese (lĩnh vực). Source: the city's store. */
  readonly fieldName: Scalars['String']['output'];
  /** The extent to which the procedure can be completed online (mức độ dịch vụ công trực tuyến). Source: the city's store. */
  readonly level: ProcedureLevel;
  /** The processing time that the law allows, in working days of eight hours (thời hạn giải quyết). Source: the city's store. */
  readonly limitWorkingDays: Scalars['Int']['output'];
  /** The name of the procedure in Vietnamese (tên thủ tục). Source: the city's store. */
  readonly name: Scalars['String']['output'];
};

/** A page of procedures (trang thủ tục), in the form of the Relay cursor connections specification. Source: the city's store. */
export type ProcedureConnection = {
  /** The procedures of this page, each with its cursor (thủ tục trong trang). Source: the city's store. */
  readonly edges: ReadonlyArray<ProcedureEdge>;
  /** The position of this page in the whole list (thông tin trang). Source: the city's store. */
  readonly pageInfo: PageInfo;
};

/** A procedure and its position in the list (thủ tục và vị trí). Source: the city's store. */
export type ProcedureEdge = {
  /** The position of this procedure in the list (con trỏ), an opaque value for the argument `after`. Source: the city's store. */
  readonly cursor: Scalars['String']['output'];
  /** The procedure at this position (thủ tục). Source: the city's store. */
  readonly node: Procedure;
};

/** The extent to which a procedure can be completed online (mức độ dịch vụ công trực tuyến), by Decree 42/2022/NĐ-CP. */
export type ProcedureLevel =
  /** Toàn trình: every step can be completed online. This is the former level 4. */
  | 'FULL'
  /** Cung cấp thông tin: only information is online. These are the former levels 1 and 2. */
  | 'INFORMATION'
  /** Một phần: some steps require a visit. This is the former level 3. */
  | 'PARTIAL';

/**
 * The system that supplied an object, and the age of its data (nguồn gốc dữ liệu). The gateway adds this to every object that
 * a connector supplies. Source: the gateway.
 */
export type Provenance = {
  /** The age of the answer when this response was made, in milliseconds (tuổi dữ liệu): 0 to 2,147,483,647, which also stands for any greater age. A client that caches objects computes it from `fetchedAt`. */
  readonly ageMs: Scalars['Int']['output'];
  /** The identifier of the connector that supplied the object (mã kết nối). */
  readonly connector: Scalars['String']['output'];
  /** The time at which the source answered (thời điểm lấy dữ liệu). */
  readonly fetchedAt: Scalars['DateTime']['output'];
  /** Whether the object was fetched for this request or was kept from an earlier one (độ mới). */
  readonly freshness: Freshness;
  /** The name of the source within the connector (nguồn); null when the connector has a single source. */
  readonly source: Maybe<Scalars['String']['output']>;
};

/**
 * The purpose for which personal data is fetched (mục đích xử lý dữ liệu cá nhân). Below a dossier the purpose is that dossier; a
 * look-up outside a dossier states it.
 */
export type PurposeInput = {
  /** The code of the dossier (mã hồ sơ). The caller must be able to see the dossier. */
  readonly dossier: Scalars['DossierCode']['input'];
  /** The code of the procedure of the dossier (mã thủ tục). When it is stated, it must be that of the dossier. */
  readonly procedure?: InputMaybe<Scalars['ProcedureCode']['input']>;
};

/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type Query = {
  /**
   * The agencies of the city, from the city down to the communes, ordered by name within each level (cơ quan).
   * Source: the city's store.
   */
  readonly agencies: ReadonlyArray<Agency>;
  /**
   * What deserves a look (dấu hiệu bất thường): officers who read the data of far more people than the colleagues of their agency, and uses of
   * the break-glass token. The reading is itself recorded. Requires an auditor; null with FORBIDDEN for other callers.
   * Source: the audit trail of the gateway.
   */
  readonly auditAnomalies: Maybe<AuditAnomalies>;
  /**
   * The records of the audit trail, the newest first (nhật ký truy cập). The reading is itself recorded. Requires an auditor; null with
   * FORBIDDEN for other callers. Source: the audit trail of the gateway.
   */
  readonly auditTrail: Maybe<AuditRecordConnection>;
  /**
   * The systems behind this gateway with details for operators (tình trạng kết nối cho người vận hành): the reason for the
   * status of each, the outcomes of its calls in the last minute, and the capacity that its guard has left. Times and counts
   * are those of the process that answers; `replicas` covers the other processes. Requires an operator; null, with an error,
   * for other callers. Source: the gateway.
   */
  readonly connectorHealth: Maybe<ReadonlyArray<ConnectorHealth>>;
  /**
   * The systems behind this gateway, and whether the gateway can call each of them at present (hệ thống nguồn).
   * Source: the gateway.
   */
  readonly connectors: ReadonlyArray<Connector>;
  /**
   * The dossier with this code (hồ sơ); null when the store has no such dossier, or none that the caller may see: the two are not
   * distinguished. Source: the city's store.
   */
  readonly dossier: Maybe<Dossier>;
  /**
   * Dossiers in pages, the most recently submitted first (hồ sơ). Pages neither repeat nor skip a dossier when new ones arrive.
   * A citizen receives own dossiers and those filed for others, an enterprise its own, an officer those of the agency and of the
   * agencies below it; null, with an error, for callers without access. Source: the city's store.
   */
  readonly dossiers: Maybe<DossierConnection>;
  /**
   * The consents that the person who asks has given (sự đồng ý của tôi): those in force first, then the withdrawn ones, each from the newest
   * on; at most 100, or null, with the error code FORBIDDEN, for callers who are not citizens. Source: the city's store.
   */
  readonly myConsents: Maybe<ReadonlyArray<Consent>>;
  /**
   * Who has read my data (ai đã xem dữ liệu của tôi): the accesses to the data of the person who asks, the newest first, in plain words. For
   * the representative of an enterprise also those to the data of the enterprise; null for other callers, with the error code FORBIDDEN.
   * Source: the audit trail of the gateway.
   */
  readonly myDataUsage: Maybe<DataUsageConnection>;
  /**
   * The procedure with this code (thủ tục hành chính); null when the city does not carry out such a procedure.
   * Source: the city's store.
   */
  readonly procedure: Maybe<Procedure>;
  /**
   * The administrative procedures that the city carries out, in pages, ordered by code (thủ tục hành chính).
   * Source: the city's store.
   */
  readonly procedures: ProcedureConnection;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryAgenciesArgs = {
  level?: InputMaybe<AgencyLevel>;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryAuditAnomaliesArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryAuditTrailArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryConnectorHealthArgs = {
  connector?: InputMaybe<Scalars['String']['input']>;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryDossierArgs = {
  code: Scalars['DossierCode']['input'];
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryDossiersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryMyDataUsageArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryProcedureArgs = {
  code: Scalars['ProcedureCode']['input'];
};


/**
 * The queries of this gateway (truy vấn). Dossiers, procedures and agencies come from the city's own store. The national
 * systems complete the people, enterprises, payments and parcels to which a dossier refers.
 */
export type QueryProceduresArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The limit of a system on the number of calls in a period (hạn mức). Source: the manifest of the connector, and the gateway. */
export type QuotaHealth = {
  /** The number of calls left in the current period, as far as this process has counted them (còn lại). */
  readonly left: Scalars['Int']['output'];
  /** The number of calls allowed in a period (giới hạn). */
  readonly limit: Scalars['Int']['output'];
  /** The time at which the next period starts (thời điểm làm mới). */
  readonly refillsAt: Scalars['DateTime']['output'];
  /** The period of the quota (khung hạn mức). */
  readonly window: QuotaWindow;
};

/** The period of a quota (khung hạn mức). */
export type QuotaWindow =
  /** One day, from midnight to midnight in Viet Nam (ngày). */
  | 'DAY'
  /** One second of the clock (giây). */
  | 'SECOND';

/** The number of calls since the start that were refused before they left the gateway (bị từ chối). Source: the gateway. */
export type RefusalCounts = {
  /** Calls refused by an open breaker (cầu dao). */
  readonly breaker: Scalars['Float']['output'];
  /** Calls refused because too many were in progress or in the queue (quá tải). */
  readonly bulkhead: Scalars['Float']['output'];
  /** Calls refused by a closed gate or in a maintenance window (cổng). */
  readonly gate: Scalars['Float']['output'];
  /** Calls refused because the quota was used up (hạn mức). */
  readonly quota: Scalars['Float']['output'];
  /** Calls refused because the source had asked for fewer calls, with a time that had not passed yet (giãn cách). */
  readonly throttle: Scalars['Float']['output'];
};

/** A breaker in another process (cầu dao của tiến trình). Source: the city's store. */
export type ReplicaBreaker = {
  /** The operation, or the group of operations, of the breaker (thao tác). */
  readonly operation: Scalars['String']['output'];
  /** The state of the breaker (trạng thái cầu dao). */
  readonly state: BreakerState;
};

/** A gateway process that shares the store (tiến trình). Source: the city's store. */
export type ReplicaHealth = {
  /** The breakers of this connector in that process (cầu dao). Processes do not share breakers. */
  readonly breakers: ReadonlyArray<ReplicaBreaker>;
  /**
   * The clock of the machine of the process minus the clock of the store, in milliseconds (độ lệch đồng hồ); null when the
   * process does not share the store. Shared moments follow the clock of the store.
   */
  readonly clockSkewMs: Maybe<Scalars['Float']['output']>;
  /** Whether calls to this connector pass the gate of that process (cho phép gọi). */
  readonly gatePasses: Scalars['Boolean']['output'];
  /** The identifier of the process, created at its start (mã tiến trình). */
  readonly id: Scalars['String']['output'];
  /** Whether this is the process that answers the query (tiến trình này). */
  readonly isThis: Scalars['Boolean']['output'];
  /** The time of the most recent heartbeat of the process (lần cuối ghi nhận). */
  readonly seenAt: Scalars['DateTime']['output'];
  /** The time at which the process started (thời điểm khởi động). */
  readonly startedAt: Scalars['DateTime']['output'];
  /** The status of this connector in that process (tình trạng); null when the process has not published one. */
  readonly status: Maybe<ConnectorStatus>;
};

/** A legal representative of an enterprise (người đại diện theo pháp luật). Source: national business registry. */
export type Representative = {
  /**
   * The full name (họ và tên); null when the record has none. This is personal data. Source: national business registry,
   * `FULL_NAME`.
   */
  readonly fullName: Maybe<Scalars['String']['output']>;
};

/** The repeated attempts of calls (thử lại). Source: the gateway. */
export type RetryHealth = {
  /** The number of further attempts that the budget allows at present (ngân sách còn lại); null when there are no retries. */
  readonly budget: Maybe<Scalars['Int']['output']>;
  /** The number of second attempts since the start that were sent beside a slow first attempt (lượt gọi song song). */
  readonly hedges: Scalars['Float']['output'];
  /** The number of these second attempts whose answer arrived first (lượt song song về trước). */
  readonly hedgesWon: Scalars['Float']['output'];
  /** The number of repeated attempts since the start (số lần thử lại). */
  readonly retries: Scalars['Float']['output'];
};

/** A new setting for the gate of a connector (lệnh đóng mở). */
export type SetConnectorGateInput = {
  /** The identifier of the connector (mã kết nối). */
  readonly connector: Scalars['String']['input'];
  /** The new state of the gate (trạng thái cổng). */
  readonly gate: GateState;
  /** The reason, for other operators, 3 to 500 characters (lý do). It is required for `OPEN` and `CLOSED`. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /**
   * The message for callers while the gate is closed, 1 to 500 characters in each language (thông báo). Without this field,
   * callers receive a general message. Only `CLOSED` accepts it.
   */
  readonly text?: InputMaybe<LocalizedTextInput>;
  /**
   * The time at which the setting ends and the maintenance windows decide again (đến khi). Without this field, the setting
   * lasts until the next one. `AUTOMATIC` does not accept it.
   */
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The sockets to a source (kết nối mạng). Source: the gateway. */
export type SocketHealth = {
  /** The number of open sockets that are idle (nhàn rỗi). */
  readonly idle: Scalars['Int']['output'];
  /** The number of sockets in use (đang dùng). */
  readonly running: Scalars['Int']['output'];
  /** The number of requests that wait for a socket (đang chờ). */
  readonly waiting: Scalars['Int']['output'];
};

/** The channel through which a dossier was submitted (kênh thực hiện), with the national number of each. */
export type SubmissionChannel =
  /** 1, trực tiếp: at the counter of a one-stop shop. */
  | 'COUNTER'
  /** 2, trực tuyến: online. */
  | 'ONLINE'
  /** 3, bưu chính công ích: by the public post. */
  | 'PUBLIC_POST';

/** A person whom unusually many officers looked up (người bị tra cứu bởi nhiều cán bộ). */
export type WatchedPerson = {
  /** The number of accesses (số lượt). */
  readonly accesses: Scalars['Int']['output'];
  /** The number of different officers (số cán bộ). */
  readonly officers: Scalars['Int']['output'];
  /** The keyed digest of the personal identification number, as in the records of the audit trail (mã băm). */
  readonly subject: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Agency: ResolverTypeWrapper<AgencyNode>;
  AgencyCode: ResolverTypeWrapper<Scalars['AgencyCode']['output']>;
  AgencyLevel: AgencyLevel;
  AuditAnomalies: ResolverTypeWrapper<AuditAnomalies>;
  AuditFilter: AuditFilter;
  AuditRecord: ResolverTypeWrapper<AuditRecord>;
  AuditRecordConnection: ResolverTypeWrapper<AuditRecordConnection>;
  AuditRecordEdge: ResolverTypeWrapper<AuditRecordEdge>;
  AuditRecordKind: AuditRecordKind;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  BreakerState: BreakerState;
  BreakerTransition: ResolverTypeWrapper<BreakerTransition>;
  BulkheadHealth: ResolverTypeWrapper<BulkheadHealth>;
  Business: ResolverTypeWrapper<Business>;
  CacheHealth: ResolverTypeWrapper<CacheHealth>;
  CallFailure: ResolverTypeWrapper<CallFailure>;
  Citizen: ResolverTypeWrapper<ApplicantStub>;
  CivilAddress: ResolverTypeWrapper<CivilAddress>;
  Connector: ResolverTypeWrapper<ConnectorSummary>;
  ConnectorGate: ResolverTypeWrapper<ConnectorGate>;
  ConnectorHealth: ResolverTypeWrapper<ConnectorHealth>;
  ConnectorProbe: ResolverTypeWrapper<ConnectorProbe>;
  ConnectorStatus: ConnectorStatus;
  Consent: ResolverTypeWrapper<Consent>;
  Currency: Currency;
  DataUsage: ResolverTypeWrapper<DataUsage>;
  DataUsageConnection: ResolverTypeWrapper<DataUsageConnection>;
  DataUsageEdge: ResolverTypeWrapper<DataUsageEdge>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeclaredIdentity: ResolverTypeWrapper<DeclaredIdentity>;
  Delivery: ResolverTypeWrapper<DeliveryNode>;
  DeliveryEvent: ResolverTypeWrapper<DeliveryEvent>;
  DeliveryStatus: DeliveryStatus;
  Dossier: ResolverTypeWrapper<DossierNode>;
  DossierCode: ResolverTypeWrapper<Scalars['DossierCode']['output']>;
  DossierConnection: ResolverTypeWrapper<Omit<DossierConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DossierEdge']> }>;
  DossierEdge: ResolverTypeWrapper<Omit<DossierEdge, 'node'> & { node: ResolversTypes['Dossier'] }>;
  DossierEvent: ResolverTypeWrapper<DossierEvent>;
  DossierStatus: DossierStatus;
  DroppedCache: ResolverTypeWrapper<DroppedCache>;
  EnterpriseCode: ResolverTypeWrapper<Scalars['EnterpriseCode']['output']>;
  ExpiringThing: ExpiringThing;
  ExpiryHealth: ResolverTypeWrapper<ExpiryHealth>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Freshness: Freshness;
  GateState: GateState;
  Gender: Gender;
  GiveConsentInput: GiveConsentInput;
  HealthCause: ResolverTypeWrapper<HealthCause>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  LocalizedTextInput: LocalizedTextInput;
  MaintenanceWindow: ResolverTypeWrapper<MaintenanceWindow>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OfficerAnomaly: ResolverTypeWrapper<OfficerAnomaly>;
  OperationHealth: ResolverTypeWrapper<OperationHealth>;
  OutcomeRate: ResolverTypeWrapper<OutcomeRate>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PartialDate: ResolverTypeWrapper<PartialDate>;
  Payment: ResolverTypeWrapper<PaymentNode>;
  PaymentStatus: PaymentStatus;
  PersonalId: ResolverTypeWrapper<Scalars['PersonalId']['output']>;
  ProbeKind: ProbeKind;
  Procedure: ResolverTypeWrapper<ProcedureNode>;
  ProcedureCode: ResolverTypeWrapper<Scalars['ProcedureCode']['output']>;
  ProcedureConnection: ResolverTypeWrapper<Omit<ProcedureConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['ProcedureEdge']> }>;
  ProcedureEdge: ResolverTypeWrapper<Omit<ProcedureEdge, 'node'> & { node: ResolversTypes['Procedure'] }>;
  ProcedureLevel: ProcedureLevel;
  Provenance: ResolverTypeWrapper<Provenance>;
  PurposeInput: PurposeInput;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  QuotaHealth: ResolverTypeWrapper<QuotaHealth>;
  QuotaWindow: QuotaWindow;
  RefusalCounts: ResolverTypeWrapper<RefusalCounts>;
  ReplicaBreaker: ResolverTypeWrapper<ReplicaBreaker>;
  ReplicaHealth: ResolverTypeWrapper<ReplicaHealth>;
  Representative: ResolverTypeWrapper<Representative>;
  RetryHealth: ResolverTypeWrapper<RetryHealth>;
  SetConnectorGateInput: SetConnectorGateInput;
  SocketHealth: ResolverTypeWrapper<SocketHealth>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  SubmissionChannel: SubmissionChannel;
  Vnd: ResolverTypeWrapper<Scalars['Vnd']['output']>;
  WatchedPerson: ResolverTypeWrapper<WatchedPerson>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Agency: AgencyNode;
  AgencyCode: Scalars['AgencyCode']['output'];
  AuditAnomalies: AuditAnomalies;
  AuditFilter: AuditFilter;
  AuditRecord: AuditRecord;
  AuditRecordConnection: AuditRecordConnection;
  AuditRecordEdge: AuditRecordEdge;
  Boolean: Scalars['Boolean']['output'];
  BreakerTransition: BreakerTransition;
  BulkheadHealth: BulkheadHealth;
  Business: Business;
  CacheHealth: CacheHealth;
  CallFailure: CallFailure;
  Citizen: ApplicantStub;
  CivilAddress: CivilAddress;
  Connector: ConnectorSummary;
  ConnectorGate: ConnectorGate;
  ConnectorHealth: ConnectorHealth;
  ConnectorProbe: ConnectorProbe;
  Consent: Consent;
  DataUsage: DataUsage;
  DataUsageConnection: DataUsageConnection;
  DataUsageEdge: DataUsageEdge;
  DateTime: Scalars['DateTime']['output'];
  DeclaredIdentity: DeclaredIdentity;
  Delivery: DeliveryNode;
  DeliveryEvent: DeliveryEvent;
  Dossier: DossierNode;
  DossierCode: Scalars['DossierCode']['output'];
  DossierConnection: Omit<DossierConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DossierEdge']> };
  DossierEdge: Omit<DossierEdge, 'node'> & { node: ResolversParentTypes['Dossier'] };
  DossierEvent: DossierEvent;
  DroppedCache: DroppedCache;
  EnterpriseCode: Scalars['EnterpriseCode']['output'];
  ExpiryHealth: ExpiryHealth;
  Float: Scalars['Float']['output'];
  GiveConsentInput: GiveConsentInput;
  HealthCause: HealthCause;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  LocalizedTextInput: LocalizedTextInput;
  MaintenanceWindow: MaintenanceWindow;
  Mutation: Record<PropertyKey, never>;
  OfficerAnomaly: OfficerAnomaly;
  OperationHealth: OperationHealth;
  OutcomeRate: OutcomeRate;
  PageInfo: PageInfo;
  PartialDate: PartialDate;
  Payment: PaymentNode;
  PersonalId: Scalars['PersonalId']['output'];
  Procedure: ProcedureNode;
  ProcedureCode: Scalars['ProcedureCode']['output'];
  ProcedureConnection: Omit<ProcedureConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['ProcedureEdge']> };
  ProcedureEdge: Omit<ProcedureEdge, 'node'> & { node: ResolversParentTypes['Procedure'] };
  Provenance: Provenance;
  PurposeInput: PurposeInput;
  Query: Record<PropertyKey, never>;
  QuotaHealth: QuotaHealth;
  RefusalCounts: RefusalCounts;
  ReplicaBreaker: ReplicaBreaker;
  ReplicaHealth: ReplicaHealth;
  Representative: Representative;
  RetryHealth: RetryHealth;
  SetConnectorGateInput: SetConnectorGateInput;
  SocketHealth: SocketHealth;
  String: Scalars['String']['output'];
  Vnd: Scalars['Vnd']['output'];
  WatchedPerson: WatchedPerson;
};

export type AgencyResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Agency'] = ResolversParentTypes['Agency']> = {
  code?: Resolver<ResolversTypes['AgencyCode'], ParentType, ContextType>;
  communeCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  level?: Resolver<ResolversTypes['AgencyLevel'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  oldCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
};

export interface AgencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['AgencyCode'], any> {
  name: 'AgencyCode';
}

export type AuditAnomaliesResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditAnomalies'] = ResolversParentTypes['AuditAnomalies']> = {
  breakGlass?: Resolver<ReadonlyArray<ResolversTypes['AuditRecord']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  officers?: Resolver<ReadonlyArray<ResolversTypes['OfficerAnomaly']>, ParentType, ContextType>;
  persons?: Resolver<ReadonlyArray<ResolversTypes['WatchedPerson']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AuditRecordResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditRecord'] = ResolversParentTypes['AuditRecord']> = {
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actorKind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  agency?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  chain?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  client?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  day?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  digest?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dossier?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['AuditRecordKind'], ParentType, ContextType>;
  messageId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  procedure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  purpose?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  receivedDigest?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestIn?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestOut?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  responseIn?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  responseOut?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  roles?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  sentDigest?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  subject?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  system?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditRecordConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditRecordConnection'] = ResolversParentTypes['AuditRecordConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AuditRecordEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditRecordEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditRecordEdge'] = ResolversParentTypes['AuditRecordEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditRecord'], ParentType, ContextType>;
};

export type BreakerTransitionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['BreakerTransition'] = ResolversParentTypes['BreakerTransition']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cause?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  failures?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  failuresInARow?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestIds?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
  trigger?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type BulkheadHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['BulkheadHealth'] = ResolversParentTypes['BulkheadHealth']> = {
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxConcurrent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxWaiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  running?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BusinessResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Business'] = ResolversParentTypes['Business']> = {
  code?: Resolver<ResolversTypes['EnterpriseCode'], ParentType, ContextType>;
  headOffice?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  provenance?: Resolver<Maybe<ResolversTypes['Provenance']>, ParentType, ContextType>;
  representatives?: Resolver<Maybe<ReadonlyArray<Maybe<ResolversTypes['Representative']>>>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CacheHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CacheHealth'] = ResolversParentTypes['CacheHealth']> = {
  bytes?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  coalesced?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hitRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  staleRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type CallFailureResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CallFailure'] = ResolversParentTypes['CallFailure']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CitizenResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Citizen'] = ResolversParentTypes['Citizen']> = {
  birthDate?: Resolver<Maybe<ResolversTypes['PartialDate']>, ParentType, ContextType>;
  declared?: Resolver<ResolversTypes['DeclaredIdentity'], ParentType, ContextType>;
  fullName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  gender?: Resolver<Maybe<ResolversTypes['Gender']>, ParentType, ContextType>;
  nationality?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  permanentAddress?: Resolver<Maybe<ResolversTypes['CivilAddress']>, ParentType, ContextType>;
  personalId?: Resolver<ResolversTypes['PersonalId'], ParentType, ContextType>;
  placeOfOrigin?: Resolver<Maybe<ResolversTypes['CivilAddress']>, ParentType, ContextType>;
  provenance?: Resolver<Maybe<ResolversTypes['Provenance']>, ParentType, ContextType>;
};

export type CivilAddressResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CivilAddress'] = ResolversParentTypes['CivilAddress']> = {
  communeCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  countryCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  districtCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  provinceCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ConnectorResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Connector'] = ResolversParentTypes['Connector']> = {
  breaker?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ConnectorStatus'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ConnectorGateResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ConnectorGate'] = ResolversParentTypes['ConnectorGate']> = {
  maintenance?: Resolver<Maybe<ResolversTypes['MaintenanceWindow']>, ParentType, ContextType>;
  passes?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  since?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['GateState'], ParentType, ContextType>;
  until?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ConnectorHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ConnectorHealth'] = ResolversParentTypes['ConnectorHealth']> = {
  bulkhead?: Resolver<ResolversTypes['BulkheadHealth'], ParentType, ContextType>;
  cache?: Resolver<ResolversTypes['CacheHealth'], ParentType, ContextType>;
  causes?: Resolver<ReadonlyArray<ResolversTypes['HealthCause']>, ParentType, ContextType>;
  expiries?: Resolver<ReadonlyArray<ResolversTypes['ExpiryHealth']>, ParentType, ContextType>;
  gate?: Resolver<ResolversTypes['ConnectorGate'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lastProbe?: Resolver<Maybe<ResolversTypes['ConnectorProbe']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  missing?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  missingReferences?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  operations?: Resolver<ReadonlyArray<ResolversTypes['OperationHealth']>, ParentType, ContextType>;
  quotas?: Resolver<ReadonlyArray<ResolversTypes['QuotaHealth']>, ParentType, ContextType>;
  refused?: Resolver<ResolversTypes['RefusalCounts'], ParentType, ContextType>;
  replicas?: Resolver<ReadonlyArray<ResolversTypes['ReplicaHealth']>, ParentType, ContextType>;
  retry?: Resolver<ResolversTypes['RetryHealth'], ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sockets?: Resolver<ResolversTypes['SocketHealth'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ConnectorStatus'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  transitions?: Resolver<ReadonlyArray<ResolversTypes['BreakerTransition']>, ParentType, ContextType>;
};

export type ConnectorProbeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ConnectorProbe'] = ResolversParentTypes['ConnectorProbe']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  breakersWoken?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ProbeKind'], ParentType, ContextType>;
  reachable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ConsentResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Consent'] = ResolversParentTypes['Consent']> = {
  client?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  givenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  procedure?: Resolver<Maybe<ResolversTypes['ProcedureCode']>, ParentType, ContextType>;
  statement?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  withdrawnAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type DataUsageResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DataUsage'] = ResolversParentTypes['DataUsage']> = {
  agency?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  agencyName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dossier?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  isSelf?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  procedure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  procedureName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  purpose?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  system?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  who?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DataUsageConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DataUsageConnection'] = ResolversParentTypes['DataUsageConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DataUsageEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DataUsageEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DataUsageEdge'] = ResolversParentTypes['DataUsageEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DataUsage'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeclaredIdentityResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DeclaredIdentity'] = ResolversParentTypes['DeclaredIdentity']> = {
  birthDate?: Resolver<ResolversTypes['PartialDate'], ParentType, ContextType>;
  fullName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DeliveryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Delivery'] = ResolversParentTypes['Delivery']> = {
  events?: Resolver<Maybe<ReadonlyArray<Maybe<ResolversTypes['DeliveryEvent']>>>, ParentType, ContextType>;
  orderedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  provenance?: Resolver<Maybe<ResolversTypes['Provenance']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['DeliveryStatus']>, ParentType, ContextType>;
  statusAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  statusText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trackingCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DeliveryEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DeliveryEvent'] = ResolversParentTypes['DeliveryEvent']> = {
  at?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['DeliveryStatus']>, ParentType, ContextType>;
  statusText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DossierResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Dossier'] = ResolversParentTypes['Dossier']> = {
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  applicant?: Resolver<ResolversTypes['Citizen'], ParentType, ContextType>;
  business?: Resolver<Maybe<ResolversTypes['Business']>, ParentType, ContextType>;
  channel?: Resolver<ResolversTypes['SubmissionChannel'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['DossierCode'], ParentType, ContextType>;
  deliveries?: Resolver<ReadonlyArray<ResolversTypes['Delivery']>, ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['DossierEvent']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  payments?: Resolver<ReadonlyArray<ResolversTypes['Payment']>, ParentType, ContextType>;
  procedure?: Resolver<ResolversTypes['Procedure'], ParentType, ContextType>;
  receivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DossierStatus'], ParentType, ContextType>;
  submittedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export interface DossierCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DossierCode'], any> {
  name: 'DossierCode';
}

export type DossierConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DossierConnection'] = ResolversParentTypes['DossierConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DossierEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DossierEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DossierEdge'] = ResolversParentTypes['DossierEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type DossierEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DossierEvent'] = ResolversParentTypes['DossierEvent']> = {
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DossierStatus'], ParentType, ContextType>;
};

export type DroppedCacheResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DroppedCache'] = ResolversParentTypes['DroppedCache']> = {
  connector?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dropped?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export interface EnterpriseCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['EnterpriseCode'], any> {
  name: 'EnterpriseCode';
}

export type ExpiryHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ExpiryHealth'] = ResolversParentTypes['ExpiryHealth']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  daysLeft?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  what?: Resolver<ResolversTypes['ExpiringThing'], ParentType, ContextType>;
};

export type HealthCauseResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['HealthCause'] = ResolversParentTypes['HealthCause']> = {
  cause?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  operation?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  share?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ConnectorStatus'], ParentType, ContextType>;
};

export type MaintenanceWindowResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['MaintenanceWindow'] = ResolversParentTypes['MaintenanceWindow']> = {
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  dropConnectorCache?: Resolver<Maybe<ResolversTypes['DroppedCache']>, ParentType, ContextType, RequireFields<MutationDropConnectorCacheArgs, 'connector'>>;
  giveConsent?: Resolver<Maybe<ResolversTypes['Consent']>, ParentType, ContextType, RequireFields<MutationGiveConsentArgs, 'input'>>;
  probeConnector?: Resolver<Maybe<ResolversTypes['ConnectorProbe']>, ParentType, ContextType, RequireFields<MutationProbeConnectorArgs, 'connector'>>;
  setConnectorGate?: Resolver<Maybe<ResolversTypes['ConnectorHealth']>, ParentType, ContextType, RequireFields<MutationSetConnectorGateArgs, 'input'>>;
  withdrawConsent?: Resolver<Maybe<ResolversTypes['Consent']>, ParentType, ContextType, RequireFields<MutationWithdrawConsentArgs, 'id'>>;
};

export type OfficerAnomalyResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OfficerAnomaly'] = ResolversParentTypes['OfficerAnomaly']> = {
  accesses?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  median?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  officer?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  people?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type OperationHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OperationHealth'] = ResolversParentTypes['OperationHealth']> = {
  breaker?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callsPerSecond?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  failuresInARow?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  lastFailures?: Resolver<ReadonlyArray<ResolversTypes['CallFailure']>, ParentType, ContextType>;
  lastMappingProblem?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastSuccessAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  mappingProblems?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcomes?: Resolver<ReadonlyArray<ResolversTypes['OutcomeRate']>, ParentType, ContextType>;
  p50Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  p95Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  p99Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryAfterMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  slowRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trigger?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  why?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OutcomeRateResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OutcomeRate'] = ResolversParentTypes['OutcomeRate']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PartialDateResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PartialDate'] = ResolversParentTypes['PartialDate']> = {
  day?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  month?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  year?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment']> = {
  amount?: Resolver<ResolversTypes['Vnd'], ParentType, ContextType>;
  bank?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  paidAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  provenance?: Resolver<Maybe<ResolversTypes['Provenance']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['PaymentStatus']>, ParentType, ContextType>;
  transactionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface PersonalIdScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['PersonalId'], any> {
  name: 'PersonalId';
}

export type ProcedureResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Procedure'] = ResolversParentTypes['Procedure']> = {
  code?: Resolver<ResolversTypes['ProcedureCode'], ParentType, ContextType>;
  fee?: Resolver<ResolversTypes['Vnd'], ParentType, ContextType>;
  fieldCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fieldName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['ProcedureLevel'], ParentType, ContextType>;
  limitWorkingDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export interface ProcedureCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['ProcedureCode'], any> {
  name: 'ProcedureCode';
}

export type ProcedureConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ProcedureConnection'] = ResolversParentTypes['ProcedureConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProcedureEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProcedureEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ProcedureEdge'] = ResolversParentTypes['ProcedureEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Procedure'], ParentType, ContextType>;
};

export type ProvenanceResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Provenance'] = ResolversParentTypes['Provenance']> = {
  ageMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  connector?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fetchedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  freshness?: Resolver<ResolversTypes['Freshness'], ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  agencies?: Resolver<ReadonlyArray<ResolversTypes['Agency']>, ParentType, ContextType, Partial<QueryAgenciesArgs>>;
  auditAnomalies?: Resolver<Maybe<ResolversTypes['AuditAnomalies']>, ParentType, ContextType, Partial<QueryAuditAnomaliesArgs>>;
  auditTrail?: Resolver<Maybe<ResolversTypes['AuditRecordConnection']>, ParentType, ContextType, RequireFields<QueryAuditTrailArgs, 'first'>>;
  connectorHealth?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ConnectorHealth']>>, ParentType, ContextType, Partial<QueryConnectorHealthArgs>>;
  connectors?: Resolver<ReadonlyArray<ResolversTypes['Connector']>, ParentType, ContextType>;
  dossier?: Resolver<Maybe<ResolversTypes['Dossier']>, ParentType, ContextType, RequireFields<QueryDossierArgs, 'code'>>;
  dossiers?: Resolver<Maybe<ResolversTypes['DossierConnection']>, ParentType, ContextType, RequireFields<QueryDossiersArgs, 'first'>>;
  myConsents?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Consent']>>, ParentType, ContextType>;
  myDataUsage?: Resolver<Maybe<ResolversTypes['DataUsageConnection']>, ParentType, ContextType, RequireFields<QueryMyDataUsageArgs, 'first'>>;
  procedure?: Resolver<Maybe<ResolversTypes['Procedure']>, ParentType, ContextType, RequireFields<QueryProcedureArgs, 'code'>>;
  procedures?: Resolver<ResolversTypes['ProcedureConnection'], ParentType, ContextType, RequireFields<QueryProceduresArgs, 'first'>>;
};

export type QuotaHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['QuotaHealth'] = ResolversParentTypes['QuotaHealth']> = {
  left?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  refillsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  window?: Resolver<ResolversTypes['QuotaWindow'], ParentType, ContextType>;
};

export type RefusalCountsResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RefusalCounts'] = ResolversParentTypes['RefusalCounts']> = {
  breaker?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  bulkhead?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  gate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  quota?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  throttle?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ReplicaBreakerResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReplicaBreaker'] = ResolversParentTypes['ReplicaBreaker']> = {
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
};

export type ReplicaHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReplicaHealth'] = ResolversParentTypes['ReplicaHealth']> = {
  breakers?: Resolver<ReadonlyArray<ResolversTypes['ReplicaBreaker']>, ParentType, ContextType>;
  clockSkewMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  gatePasses?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isThis?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  seenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['ConnectorStatus']>, ParentType, ContextType>;
};

export type RepresentativeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Representative'] = ResolversParentTypes['Representative']> = {
  fullName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RetryHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RetryHealth'] = ResolversParentTypes['RetryHealth']> = {
  budget?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  hedges?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  hedgesWon?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  retries?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type SocketHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['SocketHealth'] = ResolversParentTypes['SocketHealth']> = {
  idle?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  running?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export interface VndScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Vnd'], any> {
  name: 'Vnd';
}

export type WatchedPersonResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['WatchedPerson'] = ResolversParentTypes['WatchedPerson']> = {
  accesses?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  officers?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = RequestContext> = {
  Agency?: AgencyResolvers<ContextType>;
  AgencyCode?: GraphQLScalarType;
  AuditAnomalies?: AuditAnomaliesResolvers<ContextType>;
  AuditRecord?: AuditRecordResolvers<ContextType>;
  AuditRecordConnection?: AuditRecordConnectionResolvers<ContextType>;
  AuditRecordEdge?: AuditRecordEdgeResolvers<ContextType>;
  BreakerTransition?: BreakerTransitionResolvers<ContextType>;
  BulkheadHealth?: BulkheadHealthResolvers<ContextType>;
  Business?: BusinessResolvers<ContextType>;
  CacheHealth?: CacheHealthResolvers<ContextType>;
  CallFailure?: CallFailureResolvers<ContextType>;
  Citizen?: CitizenResolvers<ContextType>;
  CivilAddress?: CivilAddressResolvers<ContextType>;
  Connector?: ConnectorResolvers<ContextType>;
  ConnectorGate?: ConnectorGateResolvers<ContextType>;
  ConnectorHealth?: ConnectorHealthResolvers<ContextType>;
  ConnectorProbe?: ConnectorProbeResolvers<ContextType>;
  Consent?: ConsentResolvers<ContextType>;
  DataUsage?: DataUsageResolvers<ContextType>;
  DataUsageConnection?: DataUsageConnectionResolvers<ContextType>;
  DataUsageEdge?: DataUsageEdgeResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeclaredIdentity?: DeclaredIdentityResolvers<ContextType>;
  Delivery?: DeliveryResolvers<ContextType>;
  DeliveryEvent?: DeliveryEventResolvers<ContextType>;
  Dossier?: DossierResolvers<ContextType>;
  DossierCode?: GraphQLScalarType;
  DossierConnection?: DossierConnectionResolvers<ContextType>;
  DossierEdge?: DossierEdgeResolvers<ContextType>;
  DossierEvent?: DossierEventResolvers<ContextType>;
  DroppedCache?: DroppedCacheResolvers<ContextType>;
  EnterpriseCode?: GraphQLScalarType;
  ExpiryHealth?: ExpiryHealthResolvers<ContextType>;
  HealthCause?: HealthCauseResolvers<ContextType>;
  MaintenanceWindow?: MaintenanceWindowResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  OfficerAnomaly?: OfficerAnomalyResolvers<ContextType>;
  OperationHealth?: OperationHealthResolvers<ContextType>;
  OutcomeRate?: OutcomeRateResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PartialDate?: PartialDateResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  PersonalId?: GraphQLScalarType;
  Procedure?: ProcedureResolvers<ContextType>;
  ProcedureCode?: GraphQLScalarType;
  ProcedureConnection?: ProcedureConnectionResolvers<ContextType>;
  ProcedureEdge?: ProcedureEdgeResolvers<ContextType>;
  Provenance?: ProvenanceResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  QuotaHealth?: QuotaHealthResolvers<ContextType>;
  RefusalCounts?: RefusalCountsResolvers<ContextType>;
  ReplicaBreaker?: ReplicaBreakerResolvers<ContextType>;
  ReplicaHealth?: ReplicaHealthResolvers<ContextType>;
  Representative?: RepresentativeResolvers<ContextType>;
  RetryHealth?: RetryHealthResolvers<ContextType>;
  SocketHealth?: SocketHealthResolvers<ContextType>;
  Vnd?: GraphQLScalarType;
  WatchedPerson?: WatchedPersonResolvers<ContextType>;
};


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
  /** An agency id (mã định danh cơ quan) by Decision 20/2020/QĐ-TTg: level 1 first, at most 35 characters, `H26.12.34`. */
  AgencyCode: { input: string; output: string; }
  /** A moment (thời điểm) by RFC 3339, in UTC when it comes from the store: `2026-06-09T01:30:00Z`. */
  DateTime: { input: string; output: string; }
  /**
   * A dossier code (mã hồ sơ): `000.00.00.H26-200524-0001` by Circular 01/2018/TT-VPCP, or the national number of 2026,
   * `G09.20-20260609-0092637`. Its date is a real one.
   */
  DossierCode: { input: string; output: string; }
  /**
   * An enterprise code (mã số doanh nghiệp), which is its tax code too: ten digits, the last of them a check digit; with
   * `-001` to `-999` for a branch. Households use the twelve digits of a person since 2025-07-01.
   */
  EnterpriseCode: { input: string; output: string; }
  /**
   * A personal identification number (số định danh cá nhân): 12 digits by Decree 137/2015/NĐ-CP: place of registration,
   * century and sex, year of birth, six random digits. Personal data.
   */
  PersonalId: { input: string; output: string; }
  /**
   * A procedure code of the national database (mã thủ tục hành chính): `1.005129`, or with the agency that publishes it,
   * `3.000181.000.00.00.H22`.
   */
  ProcedureCode: { input: string; output: string; }
  /** An amount in đồng (số tiền): a whole number, 0 to 9,007,199,254,740,991. */
  Vnd: { input: number; output: number; }
};

/** An agency of the city (cơ quan): the city itself, a department, or a commune. Source: the city's store. */
export type Agency = {
  /** The agency id (mã định danh) by Decision 20/2020/QĐ-TTg, level 1 first: `H26.12.34`. Source: store. */
  readonly code: Scalars['AgencyCode']['output'];
  /** The five-digit code of 2025 where the agency is a commune (mã xã, phường), null otherwise. Source: store. */
  readonly communeCode: Maybe<Scalars['String']['output']>;
  /** Its place in the tree (cấp). Source: store. */
  readonly level: AgencyLevel;
  /** The name in Vietnamese (tên cơ quan). Source: store. */
  readonly name: Scalars['String']['output'];
  /** The id in the form used before (mã định danh cũ), level 4 first: `000.00.12.H26`. Source: store. */
  readonly oldCode: Scalars['String']['output'];
  /** The agency above it (cơ quan cấp trên); null for the city itself. Source: store. */
  readonly parent: Maybe<Agency>;
};

/** The level of an agency (cấp hành chính). */
export type AgencyLevel =
  /** Thành phố: the city, the root of the tree. */
  | 'CITY'
  /** Xã, phường, đặc khu: a commune, ward or special zone. */
  | 'COMMUNE'
  /** Sở, ngành: a department of the city. */
  | 'DEPARTMENT'
  /** Quận, huyện: the level that ended on 2025-07-01; it remains in older dossiers. */
  | 'DISTRICT';

/** The state of a circuit breaker (trạng thái cầu dao). */
export type BreakerState =
  /** Đóng: calls go through. */
  | 'CLOSED'
  /** Nửa mở: single calls go through to see whether the system has recovered. */
  | 'HALF_OPEN'
  /** Mở: calls are refused at once so that the system can recover. */
  | 'OPEN';

/** A breaker changed (cầu dao đổi trạng thái). */
export type BreakerTransition = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** Calls of the window that ended with it. */
  readonly calls: Scalars['Int']['output'];
  /** Why: the code of the failure that opened it, SLOW_CALLS, WAITED, PROBES_SUCCEEDED, RECOVERED, REQUESTED. */
  readonly cause: Scalars['String']['output'];
  /** Failures among them. */
  readonly failures: Scalars['Int']['output'];
  /** From this state. */
  readonly from: BreakerState;
  /** The operation, or its group. */
  readonly operation: Scalars['String']['output'];
  /** The last requests whose calls failed, when it opened. */
  readonly requestIds: ReadonlyArray<Scalars['String']['output']>;
  /** To this one. */
  readonly to: BreakerState;
};

/** Calls under way and waiting (số lượt gọi đồng thời). */
export type BulkheadHealth = {
  /** How many may be under way at once at the moment. */
  readonly limit: Scalars['Int']['output'];
  /** The most that `limit` may become. */
  readonly maxConcurrent: Scalars['Int']['output'];
  /** How many may wait. */
  readonly maxWaiting: Scalars['Int']['output'];
  /** Under way. */
  readonly running: Scalars['Int']['output'];
  /** Waiting for a place. */
  readonly waiting: Scalars['Int']['output'];
};

/** A registered enterprise (doanh nghiệp), from the national business registry. */
export type Business = {
  /** The enterprise code, which is its tax code too (mã số doanh nghiệp). Source: business registry, ENTERPRISE_GDT_CODE. */
  readonly code: Scalars['EnterpriseCode']['output'];
  /** The full address of the head office (địa chỉ trụ sở chính). Source: business registry, HOAdress. */
  readonly headOffice: Maybe<Scalars['String']['output']>;
  /** The registered name in Vietnamese (tên doanh nghiệp). Source: business registry, NAME. */
  readonly name: Maybe<Scalars['String']['output']>;
  /** Where this came from and how old it is (nguồn gốc dữ liệu); null when no source has answered. Source: gateway. */
  readonly provenance: Maybe<Provenance>;
  /** The legal representatives (người đại diện theo pháp luật). Source: business registry, Representatives. */
  readonly representatives: Maybe<ReadonlyArray<Maybe<Representative>>>;
  /** The legal status as the registry words it (tình trạng pháp lý), e.g. Đang hoạt động. Source: business registry. */
  readonly status: Maybe<Scalars['String']['output']>;
  /** The legal form as the registry words it (loại hình doanh nghiệp). Source: business registry. */
  readonly type: Maybe<Scalars['String']['output']>;
};

/** Answers in memory (bộ đệm). */
export type CacheHealth = {
  /** About how many bytes they take. */
  readonly bytes: Scalars['Float']['output'];
  /** Asks that joined a call under way, since the start. */
  readonly coalesced: Scalars['Float']['output'];
  /** Answers kept. */
  readonly entries: Scalars['Int']['output'];
  /** The share of look-ups answered fresh, since the start, 0 to 1; null without look-ups. */
  readonly hitRate: Maybe<Scalars['Float']['output']>;
  /** The share answered past their time. */
  readonly staleRate: Maybe<Scalars['Float']['output']>;
};

/** A call that failed (lượt gọi lỗi). */
export type CallFailure = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** The error code. */
  readonly code: Scalars['String']['output'];
  /** How long it took, ms. */
  readonly durationMs: Scalars['Float']['output'];
  /** The request that it was made for; the log knows it by this. */
  readonly requestId: Scalars['String']['output'];
};

/**
 * A person (công dân). The store knows who applied and what stood on the form; the national population database knows
 * the rest, and is asked with the id, the name and the birth date together.
 */
export type Citizen = {
  /** The birth date (ngày, tháng, năm sinh); for many older people only the year. Source: population database. */
  readonly birthDate: Maybe<PartialDate>;
  /** What the applicant wrote on the form (thông tin tự khai). Source: store. */
  readonly declared: DeclaredIdentity;
  /** The full name in Unicode NFC, family name first (họ và tên). Source: population database, HoVaTen. */
  readonly fullName: Maybe<Scalars['String']['output']>;
  /** The sex on record (giới tính); null where the record has none. Source: population database, GioiTinh. */
  readonly gender: Maybe<Gender>;
  /** The nationality as a two-letter country code (quốc tịch); null where the record is empty. Source: population database. */
  readonly nationality: Maybe<Scalars['String']['output']>;
  /** The registered permanent residence (nơi thường trú). Source: population database, ThuongTru. */
  readonly permanentAddress: Maybe<CivilAddress>;
  /** The 12-digit personal identification number (số định danh cá nhân). Source: store. */
  readonly personalId: Scalars['PersonalId']['output'];
  /** The family's place of origin (quê quán), by the codes of the time. Source: population database, QueQuan. */
  readonly placeOfOrigin: Maybe<CivilAddress>;
  /** Where this came from and how old it is (nguồn gốc dữ liệu); null when no source has answered. Source: gateway. */
  readonly provenance: Maybe<Provenance>;
};

/**
 * An address in a civil record (địa chỉ). Records keep the codes of their time: a district code may remain although
 * districts ended on 2025-07-01, and a province code may be one of the former 63. Source: population database.
 */
export type CivilAddress = {
  /** The commune, ward or special zone, five digits (mã xã, phường, đặc khu). Source: MaPhuongXa. */
  readonly communeCode: Maybe<Scalars['String']['output']>;
  /** The country, two letters (mã quốc gia). Source: QuocGia. */
  readonly countryCode: Maybe<Scalars['String']['output']>;
  /** House, street or hamlet (địa chỉ chi tiết), without the names of the units above. Source: ChiTiet. */
  readonly detail: Maybe<Scalars['String']['output']>;
  /** The former district, three digits (mã quận, huyện); null in newer records. Source: MaQuanHuyen. */
  readonly districtCode: Maybe<Scalars['String']['output']>;
  /** The province, two digits (mã tỉnh, thành phố). Source: MaTinhThanh, padded where the record lost a zero. */
  readonly provinceCode: Maybe<Scalars['String']['output']>;
};

/** A system behind this gateway (hệ thống nguồn) as the gateway sees it at the moment. Source: the gateway itself. */
export type Connector = {
  /** The state of its circuit breaker (trạng thái cầu dao), the worst of its operations. Source: gateway. */
  readonly breaker: BreakerState;
  /** The connector's id (mã kết nối), e.g. `population`; the name that errors and provenance use. Source: gateway. */
  readonly id: Scalars['String']['output'];
  /** What users may be told about it (thông báo), in the language of the request; null when all is well. Source: gateway. */
  readonly message: Maybe<Scalars['String']['output']>;
  /** Since when the status has been as it is (từ thời điểm). Source: gateway. */
  readonly since: Scalars['DateTime']['output'];
  /** Can it be asked (tình trạng)? Source: gateway. */
  readonly status: ConnectorStatus;
  /** The name of the system in the language of the request (tên hệ thống). Source: gateway, from the manifest. */
  readonly title: Scalars['String']['output'];
};

/** The gate of a connector (cổng vận hành). */
export type ConnectorGate = {
  /** The maintenance window of now, or the next one; null where none is planned. */
  readonly maintenance: Maybe<MaintenanceWindow>;
  /** Do calls pass at the moment? */
  readonly passes: Scalars['Boolean']['output'];
  /** Why, in the operator's words. */
  readonly reason: Maybe<Scalars['String']['output']>;
  /** Since when; null where nobody has said anything. */
  readonly since: Maybe<Scalars['DateTime']['output']>;
  /** Who decides. */
  readonly state: GateState;
  /** When the operator's word ends; null for at the next word. */
  readonly until: Maybe<Scalars['DateTime']['output']>;
};

/** A connector as operators see it (tình trạng một kết nối). Times and counts are of this process. */
export type ConnectorHealth = {
  /** Calls under way and waiting (số lượt gọi đồng thời). */
  readonly bulkhead: BulkheadHealth;
  /** Answers in memory (bộ đệm). */
  readonly cache: CacheHealth;
  /** Certificates and credentials with the day they end, the first to end first (hạn dùng). */
  readonly expiries: ReadonlyArray<ExpiryHealth>;
  /** The gate and the next maintenance (cổng, bảo trì). */
  readonly gate: ConnectorGate;
  /** The connector's id (mã kết nối). */
  readonly id: Scalars['String']['output'];
  /** The last probe, by an operator or by itself; null where there was none (lần thử gần nhất). */
  readonly lastProbe: Maybe<ConnectorProbe>;
  /** Why it is not OK (lý do), in the language of the request; null when all is well. */
  readonly message: Maybe<Scalars['String']['output']>;
  /** How many references of its manifest, to secrets and settings, lead nowhere (tham chiếu thiếu). */
  readonly missingReferences: Scalars['Int']['output'];
  /** What it is asked, one by one (thao tác). */
  readonly operations: ReadonlyArray<OperationHealth>;
  /** The quotas it has, none where nothing is limited (hạn mức). */
  readonly quotas: ReadonlyArray<QuotaHealth>;
  /** Calls that its guard turned away, by the step that did (bị từ chối). */
  readonly refused: RefusalCounts;
  /** Every gateway that shares this store, this one first (các tiến trình). */
  readonly replicas: ReadonlyArray<ReplicaHealth>;
  /** Further attempts and their budget (thử lại). */
  readonly retry: RetryHealth;
  /** Since when the status has been as it is (từ thời điểm). */
  readonly since: Scalars['DateTime']['output'];
  /** Sockets to the source (kết nối mạng). */
  readonly sockets: SocketHealth;
  /** Since when this process has had it as it is now: a start, or a reload that changed it (khởi tạo). */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Can it be asked (tình trạng)? */
  readonly status: ConnectorStatus;
  /** The name of the system in the language of the request (tên hệ thống). */
  readonly title: Scalars['String']['output'];
  /** The last changes of its breakers, newest first, at most twenty (lịch sử cầu dao). */
  readonly transitions: ReadonlyArray<BreakerTransition>;
};

/** Whether a system could be reached (kết quả thử kết nối). */
export type ConnectorProbe = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** Breakers that let their probes through because of it. */
  readonly breakersWoken: Scalars['Int']['output'];
  /** The error code; null when it was reached. */
  readonly code: Maybe<Scalars['String']['output']>;
  /** The connector's id. */
  readonly connector: Scalars['String']['output'];
  /** How long it took, ms. */
  readonly durationMs: Scalars['Float']['output'];
  /** What was tried: a socket, or the request that its manifest declares for this. */
  readonly kind: ProbeKind;
  /** Could it be reached? */
  readonly reachable: Scalars['Boolean']['output'];
};

/** Can a system behind this gateway be asked (tình trạng kết nối)? */
export type ConnectorStatus =
  /** Suy giảm: it answers some calls, or slowly. */
  | 'DEGRADED'
  /** Hoạt động: it answers. */
  | 'OK'
  /** Không khả dụng: it is not asked at the moment; what depends on it is null or older. */
  | 'UNAVAILABLE';

/** A currency by its ISO 4217 code (mã tiền tệ). */
export type Currency =
  /** Đồng, the currency of Viet Nam; it has no smaller unit in use. */
  | 'VND';

/** What an applicant wrote about themself on the form (thông tin tự khai): not verified. Source: the city's store. */
export type DeclaredIdentity = {
  /** The birth date as written (ngày sinh). Source: store. */
  readonly birthDate: PartialDate;
  /** The full name as written, family name first (họ và tên). Source: store. */
  readonly fullName: Scalars['String']['output'];
};

/**
 * A parcel of the public post (bưu gửi, bưu chính công ích) that carries the papers of a dossier. The store knows its
 * tracking code; the post knows where it is.
 */
export type Delivery = {
  /** What happened to it (lịch sử hành trình), oldest first; costs one more call. Source: MyVNPost. */
  readonly events: Maybe<ReadonlyArray<Maybe<DeliveryEvent>>>;
  /** When the parcel was ordered (ngày tạo đơn). Source: store. */
  readonly orderedAt: Scalars['DateTime']['output'];
  /** Where this came from and how old it is (nguồn gốc dữ liệu); null when no source has answered. Source: gateway. */
  readonly provenance: Maybe<Provenance>;
  /** Where the parcel stands (trạng thái bưu gửi). Source: MyVNPost, status. */
  readonly status: Maybe<DeliveryStatus>;
  /** Since when it stands there (thời điểm cập nhật). Source: MyVNPost, statusDate. */
  readonly statusAt: Maybe<Scalars['DateTime']['output']>;
  /** The same in the post's own Vietnamese words (diễn giải trạng thái). Source: MyVNPost, statusName. */
  readonly statusText: Maybe<Scalars['String']['output']>;
  /** The tracking code (số hiệu bưu gửi), 13 characters, e.g. `EH123456785VN`. Source: store. */
  readonly trackingCode: Scalars['String']['output'];
};

/** One step on the way of a parcel (sự kiện hành trình bưu gửi). Source: MyVNPost. */
export type DeliveryEvent = {
  /** When it happened (thời điểm). Source: MyVNPost, statusDate, in Vietnam time. */
  readonly at: Maybe<Scalars['DateTime']['output']>;
  /** What the parcel's status became (trạng thái). Source: MyVNPost, status. */
  readonly status: Maybe<DeliveryStatus>;
  /** The same in the post's own Vietnamese words (diễn giải). Source: MyVNPost, statusName. */
  readonly statusText: Maybe<Scalars['String']['output']>;
};

/** Where a parcel stands (trạng thái bưu gửi), by the numbers of MyVNPost. Source: MyVNPost. */
export type DeliveryStatus =
  /** Đã đến bưu cục phát: at the office that delivers (11). */
  | 'AT_DELIVERY_OFFICE'
  /** Bưu cục đã nhận: received by the post office (7). */
  | 'AT_POST_OFFICE'
  /** Chờ xác nhận: awaiting confirmation (3). */
  | 'AWAITING_CONFIRMATION'
  /** Chờ chuyển hoàn: awaiting a decision on return (16). */
  | 'AWAITING_RETURN'
  /** Hủy phát: delivery cancelled (22). */
  | 'CANCELLED'
  /** Đã trả tiền COD: the money collected was paid out (21). */
  | 'COD_PAID'
  /** Đã thu gom: collected from the sender (6). */
  | 'COLLECTED'
  /** Đang thu gom: the postman is on the way to collect it (4). */
  | 'COLLECTING'
  /** Hủy thu gom: collecting was cancelled (9). */
  | 'COLLECT_CANCELLED'
  /** Thu gom không thành công: collecting failed, to be tried again (5). */
  | 'COLLECT_FAILED'
  /** Thu gom thất bại: collecting failed for good (8). */
  | 'COLLECT_FAILED_FINALLY'
  /** Đã tạo: the order exists (1). */
  | 'CREATED'
  /** Phát thành công: handed over (14). */
  | 'DELIVERED'
  /** Phát không thành công: delivering failed, to be tried again (15). */
  | 'DELIVERY_FAILED'
  /** Nháp: a draft order (0). */
  | 'DRAFT'
  /** Chuyển tiếp: forwarded to another office (13). */
  | 'FORWARDED'
  /** Đang vận chuyển: between post offices (10). */
  | 'IN_TRANSIT'
  /** Đang phát: the postman is on the way to the addressee (12). */
  | 'OUT_FOR_DELIVERY'
  /** Phát một phần: delivered in part (23). */
  | 'PARTLY_DELIVERED'
  /** Chuyển hoàn một phần: given back in part (20). */
  | 'PARTLY_RETURNED'
  /** Đã phân công bưu tá: a postman is to collect it (2). */
  | 'POSTMAN_ASSIGNED'
  /** Đã chuyển hoàn: given back to the sender (19). */
  | 'RETURNED'
  /** Đang chuyển hoàn: on the way back (24). */
  | 'RETURNING'
  /** Đã duyệt chuyển hoàn: return approved (17). */
  | 'RETURN_APPROVED'
  /** Bắt đầu chuyển hoàn: return begun (18). */
  | 'RETURN_BEGUN'
  /** Không rõ: a number that this gateway does not know (28 and 29 were seen; older systems use 70 to 100). */
  | 'UNKNOWN';

/**
 * One application that a person or an enterprise has handed in (hồ sơ), from its registration to its result.
 * Source: the city's store.
 */
export type Dossier = {
  /** The agency that handles it (đơn vị xử lý). Source: store. */
  readonly agency: Agency;
  /** The person it belongs to (chủ hồ sơ). Source: store for the id and what was declared, population for the rest. */
  readonly applicant: Citizen;
  /**
   * The enterprise it is filed for (doanh nghiệp); null for a citizen's own dossier.
   * Source: store for the code, business registry for the rest.
   */
  readonly business: Maybe<Business>;
  /** The way it was handed in (kênh thực hiện). Source: store. */
  readonly channel: SubmissionChannel;
  /** The dossier code (mã hồ sơ), by which the applicant follows it. Source: store. */
  readonly code: Scalars['DossierCode']['output'];
  /** The parcels ordered for it (bưu gửi), oldest first. Source: store for the tracking code, public post for the rest. */
  readonly deliveries: ReadonlyArray<Delivery>;
  /** When the result is due (ngày hẹn trả), inside working hours. Source: store. */
  readonly dueAt: Scalars['DateTime']['output'];
  /** What has happened to it (lịch sử xử lý), oldest first. Source: store. */
  readonly events: ReadonlyArray<DossierEvent>;
  /** When the work ended (ngày kết thúc xử lý), whatever the outcome; null while it goes on. Source: store. */
  readonly finishedAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * The online payments started for it (thanh toán trực tuyến), oldest first.
   * Source: store for what was asked, national payment platform for the outcome.
   */
  readonly payments: ReadonlyArray<Payment>;
  /** The procedure it is handled under (thủ tục hành chính). Source: store. */
  readonly procedure: Procedure;
  /** When an officer received it (ngày tiếp nhận); null as long as none has. Source: store. */
  readonly receivedAt: Maybe<Scalars['DateTime']['output']>;
  /** Where the dossier stands (trạng thái hồ sơ), as in the national list of ten. Source: store. */
  readonly status: DossierStatus;
  /** When it was handed in (ngày nộp). Source: store. */
  readonly submittedAt: Scalars['DateTime']['output'];
};

/** A page of dossiers, in the form of the Relay connection specification. */
export type DossierConnection = {
  /** The dossiers of this page, each with its cursor. Source: store. */
  readonly edges: ReadonlyArray<DossierEdge>;
  /** Where this page stands in the whole. Source: store. */
  readonly pageInfo: PageInfo;
};

/** A dossier and its place in the list. */
export type DossierEdge = {
  /** The place of this dossier, to be given to `after`; opaque. Source: store. */
  readonly cursor: Scalars['String']['output'];
  /** The dossier (hồ sơ). Source: store. */
  readonly node: Dossier;
};

/** One step in the life of a dossier (tiến độ xử lý). Source: the city's store. */
export type DossierEvent = {
  /** Who acted (người xử lý): an officer's code or the part played, never a person's name. Source: store. */
  readonly actor: Scalars['String']['output'];
  /** When it happened (thời điểm xử lý). Source: store. */
  readonly at: Scalars['DateTime']['output'];
  /** What was noted (nội dung xử lý); null when nothing was. Source: store. */
  readonly note: Maybe<Scalars['String']['output']>;
  /** The status the dossier had from then on (trạng thái). Source: store. */
  readonly status: DossierStatus;
};

/**
 * Where a dossier stands (trạng thái hồ sơ). The numbers are those of the National Public Service Portal, by which
 * dossiers are exchanged between agencies.
 */
export type DossierStatus =
  /** 4: đang xử lý. Being worked on. */
  | 'IN_PROCESS'
  /** 3: không được tiếp nhận. Not accepted; final. */
  | 'NOT_ACCEPTED'
  /** 6: yêu cầu thực hiện nghĩa vụ tài chính. Waiting for the applicant's payment. */
  | 'PAYMENT_REQUIRED'
  /** 9: đã xử lý xong. Worked on to the end, result not yet handed over. */
  | 'PROCESSED'
  /** 2: được tiếp nhận. Complete, and received by an officer. */
  | 'RECEIVED'
  /** 1: mới đăng ký. Handed in, not yet looked at. */
  | 'REGISTERED'
  /** 10: đã trả kết quả. Result handed over; final. */
  | 'RESULT_RETURNED'
  /** 8: dừng xử lý. Stopped by the agency; final. */
  | 'STOPPED'
  /** 5: yêu cầu bổ sung. Waiting for papers from the applicant; the limit is paused. */
  | 'SUPPLEMENT_REQUIRED'
  /** 7: công dân yêu cầu rút. Withdrawn at the applicant's wish; final. */
  | 'WITHDRAWN';

/** How many answers were forgotten (kết quả xóa bộ đệm). */
export type DroppedCache = {
  /** The connector's id. */
  readonly connector: Scalars['String']['output'];
  /** Answers that this process had kept. */
  readonly dropped: Scalars['Int']['output'];
};

/** What of a connector ends on a day (thứ có hạn dùng). */
export type ExpiringThing =
  /** Chứng thư của cổng: our own certificate. */
  | 'CLIENT_CERTIFICATE'
  /** Thông tin xác thực: the key or password, by the day that its manifest states. */
  | 'CREDENTIAL'
  /** Chứng thư của hệ thống nguồn: the source's, as seen at the last handshake. */
  | 'SOURCE_CERTIFICATE'
  /** Mã phiên: the token in hand; renewed by itself. */
  | 'TOKEN';

/** What ends on a day (hạn dùng). */
export type ExpiryHealth = {
  /** When it ends. */
  readonly at: Scalars['DateTime']['output'];
  /** Whole days left; negative when it is over. */
  readonly daysLeft: Scalars['Int']['output'];
  /** What it is. */
  readonly what: ExpiringThing;
};

/** Whether an object was fetched for this request or kept from before (độ mới của dữ liệu). */
export type Freshness =
  /** Từ bộ đệm: kept from before, and still inside its time to live. */
  | 'CACHED'
  /** Trực tiếp: fetched for this request. */
  | 'LIVE'
  /** Đã cũ: kept from before and past its time to live, given because the source does not answer. */
  | 'STALE';

/** Who decides whether calls pass (cổng vận hành). */
export type GateState =
  /** Tự động: the maintenance windows of the manifest decide. */
  | 'AUTOMATIC'
  /** Đóng: no call passes; what depends on the system is null or older, with MAINTENANCE. */
  | 'CLOSED'
  /** Mở: calls pass, in a maintenance window too; breakers still guard them. */
  | 'OPEN';

/** The sex in a civil record (giới tính). Source: population database. */
export type Gender =
  /** Nữ: female (code 2). */
  | 'FEMALE'
  /** Nam: male (code 1). */
  | 'MALE';

/** A text in both languages of the gateway (văn bản hai thứ tiếng). */
export type LocalizedTextInput = {
  /** In English. */
  readonly en: Scalars['String']['input'];
  /** In Vietnamese. */
  readonly vi: Scalars['String']['input'];
};

/** A time of maintenance (khung giờ bảo trì). */
export type MaintenanceWindow = {
  /** When it begins, or began. */
  readonly from: Scalars['DateTime']['output'];
  /** What callers are told, in the language of the request. */
  readonly text: Maybe<Scalars['String']['output']>;
  /** When it ends. */
  readonly to: Scalars['DateTime']['output'];
};

/** What operators can do (thao tác của người vận hành). Nothing here changes a dossier or a system behind the gateway. */
export type Mutation = {
  /**
   * Forgets every answer that is kept for a connector, on every gateway of this store (xóa bộ đệm). For operators only.
   * Source: gateway.
   */
  readonly dropConnectorCache: DroppedCache;
  /**
   * Asks now whether a system can be reached (thử kết nối), at no cost to its quota, and lets the next calls through where
   * breakers were open and it can. For operators only. Source: gateway.
   */
  readonly probeConnector: ConnectorProbe;
  /**
   * Opens or closes the gate of a connector, or gives it back to its maintenance windows (đóng, mở, trả về tự động). Holds
   * for every gateway on this store within two seconds, and after a restart. For operators only. Source: gateway.
   */
  readonly setConnectorGate: ConnectorHealth;
};


/** What operators can do (thao tác của người vận hành). Nothing here changes a dossier or a system behind the gateway. */
export type MutationDropConnectorCacheArgs = {
  connector: Scalars['String']['input'];
};


/** What operators can do (thao tác của người vận hành). Nothing here changes a dossier or a system behind the gateway. */
export type MutationProbeConnectorArgs = {
  connector: Scalars['String']['input'];
};


/** What operators can do (thao tác của người vận hành). Nothing here changes a dossier or a system behind the gateway. */
export type MutationSetConnectorGateArgs = {
  input: SetConnectorGateInput;
};

/** One operation of a connector, over the last minute where it counts (tình trạng một thao tác). */
export type OperationHealth = {
  /** The state of its breaker. */
  readonly breaker: BreakerState;
  /** Calls that left the gateway. */
  readonly calls: Scalars['Int']['output'];
  /** The same as a rate, calls per second (lượt mỗi giây). */
  readonly callsPerSecond: Scalars['Float']['output'];
  /** The last failures of calls that left, newest first, at most ten. */
  readonly lastFailures: ReadonlyArray<CallFailure>;
  /** The last of them: a place in the mapping, never a value. */
  readonly lastMappingProblem: Maybe<Scalars['String']['output']>;
  /** The last answer of any kind, also no such record; null where there was none since the start. */
  readonly lastSuccessAt: Maybe<Scalars['DateTime']['output']>;
  /** Answers that did not fit their mapping since the start: the system's format drifts (sai lệch định dạng). */
  readonly mappingProblems: Scalars['Int']['output'];
  /** The operation's name, as errors tell it. */
  readonly operation: Scalars['String']['output'];
  /** How the asks ended, those refused by the gateway included, the most frequent first. */
  readonly outcomes: ReadonlyArray<OutcomeRate>;
  /** The time that half of the calls took at most, ms, within 5 %; null without calls. */
  readonly p50Ms: Maybe<Scalars['Float']['output']>;
  /** The same for 95 %. */
  readonly p95Ms: Maybe<Scalars['Float']['output']>;
  /** The same for 99 %. */
  readonly p99Ms: Maybe<Scalars['Float']['output']>;
  /** Milliseconds until calls are let through again; null while closed. */
  readonly retryAfterMs: Maybe<Scalars['Int']['output']>;
  /** Since when. */
  readonly since: Scalars['DateTime']['output'];
  /** The share of calls that were slow by the manifest's `breaker.slowCallMs`, 0 to 1; null where none is declared. */
  readonly slowRate: Maybe<Scalars['Float']['output']>;
  /** The source it calls, as the connector's schema names it; null for an absolute address. */
  readonly source: Maybe<Scalars['String']['output']>;
  /** The code of the failure that opened it; null while closed. */
  readonly why: Maybe<Scalars['String']['output']>;
};

/** How often calls ended so (kết quả). */
export type OutcomeRate = {
  /** How many in the last minute. */
  readonly count: Scalars['Int']['output'];
  /** OK, NOT_FOUND, or an error code. */
  readonly outcome: Scalars['String']['output'];
  /** Their share of all, 0 to 1. */
  readonly share: Scalars['Float']['output'];
};

/** Where a page stands in the whole list (trang kết quả), in the form of the Relay connection specification. */
export type PageInfo = {
  /** The cursor of the last of this page, to be given to `after`; null on an empty page. Source: store. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Is there at least one more after this page? Source: store. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /**
   * Is there one before this page? Always false on the first page; true where `after` was given, since something stood
   * at that cursor. Source: store.
   */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first of this page; null on an empty page. Source: store. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A date of which the month or the day may not be known (ngày tháng có thể thiếu): many births are recorded by year. */
export type PartialDate = {
  /** The day of the month, 1 to 31 (ngày); null where it is not known. */
  readonly day: Maybe<Scalars['Int']['output']>;
  /** The month, 1 to 12 (tháng); null where only the year is known. */
  readonly month: Maybe<Scalars['Int']['output']>;
  /** The year, four digits (năm). */
  readonly year: Scalars['Int']['output'];
};

/**
 * An online payment started for a dossier (thanh toán trực tuyến). The store knows what was asked; the national payment
 * platform knows the outcome.
 */
export type Payment = {
  /** The amount asked for, in đồng (số tiền). Source: store. */
  readonly amount: Scalars['Vnd']['output'];
  /** The bank that took the money, by the platform's code (mã ngân hàng); null unless paid. Source: payment platform. */
  readonly bank: Maybe<Scalars['String']['output']>;
  /** The currency of the amount (mã tiền tệ). Source: store. */
  readonly currency: Currency;
  /** When it was paid (thời gian giao dịch); null unless it was. Source: payment platform, ThoiGianGD. */
  readonly paidAt: Maybe<Scalars['DateTime']['output']>;
  /** Where this came from and how old it is (nguồn gốc dữ liệu); null when no source has answered. Source: gateway. */
  readonly provenance: Maybe<Provenance>;
  /** The reference given to the payment platform (mã tham chiếu), letters and digits only. Source: store. */
  readonly reference: Scalars['String']['output'];
  /** When the payment was started (thời gian khởi tạo). Source: store. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Where the payment stands (trạng thái giao dịch). Source: payment platform, TrangThaiGD. */
  readonly status: Maybe<PaymentStatus>;
  /** The platform's own number of the transaction (mã giao dịch); null unless paid. Source: payment platform, MaGiaoDich. */
  readonly transactionId: Maybe<Scalars['String']['output']>;
};

/** Where a payment stands (trạng thái giao dịch). Source: payment platform, TrangThaiGD. */
export type PaymentStatus =
  /** Hết hạn: not paid in time (3). */
  | 'EXPIRED'
  /** Thất bại: tried and failed (2). */
  | 'FAILED'
  /** Đã thanh toán: paid (1). */
  | 'PAID'
  /** Đã hoàn tiền: paid, and given back since (4). */
  | 'REFUNDED'
  /** Không rõ: a state that the platform answers and this gateway does not know. */
  | 'UNKNOWN'
  /** Chờ thanh toán: started, not yet paid (0). */
  | 'WAITING';

/** What a probe does (cách thử). */
export type ProbeKind =
  /** Gửi yêu cầu: sends the request that the manifest declares. */
  | 'REQUEST'
  /** Mở kết nối: opens a socket, over TLS where the source speaks it; costs no quota. */
  | 'SOCKET';

/**
 * An administrative procedure (thủ tục hành chính) of the city's catalogue, as published in the national database of
 * procedures. Source: the city's store.
 */
export type Procedure = {
  /** The national code (mã thủ tục), e.g. `1.005129`. Source: store. */
  readonly code: Scalars['ProcedureCode']['output'];
  /** The fee for one dossier in đồng (phí, lệ phí); 0 where it is free. Source: store. */
  readonly fee: Scalars['Vnd']['output'];
  /** The code of its field (mã lĩnh vực), e.g. `G03-GD10`. Source: store. */
  readonly fieldCode: Scalars['String']['output'];
  /** The name of its field in Vietnamese (lĩnh vực). Source: store. */
  readonly fieldName: Scalars['String']['output'];
  /** How much of it can be done online (mức độ dịch vụ công trực tuyến). Source: store. */
  readonly level: ProcedureLevel;
  /** The limit in working days of eight hours (thời hạn giải quyết). Source: store. */
  readonly limitWorkingDays: Scalars['Int']['output'];
  /** The name in Vietnamese (tên thủ tục). Source: store. */
  readonly name: Scalars['String']['output'];
};

/** A page of procedures, in the form of the Relay connection specification. */
export type ProcedureConnection = {
  /** The procedures of this page, each with its cursor. Source: store. */
  readonly edges: ReadonlyArray<ProcedureEdge>;
  /** Where this page stands in the whole. Source: store. */
  readonly pageInfo: PageInfo;
};

/** A procedure and its place in the list. */
export type ProcedureEdge = {
  /** The place of this procedure, to be given to `after`; opaque. Source: store. */
  readonly cursor: Scalars['String']['output'];
  /** The procedure (thủ tục). Source: store. */
  readonly node: Procedure;
};

/** How much of a procedure can be done online (mức độ dịch vụ công trực tuyến), by Decree 42/2022/NĐ-CP. */
export type ProcedureLevel =
  /** Toàn trình. Online from beginning to end; the former level 4. */
  | 'FULL'
  /** Cung cấp thông tin. Information only; the former levels 1 and 2. */
  | 'INFORMATION'
  /** Một phần. Partly online: something is still done in person; the former level 3. */
  | 'PARTIAL';

/**
 * Where an object came from and how old it is (nguồn gốc dữ liệu). Source: the gateway, for each object that a connector
 * supplied.
 */
export type Provenance = {
  /** How long ago that was, in milliseconds (tuổi dữ liệu). */
  readonly ageMs: Scalars['Int']['output'];
  /** The id of the connector that supplied it (mã kết nối). */
  readonly connector: Scalars['String']['output'];
  /** When the source answered (thời điểm lấy dữ liệu). */
  readonly fetchedAt: Scalars['DateTime']['output'];
  /** Fetched for this request, or kept from before (độ mới). */
  readonly freshness: Freshness;
  /** The name of the source within the connector (nguồn); null where the connector has one only. */
  readonly source: Maybe<Scalars['String']['output']>;
};

/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type Query = {
  /**
   * The city's agencies (cơ quan), from the city down to its communes, by name within each level.
   * Source: the city's store.
   */
  readonly agencies: ReadonlyArray<Agency>;
  /**
   * The systems behind this gateway as operators see them (tình trạng kết nối cho người vận hành): why each is as it is, how
   * its calls went in the last minute, what its guard has left. For operators only. Source: the gateway itself, this process;
   * `replicas` tells of the others.
   */
  readonly connectorHealth: ReadonlyArray<ConnectorHealth>;
  /**
   * The systems behind this gateway (hệ thống nguồn) and whether each can be asked at the moment.
   * Source: the gateway itself.
   */
  readonly connectors: ReadonlyArray<Connector>;
  /** The dossier with this code (mã hồ sơ), or null where the store has none. Source: the city's store. */
  readonly dossier: Maybe<Dossier>;
  /**
   * Dossiers (hồ sơ), the most recently submitted first, in pages that stay right while new ones arrive.
   * Source: the city's store.
   */
  readonly dossiers: DossierConnection;
  /** The procedure with this code (mã thủ tục), or null where the city carries out none such. Source: the city's store. */
  readonly procedure: Maybe<Procedure>;
  /** The administrative procedures (thủ tục hành chính) that the city carries out, by code. Source: the city's store. */
  readonly procedures: ProcedureConnection;
};


/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type QueryAgenciesArgs = {
  level?: InputMaybe<AgencyLevel>;
};


/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type QueryConnectorHealthArgs = {
  connector?: InputMaybe<Scalars['String']['input']>;
};


/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type QueryDossierArgs = {
  code: Scalars['DossierCode']['input'];
};


/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type QueryDossiersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type QueryProcedureArgs = {
  code: Scalars['ProcedureCode']['input'];
};


/**
 * What can be asked. Dossiers, procedures and agencies come from the city's own store; the people, enterprises, payments
 * and parcels that a dossier refers to are completed by the national systems that keep them.
 */
export type QueryProceduresArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** How often a source lets itself be called (hạn mức). */
export type QuotaHealth = {
  /** Calls left in this one, as far as this process knows. */
  readonly left: Scalars['Int']['output'];
  /** Calls in a window. */
  readonly limit: Scalars['Int']['output'];
  /** When it refills. */
  readonly refillsAt: Scalars['DateTime']['output'];
  /** The window: a second, or a day in Vietnam. */
  readonly window: QuotaWindow;
};

/** The window of a quota (khung hạn mức). */
export type QuotaWindow =
  /** Ngày: from midnight to midnight in Vietnam. */
  | 'DAY'
  /** Giây: one second of the clock. */
  | 'SECOND';

/** Calls that were turned away before they reached the source, since the start (bị từ chối). */
export type RefusalCounts = {
  /** By an open breaker. */
  readonly breaker: Scalars['Float']['output'];
  /** Since too many were under way or waiting. */
  readonly bulkhead: Scalars['Float']['output'];
  /** By a closed gate, or in a maintenance window. */
  readonly gate: Scalars['Float']['output'];
  /** Since the quota was used. */
  readonly quota: Scalars['Float']['output'];
};

/** A breaker of another process (cầu dao của tiến trình). */
export type ReplicaBreaker = {
  /** The operation, or its group. */
  readonly operation: Scalars['String']['output'];
  /** Its state. */
  readonly state: BreakerState;
};

/** A gateway process on this store (tiến trình). */
export type ReplicaHealth = {
  /** Its breakers of this connector: breakers are each process's own. */
  readonly breakers: ReadonlyArray<ReplicaBreaker>;
  /** Do calls to this connector pass its gate? */
  readonly gatePasses: Scalars['Boolean']['output'];
  /** Its id, made at its start. */
  readonly id: Scalars['String']['output'];
  /** Is it the one that answers this query? */
  readonly isThis: Scalars['Boolean']['output'];
  /** When it was last heard of. */
  readonly seenAt: Scalars['DateTime']['output'];
  /** When it started. */
  readonly startedAt: Scalars['DateTime']['output'];
};

/** A legal representative of an enterprise (người đại diện theo pháp luật). Source: business registry. */
export type Representative = {
  /** The full name (họ và tên). Personal data. Source: business registry, FULL_NAME. */
  readonly fullName: Maybe<Scalars['String']['output']>;
};

/** Further attempts (thử lại). */
export type RetryHealth = {
  /** How many more the budget has room for; null where there are none. */
  readonly budget: Maybe<Scalars['Int']['output']>;
  /** Second attempts beside a slow first one, since the start. */
  readonly hedges: Scalars['Float']['output'];
  /** Of these, those whose answer came first. */
  readonly hedgesWon: Scalars['Float']['output'];
  /** Further attempts since the start. */
  readonly retries: Scalars['Float']['output'];
};

/** What to do with the gate of a connector (lệnh đóng mở). */
export type SetConnectorGateInput = {
  /** The connector's id. */
  readonly connector: Scalars['String']['input'];
  /** Closed, open, or by its maintenance windows. */
  readonly gate: GateState;
  /** Why, for other operators (lý do), 3 to 500 characters; required to open or close. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** What callers are told while it is closed (thông báo), 1 to 500 characters each; without it, a general text. */
  readonly text?: InputMaybe<LocalizedTextInput>;
  /** When the word ends and the windows decide again (đến khi); without it, at the next word. */
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Sockets to a source (kết nối mạng). */
export type SocketHealth = {
  /** Open and free. */
  readonly idle: Scalars['Int']['output'];
  /** In use. */
  readonly running: Scalars['Int']['output'];
  /** Requests that wait for one. */
  readonly waiting: Scalars['Int']['output'];
};

/** How a dossier was handed in (kênh thực hiện), in the national numbering. */
export type SubmissionChannel =
  /** 1: trực tiếp. At the counter of a one-stop shop. */
  | 'COUNTER'
  /** 2: trực tuyến. Online. */
  | 'ONLINE'
  /** 3: bưu chính công ích. By the public post. */
  | 'PUBLIC_POST';



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
  Currency: Currency;
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
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  LocalizedTextInput: LocalizedTextInput;
  MaintenanceWindow: ResolverTypeWrapper<MaintenanceWindow>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
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
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Agency: AgencyNode;
  AgencyCode: Scalars['AgencyCode']['output'];
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
  Int: Scalars['Int']['output'];
  LocalizedTextInput: LocalizedTextInput;
  MaintenanceWindow: MaintenanceWindow;
  Mutation: Record<PropertyKey, never>;
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

export type BreakerTransitionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['BreakerTransition'] = ResolversParentTypes['BreakerTransition']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cause?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  failures?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestIds?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
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
  expiries?: Resolver<ReadonlyArray<ResolversTypes['ExpiryHealth']>, ParentType, ContextType>;
  gate?: Resolver<ResolversTypes['ConnectorGate'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lastProbe?: Resolver<Maybe<ResolversTypes['ConnectorProbe']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
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

export type MaintenanceWindowResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['MaintenanceWindow'] = ResolversParentTypes['MaintenanceWindow']> = {
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  dropConnectorCache?: Resolver<ResolversTypes['DroppedCache'], ParentType, ContextType, RequireFields<MutationDropConnectorCacheArgs, 'connector'>>;
  probeConnector?: Resolver<ResolversTypes['ConnectorProbe'], ParentType, ContextType, RequireFields<MutationProbeConnectorArgs, 'connector'>>;
  setConnectorGate?: Resolver<ResolversTypes['ConnectorHealth'], ParentType, ContextType, RequireFields<MutationSetConnectorGateArgs, 'input'>>;
};

export type OperationHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OperationHealth'] = ResolversParentTypes['OperationHealth']> = {
  breaker?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callsPerSecond?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
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
  connectorHealth?: Resolver<ReadonlyArray<ResolversTypes['ConnectorHealth']>, ParentType, ContextType, Partial<QueryConnectorHealthArgs>>;
  connectors?: Resolver<ReadonlyArray<ResolversTypes['Connector']>, ParentType, ContextType>;
  dossier?: Resolver<Maybe<ResolversTypes['Dossier']>, ParentType, ContextType, RequireFields<QueryDossierArgs, 'code'>>;
  dossiers?: Resolver<ResolversTypes['DossierConnection'], ParentType, ContextType, RequireFields<QueryDossiersArgs, 'first'>>;
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
};

export type ReplicaBreakerResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReplicaBreaker'] = ResolversParentTypes['ReplicaBreaker']> = {
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
};

export type ReplicaHealthResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReplicaHealth'] = ResolversParentTypes['ReplicaHealth']> = {
  breakers?: Resolver<ReadonlyArray<ResolversTypes['ReplicaBreaker']>, ParentType, ContextType>;
  gatePasses?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isThis?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  seenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
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

export type Resolvers<ContextType = RequestContext> = {
  Agency?: AgencyResolvers<ContextType>;
  AgencyCode?: GraphQLScalarType;
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
  MaintenanceWindow?: MaintenanceWindowResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
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
};


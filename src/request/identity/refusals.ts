// Why credentials are not accepted, in words that are safe to show: no value of a token, no address, no personal data.

import { GatewayError, type LocalizedText } from '../../errors.ts';

const REASONS = {
  SCHEME: {
    vi: 'Authorization: chỉ nhận Bearer <mã truy cập>, đúng một lần.',
    en: 'Authorization: expected Bearer <access token>, once.',
  },
  TOO_LONG: { vi: 'Mã truy cập quá dài.', en: 'The access token is too long.' },
  MALFORMED: {
    vi: 'Mã truy cập không đúng dạng. Hãy lấy mã mới từ nơi đăng nhập.',
    en: 'The access token is malformed. Get a new one from where you sign in.',
  },
  ALGORITHM: {
    vi: 'Thuật toán ký của mã truy cập không được chấp nhận.',
    en: 'The signature algorithm of the access token is not accepted.',
  },
  CRITICAL: {
    vi: 'Mã truy cập đòi một phần mở rộng mà cổng không biết.',
    en: 'The access token requires an extension that the gateway does not know.',
  },
  TYPE: { vi: 'Đây không phải mã truy cập.', en: 'This is not an access token.' },
  UNKNOWN_ISSUER: {
    vi: 'Nơi cấp mã truy cập không được tin cậy ở đây.',
    en: 'The issuer of the access token is not trusted here.',
  },
  UNKNOWN_KEY: {
    vi: 'Khóa ký mã truy cập không có trong danh sách khóa của nơi cấp.',
    en: 'The key that signed the access token is not among the keys of its issuer.',
  },
  KEYS_UNAVAILABLE: {
    vi: 'Chưa kiểm tra được mã truy cập vì không liên lạc được với nơi cấp. Hãy thử lại sau.',
    en: 'The access token cannot be verified, because its issuer cannot be reached. Try again later.',
  },
  SIGNATURE: { vi: 'Chữ ký của mã truy cập không đúng.', en: 'The signature of the access token is wrong.' },
  EXPIRED: {
    vi: 'Mã truy cập đã hết hạn. Hãy đăng nhập lại.',
    en: 'The access token has expired. Sign in again.',
  },
  NOT_YET: { vi: 'Mã truy cập chưa có hiệu lực.', en: 'The access token is not valid yet.' },
  AUDIENCE: {
    vi: 'Mã truy cập được cấp cho dịch vụ khác.',
    en: 'The access token was issued for another service.',
  },
  CLAIMS: {
    vi: 'Mã truy cập thiếu thông tin cần có, hoặc thông tin không đúng dạng.',
    en: 'The access token lacks a claim that is needed, or a claim has the wrong form.',
  },
  INACTIVE: {
    vi: 'Mã truy cập không còn hiệu lực, hoặc nơi cấp không biết mã này. Hãy đăng nhập lại.',
    en: 'The access token was revoked or has expired, or its issuer does not know it. Sign in again.',
  },
  UNREADABLE: {
    vi: 'Nơi cấp trả lời về mã truy cập này theo cách mà cổng không đọc được.',
    en: 'The issuer answers about this access token in a form that the gateway cannot read.',
  },
  BOUND: {
    vi: 'Mã truy cập chỉ dùng được cùng chứng thư của phần mềm đã nhận mã.',
    en: 'The access token is bound to a certificate or key that this request does not prove.',
  },
  CERTIFICATE: {
    vi: 'Chứng thư của phần mềm không được biết ở đây, hoặc không còn hiệu lực.',
    en: 'The certificate of the client is not known here, or is not valid now.',
  },
} as const satisfies Record<string, LocalizedText>;

export type Refusal = keyof typeof REASONS;

/** When a request may be repeated after the keys of an issuer could not be fetched, ms; they are fetched no sooner. */
const RETRY_AFTER_MS = 5_000;

/**
 * @param detail for the log: the name of a claim or of an issuer, never a value of the token
 * @param retryAfterMs of an issuer that could not be reached
 */
export const refused = (why: Refusal, detail?: string, retryAfterMs = RETRY_AFTER_MS): GatewayError =>
  new GatewayError('UNAUTHENTICATED', {
    reason: REASONS[why],
    detail: detail === undefined ? why : `${why}: ${detail}`,
    ...(why === 'KEYS_UNAVAILABLE' && { retryable: true, retryAfterMs }),
  });

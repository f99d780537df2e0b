// The sentences of the causes of a status, in both languages: for everybody, and where it differs for operators.

import { ERRORS, type ErrorCode, type LocalizedText } from '../errors.ts';
import type { BreakerTrigger } from '../guard/contract.ts';
import { timeText } from '../time-text.ts';

/** 0.305 as 31 %. */
const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const sentences = (...parts: readonly (LocalizedText | undefined)[]): LocalizedText => {
  const given = parts.filter((part) => part !== undefined);
  return { vi: given.map(({ vi }) => vi).join(' '), en: given.map(({ en }) => en).join(' ') };
};

export const codeText = (code: ErrorCode): LocalizedText => ERRORS[code].text;

export const MISSING: LocalizedText = {
  vi: 'Chưa cấu hình thông tin xác thực.',
  en: 'Its credentials are not configured.',
};
/** @param missing what cannot be resolved, in English: names of variables and files, never a value */
export const missingText = (missing: readonly string[]): LocalizedText => ({
  vi: `Chưa cấu hình thông tin xác thực: ${missing.join('; ')}.`,
  en: `Its credentials are not configured: ${missing.join('; ')}.`,
});

export const CLOSED: LocalizedText = {
  vi: 'Đã tạm đóng kết nối.',
  en: 'The connection is closed by an operator.',
};
export const MAINTENANCE: LocalizedText = {
  vi: 'Hệ thống đang bảo trì.',
  en: 'The system is under maintenance.',
};
export const untilText = (at: number): LocalizedText => {
  const { vi, en } = timeText(at);
  return { vi: `Đến ${vi}.`, en: `Until ${en}.` };
};

export const quotaText = (refillsAt: number): LocalizedText =>
  sentences(codeText('QUOTA_EXCEEDED'), untilText(refillsAt));

const THING: Readonly<Record<'CLIENT_CERTIFICATE' | 'SOURCE_CERTIFICATE' | 'CREDENTIAL', LocalizedText>> = {
  CLIENT_CERTIFICATE: { vi: 'Chứng thư của cổng', en: 'The certificate of the gateway' },
  SOURCE_CERTIFICATE: { vi: 'Chứng thư của hệ thống nguồn', en: 'The certificate of the source system' },
  CREDENTIAL: { vi: 'Thông tin xác thực', en: 'The credential of the gateway' },
};
export type RenewedThing = keyof typeof THING;

/** @param at epoch ms; `undefined`: not known */
export const expiredText = (what: RenewedThing, at: number | undefined): LocalizedText => {
  const when = at === undefined ? undefined : timeText(at);
  return {
    vi: `${THING[what].vi} đã hết hạn${when === undefined ? '' : ` lúc ${when.vi}`}.`,
    en: `${THING[what].en} has expired${when === undefined ? '' : ` on ${when.en}`}.`,
  };
};
export const expiresText = (what: RenewedThing, at: number, days: number): LocalizedText => ({
  vi: `${THING[what].vi} hết hạn sau ${days} ngày, lúc ${timeText(at).vi}.`,
  en: `${THING[what].en} expires in ${days} days, on ${timeText(at).en}.`,
});
export const STILL_ACCEPTED: LocalizedText = {
  vi: 'Hệ thống nguồn hiện vẫn trả lời.',
  en: 'The source system still answers at present.',
};
/** @param code of TLS */
export const untrustedText = (code: string): LocalizedText => ({
  vi: `Cổng không chấp nhận chứng thư của hệ thống nguồn (${code}).`,
  en: `The gateway does not accept the certificate of the source system (${code}).`,
});

/** @param skewMs this machine's clock minus the source's */
export const sourceClockText = (skewMs: number): LocalizedText => {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return {
    vi: `Đồng hồ của cổng ${skewMs > 0 ? 'nhanh' : 'chậm'} hơn của hệ thống nguồn ${seconds} giây; chữ ký hoặc dấu thời gian có thể bị từ chối vì vậy.`,
    en: `The clock of the gateway is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of the source system; signatures or timestamps may be refused for that.`,
  };
};

export const HELD_BACK: LocalizedText = {
  vi: 'Cổng đang giãn các lượt gọi.',
  en: 'Calls are held back.',
};
export const PAUSED: LocalizedText = { vi: 'Tạm ngừng gọi.', en: 'Calls are paused.' };
export const PROBING: LocalizedText = { vi: 'Đang thử kết nối lại.', en: 'Trying again.' };

export const triggerText = (trigger: BreakerTrigger, failuresInARow: number): LocalizedText => {
  switch (trigger) {
    case 'FAILURES_IN_A_ROW':
      return {
        vi: `${failuresInARow} lượt gọi liên tiếp bị lỗi.`,
        en: `${failuresInARow} calls in a row failed.`,
      };
    case 'FAILURE_RATE':
      return { vi: 'Quá nhiều lượt gọi bị lỗi.', en: 'Too large a share of the calls failed.' };
    case 'SLOW_CALLS':
      return { vi: 'Quá nhiều câu trả lời chậm.', en: 'Too large a share of the answers was slow.' };
    case 'PROBE_FAILED':
      return { vi: 'Lượt gọi thử không thành công.', en: 'A trial call failed.' };
  }
};

/** @param operation named when the others of the connector are well */
export const missingShareText = (share: number, operation: string | undefined): LocalizedText => ({
  vi: `${percent(share)} lượt gọi${operation === undefined ? '' : ` ${operation}`} gần đây không có kết quả.`,
  en: `${percent(share)} of the recent calls${operation === undefined ? '' : ` of ${operation}`} brought no answer.`,
});
export const lateShareText = (share: number, operation: string | undefined, ms: number): LocalizedText => ({
  vi: `${percent(share)} câu trả lời${operation === undefined ? '' : ` của ${operation}`} gần đây chậm, từ ${ms} ms trở lên.`,
  en: `${percent(share)} of the recent answers${operation === undefined ? '' : ` of ${operation}`} were late, at ${ms} ms or more.`,
});
export const formatText = (share: number, problem: string | undefined): LocalizedText => ({
  vi: `${percent(share)} câu trả lời gần đây không đúng định dạng đã khai${problem === undefined ? '' : `: ${problem}`}.`,
  en: `${percent(share)} of the recent answers did not fit their mapping${problem === undefined ? '' : `: ${problem}`}.`,
});
export const refusalText = (share: number): LocalizedText => ({
  vi: `Hệ thống nguồn từ chối ${percent(share)} yêu cầu gần đây.`,
  en: `The source system refused ${percent(share)} of the recent requests.`,
});

export const UNREACHABLE: LocalizedText = { vi: 'Thử kết nối không được.', en: 'A probe did not reach it.' };
export const NO_CALLS: LocalizedText = {
  vi: 'Không có lượt gọi nào trong phút vừa qua.',
  en: 'No calls in the last minute.',
};

// The scalars of schema/scalars.graphql. Input is checked; output passes unchanged, since the store and the mappings supply it in
// its final form and a page has hundreds of values. Messages never repeat a value, which may be a personal id.
import { GatewayError, type LocalizedText } from '../errors.ts';
import {
  isAgencyCode,
  isDossierCode,
  isEnterpriseCode,
  isPersonalId,
  isProcedureCode,
  isRealDate,
} from './ids.ts';

function describeFound(value: unknown): LocalizedText {
  if (typeof value === 'string')
    return { vi: `chuỗi ${value.length} ký tự`, en: `text of ${value.length} characters` };
  const type = value === null ? 'null' : typeof value;
  return { vi: type, en: type };
}

function wrongValue(name: string, expected: LocalizedText, value: unknown): GatewayError {
  const found = describeFound(value);
  return new GatewayError('BAD_USER_INPUT', {
    detail: `${name}: expected ${expected.en}; found ${found.en}`,
    reason: {
      vi: `${name}: cần ${expected.vi}; nhận được ${found.vi}.`,
      en: `${name}: expected ${expected.en}; found ${found.en}.`,
    },
  });
}

/** What `makeExecutableSchema` puts into a scalar of the SDL; its description and link stay those of the SDL. */
export interface ScalarCode {
  serialize(value: unknown): unknown;
  /** @throws GatewayError BAD_USER_INPUT with the expected form */
  parseValue(value: unknown): unknown;
}

const passThrough = (value: unknown): unknown => value;

const aScalarOfText = (
  name: string,
  expected: LocalizedText,
  read: (text: string) => string | null,
): ScalarCode => ({
  serialize: passThrough,
  parseValue: (value) => {
    const text = typeof value === 'string' ? read(value) : null;
    if (text === null) throw wrongValue(name, expected, value);
    return text;
  },
});

const where =
  (isRight: (text: string) => boolean) =>
  (text: string): string | null =>
    isRight(text) ? text : null;

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 3339 with its offset, to UTC with milliseconds at most; null for anything else, 30 February included. */
function readDateTime(text: string): string | null {
  const match = DATE_TIME.exec(text);
  if (match === null || !isRealDate(Number(match[1]), Number(match[2]), Number(match[3]))) return null;
  return new Date(text.toUpperCase()).toISOString();
}

/** The scalars of the store's SDL by name. */
export const createScalars = (): Record<string, ScalarCode> => ({
  DateTime: aScalarOfText(
    'DateTime',
    {
      vi: 'thời điểm theo RFC 3339, ví dụ 2026-06-09T08:30:00+07:00',
      en: 'a time by RFC 3339 such as 2026-06-09T08:30:00+07:00',
    },
    readDateTime,
  ),
  PersonalId: aScalarOfText(
    'PersonalId',
    { vi: '12 chữ số của số định danh cá nhân', en: 'the 12 digits of a personal identification number' },
    where(isPersonalId),
  ),
  EnterpriseCode: aScalarOfText(
    'EnterpriseCode',
    {
      vi: '10 chữ số có chữ số kiểm tra đúng, thêm -001 đến -999 cho chi nhánh',
      en: 'ten digits with a right check digit, and -001 to -999 for a branch',
    },
    where(isEnterpriseCode),
  ),
  DossierCode: aScalarOfText(
    'DossierCode',
    {
      vi: 'mã hồ sơ, ví dụ 000.00.00.H26-200524-0001 hoặc G09.20-20260609-0092637, với ngày có thật',
      en: 'a dossier code such as 000.00.00.H26-200524-0001 or G09.20-20260609-0092637, with a real date',
    },
    where(isDossierCode),
  ),
  ProcedureCode: aScalarOfText(
    'ProcedureCode',
    {
      vi: 'mã thủ tục, ví dụ 1.005129 hoặc 3.000181.000.00.00.H22',
      en: 'a procedure code such as 1.005129 or 3.000181.000.00.00.H22',
    },
    where(isProcedureCode),
  ),
  AgencyCode: aScalarOfText(
    'AgencyCode',
    { vi: 'mã cơ quan, ví dụ H26.12.34', en: 'an agency id such as H26.12.34' },
    where(isAgencyCode),
  ),
  Vnd: {
    serialize: passThrough,
    parseValue: (value) => {
      if (Number.isSafeInteger(value) && (value as number) >= 0) return value;
      throw wrongValue(
        'Vnd',
        { vi: 'số tiền đồng, là số nguyên từ 0', en: 'a whole number of đồng from 0' },
        value,
      );
    },
  },
});

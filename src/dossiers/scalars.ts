// The scalars of schema/scalars.graphql. Input is checked. Output of texts passes unchanged, since the store and the mappings
// supply it in its final form and a page has hundreds of values; an amount is checked. Messages never repeat a value, which may be a personal id.
import { Kind, type ValueNode } from 'graphql';
import { GatewayError, type LocalizedText } from '../errors.ts';
import { isExactNumber, readNumber } from '../exact-number.ts';
import { isStoredInteger, readMoment } from '../store/stored-values.ts';
import { isAgencyCode, isDossierCode, isEnterpriseCode, isPersonalId, isProcedureCode } from './ids.ts';

function describeFound(value: unknown): LocalizedText {
  if (typeof value === 'string')
    return { vi: `chuỗi ${value.length} ký tự`, en: `text of ${value.length} characters` };
  const type = value === null ? 'null' : isExactNumber(value) ? 'number' : typeof value;
  return { vi: type, en: type };
}

function wrongValue(name: string, expected: LocalizedText, found: LocalizedText): GatewayError {
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
  /** Reads the kind and the text of a literal: `H26` is no text, and `1.0` and `1e3` are no integers. @throws as `parseValue` */
  parseLiteral(node: ValueNode): unknown;
}

const passThrough = (value: unknown): unknown => value;

const LITERALS: Readonly<Record<string, LocalizedText>> = {
  [Kind.INT]: { vi: 'số nguyên', en: 'integer literal' },
  [Kind.FLOAT]: { vi: 'số có phần thập phân hoặc số mũ', en: 'literal with a fraction or an exponent' },
  [Kind.STRING]: { vi: 'chuỗi', en: 'text' },
  [Kind.BOOLEAN]: { vi: 'giá trị đúng/sai', en: 'boolean' },
  [Kind.ENUM]: { vi: 'tên không có dấu nháy', en: 'name without quotes' },
  [Kind.LIST]: { vi: 'danh sách', en: 'list' },
  [Kind.OBJECT]: { vi: 'đối tượng', en: 'object' },
};

const literalOf = ({ kind }: ValueNode): LocalizedText => LITERALS[kind] ?? { vi: 'null', en: 'null' };

function aScalarOfText(
  name: string,
  expected: LocalizedText,
  read: (text: string) => string | undefined,
): ScalarCode {
  const parseValue = (value: unknown): unknown => {
    const text = typeof value === 'string' ? read(value) : undefined;
    if (text === undefined) throw wrongValue(name, expected, describeFound(value));
    return text;
  };
  return {
    serialize: passThrough,
    parseValue,
    parseLiteral: (node) => {
      if (node.kind === Kind.STRING) return parseValue(node.value);
      throw wrongValue(name, expected, literalOf(node));
    },
  };
}

const where =
  (isRight: (text: string) => boolean) =>
  (text: string): string | undefined =>
    isRight(text) ? text : undefined;

/** RFC 3339 allows lower-case letters, and a space before the time. */
const readDateTime = (text: string): string | undefined =>
  readMoment(text.toUpperCase().replace(/^(.{10}) /, '$1T'));

const isAmount = (value: unknown): value is number => isStoredInteger(value) && value >= 0;

const AMOUNT: LocalizedText = {
  vi: 'số tiền đồng, là số nguyên từ 0 đến 9007199254740991',
  en: 'a whole number of đồng from 0 to 9007199254740991',
};

const vnd: ScalarCode = {
  serialize: (value) => {
    if (isAmount(value)) return value;
    throw new TypeError(
      'Vnd cannot represent an amount that is not a whole number from 0 to 9007199254740991',
    );
  },
  parseValue: (value) => {
    // JSON has no minus zero for an amount.
    if (isAmount(value)) return value + 0;
    throw wrongValue('Vnd', AMOUNT, describeFound(value));
  },
  parseLiteral: (node) => {
    const value = node.kind === Kind.INT ? readNumber(node.value) : undefined;
    if (isAmount(value)) return value + 0;
    throw wrongValue('Vnd', AMOUNT, literalOf(node));
  },
};

/** The scalars of the store's SDL by name. */
export const createScalars = (): Record<string, ScalarCode> => ({
  DateTime: aScalarOfText(
    'DateTime',
    {
      vi: 'thời điểm theo RFC 3339, ví dụ 2026-06-09T08:30:00+07:00, chính xác đến mili giây, từ năm 0001 đến 9999 theo UTC',
      en: 'a time by RFC 3339 such as 2026-06-09T08:30:00+07:00, to the millisecond, in the years 0001 to 9999 of UTC',
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
  Vnd: vnd,
});

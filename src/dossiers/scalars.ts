// The scalars of schema/scalars.graphql. What comes in is checked; what goes out passes as it is, since the store and
// the mappings give it in its final form and a page has hundreds of them. Messages never repeat a value: it may be an id.
import { GraphQLError } from 'graphql';
import {
  isAgencyCode,
  isDossierCode,
  isEnterpriseCode,
  isPersonalId,
  isProcedureCode,
  isRealDate,
} from './ids.ts';

const describeFound = (value: unknown): string =>
  typeof value === 'string' ? `text of ${value.length} characters` : value === null ? 'null' : typeof value;

const wrong = (name: string, expected: string, value: unknown): GraphQLError =>
  new GraphQLError(`${name}: expected ${expected}; found ${describeFound(value)}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });

/** What `makeExecutableSchema` puts into a scalar of the SDL; its description and link stay those of the SDL. */
export interface ScalarCode {
  serialize(value: unknown): unknown;
  /** @throws GraphQLError with code `BAD_USER_INPUT` */
  parseValue(value: unknown): unknown;
}

const passThrough = (value: unknown): unknown => value;

const aScalarOfText = (
  name: string,
  expected: string,
  read: (text: string) => string | null,
): ScalarCode => ({
  serialize: passThrough,
  parseValue: (value) => {
    const text = typeof value === 'string' ? read(value) : null;
    if (text === null) throw wrong(name, expected, value);
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
  DateTime: aScalarOfText('DateTime', 'a time by RFC 3339 such as 2026-06-09T08:30:00+07:00', readDateTime),
  PersonalId: aScalarOfText(
    'PersonalId',
    'the 12 digits of a personal identification number',
    where(isPersonalId),
  ),
  EnterpriseCode: aScalarOfText(
    'EnterpriseCode',
    'ten digits with a right check digit, and -001 to -999 for a branch',
    where(isEnterpriseCode),
  ),
  DossierCode: aScalarOfText(
    'DossierCode',
    'a dossier code such as 000.00.00.H26-200524-0001 or G09.20-20260609-0092637, with a real date',
    where(isDossierCode),
  ),
  ProcedureCode: aScalarOfText(
    'ProcedureCode',
    'a procedure code such as 1.005129 or 3.000181.000.00.00.H22',
    where(isProcedureCode),
  ),
  AgencyCode: aScalarOfText('AgencyCode', 'an agency id such as H26.12.34', where(isAgencyCode)),
  Vnd: {
    serialize: passThrough,
    parseValue: (value) => {
      if (Number.isSafeInteger(value) && (value as number) >= 0) return value;
      throw wrong('Vnd', 'a whole number of đồng from 0', value);
    },
  },
});

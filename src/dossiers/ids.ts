// The codes of people, enterprises, agencies, procedures and dossiers: `isX` validates, `parseX` returns the parts or null,
// `buildX` writes a new code. Pure functions over strings; none of them throws.

/** The 63 provinces before 2025-07-01. Numbers issued under them stay valid, so the current 34 are not used here. */
export const PROVINCE_CODES: readonly string[] = (
  '001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 ' +
  '044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 ' +
  '089 091 092 093 094 095 096'
).split(' ');

const provinces: ReadonlySet<string> = new Set(PROVINCE_CODES);

export type Gender = 'MALE' | 'FEMALE';

export interface PersonalIdParts {
  /** One of the 63 province codes, or a country code (100 and above) for a birth registered abroad. */
  readonly placeCode: string;
  /** 1900 to 2399. After a correction the civil record may hold another year: warn, never reject. */
  readonly birthYear: number;
  readonly gender: Gender;
  readonly serial: string;
}

const PERSONAL_ID = /^\d{12}$/;

/** `PPP C YY RRRRRR` by Decree 137/2015/NĐ-CP: place, century and sex, year, serial. There is no check digit. */
export function parsePersonalId(text: string): PersonalIdParts | null {
  if (!PERSONAL_ID.test(text)) return null;
  const placeCode = text.slice(0, 3);
  // Codes below 100 are provinces. Codes from 100 on are countries; their list is not public.
  if (placeCode < '100' && !provinces.has(placeCode)) return null;
  const century = text.charCodeAt(3) - 48;
  return {
    placeCode,
    birthYear: 1900 + (century >> 1) * 100 + Number(text.slice(4, 6)),
    gender: (century & 1) === 0 ? 'MALE' : 'FEMALE',
    serial: text.slice(6),
  };
}

/** Whether the text is a personal identification number of 12 digits (số định danh cá nhân). */
export const isPersonalId = (text: string): boolean => parsePersonalId(text) !== null;

/** `serial` is 0 to 999999, `birthYear` 1900 to 2399. Returns 12 digits. */
export function buildPersonalId(parts: {
  readonly provinceCode: string;
  readonly birthYear: number;
  readonly gender: Gender;
  readonly serial: number;
}): string {
  const century = Math.floor((parts.birthYear - 1900) / 100) * 2 + (parts.gender === 'MALE' ? 0 : 1);
  return `${parts.provinceCode}${century}${pad(parts.birthYear % 100, 2)}${pad(parts.serial, 6)}`;
}

const ENTERPRISE_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/**
 * The tenth digit of an enterprise code (tax code), from its first nine; null where the rule yields 10, because such codes are
 * never issued.
 */
export function enterpriseCheckDigit(firstNine: string): number | null {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += (ENTERPRISE_WEIGHTS[i] as number) * (firstNine.charCodeAt(i) - 48);
  const check = 10 - (sum % 11);
  return check === 10 ? null : check;
}

export interface EnterpriseCodeParts {
  /** ENTERPRISE: 10 digits. BRANCH: with `-001` to `-999`. PERSON: a household business, the 12 digits of its owner. */
  readonly kind: 'ENTERPRISE' | 'BRANCH' | 'PERSON';
  /** The 10 or 12 digits without the branch. */
  readonly root: string;
  /** Three digits; null without a branch. */
  readonly branch: string | null;
}

const ENTERPRISE_CODE = /^(\d{10})(?:-(\d{3}))?$/;

/** The enterprise code, which is the tax code: a valid check digit, digits 3 to 9 not all zero, branches from 001. */
export function parseEnterpriseCode(text: string): EnterpriseCodeParts | null {
  const match = ENTERPRISE_CODE.exec(text);
  if (match === null) {
    return isPersonalId(text) ? { kind: 'PERSON', root: text, branch: null } : null;
  }
  const root = match[1] as string;
  const branch = match[2] ?? null;
  if (root.slice(2, 9) === '0000000' || branch === '000') return null;
  if (enterpriseCheckDigit(root) !== root.charCodeAt(9) - 48) return null;
  return { kind: branch === null ? 'ENTERPRISE' : 'BRANCH', root, branch };
}

/** Whether the text is the code of an enterprise, a branch or a household business (mã số doanh nghiệp). */
export const isEnterpriseCode = (text: string): boolean => parseEnterpriseCode(text) !== null;

const AGENCY_CODE = /^[A-Z]\d{2}(\.[0-9A-Z]+)*$/;
const OLD_AGENCY_CODE = /^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}$/;

/** The form of Decision 20/2020/QĐ-TTg, highest level first, at most 35 characters: `H26.12.34`. */
export const isAgencyCode = (text: string): boolean => text.length <= 35 && AGENCY_CODE.test(text);

/** The form before that decision, lowest level first: `000.00.12.H26`. */
export const isOldAgencyCode = (text: string): boolean => OLD_AGENCY_CODE.test(text);

const PROCEDURE_CODE = /^(\d\.\d{6})(?:\.(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}))?$/;

/** `1.005129`, or with the agency that publishes the procedure: `3.000181.000.00.00.H22`. */
export function parseProcedureCode(
  text: string,
): { readonly code: string; readonly agencyCode: string | null } | null {
  const match = PROCEDURE_CODE.exec(text);
  return match === null ? null : { code: match[1] as string, agencyCode: match[2] ?? null };
}

/** Whether the text is a procedure code (mã thủ tục hành chính). */
export const isProcedureCode = (text: string): boolean => PROCEDURE_CODE.test(text);

export interface DossierCodeParts {
  /** OLD: Circular 01/2018/TT-VPCP, date of six digits. NEW: the national number of 2026, date of eight digits. */
  readonly form: 'OLD' | 'NEW';
  /** As written in the code: lowest level first in the old form, highest level first in the new form. */
  readonly agencyCode: string;
  /** `yyyy-MM-dd`, an existing date. */
  readonly date: string;
  readonly sequence: number;
}

const OLD_DOSSIER_CODE = /^(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})-(\d{2})(\d{2})(\d{2})-(\d{4,5})$/;
const NEW_DOSSIER_CODE = /^([A-Z]\d{2}(?:\.[0-9A-Z]+)*)-(\d{4})(\d{2})(\d{2})-(\d{7})$/;

/** `000.00.00.H26-200524-0001`, with four or five digits at the end, or `G09.20-20260609-0092637`. */
export function parseDossierCode(text: string): DossierCodeParts | null {
  // The longest agency code, two hyphens, date and number. Checked before the regular expression runs.
  if (text.length > 52) return null;
  const old = OLD_DOSSIER_CODE.exec(text);
  const match = old ?? NEW_DOSSIER_CODE.exec(text);
  if (match === null) return null;
  const [, agencyCode, yearDigits, month, day, sequence] = match as unknown as string[] & { length: 6 };
  if (old === null && !isAgencyCode(agencyCode as string)) return null;
  const year = old === null ? Number(yearDigits) : 2000 + Number(yearDigits);
  if (!isRealDate(year, Number(month), Number(day))) return null;
  return {
    form: old === null ? 'NEW' : 'OLD',
    agencyCode: agencyCode as string,
    date: `${pad(year, 4)}-${month}-${day}`,
    sequence: Number(sequence),
  };
}

/** Whether the text is a dossier code in the old or new form, with an existing date (mã hồ sơ). */
export const isDossierCode = (text: string): boolean => parseDossierCode(text) !== null;

/** The new form. `date` is `yyyy-MM-dd`, `sequence` 0 to 9999999: `G09.20-20260609-0092637`. */
export const buildDossierCode = (agencyCode: string, date: string, sequence: number): string =>
  `${agencyCode}-${date.replaceAll('-', '')}-${pad(sequence, 7)}`;

/** The old form. `sequence` takes four digits, and a fifth from 10000 on: `000.00.00.H26-200524-0001`. */
export const buildOldDossierCode = (oldAgencyCode: string, date: string, sequence: number): string =>
  `${oldAgencyCode}-${date.replaceAll('-', '').slice(2)}-${pad(sequence, 4)}`;

/** Whether the day exists in the calendar. Any whole numbers are accepted. */
export function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

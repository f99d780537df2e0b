// An access in plain words, in Vietnamese and English, for the person whose data was read.

import type { GraphQLSchema } from 'graphql';
import type { Locale, LocalizedText } from '../errors.ts';
import type { StoredRecord } from './read-records.ts';

const SYSTEMS: Readonly<Record<string, LocalizedText>> = {
  store: { vi: 'kho hồ sơ của thành phố', en: "the city's dossier store" },
  gateway: { vi: 'cổng tích hợp', en: 'the gateway' },
};

export const systemText = (
  system: string,
  locale: Locale,
  titleOf: (connector: string) => LocalizedText | undefined,
): string => (SYSTEMS[system] ?? titleOf(system))?.[locale] ?? system;

export function whoText(record: StoredRecord, isSelf: boolean, locale: Locale): string {
  const vi = locale === 'vi';
  if (isSelf) return vi ? 'Chính bạn' : 'You';
  const agency = record.agency_name ?? record.agency;
  const at = agency === null ? '' : vi ? `, ${agency}` : ` of ${agency}`;
  switch (record.actor_kind) {
    case 'officer':
      return `${vi ? 'Cán bộ' : 'Officer'} ${record.actor}${at}`;
    case 'machine':
      return `${vi ? 'Chương trình' : 'Program'} ${record.actor}${at}`;
    case 'citizen':
      return vi ? 'Một công dân' : 'A citizen';
    case 'enterprise':
      return vi ? 'Người đại diện doanh nghiệp' : 'A representative of an enterprise';
    case 'staff':
      return vi ? 'Nhân viên vận hành cổng' : 'A member of the staff of the gateway';
    case 'break-glass':
      return vi ? 'Nhân viên vận hành dùng mã khẩn cấp' : 'An operator with the break-glass token';
    default:
      return vi ? 'Người gọi ẩn danh' : 'An anonymous caller';
  }
}

/** `Citizen fullName birthDate` as `Type.field`. */
export function coordinatesOf(fields: string): string[] {
  const [type = '', ...names] = fields.split(' ').filter((part) => part !== '');
  return names.length === 0 ? [type].filter((part) => part !== '') : names.map((name) => `${type}.${name}`);
}

/** The Vietnamese term is the one in the description of the field, as all descriptions have it; the English is its name as words. */
export function fieldText(coordinate: string, locale: Locale, schema: GraphQLSchema): string {
  const [typeName = '', fieldName] = coordinate.split('.');
  const words = (fieldName ?? typeName).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  if (locale === 'en') return words;
  const type = schema.getType(typeName);
  const described =
    fieldName === undefined
      ? type?.description
      : type !== undefined && 'getFields' in type
        ? type.getFields()[fieldName]?.description
        : undefined;
  return /\(([^)]*[^ -~][^)]*)\)/.exec(described ?? '')?.[1] ?? words;
}

const OUTCOMES: Readonly<Record<string, LocalizedText>> = {
  OK: { vi: 'đã xem được', en: 'the data was read' },
  COALESCED: { vi: 'đã xem được', en: 'the data was read' },
  CACHED: { vi: 'đã xem được, từ bộ đệm', en: 'the data was read, from a copy in memory' },
  STALE: { vi: 'đã xem bản cũ trong bộ đệm', en: 'an older copy of the data was read' },
  NOT_FOUND: { vi: 'không có dữ liệu', en: 'there was no such data' },
};

export const outcomeText = (outcome: string, locale: Locale): string =>
  OUTCOMES[outcome]?.[locale] ?? (locale === 'vi' ? 'không xem được' : 'the data was not read');

// The people of the synthetic city, all invented. Personal identification numbers match sex and year of birth, and their last six
// digits start with 9, so that invented numbers can be recognised. Names are in NFC, with diacritics.
import { buildPersonalId, type Gender } from '../dossiers/ids.ts';
import { COMMUNES } from './communes.ts';
import type { CityPerson, PartialDate } from './contract.ts';
import type { Random } from './random.ts';

const FAMILIES = [
  ['Nguyễn', 31],
  ['Trần', 11],
  ['Lê', 10],
  ['Phạm', 7],
  ['Hoàng', 4],
  ['Huỳnh', 1],
  ['Phan', 4],
  ['Vũ', 4],
  ['Võ', 2],
  ['Đặng', 3],
  ['Bùi', 3],
  ['Đỗ', 3],
  ['Hồ', 2],
  ['Ngô', 2],
  ['Dương', 2],
  ['Lý', 1],
  ['Đào', 1],
  ['Đinh', 1],
  ['Trịnh', 1],
  ['Tạ', 1],
  ['Quách', 1],
  ['Nghiêm', 1],
] as const;

const MIDDLES = {
  MALE: ['Văn', 'Đức', 'Hữu', 'Quang', 'Minh', 'Ngọc', 'Xuân', 'Công', 'Đình', 'Tuấn', 'Gia', ''],
  FEMALE: ['Thị', 'Thị', 'Thu', 'Ngọc', 'Thanh', 'Phương', 'Kim', 'Bích', 'Minh', 'Thùy', 'Thị Hồng', ''],
} as const;

const GIVENS = {
  MALE: [
    'An',
    'Bình',
    'Cường',
    'Dũng',
    'Đạt',
    'Giang',
    'Hải',
    'Hiếu',
    'Hùng',
    'Khánh',
    'Kiên',
    'Lâm',
    'Long',
    'Mạnh',
    'Nam',
    'Nghĩa',
    'Phúc',
    'Quân',
    'Sơn',
    'Thắng',
    'Thịnh',
    'Tùng',
    'Việt',
    'Vượng',
  ],
  FEMALE: [
    'Anh',
    'Ánh',
    'Bích',
    'Chi',
    'Dung',
    'Đào',
    'Hà',
    'Hạnh',
    'Hằng',
    'Hoa',
    'Hương',
    'Huyền',
    'Lan',
    'Liên',
    'Linh',
    'Mai',
    'Nga',
    'Ngân',
    'Nhung',
    'Oanh',
    'Phượng',
    'Quỳnh',
    'Thảo',
    'Trang',
    'Tuyết',
    'Yến',
  ],
} as const;

const STREETS = [
  'Lý Thường Kiệt',
  'Trần Hưng Đạo',
  'Nguyễn Trãi',
  'Lê Lợi',
  'Quang Trung',
  'Hai Bà Trưng',
  'Phan Đình Phùng',
  'Nguyễn Du',
  'Hoàng Diệu',
  'Tô Hiệu',
  'Bạch Đằng',
  'Lạc Long Quân',
] as const;

/** Former province codes of birth registration, with the share of each. A number keeps its code for life. */
const ORIGINS = [
  ['001', 60],
  ['034', 5],
  ['036', 5],
  ['035', 3],
  ['037', 3],
  ['038', 5],
  ['040', 4],
  ['030', 3],
  ['033', 3],
  ['026', 3],
  ['025', 2],
  ['024', 2],
  ['019', 1],
  ['079', 1],
] as const;

/** Codes of former districts of Hà Nội, which records keep, in the order of the commune codes. */
const OLD_DISTRICTS =
  '001 002 003 004 005 006 007 008 009 016 017 018 019 020 021 250 268 269 271 272 273 274 275 276 277 278 279 280 281 282'.split(
    ' ',
  );

export interface FullName {
  readonly fullName: string;
  readonly nameParts: CityPerson['nameParts'];
}

export function buildName(random: Random, gender: CityPerson['gender']): FullName {
  const nameParts = {
    family: random.weighted(FAMILIES).normalize('NFC'),
    middle: random.pick(MIDDLES[gender]).normalize('NFC'),
    given: random.pick(GIVENS[gender]).normalize('NFC'),
  };
  const fullName = [nameParts.family, nameParts.middle, nameParts.given].filter(Boolean).join(' ');
  return { fullName, nameParts };
}

/** A street address within a commune, without the name of the commune. */
export const buildStreet = (random: Random): string =>
  (random.chance(0.5)
    ? `Số ${1 + random.int(250)} phố ${random.pick(STREETS)}`
    : `Ngõ ${1 + random.int(120)}, tổ dân phố số ${1 + random.int(24)}`
  ).normalize('NFC');

function buildBirthDate(random: Random, anchorYear: number): PartialDate {
  const year = anchorYear - 18 - random.int(68);
  // Births with the year only are common among older people.
  if (anchorYear - year > 55 && random.chance(0.12)) return { year, month: null, day: null };
  const month = 1 + random.int(12);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, day: 1 + random.int(days) };
}

/** The last six digits start with 9; see the header of this file. */
const buildSyntheticId = (random: Random, provinceCode: string, gender: Gender, birthYear: number): string =>
  buildPersonalId({ provinceCode, birthYear, gender, serial: 900_000 + random.int(100_000) });

/** A new person whose number is not in `taken`. */
export function buildPerson(
  random: Random,
  anchorYear: number,
  taken: ReadonlyMap<string, unknown>,
): CityPerson {
  const gender = random.chance(0.5) ? 'MALE' : 'FEMALE';
  const birthDate = buildBirthDate(random, anchorYear);
  const origin = random.weighted(ORIGINS);
  let personalId = buildSyntheticId(random, origin, gender, birthDate.year);
  while (taken.has(personalId)) personalId = buildSyntheticId(random, origin, gender, birthDate.year);

  const home = random.int(COMMUNES.length);
  const { fullName, nameParts } = buildName(random, gender);
  return {
    personalId,
    fullName,
    nameParts,
    birthDate,
    gender,
    permanentAddress: {
      provinceCode: '01',
      districtCode: random.chance(0.6)
        ? (OLD_DISTRICTS[Math.floor((home * OLD_DISTRICTS.length) / COMMUNES.length)] as string)
        : null,
      communeCode: (COMMUNES[home] as (typeof COMMUNES)[number]).code,
      detail: buildStreet(random),
    },
    originProvinceCode: origin.slice(1),
    unknownToPopulation: random.chance(1 / 400),
  };
}

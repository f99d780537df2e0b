// Part of the synthetic city: 120 agencies — the city, its 15 departments and 104 communes straight beneath the city,
// as since 2025-07-01. Old-form codes keep the number of the former district that a commune belonged to.

import { COMMUNES } from './communes.ts';
import type { CityAgency } from './contract.ts';

export const CITY_CODE = 'H26';

export const DEPARTMENTS = [
  'Văn phòng Ủy ban nhân dân thành phố',
  'Sở Tư pháp',
  'Sở Tài chính',
  'Sở Xây dựng',
  'Sở Nông nghiệp và Môi trường',
  'Sở Công Thương',
  'Sở Y tế',
  'Sở Giáo dục và Đào tạo',
  'Sở Nội vụ',
  'Sở Văn hóa và Thể thao',
  'Sở Du lịch',
  'Sở Khoa học và Công nghệ',
  'Sở Quy hoạch - Kiến trúc',
  'Sở Dân tộc và Tôn giáo',
  'Ban Quản lý các khu công nghệ cao và khu công nghiệp',
] as const;

/** Level-2 numbers 21 and up stand for former districts, four communes each, so that they never meet a department's. */
const FIRST_DISTRICT = 21;
const COMMUNES_PER_DISTRICT = 4;

const two = (value: number): string => String(value).padStart(2, '0');

/** Ids: 1 the city, 2–16 the departments, 17–120 the communes. */
export function buildAgencies(): CityAgency[] {
  const agencies: CityAgency[] = [
    {
      id: 1,
      parentId: null,
      level: 'CITY',
      code: CITY_CODE,
      oldCode: `000.00.00.${CITY_CODE}`,
      name: 'Ủy ban nhân dân thành phố Hà Nội',
      communeCode: null,
    },
  ];
  for (const [index, name] of DEPARTMENTS.entries()) {
    const number = two(index + 1);
    agencies.push({
      id: agencies.length + 1,
      parentId: 1,
      level: 'DEPARTMENT',
      code: `${CITY_CODE}.${number}`,
      oldCode: `000.00.${number}.${CITY_CODE}`,
      name,
      communeCode: null,
    });
  }
  for (const [index, commune] of COMMUNES.entries()) {
    const district = two(FIRST_DISTRICT + Math.floor(index / COMMUNES_PER_DISTRICT));
    const number = two((index % COMMUNES_PER_DISTRICT) + 1);
    agencies.push({
      id: agencies.length + 1,
      parentId: 1,
      level: 'COMMUNE',
      code: `${CITY_CODE}.${district}.${number}`,
      oldCode: `000.${number}.${district}.${CITY_CODE}`,
      name: `Ủy ban nhân dân ${commune.name.charAt(0).toLowerCase()}${commune.name.slice(1)}`,
      communeCode: commune.code,
    });
  }
  return agencies;
}

// The agencies of the synthetic city: the city, its 15 departments, and 104 communes directly below the city, as in force since
// 2025-07-01. A code in the old form keeps the number of the former district of its commune.

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

/** The id of the first department; the others follow. */
export const FIRST_DEPARTMENT = 2;

/** Level-2 numbers from 21 on are former districts of four communes each, apart from the numbers of departments. */
const FIRST_DISTRICT = 21;
const COMMUNES_PER_DISTRICT = 4;

const two = (value: number): string => String(value).padStart(2, '0');

/** Ids: 1 is the city, 2 to 16 are the departments, 17 to 120 the communes. */
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

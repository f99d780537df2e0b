// The enterprises of the synthetic city, all invented. Codes have a valid check digit and start with 019, a range of Hà Nội that
// has not been issued.
import { enterpriseCheckDigit } from '../dossiers/ids.ts';
import { COMMUNES } from './communes.ts';
import type { CityEnterprise, CityPerson } from './contract.ts';
import { buildName, buildStreet } from './people.ts';
import type { Random } from './random.ts';

/** `[[type, prefix of names], weight]` */
const TYPES: readonly (readonly [readonly [string, string], number])[] = [
  [['Công ty trách nhiệm hữu hạn một thành viên', 'Công ty TNHH MTV'], 40],
  [['Công ty trách nhiệm hữu hạn hai thành viên trở lên', 'Công ty TNHH'], 30],
  [['Công ty cổ phần', 'Công ty Cổ phần'], 25],
  [['Doanh nghiệp tư nhân', 'Doanh nghiệp tư nhân'], 5],
];

const STATUSES = [
  ['Đang hoạt động', 90],
  ['Tạm ngừng kinh doanh', 6],
  ['Đang làm thủ tục giải thể', 3],
  ['Đã giải thể', 1],
] as const;

const TRADES = [
  'Thương mại và Dịch vụ',
  'Xây dựng',
  'Đầu tư',
  'Vận tải',
  'Công nghệ',
  'Thực phẩm',
  'Du lịch',
  'Dược phẩm',
  'In ấn',
  'Nội thất',
] as const;
const FIRST_WORDS = [
  'An',
  'Bảo',
  'Đại',
  'Đông',
  'Hải',
  'Hưng',
  'Khải',
  'Minh',
  'Nam',
  'Phú',
  'Tân',
  'Thành',
  'Thiên',
  'Việt',
] as const;
const SECOND_WORDS = [
  'Phát',
  'Long',
  'Thịnh',
  'Lộc',
  'Hà',
  'Khang',
  'Đô',
  'Tiến',
  'Sơn',
  'Quang',
  'Hoàn',
  'Nguyên',
  'Anh',
  'Gia',
] as const;

function buildEnterpriseCode(random: Random): string {
  for (;;) {
    const firstNine = `019${random.digits(6)}`;
    const check = enterpriseCheckDigit(firstNine);
    if (check !== null) return `${firstNine}${check}`;
  }
}

/** A new enterprise represented by `owner`. One in eight has a second representative, one in forty a third. */
export function buildEnterprise(
  random: Random,
  owner: CityPerson,
  taken: ReadonlyMap<string, unknown>,
): CityEnterprise {
  let code = buildEnterpriseCode(random);
  while (taken.has(code)) code = buildEnterpriseCode(random);

  const [type, short] = random.weighted(TYPES);
  const seat = random.pick(COMMUNES);
  const representatives = [owner.fullName];
  const others = random.weighted([
    [0, 34],
    [1, 5],
    [2, 1],
  ] as const);
  for (let left = others; left > 0; left -= 1) {
    representatives.push(buildName(random, random.chance(0.5) ? 'MALE' : 'FEMALE').fullName);
  }
  return {
    code,
    name: `${short} ${random.pick(TRADES)} ${random.pick(FIRST_WORDS)} ${random.pick(SECOND_WORDS)}`.normalize(
      'NFC',
    ),
    type: type.normalize('NFC'),
    status: random.weighted(STATUSES).normalize('NFC'),
    headOffice: `${buildStreet(random)}, ${seat.name}, Thành phố Hà Nội, Việt Nam`.normalize('NFC'),
    representatives,
    unknownToRegistry: random.chance(1 / 400),
  };
}

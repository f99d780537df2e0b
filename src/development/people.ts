// The people of the development issuer: one or more of every kind, taken from the synthetic city, so that they own and handle
// dossiers of the seed.

import type { City, CityAgency, CityDossier } from '../city/contract.ts';

export interface LocalizedText {
  readonly vi: string;
  readonly en: string;
}

/** A person, or a machine, as whom a developer signs in. */
export interface DevelopmentPerson {
  /** Also the name for `lienthong token`. */
  readonly id: string;
  readonly title: LocalizedText;
  /** What the tokens of the person say. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The officer as whom the first query is asked: handles dossiers, at city level. */
export const FIRST_PERSON = 'officer';

/** The machine client, which signs in by client credentials. */
export const MACHINE = {
  id: 'nightly-batch',
  secret: 'development-only',
  class: 'batch',
  agency: 'H26',
} as const;

const HANDLER = ['handler'];

/** The same people for the same city. */
export function peopleOf(city: City): readonly DevelopmentPerson[] {
  const agencies = new Map(city.agencies.map((agency) => [agency.id, agency]));
  const handling = (level: CityAgency['level']): CityAgency =>
    agencies.get(
      city.dossiers.find(({ agencyId }) => agencies.get(agencyId)?.level === level)?.agencyId ?? 1,
    ) ?? (city.agencies[0] as CityAgency);
  const known = city.dossiers.filter(({ applicant }) => !applicant.unknownToPopulation);
  const own = known.filter(({ enterprise }) => enterprise === null);
  const [first, second] = own as [CityDossier | undefined, CityDossier | undefined];
  const forEnterprise = known.find(({ enterprise }) => enterprise?.unknownToRegistry === false);
  const top = city.agencies[0] as CityAgency;
  const department = handling('DEPARTMENT');
  const commune = handling('COMMUNE');
  return [
    officer(FIRST_PERSON, 'CB0001', top, HANDLER, 'xử lý hồ sơ', 'handles dossiers'),
    officer(
      'officer-department',
      `CB${department.id}01`,
      department,
      HANDLER,
      'xử lý hồ sơ',
      'handles dossiers',
    ),
    officer('officer-commune', `CB${commune.id}01`, commune, HANDLER, 'xử lý hồ sơ', 'handles dossiers'),
    officer('officer-viewer', 'CB0002', top, [], 'không xử lý hồ sơ', 'handles no dossiers'),
    ...[first, second].flatMap((dossier, i) =>
      dossier === undefined ? [] : [citizen(i === 0 ? 'citizen' : `citizen-${i + 1}`, dossier)],
    ),
    ...(forEnterprise === undefined ? [] : [enterprise(forEnterprise)]),
    staff('operator', 'van-hanh', 'Người vận hành', 'Operator'),
    staff('integrator', 'tich-hop', 'Người đăng ký đầu nối', 'Integrator'),
    staff('approver', 'phe-duyet', 'Người phê duyệt đầu nối', 'Approver'),
    staff('auditor', 'kiem-toan', 'Người kiểm tra nhật ký', 'Auditor'),
  ];
}

const officer = (
  id: string,
  code: string,
  agency: CityAgency,
  roles: readonly string[],
  vi: string,
  en: string,
): DevelopmentPerson => ({
  id,
  title: {
    vi: `Cán bộ ${code}, ${agency.name} (${agency.code}), ${vi}`,
    en: `Officer ${code}, ${agency.name} (${agency.code}), ${en}`,
  },
  claims: officerClaims(code, agency.code, roles),
});

export const officerClaims = (code: string, agency: string, roles: readonly string[] = HANDLER) => ({
  kind: 'officer',
  MaCanBo: code,
  MaDonVi: agency,
  roles,
});

export const citizenClaims = (personalId: string) => ({
  kind: 'citizen',
  LoaiTaiKhoan: '1',
  SoDinhDanh: personalId,
});

export const enterpriseClaims = (code: string, personalId?: string) => ({
  kind: 'enterprise',
  LoaiTaiKhoan: '2',
  MaSoDoanhNghiep: code,
  ...(personalId !== undefined && { SoDinhDanh: personalId }),
});

const citizen = (id: string, { applicant }: CityDossier): DevelopmentPerson => ({
  id,
  title: { vi: `Công dân ${applicant.fullName}`, en: `Citizen ${applicant.fullName}` },
  claims: { ...citizenClaims(applicant.personalId), HoVaTen: applicant.fullName },
});

const enterprise = ({ enterprise: owner, applicant }: CityDossier): DevelopmentPerson => ({
  id: 'enterprise',
  title: { vi: `Đại diện ${owner?.name}`, en: `Representative of ${owner?.name}` },
  claims: { ...enterpriseClaims(owner?.code ?? '', applicant.personalId), TenDoanhNghiep: owner?.name },
});

const staff = (role: string, name: string, vi: string, en: string): DevelopmentPerson => ({
  id: role,
  title: { vi: `${vi} (${name})`, en: `${en} (${name})` },
  claims: { kind: 'staff', preferred_username: name, roles: [role] },
});

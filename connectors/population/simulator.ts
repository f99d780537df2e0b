// Simulates the national population database in the wire format that README.md describes: SOAP 1.1 with ordered elements, the
// officer and the procedure in the body, and a record only when number, name and birth date match.

import { HttpResponse, http } from 'msw';
import {
  type CityPerson,
  defineSimulator,
  escapeXml,
  isOneIn,
  isSameSecret,
  readBasic,
  readXml,
  type SimulatorContext,
  sha256Hex,
  type XmlElement,
} from '#connector';

const PATH = '/dancu/1.0/TraCuuThongTinCongDan';
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const REQUEST = 'http://dancuquocgia.bca';
const ANSWER = 'http://www.mic.gov.vn/dancu/1.0';
/** The database refuses an older request as a replay. */
const MAX_AGE_MS = 5 * 60_000;

export const simulator = defineSimulator({
  id: 'population',
  secrets: {
    POPULATION_USER: 'demo-city',
    POPULATION_SECRET: 'demo-population-secret',
    POPULATION_API_KEY: 'demo-population-api-key',
  },
  create: (world) => ({
    handlers: [
      http.post(PATH, async ({ request }) => {
        const denied = checkCredentials(request, world);
        if (denied !== null) return denied;
        const look = readLookUp(await request.text());
        if (typeof look === 'string') return fault('Client', look);
        return soap(`<CongdanCollection xmlns="${ANSWER}">${find(world, look)}</CongdanCollection>`);
      }),
    ],
  }),
});

// —— credentials ——

/** `Basic b64(user:SHA256hex(serviceUrl + user + timestamp + secret))`, `Timestamp`, `ApiKey`, an empty `SOAPAction`. */
function checkCredentials(request: Request, { secrets, now }: SimulatorContext): Response | null {
  const { POPULATION_USER = '', POPULATION_SECRET = '', POPULATION_API_KEY = '' } = secrets;
  const sent = readBasic(request.headers.get('authorization'));
  const timestamp = request.headers.get('timestamp') ?? '';
  const serviceUrl = `http://${request.headers.get('host')}${PATH}`;
  const digest = sha256Hex(serviceUrl + POPULATION_USER + timestamp + POPULATION_SECRET);
  const isFresh = /^\d{13}$/.test(timestamp) && Math.abs(now() - Number(timestamp)) <= MAX_AGE_MS;
  const isKnown =
    sent !== null && isSameSecret(sent.user, POPULATION_USER) && isSameSecret(sent.password, digest);
  if (!isKnown || !isFresh || !isSameSecret(request.headers.get('apikey') ?? '', POPULATION_API_KEY)) {
    return busError(401, '900901', 'Invalid Credentials');
  }
  const action = request.headers.get('soapaction');
  return action === '' || action === '""' ? null : busError(403, '900908', 'Resource forbidden');
}

const busError = (status: number, code: string, message: string): Response =>
  xml(
    status,
    `<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>${code}</ams:code>` +
      `<ams:message>${message}</ams:message></ams:fault>`,
  );

// —— the request ——

interface LookUp {
  readonly personalId: string;
  readonly fullName: string;
  /** `yyyyMMdd` or `yyyy`. */
  readonly born: string;
}

/** The elements in the order of the xs:sequence, with the form of each; a `?` marks optional elements. */
const SEQUENCE: readonly (readonly [string, RegExp])[] = [
  ['MaYeuCau', /^.{1,40}$/],
  ['MaDVC', /^\d\.\d{6}(\.[0-9A-Z.]{13})?$/],
  ['MaTichHop', /^.{1,20}$/],
  ['MaCanBo', /^.{1,20}$/],
  ['MaDonVi?', /^.{1,35}$/],
  ['TaiKhoan?', /^.{1,50}$/],
  ['SoDienThoai?', /^\d{9,11}$/],
  ['SoDinhDanh', /^\d{12}$/],
  ['HoVaTen', /^.{1,100}$/u],
];

/** The look-up, or the reason for which the schema refuses the body: elements must be present and in order. */
function readLookUp(source: string): LookUp | string {
  const envelope = readXml(source);
  if (envelope === null || envelope.name !== 'Envelope' || envelope.namespace !== SOAP) {
    return 'not a SOAP 1.1 envelope';
  }
  const operation = envelope.children.find((child) => child.name === 'Body')?.children[0];
  if (operation?.name !== 'TraCuuThongTinCongDan' || operation.namespace !== REQUEST) {
    return 'unknown operation';
  }
  const elements = [...operation.children];
  const values: Record<string, string> = {};
  for (const [mark, form] of SEQUENCE) {
    const name = mark.replace('?', '');
    const next = elements[0];
    if (next?.name !== name || next.namespace !== REQUEST) {
      if (mark !== name) continue;
      return `cvc-complex-type.2.4: expected ${name}, found ${next?.name ?? 'nothing'}`;
    }
    if (!form.test(next.text)) return `cvc-pattern-valid: ${name}`;
    values[name] = next.text;
    elements.shift();
  }
  const [birth, ...rest] = elements;
  if (rest.length > 0) return `cvc-complex-type.2.4: unexpected ${rest[0]?.name}`;
  const born = readBirth(birth);
  if (born === null)
    return 'cvc-complex-type.2.4: NgayThangNamSinh needs NgayThangNam (yyyyMMdd) or Nam (yyyy)';
  return { personalId: values.SoDinhDanh ?? '', fullName: values.HoVaTen ?? '', born };
}

function readBirth(birth: XmlElement | undefined): string | null {
  const [only, second] = birth?.name === 'NgayThangNamSinh' ? birth.children : [];
  if (only === undefined || second !== undefined) return null;
  const form = only.name === 'NgayThangNam' ? /^\d{8}$/ : only.name === 'Nam' ? /^\d{4}$/ : null;
  return form?.test(only.text) ? only.text : null;
}

// —— the answer ——

/** The person as XML; empty when number, name and birth date match no record. */
function find({ city }: SimulatorContext, look: LookUp): string {
  const person = city.people.get(look.personalId);
  if (person === undefined || person.unknownToPopulation) return '';
  const isName = upper(person.fullName) === upper(look.fullName);
  const isBirth = look.born === compactDate(person) || look.born === String(person.birthDate.year);
  return isName && isBirth ? writePerson(person) : '';
}

const upper = (text: string): string => text.normalize('NFC').toLocaleUpperCase('vi');

const compactDate = ({ birthDate: { year, month, day } }: CityPerson): string =>
  month === null || day === null ? String(year) : `${year}${two(month)}${two(day)}`;

const two = (value: number): string => String(value).padStart(2, '0');

const tag = (name: string, content: string): string => `<${name}>${content}</${name}>`;
const textTag = (name: string, text: string): string => tag(name, escapeXml(text));

function writePerson(person: CityPerson): string {
  const { personalId, fullName, nameParts, birthDate, gender, permanentAddress: home } = person;
  // Half of the records hold the whole name in Ten.
  const name = isOneIn(2, personalId)
    ? textTag('Ho', '') + textTag('ChuDem', '') + textTag('Ten', fullName)
    : textTag('Ho', nameParts.family) + textTag('ChuDem', nameParts.middle) + textTag('Ten', nameParts.given);
  const date = birthDate.day === null ? '' : textTag('NgayThangNam', compactDate(person));
  const residence =
    textTag('MaTinhThanh', province(home.provinceCode, personalId)) +
    (home.districtCode === null ? '' : textTag('MaQuanHuyen', home.districtCode)) +
    textTag('MaPhuongXa', home.communeCode) +
    textTag('ChiTiet', home.detail) +
    textTag('QuocGia', 'VN');
  const origin =
    textTag('MaTinhThanh', province(person.originProvinceCode, personalId)) + textTag('QuocGia', 'VN');

  return tag(
    'CongDan',
    textTag('SoDinhDanh', personalId) +
      '<SoCMND/>' +
      tag('HoVaTen', name) +
      textTag('GioiTinh', gender === 'MALE' ? '1' : '2') +
      textTag('DanToc', '01') +
      textTag('TonGiao', '00') +
      textTag('TinhTrangHonNhan', '2') +
      textTag('NhomMau', '00') +
      tag('NgayThangNamSinh', date + textTag('Nam', String(birthDate.year))) +
      tag('NoiDangKyKhaiSinh', origin) +
      tag('QueQuan', origin) +
      tag('ThuongTru', residence) +
      tag('NoiOHienTai', residence) +
      textTag('QuocTich', isOneIn(9, personalId) ? '' : 'VN') +
      tag('ChuHo', textTag('QuanHe', 'CH01')) +
      textTag('SoSoHoKhau', ''),
  );
}

/** Some records have lost the leading zero of the province code. */
const province = (code: string, personalId: string): string =>
  isOneIn(3, personalId) ? String(Number(code)) : code;

const fault = (side: 'Client' | 'Server', text: string): Response =>
  soap(
    `<soap:Fault><faultcode>soap:${side}</faultcode><faultstring>${escapeXml(text)}</faultstring></soap:Fault>`,
    500,
  );

const soap = (body: string, status = 200): Response =>
  xml(status, `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body>${body}</soap:Body></soap:Envelope>`);

const xml = (status: number, content: string): Response =>
  new HttpResponse(`<?xml version="1.0" encoding="UTF-8"?>\n${content}`, {
    status,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
  });

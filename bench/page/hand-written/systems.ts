// The calls of the hand-written endpoint to the four national systems: the wire formats by hand, answers mapped to what the page
// shows, tokens kept until they expire.

import { createHash, randomUUID } from 'node:crypto';
import type { Send } from './send.ts';
import type { ReadXml } from './xml.ts';

export interface Person {
  readonly personalId: string;
  readonly fullName: string;
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}

type Loose = Record<string, never>;

/** Where a fact comes from, as the page shows it. */
const provenance = (connector: string) => ({
  connector,
  fetchedAt: new Date().toISOString(),
  freshness: 'LIVE',
});

// —— population: SOAP 1.1 ——

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const two = (value: number): string => String(value).padStart(2, '0');
const LOOK_UP = '/dancu/1.0/TraCuuThongTinCongDan';

export function createPopulation(
  url: string,
  send: Send,
  secret: (name: string) => string,
  readXml: ReadXml,
) {
  const user = secret('POPULATION_USER');
  const password = secret('POPULATION_SECRET');
  const apikey = secret('POPULATION_API_KEY');
  return async (person: Person, procedure: string) => {
    const timestamp = String(Date.now());
    const digest = createHash('sha256')
      .update(url + LOOK_UP + user + timestamp + password)
      .digest('hex');
    const born =
      person.month === null || person.day === null
        ? `<Nam>${person.year}</Nam>`
        : `<NgayThangNam>${person.year}${two(person.month)}${two(person.day)}</NgayThangNam>`;
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>' +
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
      `<TraCuuThongTinCongDan xmlns="http://dancuquocgia.bca"><MaYeuCau>${randomUUID()}</MaYeuCau>` +
      `<MaDVC>${procedure}</MaDVC><MaTichHop>037</MaTichHop><MaCanBo>CB0001</MaCanBo><MaDonVi>H26</MaDonVi>` +
      `<SoDinhDanh>${person.personalId}</SoDinhDanh>` +
      `<HoVaTen>${escapeXml(person.fullName.normalize('NFC').toUpperCase())}</HoVaTen>` +
      `<NgayThangNamSinh>${born}</NgayThangNamSinh></TraCuuThongTinCongDan></soap:Body></soap:Envelope>`;
    const text = await send({
      method: 'POST',
      path: LOOK_UP,
      headers: {
        'content-type': 'application/xml; charset=utf-8',
        soapaction: '""',
        timestamp,
        authorization: `Basic ${Buffer.from(`${user}:${digest}`).toString('base64')}`,
        apikey,
      },
      body,
    });
    const found = readXml(text)?.Envelope?.Body?.CongdanCollection?.CongDan;
    const origin = provenance('population');
    return found === undefined
      ? { personalId: person.personalId, ...NO_PERSON, provenance: origin }
      : citizen(found, origin);
  };
}

const NO_PERSON = { fullName: null, birthDate: null, gender: null, permanentAddress: null };
const GENDERS: Readonly<Record<string, string>> = { 1: 'MALE', 2: 'FEMALE' };

function citizen(found: Loose, origin: object) {
  const { SoDinhDanh, HoVaTen, NgayThangNamSinh, GioiTinh, ThuongTru } = found as Record<string, Loose>;
  const { Ho, ChuDem, Ten } = HoVaTen as Record<string, string>;
  const { NgayThangNam: date, Nam } = NgayThangNamSinh as Record<string, string>;
  const home = ThuongTru as unknown as Record<string, string> | undefined;
  return {
    personalId: SoDinhDanh,
    fullName: `${Ho} ${ChuDem} ${Ten}`.normalize('NFC').replace(/\s+/g, ' ').trim(),
    birthDate: date
      ? { year: +date.slice(0, 4), month: +date.slice(4, 6), day: +date.slice(6, 8) }
      : { year: Number(Nam), month: null, day: null },
    gender: GENDERS[GioiTinh as unknown as string] ?? null,
    permanentAddress: home && {
      detail: home.ChiTiet?.normalize('NFC') || null,
      provinceCode: home.MaTinhThanh?.padStart(2, '0') ?? null,
      communeCode: home.MaPhuongXa?.padStart(5, '0') ?? null,
    },
    provenance: origin,
  };
}

// —— business registry: a token by client credentials, then REST ——

export function createRegistry(send: Send, secret: (name: string) => string) {
  const token = keptToken(async () => {
    const id = `${secret('BUSINESS_REGISTRY_CLIENT_ID')}:${secret('BUSINESS_REGISTRY_CLIENT_SECRET')}`;
    const text = await send({
      method: 'POST',
      path: '/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(id).toString('base64')}`,
      },
      body: 'grant_type=client_credentials',
    });
    const { access_token, expires_in } = JSON.parse(text);
    return { token: access_token as string, lifeMs: expires_in * 1000 };
  });
  return async (code: string) => {
    const authorization = `Bearer ${token.current ?? (await token.fetch())}`;
    const text = await send({
      method: 'GET',
      path: `/apiCSDLDKDN/1.0/chiTietDoanhNghiep?msdn=${encodeURIComponent(code)}`,
      headers: { accept: 'application/json', authorization },
    });
    const { MainInformation: main, HOAdress, Representatives: people } = JSON.parse(text).Data;
    const origin = provenance('business-registry');
    if (!main) return { code, ...NO_BUSINESS, provenance: origin };
    return {
      code: main.ENTERPRISE_GDT_CODE,
      name: main.NAME,
      type: main.ENTERPRISE_TYPE_NAME ?? null,
      status: main.ENTERPRISE_STATUS_NAME ?? null,
      headOffice: HOAdress?.AddressFullText ?? null,
      representatives: (Array.isArray(people) ? people : people ? [people] : []).map((one) => ({
        fullName: one.FULL_NAME,
      })),
      provenance: origin,
    };
  };
}

const NO_BUSINESS = { name: null, type: null, status: null, headOffice: null, representatives: null };

// —— payment platform: signed, JSON inside a JSON string ——

const PAYMENT_STATES = ['WAITING', 'PAID', 'FAILED', 'EXPIRED', 'REFUNDED'];

export function createPlatform(send: Send, secret: (name: string) => string) {
  const key = secret('PAYMENT_SECRET');
  return async (reference: string, time: string) => {
    const fields = ['QUERY', '1.0.6', 'DT0001', reference, time];
    const digest = createHash('sha256')
      .update([...fields, key].join('|'))
      .digest('hex');
    const text = await send({
      method: 'POST',
      path: '/api/thanhtoan/QUERY',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        LoaiBanTin: 'QUERY',
        PhienBan: '1.0.6',
        MaDoiTac: 'DT0001',
        MaThamChieu: reference,
        ThoiGianGD: time,
        MaXacThuc: digest,
      }),
    });
    const { error_code, message } = JSON.parse(text);
    const origin = provenance('payment');
    if (error_code === '1') return { status: null, paidAt: null, provenance: origin };
    if (error_code !== '0' && error_code !== '00') throw new Error(`payment platform: ${error_code}`);
    const { TrangThaiGD: state, ThoiGianGD: paid } = JSON.parse(message);
    const isPaid = state === '1' || state === '4';
    return {
      status: PAYMENT_STATES[state] ?? 'UNKNOWN',
      paidAt: isPaid ? isoOfCompact(paid) : null,
      provenance: origin,
    };
  };
}

const isoOfCompact = (t: string): string =>
  `${t.slice(0, 4)}-${t.slice(4, 6)}-${t.slice(6, 8)}T${t.slice(8, 10)}:${t.slice(10, 12)}:${t.slice(12)}+07:00`;

// —— post: a login token, then an order and its history ——

const PARCEL_STATES: readonly string[] = (
  'DRAFT CREATED POSTMAN_ASSIGNED AWAITING_CONFIRMATION COLLECTING COLLECT_FAILED COLLECTED AT_POST_OFFICE ' +
  'COLLECT_FAILED_FINALLY COLLECT_CANCELLED IN_TRANSIT AT_DELIVERY_OFFICE OUT_FOR_DELIVERY FORWARDED DELIVERED ' +
  'DELIVERY_FAILED AWAITING_RETURN RETURN_APPROVED RETURN_BEGUN RETURNED PARTLY_RETURNED COD_PAID CANCELLED ' +
  'PARTLY_DELIVERED RETURNING'
).split(' ');

export function createPost(send: Send, secret: (name: string) => string) {
  const token = keptToken(async () => {
    const text = await send({
      method: 'POST',
      path: '/GetAccessToken',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        username: secret('POSTAL_USERNAME'),
        password: secret('POSTAL_PASSWORD'),
        customerCode: secret('POSTAL_CUSTOMER_CODE'),
      }),
    });
    return { token: JSON.parse(text).token as string, lifeMs: 25 * 60_000 };
  });
  const ask = async (path: string) => {
    const value = token.current ?? (await token.fetch());
    const text = await send({ method: 'GET', path, headers: { accept: 'application/json', token: value } });
    return JSON.parse(text).data;
  };
  return async (trackingCode: string) => {
    const code = encodeURIComponent(trackingCode);
    const [order, history] = await Promise.all([
      ask(`/getOrder?itemCode=${code}`),
      ask(`/GetStatusHistoryOrder?itemCode=${code}`),
    ]);
    return {
      trackingCode,
      status: order === null ? null : (PARCEL_STATES[order.status] ?? 'UNKNOWN'),
      statusText: order?.statusName ?? null,
      events:
        history?.map((step: { statusDate: string; status: number; statusName: string }) => ({
          at: isoOfShown(step.statusDate),
          status: PARCEL_STATES[step.status] ?? 'UNKNOWN',
          statusText: step.statusName,
        })) ?? null,
      provenance: provenance('postal'),
    };
  };
}

/** `dd/MM/yyyy HH:mm:ss` */
const isoOfShown = (t: string): string =>
  `${t.slice(6, 10)}-${t.slice(3, 5)}-${t.slice(0, 2)}T${t.slice(11)}+07:00`;

/** A token, fetched once for concurrent callers and again shortly before it expires. */
function keptToken(login: () => Promise<{ token: string; lifeMs: number }>) {
  let held = '';
  let until = 0;
  let fetching: Promise<string> | undefined;
  return {
    get current(): string | undefined {
      return Date.now() < until ? held : undefined;
    },
    fetch(): Promise<string> {
      fetching ??= login()
        .then(({ token, lifeMs }) => {
          held = token;
          until = Date.now() + lifeMs - 30_000;
          return token;
        })
        .finally(() => {
          fetching = undefined;
        });
      return fetching;
    },
  };
}

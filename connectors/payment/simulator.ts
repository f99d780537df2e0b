// The payment platform of the National Public Service Portal, 1.0.6 (wire-formats B4a): QUERY by reference, signed with a
// plain SHA-256 over joined fields, answered as JSON inside a JSON string. Run by the gateway in development and by tests.

import { HttpResponse, http } from 'msw';
import {
  type CityPayment,
  defineSimulator,
  formatVietnamTime,
  isSameSecret,
  parseVietnamTime,
  type SimulatorWorld,
  sha256Hex,
} from '#connector';

const PARTNER = 'DT0001';
/** A message is refused when its time is further off than this. */
const MAX_SKEW_MS = 15 * 60_000;

/** Assumed: the values of TrangThaiGD are not public. */
const STATES = { WAITING: '0', PAID: '1', FAILED: '2', EXPIRED: '3', REFUNDED: '4' } as const;

export const simulator = defineSimulator({
  id: 'payment',
  secrets: { PAYMENT_SECRET: 'SECRETKEYFORDOCS' },
  create: (world) => ({
    handlers: [
      http.post('/api/thanhtoan/QUERY', async ({ request }) => {
        if (!request.headers.get('content-type')?.startsWith('application/json')) {
          return new HttpResponse('Unsupported Media Type', { status: 415 });
        }
        const query = readQuery(await request.text());
        if (query === null) return answer('3', 'Sai định dạng bản tin');
        if (!isSigned(query, world)) return answer('2', 'Sai mã xác thực');
        const problem = checkQuery(query, world);
        if (problem !== null) return answer('3', problem);
        const payment = world.city.payments.get(query.MaThamChieu);
        if (payment === undefined) return answer('1', 'Không tìm thấy giao dịch');
        return answer('0', JSON.stringify(writePayment(payment, query)));
      }),
    ],
  }),
});

const FIELDS = ['LoaiBanTin', 'PhienBan', 'MaDoiTac', 'MaThamChieu', 'ThoiGianGD', 'MaXacThuc'] as const;

type Query = Readonly<Record<(typeof FIELDS)[number], string>>;

/** All fields as texts, or null. */
function readQuery(text: string): Query | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  return FIELDS.every((name) => typeof fields[name] === 'string' && fields[name] !== '')
    ? (fields as Query)
    : null;
}

const isSigned = (query: Query, { secrets }: SimulatorWorld): boolean =>
  isSameSecret(
    query.MaXacThuc,
    sha256Hex(
      [
        query.LoaiBanTin,
        query.PhienBan,
        query.MaDoiTac,
        query.MaThamChieu,
        query.ThoiGianGD,
        secrets.PAYMENT_SECRET ?? '',
      ].join('|'),
    ),
  );

function checkQuery(query: Query, { now }: SimulatorWorld): string | null {
  if (query.LoaiBanTin !== 'QUERY') return 'Sai loại bản tin';
  if (query.PhienBan !== '1.0.6') return 'Sai phiên bản';
  if (query.MaDoiTac !== PARTNER) return 'Sai mã đối tác';
  if (!/^[0-9A-Za-z]+$/.test(query.MaThamChieu)) return 'Sai mã tham chiếu';
  const at = parseVietnamTime(query.ThoiGianGD);
  // A real client once wrote the hour on a 12-hour clock; such a message is hours off after noon.
  return at === null || Math.abs(now() - at) > MAX_SKEW_MS ? 'Sai thời gian giao dịch' : null;
}

const writePayment = (payment: CityPayment, query: Query) => ({
  LoaiBanTin: 'QUERY',
  PhienBan: query.PhienBan,
  MaDoiTac: query.MaDoiTac,
  MaThamChieu: payment.reference,
  SoTien: payment.amount,
  MaTienTe: 'VND',
  TrangThaiGD: STATES[payment.status],
  MaGiaoDich: payment.transactionId ?? '',
  MaNganHang: payment.bank ?? '',
  ThoiGianGD: payment.paidAt === null ? '' : formatVietnamTime(payment.paidAt, 'yyyyMMddHHmmss'),
});

const answer = (code: string, message: string): Response => HttpResponse.json({ error_code: code, message });

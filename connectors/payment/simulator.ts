// Simulates the payment platform of the National Public Service Portal, version 1.0.6, in the wire format that README.md
// describes: message QUERY by reference, signed with a plain SHA-256, answered with JSON inside a JSON string.

import { HttpResponse, http } from 'msw';
import {
  type CityPayment,
  defineSimulator,
  formatVietnamTime,
  isSameSecret,
  parseVietnamTime,
  type SimulatorContext,
  sha256Hex,
} from '#connector';

const PARTNER = 'DT0001';
/** The platform refuses a message whose time differs from its clock by more than this. */
const MAX_SKEW_MS = 15 * 60_000;

/** The values of TrangThaiGD are not public; these are assumed (README.md). */
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

/** The fields of the message; null when a field is missing, empty or not a text. */
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

const isSigned = (query: Query, { secrets }: SimulatorContext): boolean =>
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

function checkQuery(query: Query, { now }: SimulatorContext): string | null {
  if (query.LoaiBanTin !== 'QUERY') return 'Sai loại bản tin';
  if (query.PhienBan !== '1.0.6') return 'Sai phiên bản';
  if (query.MaDoiTac !== PARTNER) return 'Sai mã đối tác';
  if (!/^[0-9A-Za-z]+$/.test(query.MaThamChieu)) return 'Sai mã tham chiếu';
  const at = parseVietnamTime(query.ThoiGianGD);
  // A known client wrote the hour on a 12-hour clock, so that its messages were refused after noon.
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

// The payment platform's simulator against plain requests: the signature's order, states, refusals.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulator as definition } from '../../connectors/payment/simulator.ts';
import { formatVietnamTime, type RunningSimulator } from '../../src/simulator/kit.ts';
import { aCity, aSimulator, ask, found, NOON, sha256 } from './a-simulator.ts';

const city = aCity();
const paid = found(city.payments.values(), (p) => p.status === 'PAID');
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await aSimulator(definition, city);
});
afterAll(() => simulator.close());

interface Fields {
  LoaiBanTin?: string;
  PhienBan?: string;
  MaDoiTac?: string;
  MaThamChieu?: string;
  ThoiGianGD?: string;
  MaXacThuc?: string;
}

async function query(change: Fields, type = 'application/json') {
  const fields = {
    LoaiBanTin: 'QUERY',
    PhienBan: '1.0.6',
    MaDoiTac: 'DT0001',
    MaThamChieu: paid.reference,
    ThoiGianGD: '20261122100000',
    ...change,
  };
  const { LoaiBanTin, PhienBan, MaDoiTac, MaThamChieu, ThoiGianGD } = fields;
  const signed = [
    LoaiBanTin,
    PhienBan,
    MaDoiTac,
    MaThamChieu,
    ThoiGianGD,
    simulator.secrets.PAYMENT_SECRET,
  ].join('|');
  const { status, text } = await ask(`${simulator.url}/api/thanhtoan/QUERY`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify({ MaXacThuc: sha256(signed), ...fields }),
  });
  return {
    status,
    ...(text.startsWith('{') ? (JSON.parse(text) as { error_code: string; message: string }) : {}),
  };
}

describe('QUERY', () => {
  it('a paid reference · "0" and the payment as JSON inside a string', async () => {
    const { status, error_code, message } = await query({});
    expect([status, error_code]).toEqual([200, '0']);
    expect(typeof message).toBe('string');
    expect(JSON.parse(String(message))).toMatchObject({
      MaThamChieu: paid.reference,
      SoTien: paid.amount,
      TrangThaiGD: '1',
      MaGiaoDich: paid.transactionId,
      MaNganHang: paid.bank,
      ThoiGianGD: formatVietnamTime(Number(paid.paidAt), 'yyyyMMddHHmmss'),
    });
  });

  it('every payment of the city · its state by number', async () => {
    const numbers = { WAITING: '0', PAID: '1', FAILED: '2', EXPIRED: '3', REFUNDED: '4' };
    for (const payment of [...city.payments.values()].slice(0, 120)) {
      const { message } = await query({ MaThamChieu: payment.reference });
      expect(JSON.parse(String(message)).TrangThaiGD).toBe(numbers[payment.status]);
    }
  });

  it.each<[string, Fields, string]>([
    ['an unknown reference', { MaThamChieu: 'dvcUnknown' }, '1'],
    ['another signature', { MaXacThuc: sha256('x') }, '2'],
    ['another message kind', { LoaiBanTin: 'INIT' }, '3'],
    ['another version', { PhienBan: '1.0.5' }, '3'],
    ['another partner', { MaDoiTac: 'DT0002' }, '3'],
    ['punctuation in the reference', { MaThamChieu: '000.00.00.H26-1' }, '3'],
    ['the hour on a 12-hour clock', { ThoiGianGD: '20261122220000' }, '3'],
    ['an impossible time', { ThoiGianGD: '20261322100000' }, '3'],
    ['an empty field', { ThoiGianGD: '' }, '3'],
  ])('%s · 200 with error_code', async (_, change, code) => {
    const { status, error_code } = await query(change);
    expect([status, error_code]).toEqual([200, code]);
  });

  it('not JSON by its content type · 415', async () => {
    expect((await query({}, 'text/plain')).status).toBe(415);
  });

  it('the clock · agrees with the test', () => {
    expect(formatVietnamTime(NOON, 'yyyyMMddHHmmss')).toBe('20261122100000');
  });
});

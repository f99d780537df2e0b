// Signing: the golden vectors of the national payment platform 1.0.6, and what must not be signed.

import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';
import { aSigner, type DeclaredSigning } from './a-spec.ts';

const ORDER = {
  INIT: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu SoTien LoaiHinhThanhToan MaKenhThanhToan MaThietBi NgonNgu MaTienTe MaNganHang ThongTinGiaoDich ThoiGianGD Ip',
  CONFIRM:
    'LoaiBanTin MaLoi MaDoiTac MaThamChieu SoTien MaTienTe MaGiaoDich MaNganHang ThoiGianGD ThongTinGiaoDich',
  QUERY: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu ThoiGianGD',
};

const aSigning = (
  kind: keyof typeof ORDER,
  secret = 'SECRETKEYFORDOCS',
): Extract<DeclaredSigning, { type: 'joinedDigest' }> => ({
  type: 'joinedDigest',
  algorithm: 'sha256',
  fields: ORDER[kind].split(' '),
  separator: '|',
  secret: () => secret,
  into: 'MaXacThuc',
});

const INIT = {
  // Not in the order of the hash, on purpose.
  Ip: '1.2.3.4',
  LoaiBanTin: 'INIT',
  PhienBan: '1.0.6',
  MaDoiTac: 'DT0001',
  MaThamChieu: 'dvc0000000H262005240001',
  SoTien: 135000,
  LoaiHinhThanhToan: 'PAY',
  MaKenhThanhToan: '1',
  MaThietBi: '1',
  NgonNgu: 'vi-VN',
  MaTienTe: 'VND',
  MaNganHang: 'PAYMENT',
  ThongTinGiaoDich: 'THANH TOAN HO SO 000.00.00.H26-200524-0001',
  ThoiGianGD: '20200524083000',
};

const CONFIRM = {
  LoaiBanTin: 'CONFIRM',
  MaLoi: '00',
  MaDoiTac: 'DT0001',
  MaThamChieu: 'dvc0000000H262005240001',
  SoTien: 135000,
  MaTienTe: 'VND',
  MaGiaoDich: 'GD0001',
  MaNganHang: 'VIETINBANK',
  ThoiGianGD: '20200524083112',
  ThongTinGiaoDich: 'THANH TOAN HO SO 000.00.00.H26-200524-0001',
};

describe('golden vectors', () => {
  it('INIT', () => {
    expect(aSigner(aSigning('INIT')).sign(INIT)).toEqual({
      ...INIT,
      MaXacThuc: 'b88bea14ba7943f763f80eea63a6acf940507c23d2d87b7c4c3e93bfc807b225',
    });
  });

  it('CONFIRM, as it arrives', () => {
    const arrived = {
      ...CONFIRM,
      MaXacThuc: '05d2bc0f15ab2e586c6c554ae39c11f2b87b8c92fa4aba5bd6aa5109d03e1cfc',
    };
    const signer = aSigner(aSigning('CONFIRM'));
    expect(signer.verify(arrived)).toBe(true);
    expect(signer.verify({ ...arrived, MaXacThuc: arrived.MaXacThuc.toUpperCase() })).toBe(true);
    expect(signer.verify({ ...arrived, SoTien: 1350 })).toBe(false);
    expect(signer.verify({ ...arrived, MaXacThuc: 'short' })).toBe(false);
    expect(signer.verify({ ...arrived, MaXacThuc: 5 })).toBe(false);
    expect(signer.verify(CONFIRM)).toBe(false);
    expect(signer.verify(null)).toBe(false);
    expect(aSigner(aSigning('CONFIRM', 'ANOTHER')).verify(arrived)).toBe(false);
  });

  it('QUERY: order LoaiBanTin, PhienBan, MaDoiTac, MaThamChieu, ThoiGianGD, secret', () => {
    const body = {
      ThoiGianGD: '20200524083000',
      MaThamChieu: 'R1',
      LoaiBanTin: 'QUERY',
      PhienBan: '1.0.6',
      MaDoiTac: 'DT0001',
    };
    // Computed by sha256sum over `QUERY|1.0.6|DT0001|R1|20200524083000|SECRETKEYFORDOCS`.
    expect(aSigner(aSigning('QUERY')).sign(body)).toMatchObject({
      MaXacThuc: 'fb116b6805f53c2e5f091054b9dc437e7fe0acc486711d08d513261ae46b7ee3',
    });
  });
});

describe('sign', () => {
  it('does not change its input', () => {
    const body = Object.freeze({ ...INIT });
    expect(aSigner(aSigning('INIT')).sign(body)).not.toBe(body);
    expect(body).not.toHaveProperty('MaXacThuc');
  });

  it('takes a missing or null field as the empty string', () => {
    const signer = aSigner({ ...aSigning('QUERY'), fields: ['a', 'b', 'c'] });
    expect(signer.sign({ a: 1, c: 2 })).toMatchObject({
      MaXacThuc: (signer.sign({ a: 1, b: null, c: 2 }) as { MaXacThuc: string }).MaXacThuc,
    });
  });

  it('reads nested fields by dotted paths', () => {
    const signer = aSigner({ ...aSigning('QUERY'), fields: ['a.b.0'] });
    const flat = aSigner({ ...aSigning('QUERY'), fields: ['x'] });
    expect((signer.sign({ a: { b: ['v'] } }) as { MaXacThuc: string }).MaXacThuc).toBe(
      (flat.sign({ x: 'v' }) as { MaXacThuc: string }).MaXacThuc,
    );
  });

  it('uses the secret of the moment: a rotated secret needs no restart', () => {
    let secret = 'one';
    const signer = aSigner({ ...aSigning('QUERY'), secret: () => secret });
    const before = signer.sign({});
    secret = 'two';
    expect(signer.sign({})).not.toEqual(before);
  });

  it.each([
    ['a list', [1]],
    ['null', null],
    ['a string', 'x'],
    ['undefined', undefined],
  ])('refuses %s as a body', (_, body) => {
    expect(() => aSigner(aSigning('QUERY')).sign(body)).toThrow(/needs a body that is an object/);
  });

  it('refuses an object in the place of a field', () => {
    expect(() => aSigner(aSigning('QUERY')).sign({ MaDoiTac: { a: 1 } })).toThrow(/MaDoiTac must be text/);
  });
});

it('a field that holds the separator · is refused with its name and without its value · and nothing is sent', async () => {
  const source = await aSource(json({ error_code: '0' }));
  const upstream = anUpstream({ signing: aSigning('QUERY') });
  const body = {
    LoaiBanTin: 'QUERY',
    PhienBan: '1.0.6',
    MaDoiTac: 'DT0001',
    MaThamChieu: 'a|PERSONAL',
    ThoiGianGD: '1',
  };
  const attempt = upstream.attempt(aRequest(source.origin, { method: 'POST', body }), live());
  await expect(attempt).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    reason: {
      vi: 'MaThamChieu không được chứa "|".',
      en: 'MaThamChieu must not contain "|".',
    },
  });
  await expect(attempt).rejects.not.toHaveProperty('message', expect.stringContaining('PERSONAL'));
  expect(source.asked).toHaveLength(0);
});

it('a signed request · carries the digest in its body', async () => {
  const source = await aSource(json({ error_code: '0' }));
  await anUpstream({ signing: aSigning('INIT') }).attempt(
    aRequest(source.origin, { method: 'POST', body: INIT }),
    live(),
  );
  expect(JSON.parse(source.asked[0]?.body ?? '')).toMatchObject({
    MaXacThuc: 'b88bea14ba7943f763f80eea63a6acf940507c23d2d87b7c4c3e93bfc807b225',
  });
});

describe('VNPay 2.1.0', () => {
  const signing: DeclaredSigning = {
    type: 'sortedHmac',
    algorithm: 'sha512',
    secret: () => 'SECRETKEYFORDOCS',
    into: 'vnp_SecureHash',
    leaveOut: ['vnp_SecureHashType'],
    place: 'query',
  };
  const ORDER = {
    vnp_Version: '2.1.0',
    vnp_TxnRef: 'HS1',
    vnp_Amount: 13500000,
    vnp_Command: 'pay',
    vnp_CreateDate: '20200524083000',
    vnp_CurrCode: 'VND',
    vnp_ExpireDate: '20200524084500',
    vnp_IpAddr: '1.2.3.4',
    vnp_Locale: 'vn',
    vnp_OrderInfo: 'Le phi ho so 000.00.00.H26-200524-0001',
    vnp_OrderType: 'other',
    vnp_ReturnUrl: 'https://gw/return',
    vnp_TmnCode: 'TEST0001',
    vnp_BankCode: '',
    vnp_SecureHashType: 'HMACSHA512',
  };
  const GOLDEN =
    '05afd6fa7b6047f78b7a8ccf6b9d81572b4ad3db8676f7e25e15f1b9cfe3c66100ee4484f1cad114eafbf1e27808c3f50fcbf90dbe08ae263748dd4aca19459b';

  it('the golden vector · signed and verified', () => {
    const signer = aSigner(signing);
    expect(signer.sign(ORDER)).toMatchObject({ vnp_SecureHash: GOLDEN });
    expect(signer.verify({ ...ORDER, vnp_SecureHash: GOLDEN })).toBe(true);
    expect(signer.verify(ORDER, GOLDEN.toUpperCase())).toBe(true);
    // The amount as it is shown to people, not as it is sent: a hundredth.
    expect(signer.verify({ ...ORDER, vnp_Amount: 135000, vnp_SecureHash: GOLDEN })).toBe(false);
  });

  it('a GET · its query is signed and carries the signature', async () => {
    const source = await aSource(json({}));
    const query = new URLSearchParams(
      Object.entries(ORDER).map(([name, value]): [string, string] => [name, String(value)]),
    );
    await anUpstream({ signing }).attempt(aRequest(source.origin, { path: `/pay?${query}` }), live());
    const url = new URL(source.asked[0]?.url ?? '', source.origin);
    expect(url.searchParams.get('vnp_SecureHash')).toBe(GOLDEN);
    expect(url.searchParams.get('vnp_OrderInfo')).toBe(ORDER.vnp_OrderInfo);
  });

  it('a list · is refused', () => {
    expect(() => aSigner(signing).sign({ a: [1] })).toThrow(/signed value a must be text/);
    expect(aSigner(signing).verify({ a: [1], vnp_SecureHash: GOLDEN })).toBe(false);
  });
});

describe('HMAC over joined fields', () => {
  const joined = { type: 'joinedHmac', fields: ['a', 'b'], separator: '|', secret: () => 'KEY' } as const;
  const body = { a: 'Đà Nẵng', b: 1 };

  it.each(['sha256', 'sha512', 'sha1'] as const)('%s · the secret is the key', (algorithm) => {
    const signer = aSigner({ ...joined, algorithm, into: 'check_sum' });
    const check_sum = createHmac(algorithm, 'KEY').update('Đà Nẵng|1').digest('hex');
    expect(signer.sign(body)).toEqual({ ...body, check_sum });
    expect(signer.verify({ ...body, check_sum })).toBe(true);
    expect(signer.verify({ ...body, b: 2, check_sum })).toBe(false);
    expect(signer.verify({ ...body, check_sum: `${check_sum}00` })).toBe(false);
    expect(signer.verify({ ...body, check_sum: 'not hex' })).toBe(false);
  });

  it.each(['hex', 'HEX', 'base64'] as const)('as %s into a header', async (encoding) => {
    const source = await aSource(json({}));
    const signing = {
      ...joined,
      algorithm: 'sha256',
      into: 'X-Signature',
      place: 'header',
      encoding,
    } as const;
    await anUpstream({ signing }).attempt(aRequest(source.origin, { method: 'POST', body }), live());
    const [asked] = source.asked;
    const raw = createHmac('sha256', 'KEY').update('Đà Nẵng|1').digest();
    const expected = {
      hex: raw.toString('hex'),
      HEX: raw.toString('hex').toUpperCase(),
      base64: raw.toString('base64'),
    };
    expect(asked?.headers['x-signature']).toBe(expected[encoding]);
    expect(JSON.parse(asked?.body ?? '')).toEqual(body);
    expect(aSigner(signing).verify(body, expected[encoding])).toBe(true);
  });
});

it('a digest · may have the secret first, and a prefix', () => {
  const signer = aSigner({
    ...aSigning('QUERY'),
    fields: ['a'],
    prefix: 'P:',
    secretAt: 'first',
    into: 's',
  });
  const s = createHash('sha256').update('SECRETKEYFORDOCS|P:1').digest('hex');
  expect(signer.sign({ a: 1 })).toEqual({ a: 1, s });
});

describe('RSA-SHA256 as MyVNPost signs its webhook', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const signing: Extract<DeclaredSigning, { type: 'rsaSha256' }> = {
    type: 'rsaSha256',
    prefix: 'MYVNP',
    fields: ['sendDate', 'data.0.itemCode', 'data.0.status'],
    separator: '',
    into: 'signature',
    privateKey: () => privateKey,
    publicKey: () => publicKey,
  };
  const event = { data: [{ itemCode: 'EA000000001VN', status: 14 }], sendDate: '24/05/2020 08:30:00' };

  it('signed · verified; changed or cut · not', () => {
    const signer = aSigner(signing);
    const signed = signer.sign(event) as typeof event & { signature: string };
    expect(signer.verify(signed)).toBe(true);
    expect(signer.verify({ ...signed, sendDate: '24/05/2020 08:30:01' })).toBe(false);
    expect(signer.verify({ ...signed, data: [{ itemCode: 'EA000000001VN', status: 15 }] })).toBe(false);
    expect(signer.verify({ ...signed, signature: signed.signature.slice(4) })).toBe(false);
    expect(signer.verify({ ...signed, signature: '' })).toBe(false);
  });

  it('with a missing or invalid key · names it', () => {
    expect(() => aSigner({ ...signing, privateKey: undefined }).sign(event)).toThrow(/signing\.privateKey/);
    expect(() => aSigner({ ...signing, privateKey: () => 'SECRET' }).sign(event)).toThrow(
      'signing.privateKey is not a key in PEM form',
    );
  });
});

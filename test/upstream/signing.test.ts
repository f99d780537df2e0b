// Signing: the golden vectors of the national payment platform 1.0.6, and what must not be signed.
import { describe, expect, it } from 'vitest';
import type { JoinedDigestSigning } from '../../src/upstream/contract.ts';
import { createSigner } from '../../src/upstream/signing.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';

const ORDER = {
  INIT: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu SoTien LoaiHinhThanhToan MaKenhThanhToan MaThietBi NgonNgu MaTienTe MaNganHang ThongTinGiaoDich ThoiGianGD Ip',
  CONFIRM:
    'LoaiBanTin MaLoi MaDoiTac MaThamChieu SoTien MaTienTe MaGiaoDich MaNganHang ThoiGianGD ThongTinGiaoDich',
  QUERY: 'LoaiBanTin PhienBan MaDoiTac MaThamChieu ThoiGianGD',
};

const aSigning = (kind: keyof typeof ORDER, secret = 'SECRETKEYFORDOCS'): JoinedDigestSigning => ({
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
    expect(createSigner(aSigning('INIT')).sign(INIT)).toEqual({
      ...INIT,
      MaXacThuc: 'b88bea14ba7943f763f80eea63a6acf940507c23d2d87b7c4c3e93bfc807b225',
    });
  });

  it('CONFIRM, as it arrives', () => {
    const arrived = {
      ...CONFIRM,
      MaXacThuc: '05d2bc0f15ab2e586c6c554ae39c11f2b87b8c92fa4aba5bd6aa5109d03e1cfc',
    };
    const signer = createSigner(aSigning('CONFIRM'));
    expect(signer.verify(arrived)).toBe(true);
    expect(signer.verify({ ...arrived, MaXacThuc: arrived.MaXacThuc.toUpperCase() })).toBe(true);
    expect(signer.verify({ ...arrived, SoTien: 1350 })).toBe(false);
    expect(signer.verify({ ...arrived, MaXacThuc: 'short' })).toBe(false);
    expect(signer.verify({ ...arrived, MaXacThuc: 5 })).toBe(false);
    expect(signer.verify(CONFIRM)).toBe(false);
    expect(signer.verify(null)).toBe(false);
    expect(createSigner(aSigning('CONFIRM', 'ANOTHER')).verify(arrived)).toBe(false);
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
    expect(createSigner(aSigning('QUERY')).sign(body)).toMatchObject({
      MaXacThuc: 'fb116b6805f53c2e5f091054b9dc437e7fe0acc486711d08d513261ae46b7ee3',
    });
  });
});

describe('sign', () => {
  it('does not change the body it is given', () => {
    const body = Object.freeze({ ...INIT });
    expect(createSigner(aSigning('INIT')).sign(body)).not.toBe(body);
    expect(body).not.toHaveProperty('MaXacThuc');
  });

  it('takes a missing or null field as the empty string', () => {
    const signer = createSigner({ ...aSigning('QUERY'), fields: ['a', 'b', 'c'] });
    expect(signer.sign({ a: 1, c: 2 })).toMatchObject({
      MaXacThuc: (signer.sign({ a: 1, b: null, c: 2 }) as { MaXacThuc: string }).MaXacThuc,
    });
  });

  it('reads nested fields by dotted paths', () => {
    const signer = createSigner({ ...aSigning('QUERY'), fields: ['a.b.0'] });
    const flat = createSigner({ ...aSigning('QUERY'), fields: ['x'] });
    expect((signer.sign({ a: { b: ['v'] } }) as { MaXacThuc: string }).MaXacThuc).toBe(
      (flat.sign({ x: 'v' }) as { MaXacThuc: string }).MaXacThuc,
    );
  });

  it('uses the secret of the moment: a rotated secret needs no restart', () => {
    let secret = 'one';
    const signer = createSigner({ ...aSigning('QUERY'), secret: () => secret });
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
    expect(() => createSigner(aSigning('QUERY')).sign(body)).toThrow(/needs a body that is an object/);
  });

  it('refuses an object in the place of a field', () => {
    expect(() => createSigner(aSigning('QUERY')).sign({ MaDoiTac: { a: 1 } })).toThrow(
      /MaDoiTac must be text/,
    );
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
    reason: 'MaThamChieu must not contain "|".',
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

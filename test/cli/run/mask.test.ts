// What is hidden, and in which forms: the rules of `connector run` apart from any call.
import { describe, expect, it } from 'vitest';
import { createMask, leavesOf, type MaskRules } from '../../../src/cli/run/mask.ts';
import { wireText } from '../../../src/cli/run/wire-text.ts';
import { parseJsonExact } from '../../../src/exact-number.ts';

const aMask = (rules: Partial<MaskRules> = {}) =>
  createMask({
    showPersonal: false,
    secrets: ['opensesame'],
    secretHeaders: ['x-ours'],
    secretKeys: new Set(['MaXacThuc']),
    allPersonal: false,
    personalKeys: new Set(['FULL_NAME']),
    personalValues: ['Nguyễn Du', '7'],
    plainPaths: undefined,
    plainValues: new Set(['037']),
    ...rules,
  });

describe('mask', () => {
  it('a personal value · in every form · then hidden', () => {
    const { path, text } = aMask();
    expect(path(`/p/${encodeURIComponent('Nguyễn Du')}?n=Nguy%E1%BB%85n+Du&a=7&b=17`)).toBe(
      '/p/[personal]?n=[personal]&a=[personal]&b=17',
    );
    expect(text('by NGUYỄN DU')).toBe('by [personal]');
    expect(text('Nguyễn Du'.normalize('NFD'))).not.toContain('Nguye');
  });

  it('numbers like ids · as texts, numbers and parts · then hidden; others stay', () => {
    const { body } = aMask();
    expect(
      body(
        { a: '001178946918', b: 1178946918, c: 123456789, d: 'x 012345678 y', e: 1795327509000 },
        'answer',
      ),
    ).toEqual({
      a: '[id]',
      b: 1178946918,
      c: '[id]',
      d: 'x [id] y',
      e: 1795327509000,
    });
  });

  it('a number that a double cannot hold · shown with its digits, or hidden where it is personal', () => {
    const digits = '9007199254740993';
    const shown = (mask: ReturnType<typeof aMask>) =>
      wireText(`{"n":${digits},"m":"{\\"n\\":${digits}}"}`, 'application/json', mask).replaceAll(/\s/g, '');
    expect(shown(aMask())).toBe(`{"n":${digits},"m":"{\\"n\\":${digits}}"}`);
    const personal = aMask({ personalValues: leavesOf(parseJsonExact(`[${digits}]`)) });
    expect(leavesOf(parseJsonExact(`{"a":${digits}}`))).toEqual([digits]);
    expect(personal.path(`/p/${digits}`)).toBe('/p/[personal]');
  });

  it('keys of signatures, tokens and personal data · at any depth, in JSON inside a text · then hidden', () => {
    const { body } = aMask();
    const inner = { a: [{ FULL_NAME: { x: 'Lê Lợi', y: null } }], access_token: 'abc', author: 'A' };
    const masked = {
      a: [{ FULL_NAME: { x: '[personal]', y: null } }],
      access_token: '[secret]',
      author: 'A',
    };
    expect(body({ MaXacThuc: 'f00', message: JSON.stringify(inner) }, 'answer')).toEqual({
      MaXacThuc: '[secret]',
      message: JSON.stringify(masked),
    });
  });

  it('a personal system · request and answer · then only the gateway’s own values are shown, and only in the request', () => {
    const { body } = aMask({ allPersonal: true });
    expect(body({ a: '037', b: 'x', c: '', d: null }, 'request')).toEqual({
      a: '037',
      b: '[personal]',
      c: '',
      d: null,
    });
    expect(body({ a: '037' }, 'answer')).toEqual({ a: '[personal]' });
  });

  it('a system with some personal fields · answer · then only what other fields publish is shown', () => {
    const { body } = aMask({ plainPaths: new Set(['NAME', 'tags']) });
    expect(
      body({ NAME: 'A', note: 'Lê Lợi', tags: [{ x: 1 }], none: null, by: { NAME: 'B' } }, 'answer'),
    ).toEqual({
      NAME: 'A',
      note: '[not mapped]',
      tags: [{ x: 1 }],
      none: null,
      by: { NAME: '[not mapped]' },
    });
    expect(body({ note: 'A' }, 'request')).toEqual({ note: 'A' });
  });

  it('headers · known and declared · then hidden', () => {
    const { header } = aMask();
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-ours', 'x-auth-token']) {
      expect(header(name, 'abc')).toBe('[secret]');
    }
    expect(header('accept', 'opensesame/x')).toBe('[secret]/x');
  });

  it('XML, a form and plain text · as sent · then laid out and masked', () => {
    const mask = aMask({ allPersonal: true });
    expect(wireText('<?xml version="1.0"?><a><b>037</b><c>x</c><d/><e></e></a>', 'text/xml', mask)).toBe(
      '<?xml version="1.0"?>\n<a>\n  <b>037</b>\n  <c>[personal]</c>\n  <d/>\n  <e></e>\n</a>',
    );
    expect(wireText('a=037&b[c]=x', 'application/x-www-form-urlencoded', mask)).toBe(
      'a=037\nb[c]=[personal]',
    );
    expect(wireText('hello', 'text/plain', mask)).toBe('[personal]');
  });
});

// The kit's small tools: Vietnam time as text, Basic, the strict XML reader.
import { describe, expect, it } from 'vitest';
import {
  escapeXml,
  formatVietnamTime,
  isOneIn,
  parseVietnamTime,
  readBasic,
  readXml,
} from '../../src/simulator/kit.ts';

describe('Vietnam time', () => {
  it('afternoon and midnight · 24-hour clock, the day of Vietnam', () => {
    const at = Date.parse('2026-11-21T17:05:09Z');
    expect(formatVietnamTime(at, 'yyyyMMddHHmmss')).toBe('20261122000509');
    expect(formatVietnamTime(at + 13 * 3_600_000, 'dd/MM/yyyy HH:mm:ss')).toBe('22/11/2026 13:05:09');
    expect(parseVietnamTime('20261122000509')).toBe(at);
  });

  it.each(['20261322000000', '20260230000000', '20261122240000', '2026112200000', '', 'x'])(
    '%j · is not a time',
    (text) => {
      expect(parseVietnamTime(text)).toBeNull();
    },
  );
});

describe('Basic', () => {
  it('user and password · are separated by the first colon', () => {
    expect(readBasic(`Basic ${btoa('user:pass:word')}`)).toEqual({ user: 'user', password: 'pass:word' });
    expect(readBasic('Bearer abc')).toBeNull();
    expect(readBasic(`Basic ${btoa('no colon')}`)).toBeNull();
    expect(readBasic(null)).toBeNull();
  });
});

describe('isOneIn', () => {
  it('a share of ids · about one in n, the same ones each time', () => {
    const ids = Array.from({ length: 3_000 }, (_, i) => String(1_092_900_000 + i));
    const share = ids.filter((id) => isOneIn(3, id)).length / ids.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.42);
    expect(ids.filter((id) => isOneIn(3, id))).toEqual(ids.filter((id) => isOneIn(3, id)));
  });
});

describe('readXml', () => {
  it('order, text, namespaces, prefixes, comments, entities · as they stand', () => {
    const root = readXml(
      '<?xml version="1.0"?><!-- c --><a:r xmlns:a="urn:a" xmlns="urn:d"><b>1 &lt; 2 &amp; &#x1EA0;</b><a:c x="1"/><b/></a:r>',
    );
    expect(root).toMatchObject({ name: 'r', namespace: 'urn:a' });
    expect(root?.children.map(({ name, namespace, text }) => [name, namespace, text])).toEqual([
      ['b', 'urn:d', '1 < 2 & Ạ'],
      ['c', 'urn:a', ''],
      ['b', 'urn:d', ''],
    ]);
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<!DOCTYPE a><a/>',
    '<a><![CDATA[x]]></a>',
    '<a>&own;</a>',
    '<a b=c/>',
    '<a></a>x',
  ])('%j · null', (source) => {
    expect(readXml(source)).toBeNull();
  });

  it('escapeXml · round-trips', () => {
    const text = `Trần <b> & "c" 'd'`;
    expect(readXml(`<a>${escapeXml(text)}</a>`)?.text).toBe(text);
  });
});

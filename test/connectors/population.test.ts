// The population simulator against plain requests in the real wire format, right ones and wrong ones.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulator as definition } from '../../connectors/population/simulator.ts';
import type { CityPerson } from '../../src/city/contract.ts';
import type { RunningSimulator } from '../../src/simulator/kit.ts';
import {
  aCity,
  aSimulator,
  ask,
  found,
  lookUp,
  lookUpElements,
  NOON,
  POPULATION_PATH,
  populationHeaders,
} from './a-simulator.ts';

const city = aCity();
const anyone = found(city.people.values(), (p) => !p.unknownToPopulation && p.birthDate.day !== null);
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await aSimulator(definition, city);
});
afterAll(() => simulator.close());

const send = (body: string, headers = populationHeaders(simulator)) =>
  ask(simulator.url + POPULATION_PATH, { method: 'POST', headers, body });
const look = (person: CityPerson) => send(lookUp(lookUpElements(person)));
const value = (xml: string, name: string) => xml.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1];

describe('look-up · answered', () => {
  it('id, name and birth date fit · 200 with the person', async () => {
    const { status, type, text } = await look(anyone);
    expect(status).toBe(200);
    expect(type).toBe('text/xml; charset=utf-8');
    expect(value(text, 'SoDinhDanh')).toBe(anyone.personalId);
    expect(value(text, 'ChiTiet')).toBe(anyone.permanentAddress.detail);
  });

  it('every person of the city · found, unless unknown to the database', async () => {
    for (const person of [...city.people.values()].slice(0, 150)) {
      const { status, text } = await look(person);
      expect(status).toBe(200);
      expect(text.includes('<CongDan>')).toBe(!person.unknownToPopulation);
    }
  });

  it('a year-only birth · requested by Nam, answered without NgayThangNam', async () => {
    const person = found(city.people.values(), (p) => p.birthDate.day === null && !p.unknownToPopulation);
    const { text } = await look(person);
    expect(value(text, 'Nam')).toBe(String(person.birthDate.year));
    expect(text).not.toContain('<NgayThangNam>');
  });

  it('quirks · names entirely in Ten, provinces without their zero, empty nationality, all of them and not always', async () => {
    const answers = [];
    for (const person of [...city.people.values()].slice(0, 60)) {
      if (!person.unknownToPopulation) answers.push((await look(person)).text);
    }
    for (const quirk of [
      '<Ho></Ho>',
      '<MaTinhThanh>1</MaTinhThanh>',
      '<QuocTich></QuocTich>',
      '<MaQuanHuyen>',
    ]) {
      const showing = answers.filter((text) => text.includes(quirk)).length;
      expect(showing, quirk).toBeGreaterThan(0);
      expect(showing, quirk).toBeLessThan(answers.length);
    }
  });

  it.each([
    ['another name', 6, 'TRẦN VĂN KHÁC'],
    ['another birth date', 7, '<NgayThangNam>19000101</NgayThangNam>'],
    ['an unknown id', 5, '001099000000'],
  ])('%s · 200 without CongDan', async (_, index, wrong) => {
    const elements = lookUpElements(anyone);
    (elements[index] as string[])[1] = wrong;
    const { status, text } = await send(lookUp(elements));
    expect(status).toBe(200);
    expect(text).toContain('CongdanCollection');
    expect(text).not.toContain('CongDan>');
  });
});

describe('look-up · refused with a Fault and 500', () => {
  const refused = async (body: string, reason: RegExp) => {
    const { status, text } = await send(body);
    expect(status).toBe(500);
    expect(text).toContain('<faultcode>soap:Client</faultcode>');
    expect(text).toMatch(reason);
  };

  it('officer before procedure · the order of elements matters', () => {
    const elements = lookUpElements(anyone);
    [elements[1], elements[3]] = [elements[3] as string[], elements[1] as string[]];
    return refused(lookUp(elements), /expected MaDVC, found MaCanBo/);
  });

  it.each([
    ['MaCanBo', /expected MaCanBo, found MaDonVi/],
    ['MaDVC', /expected MaDVC, found MaTichHop/],
    ['MaYeuCau', /expected MaYeuCau, found MaDVC/],
    ['NgayThangNamSinh', /NgayThangNamSinh needs/],
  ])('without %s', (name, reason) =>
    refused(lookUp(lookUpElements(anyone).filter(([other]) => other !== name)), reason),
  );

  it('an empty officer', () => {
    const elements = lookUpElements(anyone);
    (elements[3] as string[])[1] = '';
    return refused(lookUp(elements), /cvc-pattern-valid: MaCanBo/);
  });

  it('another namespace, another operation, no envelope, a DTD', async () => {
    const right = lookUp(lookUpElements(anyone));
    await refused(lookUp(lookUpElements(anyone), 'http://example.test'), /unknown operation/);
    await refused(right.replaceAll('TraCuuThongTinCongDan', 'TraCuu'), /unknown operation/);
    await refused('{"SoDinhDanh":"1"}', /not a SOAP 1.1 envelope/);
    await refused(right.replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>'), /not a SOAP 1.1 envelope/);
  });

  it('prefixed elements in the right namespace · answered, because prefixes have no meaning', async () => {
    const body = lookUp(lookUpElements(anyone))
      .replaceAll(/<(\/?)(Ma|So|Ho|Ngay|TraCuu)/g, '<$1d:$2')
      .replace('xmlns=', 'xmlns:d=');
    expect((await send(body)).status).toBe(200);
  });
});

describe('look-up · credentials', () => {
  it.each([
    ['no Authorization', { authorization: '' }],
    ['another ApiKey', { apikey: 'wrong' }],
    ['another Timestamp than the one hashed', { timestamp: String(NOON + 1) }],
  ])('%s · 401 of the bus', async (_, change) => {
    const { status, text } = await send(lookUp(lookUpElements(anyone)), {
      ...populationHeaders(simulator),
      ...change,
    });
    expect(status).toBe(401);
    expect(text).toContain('<ams:code>900901</ams:code>');
  });

  it('a timestamp ten minutes old · 401, it may be a replay', async () => {
    const headers = populationHeaders(simulator, NOON - 600_000);
    expect((await send(lookUp(lookUpElements(anyone)), headers)).status).toBe(401);
  });

  it('no SOAPAction · 403', async () => {
    const { soapaction, ...headers } = populationHeaders(simulator);
    expect(soapaction).toBe('""');
    expect((await send(lookUp(lookUpElements(anyone)), headers)).status).toBe(403);
  });
});

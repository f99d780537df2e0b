// Test makers: a small city, a running simulator on any free port, and what callers of each system send.
import { createHash } from 'node:crypto';
import { request } from 'undici';
import { createCity } from '../../src/city/city.ts';
import type { City, CityPerson } from '../../src/city/contract.ts';
import { type RunningSimulator, type SimulatorDefinition, startSimulator } from '../../src/simulator/kit.ts';

export const aCity = (dossiers = 800): City => createCity({ anchor: '2026-11-22', dossiers });

/** 2026-11-22 10:00 in Vietnam. */
export const NOON = Date.parse('2026-11-22T03:00:00Z');

export const aSimulator = (
  definition: SimulatorDefinition,
  city: City = aCity(),
  now: () => number = () => NOON,
): Promise<RunningSimulator> => startSimulator(definition, { port: 0, city, now });

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export async function ask(
  url: string,
  options: {
    method?: 'GET' | 'POST' | 'DELETE';
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
  } = {},
): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, { method: 'GET', ...options });
  return { status: statusCode, type: String(headers['content-type']), text: await body.text() };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export function found<T>(list: Iterable<T>, test: (item: T) => boolean): T {
  for (const item of list) if (test(item)) return item;
  throw new Error('The city has no such record.');
}

// —— population ——

export const POPULATION_PATH = '/dancu/1.0/TraCuuThongTinCongDan';

export function populationHeaders(simulator: RunningSimulator, at = NOON): Record<string, string> {
  const { POPULATION_USER = '', POPULATION_SECRET = '', POPULATION_API_KEY = '' } = simulator.secrets;
  const digest = sha256(`${simulator.url}${POPULATION_PATH}${POPULATION_USER}${at}${POPULATION_SECRET}`);
  return {
    'content-type': 'application/xml; charset=utf-8',
    soapaction: '""',
    timestamp: String(at),
    apikey: POPULATION_API_KEY,
    authorization: basic(POPULATION_USER, digest),
  };
}

const two = (value: number | null): string => String(value).padStart(2, '0');

/** The elements of a look-up in their order; a test changes them to make it wrong. */
export const lookUpElements = ({
  personalId,
  fullName,
  birthDate: { year, month, day },
}: CityPerson): string[][] => [
  ['MaYeuCau', 'a3c0ffee-0000-4000-8000-000000000001'],
  ['MaDVC', '1.005129'],
  ['MaTichHop', '037'],
  ['MaCanBo', 'CB0001'],
  ['MaDonVi', 'H26'],
  ['SoDinhDanh', personalId],
  ['HoVaTen', fullName.toLocaleUpperCase('vi')],
  [
    'NgayThangNamSinh',
    day === null ? `<Nam>${year}</Nam>` : `<NgayThangNam>${year}${two(month)}${two(day)}</NgayThangNam>`,
  ],
];

export const lookUp = (elements: string[][], namespace = 'http://dancuquocgia.bca'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
  `<TraCuuThongTinCongDan xmlns="${namespace}">${elements.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}` +
  `</TraCuuThongTinCongDan></soap:Body></soap:Envelope>`;

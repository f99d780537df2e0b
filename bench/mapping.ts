// What a compiled mapping costs: nanoseconds per object against the same mapping written by hand and in jsonata.
// CPU time (the collector's included) of interleaved rounds, so that a noisy machine slows all alike; medians count.
// Run: node bench/mapping.ts. Goal: at most 1.5× by hand, at least 20× faster than jsonata.

import { deepStrictEqual } from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import jsonata from 'jsonata';
import { compileMapping, createProblems, parseSelection } from '../src/connect/mapping/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: a hand-written mapping reads an untyped body, as it would in real code.
type Body = any;

interface Case {
  readonly name: string;
  /** Objects that one run maps. */
  readonly objects: number;
  readonly mapping: string;
  readonly byHand: (body: Body) => unknown;
  readonly jsonata: string;
  /** Several bodies, so that no run can reuse the last one's result. */
  readonly bodies: readonly Body[];
}

const enterprise = (i: number): Body => ({
  Data: {
    MainInformation: {
      ENTERPRISE_GDT_CODE: `010${1000000 + i}`,
      NAME: `CÔNG TY TNHH THỬ NGHIỆM ${i}`,
      NAME_F: `TEST COMPANY ${i}`,
      SHORT_NAME: null,
      ENTERPRISE_TYPE_NAME: 'Công ty trách nhiệm hữu hạn',
      ENTERPRISE_STATUS_NAME: 'Đang hoạt động',
      FOUNDING_DATE: '2015-03-02',
      LAST_AMEND_DATE: '2024-01-15',
      NUMBER_CHANGES: i % 7,
      LEGAL_CAPITAL: 1_000_000_000,
      SITE_ID: 1,
      IMP_BUSINESS_CODE: `${i}`,
    },
  },
});

const dossier = (i: number): Body => ({
  id: i,
  MaHoSo: `H17.09-240101-${i}`,
  TrangThai: ['1', '2', '3', '4', '9'][i % 5],
  NguoiNop: { HoTen: { Ten: `Nguyễn Thị Thử ${i}` }, LienHe: { DienThoai: '0900000000', Email: null } },
  DiaChi: {
    ChiTiet: '1 Trần Phú',
    Xa: { Ma: '00001', Ten: 'Phường Một' },
    Tinh: { Ma: '01', Ten: 'Hà Nội' },
  },
  GiayTo: [
    {
      Ma: 'A',
      Ten: 'Đơn',
      SoLuong: 1,
      Tep: [
        { Ten: 'don.pdf', Co: 1000 },
        { Ten: 'don2.pdf', Co: 2000 },
      ],
    },
    { Ma: 'B', Ten: 'Bản sao', SoLuong: 2, Tep: [{ Ten: 'bansao.pdf', Co: 3000 }] },
    { Ma: 'C', Ten: 'Khác', SoLuong: 1, Tep: [] },
  ],
  LePhi: { SoTien: 20000, DaNop: i % 2 === 0 },
});

const STATUS: Readonly<Record<string, string>> = { 1: 'NEW', 2: 'RECEIVED', 3: 'PROCESSING', 4: 'DONE' };

function byHandFlat(body: Body): unknown {
  const m = body.Data.MainInformation;
  return {
    code: m.ENTERPRISE_GDT_CODE,
    name: m.NAME,
    foreignName: m.NAME_F,
    shortName: m.SHORT_NAME,
    type: m.ENTERPRISE_TYPE_NAME,
    status: m.ENTERPRISE_STATUS_NAME,
    foundedAt: m.FOUNDING_DATE,
    changedAt: m.LAST_AMEND_DATE,
    changes: m.NUMBER_CHANGES,
    capital: m.LEGAL_CAPITAL,
    siteId: m.SITE_ID,
    businessCode: m.IMP_BUSINESS_CODE,
  };
}

const byHandNested = (body: Body): unknown => ({
  id: body.id,
  code: body.MaHoSo,
  status: STATUS[body.TrangThai] ?? 'UNKNOWN',
  applicant: {
    name: body.NguoiNop?.HoTen?.Ten,
    phone: body.NguoiNop?.LienHe?.DienThoai,
    email: body.NguoiNop?.LienHe?.Email,
  },
  address: {
    detail: body.DiaChi?.ChiTiet,
    communeCode: body.DiaChi?.Xa?.Ma,
    provinceCode: body.DiaChi?.Tinh?.Ma,
  },
  papers: body.GiayTo.map((p: Body) => ({
    code: p.Ma,
    name: p.Ten,
    copies: p.SoLuong,
    files: p.Tep.map((f: Body) => ({ name: f.Ten, bytes: f.Co })),
  })),
  fee: body.LePhi?.SoTien,
  paid: body.LePhi?.DaNop,
});

const NESTED = `
  id
  code: MaHoSo
  status: TrangThai->match(["1", "NEW"], ["2", "RECEIVED"], ["3", "PROCESSING"], ["4", "DONE"], [@, "UNKNOWN"])
  applicant: { name: NguoiNop.HoTen.Ten phone: NguoiNop.LienHe.DienThoai email: NguoiNop.LienHe.Email }
  address: { detail: DiaChi.ChiTiet communeCode: DiaChi.Xa.Ma provinceCode: DiaChi.Tinh.Ma }
  papers: GiayTo { code: Ma name: Ten copies: SoLuong files: Tep { name: Ten bytes: Co } }
  fee: LePhi.SoTien
  paid: LePhi.DaNop
`;

const NESTED_JSONATA = `{
  "id": id, "code": MaHoSo,
  "status": $lookup({"1": "NEW", "2": "RECEIVED", "3": "PROCESSING", "4": "DONE", "9": "UNKNOWN"}, TrangThai),
  "applicant": { "name": NguoiNop.HoTen.Ten, "phone": NguoiNop.LienHe.DienThoai, "email": NguoiNop.LienHe.Email },
  "address": { "detail": DiaChi.ChiTiet, "communeCode": DiaChi.Xa.Ma, "provinceCode": DiaChi.Tinh.Ma },
  "papers": [GiayTo.{ "code": Ma, "name": Ten, "copies": SoLuong, "files": [Tep.{ "name": Ten, "bytes": Co }] }],
  "fee": LePhi.SoTien, "paid": LePhi.DaNop
}`;

const FLAT = `
  $.Data.MainInformation {
    code: ENTERPRISE_GDT_CODE name: NAME foreignName: NAME_F shortName: SHORT_NAME type: ENTERPRISE_TYPE_NAME
    status: ENTERPRISE_STATUS_NAME foundedAt: FOUNDING_DATE changedAt: LAST_AMEND_DATE changes: NUMBER_CHANGES
    capital: LEGAL_CAPITAL siteId: SITE_ID businessCode: IMP_BUSINESS_CODE
  }
`;

const FLAT_JSONATA = `Data.MainInformation.{
  "code": ENTERPRISE_GDT_CODE, "name": NAME, "foreignName": NAME_F, "shortName": SHORT_NAME,
  "type": ENTERPRISE_TYPE_NAME, "status": ENTERPRISE_STATUS_NAME, "foundedAt": FOUNDING_DATE,
  "changedAt": LAST_AMEND_DATE, "changes": NUMBER_CHANGES, "capital": LEGAL_CAPITAL, "siteId": SITE_ID,
  "businessCode": IMP_BUSINESS_CODE
}`;

const BODIES = 64;
const many = (make: (i: number) => Body): Body[] => Array.from({ length: BODIES }, (_, i) => make(i));

// Bodies as the gateway has them: out of JSON.parse.
const decoded = (bodies: Body[]): Body[] => bodies.map((body) => JSON.parse(JSON.stringify(body)));

const CASES: readonly Case[] = [
  {
    name: 'flat, 12 fields',
    objects: 1,
    mapping: FLAT,
    byHand: byHandFlat,
    jsonata: FLAT_JSONATA,
    bodies: decoded(many(enterprise)),
  },
  {
    name: 'nested, renames, match, lists',
    objects: 1,
    mapping: NESTED,
    byHand: byHandNested,
    jsonata: NESTED_JSONATA,
    bodies: decoded(many(dossier)),
  },
  {
    name: 'batch of 50 nested',
    objects: 50,
    mapping: `$.items { ${NESTED} }`,
    byHand: (body) => body.items.map(byHandNested),
    jsonata: `[items.${NESTED_JSONATA}]`,
    bodies: decoded(
      many((i) => ({ items: Array.from({ length: 50 }, (_, j) => dossier(i * 50 + j)) })),
    ).slice(0, 8),
  },
];

export interface MappingResult {
  readonly name: string;
  /** Nanoseconds per object. */
  readonly compiled: number;
  readonly byHand: number;
  readonly jsonata: number;
  /** Median over the rounds of compiled ÷ by hand, each pair measured side by side. */
  readonly ratio: number;
}

const ROUNDS = 41;
const ROUND_NS = 10_000_000;

// Keeps results alive, so that the optimiser cannot drop the work.
interface Kept {
  last: unknown;
}

/** CPU time of this process in nanoseconds. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Nanoseconds per run over about one round's time. */
function timeRun(run: (body: Body) => unknown, bodies: readonly Body[], kept: Kept): number {
  let runs = 0;
  const start = cpuNs();
  let now = start;
  while (now - start < ROUND_NS) {
    for (let repeat = 0; repeat < 8; repeat++) {
      for (let i = 0; i < bodies.length; i++) kept.last = run(bodies[i]);
    }
    runs += 8 * bodies.length;
    now = cpuNs();
  }
  return (now - start) / runs;
}

async function timeRunAsync(
  run: (body: Body) => Promise<unknown>,
  bodies: readonly Body[],
  kept: Kept,
): Promise<number> {
  let runs = 0;
  const start = cpuNs();
  let now = start;
  while (now - start < ROUND_NS) {
    for (const body of bodies.slice(0, 8)) {
      kept.last = await run(body);
      runs++;
    }
    now = cpuNs();
  }
  return (now - start) / runs;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

export async function benchMapping(): Promise<MappingResult[]> {
  const results: MappingResult[] = [];
  for (const { name, objects, mapping, byHand, jsonata: expression, bodies } of CASES) {
    const compiled = compileMapping(parseSelection(mapping, { version: '0.3', extensions: false }));
    const query = jsonata(expression);
    const problems = createProblems();
    const runCompiled = (body: Body): unknown => compiled.run(body, undefined, problems);
    const [sample] = bodies;
    const expected = JSON.parse(JSON.stringify(byHand(sample)));
    deepStrictEqual(runCompiled(sample), expected);
    deepStrictEqual(JSON.parse(JSON.stringify(await query.evaluate(sample))), expected);
    const kept: Kept = { last: undefined };
    const times: { compiled: number[]; byHand: number[]; jsonata: number[] } = {
      compiled: [],
      byHand: [],
      jsonata: [],
    };
    for (let round = 0; round < ROUNDS; round++) {
      times.compiled.push(timeRun(runCompiled, bodies, kept));
      times.byHand.push(timeRun(byHand, bodies, kept));
      if (round % 4 === 0) times.jsonata.push(await timeRunAsync((b) => query.evaluate(b), bodies, kept));
    }
    deepStrictEqual(problems, createProblems());
    results.push({
      name,
      compiled: median(times.compiled.slice(5)) / objects,
      byHand: median(times.byHand.slice(5)) / objects,
      jsonata: median(times.jsonata.slice(2)) / objects,
      ratio: median(times.compiled.slice(5).map((time, i) => time / (times.byHand[i + 5] as number))),
    });
  }
  return results;
}

const round = (value: number, digits: number): string => value.toFixed(digits);

/** The table of a run, in Markdown. */
export const mappingTable = (results: readonly MappingResult[]): string =>
  [
    '| mapping, ns per object | compiled | by hand | jsonata | compiled / by hand | jsonata / compiled |',
    '|---|---|---|---|---|---|',
    ...results.map(
      (r) =>
        `| ${r.name} | ${round(r.compiled, 0)} | ${round(r.byHand, 0)} | ${round(r.jsonata, 0)} | ` +
        `${round(r.ratio, 2)}× | ${round(r.jsonata / r.compiled, 0)}× |`,
    ),
  ].join('\n');

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(mappingTable(await benchMapping()));
}

// Reading a SOAP answer: our reader against fast-xml-parser, in one interleaved run. `node bench/xml.ts`.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { decodeXml } from '../src/upstream/codecs/xml-decode.ts';

const person = (i: number): string =>
  `<d:CongDan><d:SoDinhDanh>0010920000${10 + i}</d:SoDinhDanh><d:SoCMND/><d:HoVaTen><d:Ho></d:Ho><d:ChuDem></d:ChuDem>` +
  '<d:Ten>NGUYỄN VĂN AN</d:Ten></d:HoVaTen><d:GioiTinh>1</d:GioiTinh><d:DanToc>01</d:DanToc><d:NgayThangNamSinh>' +
  '<d:NgayThangNam>19920101</d:NgayThangNam><d:Nam>1992</d:Nam></d:NgayThangNamSinh><d:ThuongTru><d:MaTinhThanh>01</d:MaTinhThanh>' +
  '<d:MaQuanHuyen>001</d:MaQuanHuyen><d:MaPhuongXa>00004</d:MaPhuongXa><d:ChiTiet>Số 1 phố A &amp; B</d:ChiTiet>' +
  '<d:QuocGia>VN</d:QuocGia></d:ThuongTru></d:CongDan>';
const envelope = (people: number): string =>
  '<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>' +
  `<d:CongdanCollection xmlns:d="http://www.mic.gov.vn/dancu/1.0">${Array.from({ length: people }, (_, i) => person(i)).join('')}` +
  '</d:CongdanCollection></S:Body></S:Envelope>';

const options = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
};
const library = new XMLParser({ ...options, isArray: () => false });
const bare = new XMLParser({ ...options, ignoreAttributes: true, processEntities: false });
const lists = new Set<string>();

const contenders: Record<string, (xml: string) => unknown> = {
  'decodeXml (ours)': (xml) => decodeXml(xml, { lists, maxDepth: 64 }),
  'fast-xml-parser': (xml) => library.parse(xml),
  '… without attributes and entities': (xml) => bare.parse(xml),
  '… with its validator': (xml) => XMLValidator.validate(xml) === true && library.parse(xml),
};

function time(read: (xml: string) => unknown, xml: string, times: number): number {
  const started = process.hrtime.bigint();
  for (let i = 0; i < times; i++) read(xml);
  return Number(process.hrtime.bigint() - started) / times / 1000;
}

for (const people of [1, 20]) {
  const xml = envelope(people);
  const times = Math.round(4_000 / people);
  const results = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (const read of Object.values(contenders)) time(read, xml, times);
  for (let round = 0; round < 7; round++) {
    for (const [name, read] of Object.entries(contenders)) results.get(name)?.push(time(read, xml, times));
  }
  console.log(
    `\nSOAP answer, ${people} ${people === 1 ? 'person' : 'people'}, ${xml.length} characters (best of 7)`,
  );
  for (const [name, values] of results)
    console.log(
      `  ${name.padEnd(36)} ${Math.min(...values)
        .toFixed(1)
        .padStart(7)} µs`,
    );
}

// The five REST sources of the JSON bench: what each answers, and the connector folders that read them. Both the gateway and the
// hand-written endpoint read exactly these answers. All data is synthetic and derived from the number in the path.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const SOURCES = ['cases', 'people', 'companies', 'fees', 'parcels'] as const;
export type SourceName = (typeof SOURCES)[number];

export const PAGE_SIZE = 20;
/** Pages that requests take in turn. */
export const PAGES = 100;

/** Cases of a page share people and companies, so that duplicates occur as on a real page: 20 cases, 12 people, 9 companies. */
const caseOf = (number: number) => {
  const page = Math.floor(number / PAGE_SIZE);
  const place = number % PAGE_SIZE;
  return {
    id: `C${number}`,
    title: `Case number ${number}`,
    state: ['OPEN', 'CLOSED', 'WAITING'][number % 3],
    opened_at: `2026-11-${String(1 + (number % 28)).padStart(2, '0')}T08:30:00Z`,
    person_id: `P${page * 12 + (place % 12)}`,
    company_id: place % 2 === 0 ? `K${page * 9 + (place % 9)}` : null,
    fee_id: place < 14 ? `F${number}` : null,
    parcel_id: place < 6 ? `B${number}` : null,
  };
};

/** The body of an answer. @throws Error for a path that no source has */
export function answerOf(source: SourceName, path: string): string {
  const [, number] = /(\d+)$/.exec(path) ?? [];
  if (number === undefined) throw new Error(`no answer for ${source}${path}`);
  const n = Number(number);
  return JSON.stringify(BODIES[source](n));
}

/** Bodies by the number in the path. */
const BODIES = {
  cases: (page: number) => ({
    items: Array.from({ length: PAGE_SIZE }, (_, i) => caseOf(page * PAGE_SIZE + i)),
    next: page + 1,
  }),
  people: (n: number) => ({
    data: {
      id: `P${n}`,
      full_name: `Person Number ${n}`,
      birth: { year: 1950 + (n % 50), month: 1 + (n % 12), day: 1 + (n % 28) },
      gender: n % 2 === 0 ? 'MALE' : 'FEMALE',
      address: { street: `${n} Long Street`, ward: `W${n % 100}`, province: '01' },
      nationality: 'VN',
    },
  }),
  companies: (n: number) => ({
    id: `K${n}`,
    name: `Company Number ${n}`,
    kind: 'LIMITED',
    state: 'ACTIVE',
    office: { text: `${n} Short Street` },
    representatives: [{ full_name: `Director ${n}` }, { full_name: `Deputy ${n}` }],
  }),
  fees: (n: number) => ({
    fee: {
      id: `F${n}`,
      amount: 1000 * (n % 500),
      currency: 'VND',
      state: 'PAID',
      paid_at: '2026-11-02T09:00:00Z',
    },
  }),
  parcels: (n: number) => ({
    parcel: {
      id: `B${n}`,
      state: 'DELIVERED',
      events: [
        { at: '2026-11-03T07:00:00Z', text: 'Collected' },
        { at: '2026-11-04T07:00:00Z', text: 'In transit' },
        { at: '2026-11-05T07:00:00Z', text: 'Delivered' },
      ],
    },
  }),
};

export type Body<Source extends SourceName> = ReturnType<(typeof BODIES)[Source]>;

/** Paths of every answer that a request can lead to. */
export function allPaths(): (readonly [SourceName, string])[] {
  const paths = new Map<string, readonly [SourceName, string]>();
  const add = (source: SourceName, path: string) => paths.set(source + path, [source, path]);
  for (let page = 0; page < PAGES; page++) {
    add('cases', `/cases?page=${page}`);
    for (let place = 0; place < PAGE_SIZE; place++) {
      const { person_id, company_id, fee_id, parcel_id } = caseOf(page * PAGE_SIZE + place);
      add('people', `/people/${person_id}`);
      if (company_id !== null) add('companies', `/companies/${company_id}`);
      if (fee_id !== null) add('fees', `/fees/${fee_id}`);
      if (parcel_id !== null) add('parcels', `/parcels/${parcel_id}`);
    }
  }
  return [...paths.values()];
}

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "{$config.baseUrl}" })
`;

const SCHEMAS: Readonly<Record<SourceName, string>> = {
  cases: `type Query {
  "A page of cases."
  cases(page: Int!): [Case] @connect(source: "api" http: { GET: "/cases?page={$args.page}" } selection: """
    $.items {
      id title state openedAt: opened_at
      person: { id: person_id }
      company: company_id->match([null, null], [@, { id: company_id }])
      fee: fee_id->match([null, null], [@, { id: fee_id }])
      parcel: parcel_id->match([null, null], [@, { id: parcel_id }])
    }""")
}
"A case."
type Case { id: ID title: String state: String openedAt: String person: Person company: Company fee: Fee parcel: Parcel }
type Person @key(fields: "id", resolvable: false) { id: ID! }
type Company @key(fields: "id", resolvable: false) { id: ID! }
type Fee @key(fields: "id", resolvable: false) { id: ID! }
type Parcel @key(fields: "id", resolvable: false) { id: ID! }
`,
  people: `"A person."
type Person @key(fields: "id") @connect(source: "api" http: { GET: "/people/{$this.id}" } selection: """
    $.data { id fullName: full_name birth { year month day } gender address { street ward province } }""") {
  id: ID! fullName: String birth: Birth gender: String address: Address
}
type Birth { year: Int month: Int day: Int }
type Address { street: String ward: String province: String }
`,
  companies: `"A company."
type Company @key(fields: "id") @connect(source: "api" http: { GET: "/companies/{$this.id}" } selection: """
    id name kind state office: office.text representatives { fullName: full_name }""") {
  id: ID! name: String kind: String state: String office: String representatives: [Representative]
}
type Representative { fullName: String }
`,
  fees: `"A fee."
type Fee @key(fields: "id") @connect(source: "api" http: { GET: "/fees/{$this.id}" } selection: """
    $.fee { id amount currency state paidAt: paid_at }""") {
  id: ID! amount: Int currency: String state: String paidAt: String
}
`,
  parcels: `"A parcel."
type Parcel @key(fields: "id") @connect(source: "api" http: { GET: "/parcels/{$this.id}" } selection: """
    $.parcel { id state events { at text } }""") {
  id: ID! state: String events: [ParcelEvent]
}
type ParcelEvent { at: String text: String }
`,
};

const manifestOf = (id: SourceName): string => `id: ${id}
title: { vi: ${id}, en: ${id} }
description: A REST source of the bench.
owner: { agency: bench, contact: bench@city.example }
lifecycle: stable
protocol: json
source:
  baseUrl: \${env:${id.toUpperCase()}_URL}
  connections: 64
limits: { attemptTimeoutMs: 2000, perRequest: 64 }
bulkhead: { maxConcurrent: 256, maxWaiting: 4096, maxWaitMs: 5000 }
data: { classification: internal, purpose: optional }
`;

/** Writes the five connectors below `folder`. */
export async function writeConnectors(folder: string): Promise<void> {
  for (const id of SOURCES) {
    await mkdir(join(folder, id), { recursive: true });
    await writeFile(join(folder, id, 'connector.yaml'), manifestOf(id));
    await writeFile(join(folder, id, 'schema.graphql'), HEAD + SCHEMAS[id]);
  }
}

/** What a client sends to the gateway; the hand-written endpoint answers the same data at the same path. */
export const OPERATIONS = {
  page: {
    title: 'page: 20 cases, five REST sources, the list itself from a source',
    path: '/page',
    query: `query Page($page: Int!) { cases(page: $page) {
      id title state openedAt
      person { id fullName birth { year month day } gender address { street ward province } }
      company { id name kind state office representatives { fullName } }
      fee { id amount currency state paidAt }
      parcel { id state events { at text } }
    } }`,
  },
  single: {
    title: 'single call: the list of 20 cases alone',
    path: '/single',
    query:
      'query Single($page: Int!) { cases(page: $page) { id title state openedAt person { id } fee { id } } }',
  },
} as const;

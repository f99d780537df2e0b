// The unified schema of the gateway's own connectors, and of one more that uses what they do not: bound as at start, to
// sources that answer from a seed and record every request.

import { readdirSync, readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { type GraphQLSchema, parse } from 'graphql';
import { bindSchema, type ConnectorsAt } from '../../../src/connect/bind/bind-schema.ts';
import { type CompiledConnector, compileConnector } from '../../../src/connect/compile-connector.ts';
import type { ConnectRequest, Send } from '../../../src/connect/contract.ts';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { purposeOfDossier } from '../../../src/dossiers/nodes.ts';
import { createScalars } from '../../../src/dossiers/scalars.ts';
import { type ErrorCode, GatewayError } from '../../../src/errors.ts';
import { composeSchema } from '../../../src/graph/compose.ts';
import { type FieldWeights, readFieldWeights } from '../../../src/graph/cost/field-weights.ts';
import { type ListSizes, readListSizes } from '../../../src/graph/cost/list-sizes.ts';
import { readManifest } from '../../../src/manifest/manifest.ts';
import { createRequestContext, type RequestContext } from '../../../src/request/context.ts';
import { aConnector, anAnswer } from '../../connect/a-connector.ts';
import { anOfficer } from '../../request/an-identity.ts';
import { chance } from './a-world.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** Batches, a root entity, lists of entities, an interface, a field of its own request, a mutation, two suppliers. */
const TOWN = `
  type Query {
    places(near: String, limit: Int = 3): [Place]
      @connect(source: "api" http: { GET: "/places?near={$args.near}&limit={$args.limit}" } selection: "$.items { id name }")
    place(id: ID!): Place
      @connect(source: "api" http: { GET: "/places/{$args.id}" } selection: "id name" entity: true)
    nearest(filter: Near): Spot
      @connect(source: "api" http: { POST: "/nearest" body: "kind: $args.filter.kind name: $args.filter.name" }
        selection: "__typename: kind id name")
  }
  type Mutation {
    visit(place: ID!, note: String): Place
      @connect(source: "api" http: { POST: "/visits" body: "place: $args.place note: $args.note" } selection: "id name")
  }
  input Near { kind: String = "Place" name: String }
  interface Spot { id: ID name: String }
  type Place implements Spot @key(fields: "id")
    @connect(source: "api" http: { POST: "/batch" body: "ids: $batch.id" } batch: { maxSize: 3 }
      selection: "$.items { id rating opened tags }") {
    id: ID
    name: String
    rating: Float
    opened: Int
    tags: [String]
    keeper: Keeper @connect(source: "api" http: { GET: "/keepers?of={$this.id}" } selection: "id")
    next: Keeper @connect(source: "api" http: { GET: "/next/{$this.id}" } selection: "id")
  }
  type Keeper implements Spot @key(fields: "id")
    @connect(source: "api" http: { GET: "/keepers/{$this.id}" } selection: "id name") {
    id: ID
    name: String
    home: Place @connect(source: "api" http: { GET: "/homes/{$this.id}" } selection: "id")
    age: Int @connect(source: "api" http: { GET: "/ages/{$this.name}" } selection: "$.age")
  }
`;

interface BoundWorld {
  readonly seed: number;
  /** Of a thousand requests, how many fail. */
  readonly failures: number;
  readonly requests: string[];
}

export interface BoundSchema {
  readonly schema: GraphQLSchema;
  readonly connectorsAt: ConnectorsAt;
  readonly listSizes: ListSizes;
  readonly fieldWeights: FieldWeights;
  /** A context of one run over sources that answer by this seed. */
  readonly context: (seed: number, failures: number) => RequestContext;
  /** What the sources received in that run, in its order. */
  readonly requestsOf: (context: RequestContext) => readonly string[];
}

export function aBoundSchema(): BoundSchema {
  const worlds = new Map<string, BoundWorld>();
  const connectors = [...ownConnectors(), { ...aConnector(TOWN, { version: '0.4' }), id: 'town' }];
  const core = readdirSync(new URL('schema/', ROOT))
    .filter((name) => name !== 'published.graphql')
    .map((name) => ({ file: name, body: read(`schema/${name}`) }));
  const composed = composeSchema(core, connectors);
  const schema = makeExecutableSchema({
    typeDefs: composed.document,
    resolvers: { ...createScalars(), Query: STORE },
  });
  const bindings = connectors.map((compiled) => {
    const send: Send = async (request, { requestId }) => {
      const { seed, failures, requests } = worlds.get(requestId) as BoundWorld;
      const about = `${compiled.id} ${request.operation} ${request.method} ${request.path} ${JSON.stringify(request.body)}`;
      requests.push(about);
      const place = `${seed} ${about}`;
      for (let turns = chance(seed, `turns ${place}`, 3); turns > 0; turns--) await Promise.resolve();
      if (chance(seed, `fails ${place}`, 1000) < failures) {
        throw new GatewayError(CODES[chance(seed, `code ${place}`, CODES.length)] as ErrorCode, {
          connector: compiled.id,
        });
      }
      return anAnswer(
        bodyOf(request, (what, below) => chance(seed, `${what} ${place}`, below)),
        {
          notFound: chance(seed, `found ${place}`, 12) === 0,
        },
      );
    };
    return { compiled, bound: { id: compiled.id, send, perRequest: 4, config: CONFIG, env: {} } };
  });
  const connectorsAt = bindSchema(schema, bindings, { Dossier: purposeOfDossier });
  let runs = 0;
  return {
    schema,
    connectorsAt,
    listSizes: readListSizes(core.map(({ body }) => parse(body))),
    fieldWeights: readFieldWeights(core.map(({ body }) => parse(body))),
    context: (seed, failures) => {
      const requestId = `run ${++runs}`;
      worlds.set(requestId, { seed, failures, requests: [] });
      const context = createRequestContext({
        requestId,
        locale: 'en',
        identity: anOfficer('CB1', 'H26'),
        deadlineMs: 60_000,
        now: () => 1_800_000_000_000,
      });
      // Each call has a number and not a random id: requests of two runs are compared.
      let calls = 0;
      return { ...context, callId: () => `call ${++calls}` };
    },
    requestsOf: (context) => {
      const { requests } = worlds.get(context.requestId) as BoundWorld;
      worlds.delete(context.requestId);
      context.dispose();
      return requests;
    },
  };
}

const CODES: readonly ErrorCode[] = [
  'UPSTREAM_TIMEOUT',
  'CIRCUIT_OPEN',
  'UPSTREAM_FAULT',
  'UPSTREAM_REFUSED',
];
const CONFIG = { baseUrl: 'http://127.0.0.1:9', integrationCode: '037', version: '1.0.6', partnerCode: 'P' };

function ownConnectors(): CompiledConnector[] {
  return ['population', 'business-registry', 'payment', 'postal'].map((id) => {
    const { config } = readManifest(read(`connectors/${id}/connector.yaml`), 'connector.yaml');
    const schema = readConnectorSchema(read(`connectors/${id}/schema.graphql`), 'schema.graphql');
    return compileConnector(schema, { id, config: { ...CONFIG, ...config }, env: {} });
  });
}

type Roll = (what: string, below: number) => number;

/** A decoded answer of a source: mostly as documented, with parts that are missing or of another type. */
function bodyOf(request: ConnectRequest, roll: Roll): unknown {
  const text = (what: string) => [`${what} 1`, `${what} 2`, null, 7][roll(what, 4)];
  const { operation, path, body } = request;
  const last = decodeURIComponent(path.split(/[/=]/).at(-1) ?? '');
  switch (operation) {
    case 'Citizen':
      return {
        CongdanCollection: {
          CongDan: {
            SoDinhDanh: '001092900001',
            HoVaTen: { Ho: 'Nguyễn', ChuDem: 'Thị', Ten: text('Ánh') },
            GioiTinh: ['1', '2', '9'][roll('sex', 3)],
            NgayThangNamSinh:
              roll('born', 2) === 0 ? { Nam: '1992' } : { NgayThangNam: '19920105', Nam: '1992' },
            ThuongTru: roll('home', 3) === 0 ? null : { MaTinhThanh: '1', ChiTiet: text('Số') },
            QuocTich: 'VN',
          },
        },
      };
    case 'Business':
      return {
        Data: {
          MainInformation: {
            ENTERPRISE_GDT_CODE: last,
            NAME: text('Công ty'),
            ENTERPRISE_STATUS_NAME: text('mở'),
          },
          // A list where one text belongs does not fit its field.
          HOAdress: { AddressFullText: roll('office', 3) === 0 ? ['a', 'b'] : 'Hà Nội' },
          Representatives: [{ FULL_NAME: text('A') }, { FULL_NAME: 'B' }].slice(roll('people', 3)),
        },
      };
    case 'Payment':
      return {
        message: JSON.stringify({
          MaThamChieu: (body as { MaThamChieu?: unknown }).MaThamChieu,
          TrangThaiGD: String(roll('state', 6)),
          ThoiGianGD: '20260609083000',
          MaNganHang: text('bank'),
        }),
      };
    case 'Delivery':
      return { data: { itemCode: last, status: roll('state', 26), statusName: text('phát') } };
    case 'Delivery.events':
      return {
        data: Array.from({ length: roll('steps', 4) }, (_, i) => ({ status: i, statusName: text('phát') })),
      };
    case 'Query.places':
      return {
        items: Array.from({ length: roll('places', 5) }, (_, i) => ({ id: i % 3, name: text('place') })),
      };
    case 'Query.nearest':
      return { kind: ['Place', 'Keeper', 'Nowhere', null][roll('kind', 4)], id: '4', name: text('near') };
    case 'Place': {
      const { ids } = body as { ids: readonly unknown[] };
      return {
        items: ids.map((id) => ({
          id,
          rating: [4.5, 3, 'many', null][roll(`rating ${id}`, 4)],
          opened: [1990, 2 ** 31, null, 1.5][roll(`opened ${id}`, 4)],
          tags: [['a', null], [], null, 'tag'][roll(`tags ${id}`, 4)],
        })),
      };
    }
    case 'Keeper':
      return roll('list', 8) === 0 ? [{ id: last }] : { id: last, name: text('keeper') };
    case 'Keeper.age':
      return { age: [30, 'old', null][roll('age', 3)] };
    default:
      return { id: roll('id', 3), name: text('name') };
  }
}

// —— the store ——

const time = '2026-06-09T01:30:00.000Z';
const agency = {
  code: 'H26',
  oldCode: '000.00.00.H26',
  name: 'Thành phố',
  level: 'CITY',
  parent: null,
  communeCode: null,
};
const procedure = {
  code: '1.005129',
  name: 'Đăng ký',
  level: 'FULL',
  fieldCode: 'F',
  fieldName: 'Hộ tịch',
  limitWorkingDays: 5,
  fee: 0,
};

const aDossier = (i: number) => ({
  id: i,
  code: `000.00.00.H26-260609-000${i}`,
  status: 'IN_PROCESS',
  channel: 'ONLINE',
  submittedAt: time,
  receivedAt: null,
  dueAt: time,
  finishedAt: null,
  procedure,
  agency: { ...agency, code: 'H26.1', level: 'COMMUNE', parent: agency },
  // Two dossiers of one person and of one enterprise.
  applicant: {
    personalId: `00109290000${i % 2}`,
    declared: { fullName: 'A', birthDate: { year: 1992, month: 1, day: 5 } },
  },
  business: i % 3 === 0 ? null : { code: `010000000${i % 2}` },
  payments: Array.from({ length: i % 3 }, (_, n) => ({
    reference: `P${n}`,
    amount: 5,
    currency: 'VND',
    startedAt: time,
  })),
  deliveries: Array.from({ length: i % 2 }, () => ({ trackingCode: `D${i}`, orderedAt: time })),
  events: [{ at: time, status: 'REGISTERED', actor: 'x', note: null }],
});

const DOSSIERS = [0, 1, 2, 3].map(aDossier);
const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: 'c0', endCursor: null };
const aPage = <Node>(nodes: readonly Node[]) => ({
  edges: nodes.map((node, i) => ({ cursor: `c${i}`, node })),
  pageInfo,
});

const STORE = {
  dossiers: async (_source: unknown, { first }: { first?: number | null }) =>
    aPage(DOSSIERS.slice(0, first ?? 20)),
  dossier: () => DOSSIERS[2],
  procedures: () => aPage([procedure]),
  procedure: async () => procedure,
  agencies: () => [agency],
  connectors: () => [
    { id: 'population', title: 'P', status: 'OK', breaker: 'CLOSED', since: time, message: null },
  ],
};

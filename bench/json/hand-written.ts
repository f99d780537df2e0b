// The hand-written endpoint of the JSON bench: node:http and undici's `Pool.request`, each person and company fetched once per
// request, the same data as the gateway. Written as a good engineer would write it for this page only.

import { createServer, type IncomingMessage } from 'node:http';
import { createRequestSend } from '../page/hand-written/send.ts';
import { type Body, SOURCES, type SourceName } from './sources.ts';

const sends = Object.fromEntries(
  SOURCES.map((name) => [name, createRequestSend(process.env[`${name.toUpperCase()}_URL`] ?? '', 512)]),
) as Record<SourceName, ReturnType<typeof createRequestSend>>;

const HEADERS = { accept: 'application/json' };

const get = async <Source extends SourceName>(source: Source, path: string): Promise<Body<Source>> =>
  JSON.parse(await sends[source]({ method: 'GET', path, headers: HEADERS }));

async function person(id: string) {
  const { data } = await get('people', `/people/${encodeURIComponent(id)}`);
  const { full_name, birth, gender, address } = data;
  const { year, month, day } = birth;
  const { street, ward, province } = address;
  return {
    id,
    fullName: full_name,
    birth: { year, month, day },
    gender,
    address: { street, ward, province },
  };
}

async function company(id: string) {
  const { name, kind, state, office, representatives } = await get(
    'companies',
    `/companies/${encodeURIComponent(id)}`,
  );
  return {
    id,
    name,
    kind,
    state,
    office: office.text,
    representatives: representatives.map(({ full_name }) => ({ fullName: full_name })),
  };
}

async function fee(id: string) {
  const { amount, currency, state, paid_at } = (await get('fees', `/fees/${encodeURIComponent(id)}`)).fee;
  return { id, amount, currency, state, paidAt: paid_at };
}

async function parcel(id: string) {
  const { state, events } = (await get('parcels', `/parcels/${encodeURIComponent(id)}`)).parcel;
  return { id, state, events: events.map(({ at, text }) => ({ at, text })) };
}

function createOnce<T>(fetchOne: (id: string) => Promise<T>): (id: string | null) => Promise<T> | null {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    if (id === null) return null;
    let found = known.get(id);
    if (found === undefined) {
      found = fetchOne(id);
      known.set(id, found);
    }
    return found;
  };
}

const ANSWERS: Readonly<Record<string, (page: number) => Promise<object>>> = {
  '/page': async (page) => {
    const { items } = await get('cases', `/cases?page=${page}`);
    const people = createOnce(person);
    const companies = createOnce(company);
    return {
      cases: await Promise.all(
        items.map(async ({ id, title, state, opened_at, person_id, company_id, fee_id, parcel_id }) => {
          const [who, firm, paid, sent] = await Promise.all([
            people(person_id),
            companies(company_id),
            fee_id === null ? null : fee(fee_id),
            parcel_id === null ? null : parcel(parcel_id),
          ]);
          return {
            id,
            title,
            state,
            openedAt: opened_at,
            person: who,
            company: firm,
            fee: paid,
            parcel: sent,
          };
        }),
      ),
    };
  },
  '/single': async (page) => {
    const { items } = await get('cases', `/cases?page=${page}`);
    return {
      cases: items.map(({ id, title, state, opened_at, person_id, fee_id }) => ({
        id,
        title,
        state,
        openedAt: opened_at,
        person: { id: person_id },
        fee: fee_id === null ? null : { id: fee_id },
      })),
    };
  },
};

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const server = createServer(async (request, response) => {
  try {
    const answer = ANSWERS[request.url ?? ''];
    if (request.method !== 'POST' || answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { page } = JSON.parse(await read(request)) as { page: number };
    const text = JSON.stringify({ data: await answer(page) });
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  } catch {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${(server.address() as { port: number }).port}`);
});
process.on('SIGTERM', () => process.exit());

// A source that repeats whatever it was asked, in each part of its answers: REST and SOAP, healthy and ill in several ways. Writes down
// what it was sent.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MARKS } from './marks.ts';

export const WAYS_OF_TALKING = [
  'WELL',
  'MISFIT',
  'SHAPELESS',
  'NOT_FOUND',
  'REFUSED',
  'FAULT',
  'REDIRECT',
  'GARBAGE',
  'CUT_JSON',
  'OTHER_TYPE',
  'OTHER_CHARSET',
  'HEADERS',
  'RESET',
  'NOT_HTTP',
  'HANG',
  'UNAUTHORIZED',
  'THROTTLED',
] as const;
export type WayOfTalking = (typeof WAYS_OF_TALKING)[number];

export interface TalkingSource {
  readonly url: string;
  talk(way: WayOfTalking): void;
  /** All that it was sent. */
  heard(): string;
  close(): Promise<void>;
}

const PERSON = { id: MARKS.personalId, name: MARKS.name, phone: MARKS.phone, email: MARKS.email };
const SAYS = `${MARKS.sourceText} ${Object.values(PERSON).join(' ')} token=${MARKS.sourceToken}`;

export async function aTalkingSource(): Promise<TalkingSource> {
  let way: WayOfTalking = 'WELL';
  let heard = '';
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      heard += `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}\n`;
      answer(way, request, response, `${SAYS} ${decodeURIComponent(request.url ?? '')} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    talk: (next) => {
      way = next;
    },
    heard: () => heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(way: WayOfTalking, request: IncomingMessage, response: ServerResponse, says: string): void {
  const isSoap = request.url?.includes('soap') === true;
  const send = (
    status: number,
    body: string,
    headers: Record<string, string> = {},
    phrase?: string,
  ): void => {
    const type = isSoap ? 'text/xml; charset=utf-8' : 'application/json; charset=utf-8';
    response.writeHead(status, phrase ?? '', { 'content-type': type, ...headers }).end(body);
  };
  const json = (value: unknown): string =>
    isSoap ? envelope(`<R>${escaped(value)}</R>`) : JSON.stringify(value);
  const person = isSoap
    ? envelope(`<PersonResponse>${escaped(PERSON)}</PersonResponse>`)
    : JSON.stringify({ person: PERSON });
  const error = isSoap
    ? envelope(
        `<s:Fault><faultcode>s:${MARKS.personalId}</faultcode><faultstring>${escaped(says)}</faultstring></s:Fault>`,
      )
    : JSON.stringify({ error: says, code: MARKS.personalId, person: PERSON });
  const ways: Readonly<Record<WayOfTalking, () => void>> = {
    WELL: () => send(200, person),
    MISFIT: () =>
      send(
        200,
        json({
          person: {
            id: { [MARKS.name]: says },
            name: [says],
            age: says,
            year: `${MARKS.personalId}x`,
            gender: MARKS.name,
          },
        }),
      ),
    SHAPELESS: () =>
      send(200, json({ person: [says, { [MARKS.personalId]: MARKS.name }], [MARKS.name]: says })),
    NOT_FOUND: () => send(404, error),
    REFUSED: () => send(isSoap ? 500 : 422, error.replace(`s:${MARKS.personalId}<`, 's:Client<')),
    FAULT: () => send(500, error),
    REDIRECT: () =>
      send(307, '', {
        location: `http://${MARKS.sourceToken}:x@127.0.0.1:1/?id=${MARKS.personalId}&token=${MARKS.sourceToken}`,
      }),
    GARBAGE: () => send(200, `<html>${says}</html>`, { 'content-type': 'text/html' }),
    CUT_JSON: () => send(200, person.slice(0, -9)),
    OTHER_TYPE: () =>
      send(200, says, { 'content-type': `application/vnd.${MARKS.sourceText}.${MARKS.personalId}` }),
    OTHER_CHARSET: () =>
      send(200, person, { 'content-type': `application/json; charset=${MARKS.sourceText}` }),
    HEADERS: () =>
      send(503, error, {
        'set-cookie': MARKS.cookie,
        'x-id': MARKS.personalId,
        'retry-after': MARKS.sourceText,
        server: MARKS.sourceText,
      }),
    RESET: () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' });
      response.write(person);
      setImmediate(() => request.socket.destroy());
    },
    NOT_HTTP: () => request.socket.end(`${says}\r\n\r\n`),
    HANG: () => undefined,
    UNAUTHORIZED: () => send(401, error, { 'www-authenticate': `Bearer realm="${MARKS.sourceText}"` }),
    THROTTLED: () => send(429, error, { 'retry-after': '1' }),
  };
  ways[way]();
}

const escaped = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([key, each]) => (/^[a-z]+$/.test(key) ? `<${key}>${escaped(each)}</${key}>` : escaped(each)))
        .join('')
    : String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "talker", http: { baseURL: "{$config.baseUrl}" })
`;
const PERSON_TYPE = (name: string): string => `
type ${name} { id: String name: String phone: String email: String age: Int year: Int gender: ${name}Gender }
enum ${name}Gender { MALE FEMALE }
`;

const manifest = (id: string, more: string): string => `id: ${id}
title: { vi: ${id}, en: ${id} }
owner: { agency: Tests, contact: tests@city.example }
source: { baseUrl: "\${env:TALKER_URL}" }
limits: { attemptTimeoutMs: 500 }
breaker: { minimumCalls: 1000000, failuresInARow: 1000, openMs: 20, probes: 1, recoverMs: 0 }
throttle: { defaultHoldMs: 1, maxHoldMs: 1 }
retry: { maxAttempts: 1 }
data: { classification: internal }
${more}`;

/** Two connectors that ask it, as files of the connectors folder. */
export const TALKERS: Readonly<Record<string, { readonly manifest: string; readonly schema: string }>> = {
  'talker-rest': {
    manifest: manifest(
      'talker-rest',
      `credentials: { type: bearer, token: "\${env:TALKER_TOKEN}" }
cache: { maxEntries: 100 }
operations:
  restPerson: { cache: { ttlMs: 60000 } }
  restFile: { idempotencyKey: Idempotency-Key, sourceRecognisesKey: false }
`,
    ),
    schema: `${HEAD}${PERSON_TYPE('RestPerson')}
type Query {
  restPerson(id: String, name: String, way: Int): RestPerson
    @connect(
      id: "restPerson"
      source: "talker"
      http: { GET: "/people/{$args.id}", queryParams: "name: $args.name way: $args.way", headers: [{ name: "X-Name", value: "{$args.id}" }] }
      selection: "$.person { id name phone email age year gender }"
    )
}
type Mutation {
  restFile(id: String, name: String): RestPerson
    @connect(
      id: "restFile"
      source: "talker"
      http: { POST: "/files", headers: [{ name: "Idempotency-Key", from: "Idempotency-Key" }], body: "id: $args.id name: $args.name" }
      selection: "$.person { id name phone email age year gender }"
    )
}
`,
  },
  'talker-soap': {
    manifest: manifest(
      'talker-soap',
      `protocol: soap11
soap: { namespace: "urn:people", operation: GetPerson, responseRoots: [PersonResponse] }
credentials: { type: header, name: X-Key, value: "\${env:TALKER_KEY}" }
`,
    ),
    schema: `${HEAD}${PERSON_TYPE('SoapPerson')}
type Query {
  soapPerson(id: String, name: String, way: Int): SoapPerson
    @connect(
      id: "soapPerson"
      source: "talker"
      http: { POST: "/soap", body: "Id: $args.id Name: $args.name Way: $args.way" }
      selection: "$.PersonResponse { id name phone email age year gender }"
    )
}
`,
  },
};

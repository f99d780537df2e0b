// Requests that carry the marks in each of their parts, right and wrong.

import { request } from 'node:http';
import { aSocket } from '../../http/a-socket.ts';
import { MARKS } from './marks.ts';

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends exactly these headers. @returns the answer as text, its headers before its body */
export const send = (url: string, { method = 'POST', path, headers = {}, body }: Sent): Promise<string> =>
  new Promise((resolve, reject) => {
    const to = new URL(path ?? '', url);
    const sent = request(
      { host: to.hostname, port: to.port, method, path: path ?? to.pathname, headers },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve(`${answer.statusCode} ${answer.rawHeaders.join(' ')}\n${Buffer.concat(parts).toString()}`),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const { personalId, name, phone, email, cookie, jwt, opaqueToken, idempotencyKey } = MARKS;
const person = `${personalId} ${name} ${phone} ${email}`;
const quoted = JSON.stringify(person);
const graphql = (query: string, more: object = {}): string => JSON.stringify({ query, ...more });

/** Headers that carry marks beside a right query. */
const HEADERS: readonly Record<string, string>[] = [
  { authorization: `Bearer ${jwt}` },
  { authorization: `Bearer ${opaqueToken}` },
  { authorization: `Bearer ${latin1(name)} ${personalId}` },
  { authorization: `Basic ${Buffer.from(`${email}:${opaqueToken}`).toString('base64')}` },
  { authorization: opaqueToken },
  { authorization: `Bearer ${jwt}${'x'.repeat(9000)}` },
  { cookie: `session=${cookie}; id=${personalId}` },
  { 'x-request-id': personalId },
  { 'x-request-id': `req-${personalId}` },
  { 'x-request-id': `abcd-beef-${personalId}` },
  { 'x-request-id': `7f044991-70f3-4e47-9d4d-${personalId}` },
  { 'x-request-id': phone },
  { 'x-request-id': jwt.slice(0, 60) },
  { 'accept-language': `${opaqueToken}, en;q=${personalId}` },
  { prefer: `handling=${personalId}, ${opaqueToken}` },
  { traceparent: `00-${personalId.padStart(32, '0')}-b7ad6b7169203331-01`, tracestate: `a=${personalId}` },
  { traceparent: opaqueToken },
  { origin: `https://${personalId}.example` },
  { 'user-agent': latin1(person), referer: `https://x.example/?id=${personalId}&email=${email}` },
  { 'x-forwarded-for': `${personalId}, ${opaqueToken}`, forwarded: `for=${personalId}` },
  { 'content-type': `application/json; charset=${opaqueToken}` },
  { 'content-type': `text/${opaqueToken}` },
  { accept: `application/${opaqueToken}` },
  { 'accept-encoding': opaqueToken },
  { 'idempotency-key': idempotencyKey },
  { 'content-encoding': opaqueToken },
  { expect: opaqueToken },
  { 'apollo-require-preflight': personalId, 'apollographql-client-name': latin1(person) },
  { 'x-client-cert': latin1(person), 'client-cert': `:${Buffer.from(person).toString('base64')}:` },
];

/** Documents that carry marks, with variables. */
const DOCUMENTS: readonly string[] = [
  graphql(`query Tra_${personalId} { dossiers(first: 1) { edges { node { code } } } }`),
  graphql(`{ n${personalId}: dossiers(first: 1) { edges { node { code } } } }`),
  graphql(`{ dossiers(first: 1, after: ${quoted}) { edges { node { code } } } }`),
  graphql(`{ dossiers(first: ${quoted}) { edges { node { code } } } }`),
  graphql(`{ dossiers(first: ${personalId}) { edges { node { code } } } }`),
  graphql(`{ dossier(code: ${quoted}) { code } }`),
  graphql(`{ dossier(code: "000.00.00.H26-200524-${personalId}") { code } }`),
  graphql(`{ procedure(code: ${quoted}) { code } }`),
  graphql(`{ agencies(level: ${JSON.stringify(name)}) { code } }`),
  graphql(`{ agencies(level: N${personalId}) { code } }`),
  graphql(`{ connectors @include(if: ${quoted}) { id } }`),
  graphql(`{ connectors @n${personalId}(x: ${quoted}) { id } }`),
  graphql(`{ connectors(x: ${quoted}) { id } }`),
  graphql(`{ n${personalId} }`),
  graphql(`{ connectors { id } } # ${person}`),
  graphql(`{ connectors { id } ${person}`),
  graphql(`query($c: DossierCode!) { dossier(code: $c) { code } }`, { variables: { c: person } }),
  graphql(`query($c: DossierCode!) { dossier(code: $c) { code } }`, {
    variables: { c: { [person]: person } },
  }),
  graphql(`query($n: Int) { dossiers(first: $n) { edges { node { code } } } }`, { variables: { n: person } }),
  graphql(`query($l: AgencyLevel) { agencies(level: $l) { code } }`, { variables: { l: person } }),
  graphql(`query($x: N${personalId}) { agencies(level: $x) { code } }`, { variables: { x: person } }),
  graphql('{ connectors { id } }', { operationName: person }),
  graphql('{ connectors { id } }', { operationName: { person } }),
  graphql('{ connectors { id } }', {
    extensions: { person, persistedQuery: { version: 1, sha256Hash: person } },
  }),
  graphql('{ connectors { id } }', { variables: person }),
  graphql('', { query: { person } }),
  graphql(`{ restPerson(id: ${quoted}, name: ${JSON.stringify(name)}, way: "${personalId}") { id } }`),
  // A value that the store refuses.
  graphql(`query($c: String) { dossiers(first: 1, after: $c) { edges { node { code } } } }`, {
    variables: { c: `\u0000${person}` },
  }),
  graphql(`mutation { restFile(id: ${quoted}, name: ${JSON.stringify(name)}) { id } }`),
  graphql(
    `mutation { giveConsent(input: { connector: ${quoted}, procedure: ${quoted}, statement: ${quoted} }) { id } }`,
  ),
  graphql(`mutation { withdrawConsent(id: ${quoted}) { id } }`),
  graphql(
    `{ auditTrail(filter: { personalId: ${JSON.stringify(personalId)}, officer: ${quoted} }) { edges { cursor } } }`,
  ),
  graphql('', { documentId: person }),
  graphql('', { id: person, doc_id: `sha256:${personalId}` }),
  graphql(`mutation { dropConnectorCache(connector: ${quoted}) { connector { id } } }`),
];

/** Bodies that cannot be read. */
const BODIES: readonly string[] = [
  `{"query": "${person}`,
  person,
  `[${quoted}]`,
  quoted,
  `{"query":"{ connectors { id } }","variables":{"${person}":${personalId}e999999}}`,
  `query=${encodeURIComponent(person)}`,
  `{"a":"${person}"}`,
  `${'['.repeat(100_000)}${person}`,
  `{"query":"${'x'.repeat(300_000)}${person}"}`,
];

/** Bytes that are no request. */
const BYTES: readonly string[] = [
  `GET /${personalId} HTTP/9.9\r\n\r\n`,
  `POST /graphql HTTP/1.1\r\nhost: x\r\n${person}\r\n\r\n`,
  `POST /graphql HTTP/1.1\r\nhost: x\r\ncookie: ${cookie}\r\ncontent-length: ${opaqueToken}\r\n\r\n`,
  `POST /graphql HTTP/1.1\r\nhost: x\r\nx: ${`${person} `.repeat(2000)}\r\n\r\n`,
  `${opaqueToken}\r\n\r\n`,
];

/** Sends all of them, a few at a time. @returns the answers, by what was sent */
export async function sendAll(url: string, authorization: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const json = { 'content-type': 'application/json', 'accept-language': 'en' };
  const query = graphql('{ dossiers(first: 1) { edges { node { code applicant { personalId } } } } }');
  const get = (text: string): string =>
    `/graphql?query=${encodeURIComponent(text)}&variables=${encodeURIComponent(JSON.stringify({ person }))}`;
  const requests: Sent[] = [
    ...HEADERS.map((headers) => ({ headers: { ...json, authorization, ...headers }, body: query })),
    ...DOCUMENTS.map((body) => ({ headers: { ...json, authorization }, body })),
    ...DOCUMENTS.slice(0, 8).map((body) => ({ headers: json, body })),
    ...DOCUMENTS.slice(0, 16).map((body) => ({
      method: 'GET',
      path: get(String(JSON.parse(body).query)),
      headers: { authorization },
    })),
    ...BODIES.map((body) => ({ headers: { ...json, authorization }, body })),
    ...[
      `/${personalId}`,
      `/${encodeURIComponent(person)}?email=${email}`,
      `/%zz${personalId}`,
      `/status?id=${personalId}`,
      `/graphql/${personalId}`,
    ].map((path) => ({ method: 'GET', path })),
    { method: 'DELETE', path: `/graphql?id=${personalId}`, headers: { authorization } },
    {
      method: 'OPTIONS',
      headers: { origin: `https://${personalId}.example`, 'access-control-request-headers': opaqueToken },
    },
  ];
  for (const each of requests) {
    const what = `${answers.size} ${JSON.stringify(each).slice(0, 200)}`;
    answers.set(
      what,
      await send(url, each).catch((error: NodeJS.ErrnoException) => `no answer: ${error.code}`),
    );
  }
  for (const bytes of BYTES) {
    const client = await aSocket(url);
    client.socket.end(bytes, 'utf8');
    // Some connections end by a reset.
    await client.ended.catch(() => undefined);
    answers.set(bytes.slice(0, 60), client.text());
  }
  return answers;
}

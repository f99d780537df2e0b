// Settings that have no effect or another effect than they seem to have, and secrets in plain: each is found, with its place and
// its way out, and no finding shows a secret.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnectors } from '../../src/admission/check-connectors.ts';
import { type Diagnostic, formatDiagnostic } from '../../src/diagnostic.ts';
import type { SchemaFile } from '../../src/graph/compose.ts';
import { readCoreSchema } from '../../src/graph/core-schema.ts';

let root: string;
let core: readonly SchemaFile[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lienthong-mistakes-'));
  core = await readCoreSchema();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const MANIFEST = `id: books
title: { vi: Sách, en: Books }
owner: { agency: A bookshop, contact: books@city.example }
config: { shelf: A1 }
source: { baseUrl: "\${env:BOOKS_URL:-http://127.0.0.1:9}" }
`;

const SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "shop", http: { baseURL: "{$config.baseUrl}", headers: [{ name: "x-shelf", value: "{$config.shelf}" }] })

type Query {
  book(isbn: ID!): Book
    @connect(source: "shop", http: { POST: "/books", body: "isbn: $args.isbn order: { id: $args.isbn }" }, selection: "isbn title: name")
}

type Book {
  isbn: ID
  title: String
}
`;

async function check(manifest: string, schema = SCHEMA, id = 'books'): Promise<readonly Diagnostic[]> {
  const path = join(root, id);
  await mkdir(join(path, 'cases'), { recursive: true });
  await writeFile(join(path, 'connector.yaml'), manifest);
  await writeFile(join(path, 'schema.graphql'), schema);
  await writeFile(join(path, 'cases', 'one.yaml'), 'name: one\n');
  const { findings } = await checkConnectors([{ kind: 'folder', path }], core, { readEnv: () => undefined });
  return findings;
}

const SECRET = 'hunter2-very-secret';

/** Every finding has a file, a line where it is about the manifest, what was found, what was expected and the way out. */
function expectFinding(findings: readonly Diagnostic[], code: string, coordinate: string): void {
  const text = findings.map(formatDiagnostic).join('\n');
  expect(text).not.toContain(SECRET);
  const found = findings.filter((finding) => finding.code === code && finding.coordinate === coordinate);
  expect(found, text).toHaveLength(1);
  const [finding] = found;
  for (const words of [finding?.message, finding?.found, finding?.expected, finding?.wayOut])
    expect(words).toMatch(/\S/);
  expect(finding?.line).toBeGreaterThan(0);
}

it('a connector without mistakes · checked · no findings', async () => {
  expect(await check(MANIFEST)).toEqual([]);
});

describe('settings', () => {
  it.each([
    ['a misspelt operation', 'operations: { Query.boks: { idempotent: true } }', 'operations.Query.boks'],
    [
      'a misspelt SOAP operation',
      'protocol: soap11\nsoap: { namespace: urn:a, operations: { Query.boks: { element: A } } }',
      'soap.operations.Query.boks',
    ],
    ['SOAP without its settings', 'protocol: soap12', 'protocol'],
    ['SOAP settings without SOAP', 'soap: { namespace: urn:a }', 'soap'],
    ['an outcome without success', 'outcome: { at: code, notFound: ["1"] }', 'outcome'],
    [
      'a signed field that nobody has',
      'signing: { type: joinedHmac, algorithm: sha256, fields: [isbn, isbm], separator: "|", secret: "${env:S}", into: mac }',
      'signing.fields.1',
    ],
    [
      'a signed field below another',
      'signing: { type: joinedHmac, algorithm: sha256, fields: [order.id, order.no], separator: "|", secret: "${env:S}", into: mac }',
      'signing.fields.1',
    ],
    [
      'Host by credentials',
      'credentials: { type: header, name: Host, value: "${env:K}" }',
      'credentials.name',
    ],
    [
      'a header of the connection by credentials',
      'credentials: { type: jsonHeader, name: Transfer-Encoding, fields: { a: "${env:K}" } }',
      'credentials.name',
    ],
    [
      'a header with a space by credentials',
      'credentials: { type: header, name: X Key, value: "${env:K}" }',
      'credentials.name',
    ],
    [
      'Host by a login',
      'credentials: { type: login, body: { u: "${env:U}" }, tokenAt: t, header: host }',
      'credentials.header',
    ],
    [
      'Host in a login',
      'credentials: { type: login, body: { u: "${env:U}" }, tokenAt: t, header: token, headers: { Host: a } }',
      'credentials.headers.Host',
    ],
    [
      'Host by a signature',
      'signing: { type: joinedHmac, algorithm: sha256, fields: [isbn], separator: "|", secret: "${env:S}", into: Host, place: header }',
      'signing.into',
    ],
    ['a value that no mapping reads', 'env: [CITY]', 'env.0'],
  ])('%s · found', async (_what, more, coordinate) => {
    expectFinding(await check(`${MANIFEST}${more}\n`), 'ManifestInvalid', coordinate);
  });

  it('a misspelt operation beside an error in the schema · both found', async () => {
    const wrong = SCHEMA.replace('isbn title: name', 'isbn titel: name');
    const findings = await check(`${MANIFEST}operations: { Query.boks: { idempotent: true } }\n`, wrong);
    expect(findings.map(({ code }) => code).sort()).toEqual(
      expect.arrayContaining(['ManifestInvalid', 'SelectedFieldNotFound']),
    );
  });

  it('a class that does not exist · found', async () => {
    const findings = await check(`${MANIFEST}data: { fields: { Book.title: personl } }\n`);
    expect(findings.map(({ coordinate }) => coordinate)).toContain('data.fields.Book.title');
  });

  it('one port for two simulators · found', async () => {
    const more = 'simulator: { portOffset: 7 }\n';
    await check(
      MANIFEST.replace('id: books', 'id: films') + more,
      SCHEMA.replaceAll(/[Bb]ook/g, 'film'),
      'films',
    );
    await check(MANIFEST + more);
    const targets = ['books', 'films'].map((id) => ({ kind: 'folder' as const, path: join(root, id) }));
    const { findings } = await checkConnectors(targets, core, { readEnv: () => undefined });
    expect(findings.filter(({ code }) => code === 'PortUsedTwice')).toMatchObject([
      { found: '7', message: expect.stringMatching(/books.*films/) },
    ]);
  });

  it('a folder without cases · found', async () => {
    const path = join(root, 'books');
    await check(MANIFEST);
    await rm(join(path, 'cases'), { recursive: true });
    const { findings } = await checkConnectors([{ kind: 'folder', path }], core, {
      readEnv: () => undefined,
    });
    expect(findings.map(({ code }) => code)).toEqual(['NoCases']);
  });
});

describe('secrets in plain', () => {
  const url = `https://user:${SECRET}@books.example`;
  it.each([
    [
      'the default of a secret',
      `credentials: { type: bearer, token: "\${env:TOKEN:-${SECRET}}" }`,
      'credentials.token',
    ],
    [
      'text beside a reference',
      `credentials: { type: bearer, token: "${SECRET}/\${env:EMPTY}" }`,
      'credentials.token',
    ],
    [
      'a password in the body of a login',
      `credentials: { type: login, body: { user: me, password: ${SECRET} }, tokenAt: t, header: token }`,
      'credentials.body.password',
    ],
    [
      'its default',
      `credentials: { type: login, body: { password: "\${env:P:-${SECRET}}" }, tokenAt: t, header: token }`,
      'credentials.body.password',
    ],
    [
      'a key in the headers of a login',
      `credentials: { type: login, body: { user: me }, headers: { X-Api-Key: ${SECRET} }, tokenAt: t, header: token }`,
      'credentials.headers.X-Api-Key',
    ],
    [
      'a key of a JSON header',
      `credentials: { type: jsonHeader, fields: { SecretKey: ${SECRET} } }`,
      'credentials.fields.SecretKey',
    ],
    ['a key in config', `config: { shelf: A1, apiKey: ${SECRET} }`, 'config.apiKey'],
    [
      'a secret deep in config',
      `config: { shelf: A1, partner: { password: ${SECRET} } }`,
      'config.partner.password',
    ],
    ['user and password in the base URL', `source: { baseUrl: "${url}" }`, 'source.baseUrl'],
    ['user and password in its default', `source: { baseUrl: "\${env:U:-${url}}" }`, 'source.baseUrl'],
    ['a private key', 'config: { shelf: "-----BEGIN RSA PRIVATE KEY-----" }', 'config.shelf'],
    [
      'a token in config',
      `config: { shelf: ${['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'abc'].join('.')} }`,
      'config.shelf',
    ],
  ])('%s · found, and not shown', async (_what, more, coordinate) => {
    const key = more.slice(0, more.indexOf(':'));
    const kept = MANIFEST.split('\n').filter((line) => !line.startsWith(`${key}:`));
    expectFinding(await check(`${kept.join('\n')}${more}\n`), 'SecretInClearText', coordinate);
  });

  it.each([
    [
      'a header of a source',
      SCHEMA.replace('"{$config.shelf}" }', `"{$config.shelf}" }, { name: "X-Api-Key", value: "${SECRET}" }`),
    ],
    [
      'a bearer token',
      SCHEMA.replace(
        '"{$config.shelf}" }',
        `"{$config.shelf}" }, { name: "Authorization", value: "Bearer ${SECRET}" }`,
      ),
    ],
    ['a key in a query', SCHEMA.replace('"/books"', `"/books?apikey=${SECRET}"`)],
    [
      'a password in a body',
      SCHEMA.replace('"isbn: $args.isbn', `"password: $('${SECRET}') isbn: $args.isbn`),
    ],
    ['user and password in a URL', SCHEMA.replace('"{$config.baseUrl}"', `"http://u:${SECRET}@127.0.0.1"`)],
  ])('%s of the schema · found, and not shown', async (_what, schema) => {
    const findings = await check(MANIFEST, schema);
    expect(findings.map(formatDiagnostic).join('\n')).not.toContain(SECRET);
    expect(findings.filter(({ code }) => code === 'SecretInClearText')).toMatchObject([
      { line: expect.any(Number) },
    ]);
  });

  it.each([
    [
      'a scheme before a reference',
      'credentials: { type: header, name: Authorization, value: "Token ${env:T}" }',
    ],
    [
      'references alone',
      'credentials: { type: login, body: { user: me, password: "${env:P}" }, tokenAt: t, header: token }',
    ],
    ['an id in config', 'config: { shelf: A1, partnerId: P-1 }'],
  ])('%s · no secret', async (_what, more) => {
    const key = more.slice(0, more.indexOf(':'));
    const kept = MANIFEST.split('\n').filter((line) => !line.startsWith(`${key}:`));
    const codes = (await check(`${kept.join('\n')}${more}\n`)).map(({ code }) => code);
    expect(codes).not.toContain('SecretInClearText');
  });
});

describe('symbolic links', () => {
  const codes = async (path: string) =>
    (await checkConnectors([{ kind: 'folder', path }], core, { readEnv: () => undefined })).findings.map(
      ({ code, file }) => [
        code,
        relative(
          join(process.cwd(), relative(process.cwd(), root)),
          file === '' ? '.' : join(process.cwd(), file),
        ),
      ],
    );

  it('a folder, a file, a nested file · refused, and not followed', async () => {
    await check(MANIFEST);
    await symlink(join(root, 'books'), join(root, 'linked'));
    expect(await codes(join(root, 'linked'))).toEqual([['SymbolicLink', 'linked']]);
    expect(await codes(`${join(root, 'linked')}/`)).toEqual([['SymbolicLink', 'linked']]);
    await rm(join(root, 'linked'));

    await writeFile(join(root, 'other.graphql'), 'type Query { secretOfTheMachine: Int }');
    await rm(join(root, 'books', 'schema.graphql'));
    await symlink(join(root, 'other.graphql'), join(root, 'books', 'schema.graphql'));
    expect(await codes(join(root, 'books'))).toEqual([['SymbolicLink', 'books/schema.graphql']]);
    await rm(join(root, 'books'), { recursive: true });

    await check(MANIFEST);
    await symlink('/etc/hostname', join(root, 'books', 'cases', 'two.yaml'));
    expect(await codes(join(root, 'books'))).toEqual([['SymbolicLink', 'books/cases/two.yaml']]);
    await rm(join(root, 'books'), { recursive: true });
  });
});

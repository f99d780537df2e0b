// What a reference holds is never shown when it is wrong: the value may be a secret of another setting. Messages show the reference.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnectors } from '../../src/admission/check-connectors.ts';
import { baseUrlOf } from '../../src/cli/run/run-inputs.ts';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import { readConnectorFolder } from '../../src/manifest/read-folder.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { shownSetting } from '../../src/references.ts';
import { createRegistry } from '../../src/registry/registry.ts';
import { anUpstream, aRequest, live } from '../upstream/a-source.ts';

const SECRET = 'hunter2-of-another-setting';
const SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "shop", http: { baseURL: "{$config.baseUrl}" })
type Query { count: Int @connect(source: "shop", http: { GET: "/count" }, selection: "$") }
`;
const MANIFEST = (source: string) => `id: books
title: { vi: Sách, en: Books }
owner: { agency: A bookshop, contact: books@city.example }
source: ${source}
`;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lienthong-references-'));
  await mkdir(join(root, 'books'));
  await writeFile(join(root, 'books', 'schema.graphql'), SCHEMA);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a setting whose reference holds something else', () => {
  it.each([
    ['no URL', '{ baseUrl: "${env:WRONG}" }', SECRET, '${env:WRONG}'],
    ['another scheme', '{ baseUrl: "${env:WRONG}" }', `ftp://${SECRET}`, '${env:WRONG}'],
    ['half a URL', '{ baseUrl: "https://${env:WRONG}/v1" }', `${SECRET} x`, 'https://${env:WRONG}/v1'],
    [
      'no host',
      '{ baseUrl: "http://127.0.0.1:9", hosts: ["${env:WRONG}"] }',
      `${SECRET} with spaces`,
      '${env:WRONG}',
    ],
    [
      'a range of too many bits',
      '{ baseUrl: "http://127.0.0.1:9", hosts: ["${env:WRONG}"] }',
      `10.0.0.0/99`,
      '${env:WRONG}',
    ],
    [
      'one wrong host of a list',
      '{ baseUrl: "http://127.0.0.1:9", hosts: ["${env:WRONG}"] }',
      `a.example,${SECRET}/x`,
      '${env:WRONG}',
    ],
  ])('%s · the gateway starts · refused by its reference', async (_what, source, value, shown) => {
    await writeFile(join(root, 'books', 'connector.yaml'), MANIFEST(source));
    const readEnv = (name: string) => (name === 'WRONG' ? value : undefined);
    const folder = await readConnectorFolder(join(root, 'books'));
    const registry = createRegistry({
      baseUrls: new Map(),
      references: { readEnv },
      channels: createChannels(),
    });
    let thrown: unknown;
    try {
      registry.load([folder]);
    } catch (error) {
      thrown = error;
    }
    const text = inspect(thrown, { depth: 10 });
    expect(text).toContain(`found:    ${shown}`);
    expect(text).not.toContain(SECRET);

    const path = join(root, 'books');
    const { findings } = await checkConnectors([{ kind: 'folder', path }], [], { readEnv });
    expect(findings.map(formatDiagnostic).join('\n')).not.toContain(SECRET);
    try {
      baseUrlOf(folder, undefined, readEnv);
    } catch (error) {
      expect(inspect(error)).not.toContain(SECRET);
    }
  });

  it.each([
    [
      'the URL of a login',
      { type: 'login', url: () => SECRET, body: { u: 'me' }, tokenAt: 't', header: 'token' },
    ],
    ['a key', { type: 'none' }],
  ] as const)('%s · a call · fails without the value', async (what, credentials) => {
    const signing = {
      type: 'rsaSha256',
      fields: ['a'],
      separator: '|',
      privateKey: () => SECRET,
      into: 'mac',
    } as const;
    const upstream =
      what === 'a key' ? anUpstream({ signing } as never) : anUpstream({ credentials } as never);
    const request = { ...aRequest('http://127.0.0.1:9'), method: 'POST' as const, body: { a: '1' } };
    const error = await upstream.attempt(request, live()).catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: 10 })).not.toContain(SECRET);
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
  });
});

it('a setting · shown · without defaults, user and password', () => {
  expect(shownSetting('${env:A:-secret}')).toBe('${env:A}');
  expect(shownSetting('https://u:p@host/${file:/run/x}')).toBe('https://host/${file:/run/x}');
  expect(shownSetting('https://${env:HOST}')).toBe('https://${env:HOST}');
});

// Trusted documents: manifests, the store, the modes of clients and the forms of requests, over HTTP and both databases.

import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccessFile } from '../../src/access-file.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { createDocumentStore } from '../../src/documents/document-store.ts';
import { openDocuments } from '../../src/documents/open-documents.ts';
import { readManifest } from '../../src/documents/read-manifest.ts';
import { type DocumentMode, openTrustedDocuments } from '../../src/documents/trusted-documents.ts';
import { createLog } from '../../src/observe/log.ts';
import { openStore } from '../../src/store/database.ts';
import { aServer } from '../http/a-server.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';

const HELLO = 'query Hello { hello }';
const NAMED = 'query Named($name: String) { hello(name: $name) }';
const HASH = hash('sha256', HELLO);

describe('a manifest', () => {
  it.each([
    [
      'Apollo',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: HASH, name: 'Hello', type: 'query', body: HELLO }],
      },
    ],
    ['Relay and graphql-codegen', { [HASH]: HELLO }],
  ])('of %s · then its documents', (_tool, content) => {
    expect(readManifest(JSON.stringify(content))).toEqual([{ id: HASH, body: HELLO }]);
  });

  it.each([
    ['no JSON', '{', /^Found no JSON/],
    ['a list', '[]', /^Found no documents/],
    ['nothing', '{}', /^Found no documents/],
    ['another format', '{"format":"x","version":1,"operations":[]}', /^Found the format "x" in version 1/],
    [
      'another version',
      '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}',
      /version 2/,
    ],
    [
      'an operation without a body',
      '{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a"}]}',
      /^operations\[0\]/,
    ],
    ['a number', '{"a":1}', /^"a": found no text/],
    ['no GraphQL', '{"a":"{"}', /^"a": found no document/],
    ['an identifier with a space', '{"a b":"{ a }"}', /^"a b": found this identifier/],
  ])('%s · then refused with what was found', (_what, text, message) => {
    expect(() => readManifest(text)).toThrow(message);
  });
});

/** Clients have no token here: the mode is that of requests that name none. */
async function aServerWith(mode: DocumentMode) {
  const lines: string[] = [];
  const documents = await openTrustedDocuments({
    store: {
      version: async () => '1',
      all: async () => [
        { client: '', id: HASH, body: HELLO },
        { client: '', id: 'named', body: NAMED },
        { client: 'other', id: 'theirs', body: '{ officer }' },
      ],
    },
    log: createLog({ level: 'info', write: (line) => void lines.push(line) }),
    mode,
    modes: new Map(),
  });
  const server = await aServer({ documents });
  return {
    ...server,
    warnings: lines,
    close: async () => {
      documents.close();
      await server.close();
    },
  };
}

const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe.each<DocumentMode>(['off', 'warn', 'enforce'])('mode %s', (mode) => {
  let server: Awaited<ReturnType<typeof aServerWith>>;
  beforeAll(async () => {
    server = await aServerWith(mode);
  });
  afterAll(() => server.close());

  it.each<[string, object]>([
    ['Apollo', persisted(HASH)],
    ['Apollo, with the text', { ...persisted(HASH), query: HELLO }],
    ['Relay, doc_id', { doc_id: HASH }],
    ['Relay, id', { id: HASH, operationName: 'Hello' }],
    ['graphql-codegen', { documentId: HASH }],
    ['graphql-codegen, with its prefix', { documentId: `sha256:${HASH}` }],
    ['the text', { query: HELLO }],
  ])('%s · a published document · then answered', async (form, body) => {
    const response = await server.post(body);
    const answer = (await response.json()) as { data?: unknown; errors?: { message: string }[] };
    // Apollo Server refuses hashes beside texts, on which its clients send the text alone.
    if (mode === 'off' && form === 'Apollo, with the text')
      expect(answer.errors?.[0]?.message).toBe('PersistedQueryNotSupported');
    else expect([response.status, answer]).toEqual([200, { data: { hello: 'Hello, you' } }]);
  });

  it('variables · of a named document · then used', async () => {
    const response = await server.post({ documentId: 'named', variables: { name: 'An' } });
    expect(await response.json()).toEqual({ data: { hello: 'Hello, An' } });
  });

  it('by GET · Apollo and documentId · then answered', async () => {
    for (const search of [
      `extensions=${encodeURIComponent(JSON.stringify(persisted(HASH).extensions))}`,
      `documentId=${HASH}`,
    ]) {
      const response = await fetch(`${server.url}?${search}`, {
        headers: { 'apollo-require-preflight': 'true' },
      });
      expect([response.status, await response.json()]).toEqual([200, { data: { hello: 'Hello, you' } }]);
    }
  });

  it('an unknown identifier, and one of another client · then the error that clients understand', async () => {
    for (const body of [
      { documentId: 'nothing' },
      { documentId: 'theirs' },
      ...(mode === 'off' ? [] : [persisted('0'.repeat(64))]),
    ]) {
      const response = await server.post(body);
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
      ]);
    }
  });

  it('another document · then answered, answered with a line in the log, or refused', async () => {
    server.warnings.length = 0;
    for (let i = 0; i < 2; i++) {
      const response = await server.post({
        query: 'query Other { hello(name: "001099012345") }',
        operationName: 'Other',
      });
      const answer = await response.json();
      if (mode !== 'enforce') expect(answer).toEqual({ data: { hello: 'Hello, 001099012345' } });
      else {
        expect([response.status, answer]).toMatchObject([
          400,
          {
            errors: [
              {
                message: 'This client may send published documents only.',
                extensions: { code: 'DOCUMENT_NOT_TRUSTED' },
              },
            ],
          },
        ]);
      }
    }
    expect(server.warnings).toHaveLength(mode === 'warn' ? 1 : 0);
    expect(server.warnings.join('')).not.toContain('001099012345');
    if (mode === 'warn')
      expect(JSON.parse(server.warnings[0] as string)).toMatchObject({ operation: 'Other', client: null });
  });

  it('another document, whose operationName is no name · then that text is not logged', async () => {
    server.warnings.length = 0;
    await server.post({ query: '{ hello(name: "An") }', operationName: 'Trần Thị Bưởi' });
    expect(server.warnings).toHaveLength(mode === 'warn' ? 1 : 0);
    expect(server.warnings.join('')).not.toContain('Bưởi');
    if (mode === 'warn') expect(JSON.parse(server.warnings[0] as string)).toMatchObject({ operation: null });
  });
});

describe.each(storeCases)('the store, on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let folder: string;
  beforeAll(async () => {
    place = await makePlace();
    folder = await mkdtemp(join(tmpdir(), 'lienthong-documents-'));
  }, 60_000);
  afterAll(async () => {
    await place.drop();
    await rm(folder, { recursive: true });
  });

  async function run(...argv: string[]): Promise<[exit: number, out: string]> {
    let out = '';
    const streams = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (out += text) },
    };
    const exit = await runCommandLine(['documents', ...argv], {
      connectorsDir: '.',
      actor: { officer: '', agency: '' },
      store: place.options,
      issuer: { connectorsDir: 'connectors', port: 4000, simulatorPorts: {} },
      readEnv: () => undefined,
      terminal: createTerminal(streams, undefined),
    } as never);
    return [exit, out];
  }

  it('published, listed, compared, changed · then what a gateway finds', async () => {
    const file = join(folder, 'manifest.json');
    await writeFile(file, JSON.stringify({ [HASH]: HELLO, second: NAMED }));
    expect(await run('diff', file, '--client', 'app')).toEqual([1, `+ ${HASH}\n+ second\n2 differences.\n`]);
    expect(await run('publish', file, '--client', 'app')).toEqual([0, '2 documents: 2 new, 0 changed.\n']);
    expect(await run('diff', file, '--client', 'app')).toEqual([0, 'No difference.\n']);
    const [, listed] = await run('list');
    expect(listed).toContain(`app  ${HASH}  ${HASH.slice(0, 12)}  query Hello`);
    expect((await run('list', '--client', 'nobody'))[1]).toBe('0 documents.\n');

    const store = await openStore(place.options);
    const documents = await openTrustedDocuments({
      store: createDocumentStore(store),
      log: createLog({ level: 'silent' }),
      mode: 'enforce',
      modes: new Map([['app', 'warn']]),
    });
    try {
      expect([documents.find('app', 'second'), documents.find('other', 'second')]).toEqual([
        NAMED,
        undefined,
      ]);
      expect([documents.isTrusted('app', HELLO), documents.isTrusted(null, HELLO)]).toEqual([true, false]);
      expect([documents.modeOf('app'), documents.modeOf('other'), documents.modeOf(null)]).toEqual([
        'warn',
        'enforce',
        'enforce',
      ]);
      await createDocumentStore(store).publish('', [{ id: 'all', body: '{ __typename }' }]);
      expect(documents.find('app', 'all')).toBeUndefined();
      await documents.refresh();
      expect([documents.find('app', 'all'), documents.find(null, 'all')]).toEqual([
        '{ __typename }',
        '{ __typename }',
      ]);
    } finally {
      documents.close();
      await store.close();
    }
  }, 60_000);

  it('an access file that has no mode for a client · then the setting decides for it', async () => {
    const store = await openStore(place.options);
    const documents = await openDocuments({
      store,
      log: createLog({ level: 'silent' }),
      config: { trustedDocuments: 'enforce' },
      access: parseAccessFile(
        'clients:\n  batch: { class: batch }\n  lenient: { documents: "off" }\n',
        'access.yaml',
      ),
    });
    try {
      expect(['batch', 'lenient', 'unknown'].map(documents.modeOf)).toEqual(['enforce', 'off', 'enforce']);
    } finally {
      documents.close();
      await store.close();
    }
  });

  it('two documents that were stored in another order than that of their times · then both are found', async () => {
    const store = await openStore(place.options);
    const stored = createDocumentStore(store);
    try {
      await stored.publish('late', [{ id: 'a', body: HELLO }]);
      const before = await stored.version();
      await store.run(
        {
          name: 'test_earlier',
          sql: `update documents set body = $1::text, published_at = published_at - interval '1 ms' where client = 'late'`,
        },
        [NAMED],
      );
      expect(await stored.version()).not.toBe(before);
    } finally {
      await store.close();
    }
  });

  it('a file that is no manifest · published · then refused with the reason', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, '[]');
    const [exit, out] = await run('publish', file);
    expect([exit, out]).toEqual([2, expect.stringMatching(/wrong\.json: Found no documents/)]);
  });
});

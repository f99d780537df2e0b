// `lienthong connector check`, as its user runs it and as functions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../../src/diagnostic.ts';
import { readConnectorFolder } from '../../../src/manifest/read-folder.ts';
import { UNSAFE } from '../../an-unsafe-text.ts';
import {
  type AFolder,
  aFolder,
  commandLine,
  lienthong,
  MANIFEST,
  SCHEMA,
  writeBooks,
} from '../a-connector-folder.ts';

let folder: AFolder;
beforeAll(async () => {
  folder = await aFolder();
});
afterAll(() => folder.remove());

const check = (...args: string[]) => commandLine(['connector', 'check', ...args], { cwd: folder.path });

describe('connector check', () => {
  it('the connectors of this project · as they are · then no errors, exit code 0', async () => {
    const { code, out, err } = await lienthong(['connector', 'check']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^4 connectors checked: no errors/m);
    expect(out).toContain('population         ');
    expect(out).toContain('not portable: ->formatDate ->nfc ->pad ->partialDate ->personName ->upper');
  });

  it('a valid connector · without extension methods · then portable', async () => {
    await writeBooks(folder);
    await folder.write('connectors/books/cases/one.yaml', 'name: one\n');
    const { code, out } = await check();
    expect({ code, out }).toEqual({
      code: 0,
      out: 'books  ok, 1 operation, portable\n1 connector checked: no errors.\n',
    });
  });

  it('a wrong mapping · found · then place, line with caret, found, expected and way out; exit code 1', async () => {
    await writeBooks(folder, { schema: SCHEMA.replace('title: name', 'title: $argz') });
    const { code, out } = await check('books');
    expect(code).toBe(1);
    const lines = out.split('\n');
    const at = lines.findIndex((line) =>
      line.startsWith('connectors/books/schema.graphql:14:14 error InvalidSelection Query.book'),
    );
    expect(at).toBeGreaterThanOrEqual(0);
    expect(lines.slice(at + 2, at + 4)).toEqual(['  14 │       title: $argz', '     │              ^']);
    expect(out).toMatch(/found: {4}.*argz/);
    expect(out).toMatch(/expected: /);
    expect(out).toMatch(/way out: .*\$args/);
    expect(out).toMatch(/1 connector checked: 1 error\.\n$/);
  });

  it('mistakes in manifest and schema · together · then both are found at once', async () => {
    await writeBooks(folder, {
      manifest: MANIFEST.replace('protocol', 'x').replace('id: books', 'id: books\nprotocoll: json'),
      schema: SCHEMA.replace('title: name', 'titel: name'),
    });
    const { code, out } = await check('books');
    expect(code).toBe(1);
    expect(out).toContain('connectors/books/connector.yaml:2:1 error ManifestInvalid');
    expect(out).toContain('error SelectedFieldNotFound');
  });

  it('settings of an operation that the schema does not have · found, as when the gateway starts', async () => {
    await writeBooks(folder, {
      manifest: `${MANIFEST}operations: { Query.boks: { cache: { ttlMs: 1000 } } }\n`,
    });
    const { code, out } = await check('books');
    expect(code).toBe(1);
    expect(out).toContain('The manifest speaks of an operation that the schema does not have.');
    expect(out).toContain('Query.book');
  });

  it('--json · with findings · then one object, each finding with its severity', async () => {
    await writeBooks(folder, { schema: SCHEMA.replace('title: name', 'titel: name') });
    const { code, out } = await check('--json');
    const report = JSON.parse(out);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      ok: false,
      connectors: [{ id: 'books', path: 'connectors/books', portable: null }],
    });
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        code: 'SelectedFieldNotFound',
        severity: 'error',
        file: 'connectors/books/schema.graphql',
        line: 14,
      }),
    );
    expect(report.errors).toBe(report.findings.length);
  });

  it('a type that the gateway’s own schema has otherwise · composed · then the composition error has its place', async () => {
    await writeBooks(folder, {
      schema: SCHEMA.replace(
        'pages: Int\n',
        'pages: Int\n}\ntype Procedure @key(fields: "code") {\n  code: String!\n  name: Int\n',
      ),
    });
    const { code, out } = await check('books');
    expect(code).toBe(1);
    expect(out).toMatch(/connectors\/books\/schema\.graphql:\d+:\d+ error /);
  });

  it('warnings · alone · then exit code 0, and 1 with --strict', async () => {
    const wrong = 'test/connect/check/wrong/call-per-element.graphql';
    const [plain, strict] = await Promise.all([
      lienthong(['connector', 'check', wrong]),
      lienthong(['connector', 'check', wrong, '--strict']),
    ]);
    expect(plain.out).toMatch(/1 connector checked: no errors and \d+ warnings/);
    expect([plain.code, strict.code]).toEqual([0, 1]);
  });

  it('a schema without manifest · with settings of any name · then they are assumed to exist', async () => {
    await folder.write('shop.graphql', SCHEMA);
    const { code, out } = await check('shop.graphql');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'shop  ok, 1 operation, portable\n1 connector checked: no errors.\n',
    });
  });
});

describe('connectors together', () => {
  it('the same types in two · composed · then one finding per type, with whose it is', async () => {
    const two = await aFolder();
    const schema = SCHEMA.replace(
      'pages: Int\n}',
      'pages: Int\n  shop: Shop\n}\n\ntype Shop { name: String }',
    ).replace('pages: length?', 'pages: length?\n      shop { name }');
    await writeBooks(two, { schema });
    await two.write('connectors/papers/connector.yaml', MANIFEST.replace('id: books', 'id: papers'));
    // Another type of one field: a consequence, not a mistake of its own.
    await two.write(
      'connectors/papers/schema.graphql',
      schema.replace('book(isbn', 'paper(isbn').replace('pages: Int\n', 'pages: String\n'),
    );
    const { out } = await commandLine(['connector', 'check', '--json'], { cwd: two.path });
    await two.remove();
    const { findings } = JSON.parse(out);
    expect(findings).toMatchObject([
      {
        code: 'OwnedByAnother',
        file: 'connectors/papers/schema.graphql',
        line: 23,
        coordinate: 'Book',
        message:
          'Book is owned by connector books (connectors/books/schema.graphql:23); connector papers declares it, too.',
        found: 'a second Book.title, Book.author, Book.pages, Book.shop',
      },
      {
        code: 'OwnedByAnother',
        coordinate: 'Shop',
        message: expect.stringContaining('is owned by connector books'),
      },
    ]);
  });

  it('a variable that holds no URL · checked · then the reference is shown, and never its value', async () => {
    await writeBooks(folder);
    const { code, out } = await commandLine(['connector', 'check', 'books'], {
      cwd: folder.path,
      env: { BOOKS_URL: 'hunter2-the-password' },
    });
    expect(code).toBe(1);
    expect(out).toContain('connectors/books/connector.yaml:5:11 error ManifestInvalid source.baseUrl\n');
    expect(out).toContain('found:    another value behind ${env:BOOKS_URL:-http://127.0.0.1:9}\n');
    expect(out).toContain('1 connector checked: 1 error.');
    expect(out).not.toContain('hunter2');
  });

  it('mistakes in the YAML and in the schema · checked · then both at once', async () => {
    await writeBooks(folder, {
      manifest: MANIFEST.replace('config: {', 'config: [{'),
      schema: SCHEMA.replace('title: name', 'title: $argz'),
    });
    const { out } = await check('books');
    expect(out).toContain('connector.yaml:4:9 error ManifestSyntax');
    expect(out).toContain('schema.graphql:14:14 error InvalidSelection');
    expect(out).toContain('1 connector checked: 2 errors.');
  });

  it('a secret in plain text · in a line that is quoted for another reason · then not shown', async () => {
    await writeBooks(folder, {
      manifest: `${MANIFEST}credentials: { type: basic, user: shop, password: Tr4ngTien!, paswword: x }\n`,
    });
    const { out } = await check('books');
    expect(out).not.toContain('Tr4ngTien');
    expect(out).toContain('error ManifestInvalid credentials.paswword');
  });
});

describe('a hostile connector', () => {
  const ATTACK = 'x\n4 connectors checked: no errors.\u001b[2J\u009b1A\u202e\u2028end';

  it.each([
    ['a YAML key', `${MANIFEST}? ${JSON.stringify(ATTACK)}\n: 1\n`],
    [
      'a YAML value',
      MANIFEST.replace('classification: internal', `classification: ${JSON.stringify(ATTACK)}`),
    ],
    ['a text in broken YAML', `${MANIFEST}broken: [\u009b2J\u2028\n`],
  ])(
    '%s with control characters · checked · then escaped, and no line of its own',
    async (_what, manifest) => {
      await writeBooks(folder, { manifest });
      const { code, out, err } = await check('books');
      expect(code).toBe(1);
      const lines = `${out}${err}`.split('\n');
      for (const line of lines) {
        expect(line.replaceAll('\t', '')).not.toMatch(UNSAFE);
        expect(line).not.toMatch(/^\s*4 connectors checked/);
      }
      expect(lines.filter((line) => /checked: /.test(line.slice(0, 30)))).toEqual([
        expect.stringMatching(/^1 connector checked: [1-9]/),
      ]);
      const error = await readConnectorFolder(`${folder.path}/connectors/books`).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(DiagnosticsError);
      for (const line of (error as DiagnosticsError).message.split('\n')) {
        expect(line.replaceAll('\t', '')).not.toMatch(UNSAFE);
        expect(line).not.toMatch(/^\s*4 connectors checked/);
      }
    },
  );
});

// `lienthong connector test`: cases run, differ, are recorded; and what a case file may hold.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCase } from '../../../src/admission/cases.ts';
import { listDifferences } from '../../../src/admission/difference.ts';
import { recordCase } from '../../../src/admission/record-case.ts';
import { createCaseRunner } from '../../../src/admission/run-case.ts';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { DiagnosticsError } from '../../../src/diagnostic.ts';
import { readManifest } from '../../../src/manifest/manifest.ts';
import {
  type AFolder,
  aFolder,
  commandLine,
  lienthong,
  MANIFEST,
  SCHEMA,
  writeBooks,
} from '../a-connector-folder.ts';

const CASE = `# A book with all that it can have.
name: A book # shown in reports
operation: Query.book
args: { isbn: "978-1" }
request:
  method: GET
  path: /books/978-1?by=978-1
  headers: { X-Shelf: A1 }
answer:
  body: >-
    { "isbn": "978-1", "name": "Truyện Kiều",
      "writer": { "full": "Nguyễn Du" }, "length": 200 }
expect:
  # What the shop calls name.
  result:
    isbn: "978-1"
    title: Truyện Kiều
    author: Nguyễn Du
    pages: 200 # of this edition
`;

const run = createCaseRunner(
  readManifest(MANIFEST, 'connector.yaml'),
  readConnectorSchema(SCHEMA, 'schema.graphql'),
);
const runText = (text: string) => run(readCase(text, 'a.yaml'));
const texts = (text: string) =>
  runText(text).differences.map(({ path, kind, expected, found }) => [path.join('.'), kind, expected, found]);

describe('a case', () => {
  it('as expected · run · then no differences', () => {
    expect(runText(CASE).differences).toEqual([]);
  });

  it('another request, result and problem · run · then each difference with its path', () => {
    const text = CASE.replace('path: /books/978-1?by=978-1', 'path: /book/978-1')
      .replace('title: Truyện Kiều', 'title: Kiều')
      .replace('X-Shelf: A1', 'X-Shelf: B2')
      .replace('"full": "Nguyễn Du"', '"name": "Nguyễn Du"');
    expect(texts(text)).toEqual([
      ['request.path', 'changed', '/book/978-1', '/books/978-1?by=978-1'],
      ['request.headers.x-shelf', 'changed', 'B2', 'A1'],
      ['expect.problems.0', 'unexpected', undefined, 'writer.full: "full" was not found in an object'],
      ['expect.result.title', 'changed', 'Kiều', 'Truyện Kiều'],
      ['expect.result.author', 'missing', 'Nguyễn Du', undefined],
    ]);
  });

  it.each([
    ['answer: { body: { state: gone } }', 'notFound: true'],
    ['answer: { body: { state: ill } }', 'error: UPSTREAM_FAULT'],
    ['answer: { status: 429, body: {} }', 'error: UPSTREAM_THROTTLED'],
    ['answer: { headers: { content-type: text/html }, body: <html/> }', 'error: UPSTREAM_INVALID'],
    [
      'answer: { status: 204 }',
      'result: null\n  problems: [ "isbn: \\"isbn\\" was not found in null", "name: \\"name\\" was not found in null", "writer: \\"writer\\" was not found in null" ]',
    ],
  ])('%s · run · then %s', (answer, expected) => {
    const text = `name: x\noperation: Query.book\nargs: { isbn: a }\n${answer}\nexpect:\n  ${expected}\n`;
    expect(texts(text)).toEqual([]);
  });

  it('an operation that does not exist · run · then a sentence with those that do', () => {
    const { refusal } = runText(CASE.replace('operation: Query.book', 'operation: Book'));
    expect(refusal).toBe('The connector has no operation "Book"; it has Query.book.');
  });
});

describe('a case file', () => {
  const findings = (text: string) => {
    try {
      readCase(text, 'a.yaml');
      return [];
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      return error.diagnostics.map(
        (row) =>
          `${row.line}:${row.column} ${row.coordinate ?? ''} found ${row.found}, expected ${row.expected}`,
      );
    }
  };

  it('wrong in several places · read · then every mistake with its place', () => {
    const text = CASE.replace('operation: Query.book\n', '')
      .replace('method: GET', 'method: FETCH')
      .replace('  body: >-', '  boddy: >-');
    expect(findings(text)).toEqual([
      '2:1 operation found nothing, expected a text',
      '5:3 request.method found "FETCH", expected one of GET, POST, PUT, PATCH, DELETE',
      '9:3 answer.boddy found boddy, expected body',
    ]);
  });

  it('two outcomes · read · then it must choose', () => {
    expect(findings(`${CASE}  notFound: true\n`)).toEqual([
      '13:1 expect found result and notFound, expected exactly one of result, notFound, error',
    ]);
  });

  it('no YAML · read · then the place', () => {
    expect(findings('name: "x\n')[0]).toMatch(/^1:7 .*found a double quote without a second one/);
  });
});

describe('what a case sets', () => {
  const runnerOf = (schema: string, manifest: string) =>
    createCaseRunner(readManifest(manifest, 'm.yaml'), readConnectorSchema(schema, 's.graphql'));
  const given = (text: string) => readCase(text, 'a.yaml');

  it('env, config and headers of the client · set · then the request reads them', () => {
    const schema = SCHEMA.replace(
      'headers: [',
      `headers: [{ name: "x-pin", value: "{$env.PIN}" }, { name: "x-lang", value: "{$request.headers.lang->first}" }, `,
    );
    const runCase = runnerOf(schema, `${MANIFEST}env: [PIN]\n`);
    const sets = 'env: { PIN: 731 }\nconfig: { shelf: B2 }\nheaders: { Lang: vi }\n';
    const expected = CASE.replace('X-Shelf: A1', 'X-Shelf: B2, X-Pin: "731", X-Lang: vi');
    expect(runCase(given(sets + expected)).differences).toEqual([]);
    // Only for this case.
    expect(runCase(given(CASE)).differences).toEqual([]);
    expect(runCase(given(`env: { PINN: 1 }\n${CASE}`)).refusal).toBe(
      'The case sets "PINN" in env, and the manifest lists PIN in env. Correct the name, or add it there.',
    );
  });

  it('an error with reason and extensions · recorded · then both are in the case, and it passes', () => {
    const schema = SCHEMA.replace(
      'entity: true',
      'entity: true\n      errors: { message: "$.why", extensions: "code: number" }',
    );
    const runCase = runnerOf(schema, MANIFEST);
    const answer = `answer:\n  status: 500\n  body: '{ "why": "closed", "number": "E7" }'\n`;
    const head = CASE.slice(0, CASE.indexOf('request:'));
    const tail = CASE.slice(CASE.indexOf('expect:'));
    for (const text of [head + answer, head + answer + tail]) {
      const recorded = recordCase(runCase(given(text)));
      expect(recorded).toContain('error: UPSTREAM_FAULT\n');
      expect(recorded).toContain('reason: closed\n');
      expect(recorded).toMatch(/extensions:\n {4}code: E7\n/);
      expect(runCase(given(recorded)).differences).toEqual([]);
    }
  });

  it('a key that the answer does not have · run · then the names of those that are there', () => {
    const report = runText(CASE.replace('"full": "Nguyễn Du"', '"name": "Nguyễn Du", "born": 1766'));
    expect(report.hints).toEqual(['writer.full: there are name, born']);
  });
});

describe('recording', () => {
  it('a changed result · recorded · then only that line changes, comments stay', () => {
    const text = CASE.replace('title: Truyện Kiều', 'title: Kiều').replace('method: GET', 'method: POST');
    expect(recordCase(runText(text))).toBe(CASE);
  });

  it('a case that passes · recorded · then the same text', () => {
    expect(recordCase(runText(CASE))).toBe(CASE);
  });

  it('a result that is an error now · recorded · then the error stands in its place', () => {
    const text = recordCase(runText(CASE.replace('answer:\n', 'answer:\n  status: 503\n')));
    expect(text).toContain('expect:\n  # What the shop calls name.\n  error: UPSTREAM_FAULT\n');
    expect(texts(text)).toEqual([]);
  });

  it('an empty request and no expectation · recorded · then both are written, and the case passes', () => {
    const head = CASE.slice(0, CASE.indexOf('request:'));
    const answer = CASE.slice(CASE.indexOf('answer:'), CASE.indexOf('expect:'));
    const text = recordCase(runText(`${head}request: {}\n${answer}`));
    expect(text).toContain('request:\n  method: GET\n  path: /books/978-1?by=978-1\nanswer:');
    expect(text).toContain('    title: Truyện Kiều\n');
    expect(texts(text)).toEqual([]);
  });
});

describe('differences', () => {
  const json = { ordered: () => false };
  const xml = { ordered: () => true };
  it('the same keys in another order · compared · then equal in JSON and not in XML', () => {
    expect(listDifferences({ a: 1, b: 2 }, { b: 2, a: 1 }, json)).toEqual([]);
    expect(listDifferences({ a: 1, b: 2 }, { b: 2, a: 1 }, xml)).toMatchObject([{ kind: 'order', path: [] }]);
  });
  it('null, missing and an empty list · compared · then all differ', () => {
    expect(listDifferences({ a: null, b: [] }, { b: null }, json).map(({ kind }) => kind)).toEqual([
      'missing',
      'changed',
    ]);
  });
});

describe('connector test', () => {
  let folder: AFolder;
  beforeAll(async () => {
    folder = await aFolder();
    await writeBooks(folder);
  });
  afterAll(() => folder.remove());
  const test = (...args: string[]) => commandLine(['connector', 'test', ...args], { cwd: folder.path });
  const path = 'connectors/books/cases/a.yaml';

  it('the connectors of this project · as they are · then all pass', async () => {
    const { code, out } = await lienthong(['connector', 'test', '--json']);
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, failed: 0, updated: 0 });
    expect(report.passed).toBeGreaterThanOrEqual(19);
    expect(report.cases.map(({ connector }: { connector: string }) => connector)).toContain('population');
  });

  it('a case that fails · then what was expected and found, with its line; exit code 1', async () => {
    await folder.write(path, CASE.replace('title: Truyện Kiều', 'title: Kiều'));
    const { code, out } = await test();
    expect(code).toBe(1);
    expect(out).toBe(`books
  ✗ A book  ${path}
      expect.result.title  line 17
      expected  "Kiều"
      found     "Truyện Kiều"

1 case of 1 connector: 0 passed, 1 failed.
`);
  });

  it('--update · then the file is right, and the next run passes', async () => {
    await folder.write(path, CASE.replace('title: Truyện Kiều', 'title: Kiều'));
    const first = await test('books', '--update');
    expect(first.code).toBe(0);
    expect(first.out).toContain('1 case of 1 connector: 0 passed, 1 updated.');
    expect(await folder.read(path)).toBe(CASE);
    expect((await test(path)).out).toBe('books\n  ✓ A book\n\n1 case of 1 connector: 1 passed.\n');
  });

  it('a connector that does not compile · then its findings in place of its cases', async () => {
    await writeBooks(folder, { schema: SCHEMA.replace('title: name', 'title: $argz') });
    const { code, out } = await test();
    expect(code).toBe(1);
    expect(out).toContain('✗ cannot run  connectors/books');
    expect(out).toContain('Did you mean $args?');
  });

  it('a connector without cases · then reported, exit code 0', async () => {
    await folder.write('other/books/connector.yaml', MANIFEST);
    await folder.write('other/books/schema.graphql', SCHEMA);
    const { code, out } = await test('other');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'books\n  – no cases\n\n0 cases of 1 connector: 0 passed.\n',
    });
  });
});

// The examples of the documentation work: the first schema of docs/connect-spec.md with the manifest of connectors/README.md, and
// the case of docs/cli.md.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCase } from '../src/admission/cases.ts';
import { checkConnectors } from '../src/admission/check-connectors.ts';
import { readCoreSchema } from '../src/graph/core-schema.ts';

const root = new URL('..', import.meta.url);

/** The first block of code in a language, without its indentation. */
async function firstBlock(page: string, language: string, after = ''): Promise<string> {
  const text = await readFile(new URL(page, root), 'utf8');
  const found = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, 'ms').exec(
    text.slice(text.indexOf(after)),
  );
  const [, indent = '', code = ''] = found ?? [];
  return code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the examples of the documentation', () => {
  it('schema and manifest · checked together · then no finding', async () => {
    const path = join(folder, 'library');
    await mkdir(path);
    await writeFile(join(path, 'schema.graphql'), await firstBlock('docs/connect-spec.md', 'graphql'));
    await writeFile(
      join(path, 'connector.yaml'),
      await firstBlock('connectors/README.md', 'yaml', '## Add a connector'),
    );
    const core = await readCoreSchema();
    const { connectors, findings } = await checkConnectors([{ kind: 'folder', path }], core, {
      readEnv: () => undefined,
    });
    // The page shows manifest and schema; the cases come later.
    expect(findings.filter(({ code }) => code !== 'NoCases')).toEqual([]);
    expect(connectors).toMatchObject([{ id: 'library', portable: true, errors: 0 }]);
    expect(connectors[0]?.operations).toEqual(['Query.books', 'Author']);
  });

  it('the case · read, with one outcome of the three · then accepted', async () => {
    const shown = await firstBlock('docs/cli.md', 'yaml', '### A case');
    const text = shown.replaceAll('…', 'x').replace(/^ {2}(notFound|error|reason|extensions):.*\n/gm, '');
    expect(readCase(text, 'example.yaml').content).toMatchObject({
      operation: 'Delivery',
      request: { method: 'GET' },
      answer: { status: 200 },
    });
    expect(() => readCase(shown.replaceAll('…', 'x'), 'example.yaml')).toThrow(/expects one outcome/);
  });
});

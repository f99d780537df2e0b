// Each mistake of `as-typed.ts` is found at its place, by one finding that names what was found, what was expected and the way out.
// `mistakes.md` has the reports as a person reads them; a change of a message is a change of that page.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnectors } from '../../../../src/admission/check-connectors.ts';
import { createLinesOf } from '../../../../src/cli/code-frame.ts';
import { diagnosticText } from '../../../../src/cli/diagnostic-report.ts';
import { createTerminal } from '../../../../src/cli/terminal.ts';
import type { Diagnostic } from '../../../../src/diagnostic.ts';
import { readCoreSchema } from '../../../../src/graph/core-schema.ts';
import {
  MISTAKES,
  type Mistake,
  REST_MANIFEST,
  REST_SCHEMA,
  SOAP_MANIFEST,
  SOAP_SCHEMA,
} from './as-typed.ts';

let folder: string;
const before = process.cwd();
const core = await readCoreSchema();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-mistakes-'));
  await mkdir(join(folder, 'library', 'cases'), { recursive: true });
  await writeFile(join(folder, 'library', 'cases', 'one.yaml'), 'name: one\n');
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

const { style } = createTerminal({ stdout: { write: () => {} }, stderr: { write: () => {} } }, undefined);

function change(text: string, by: Mistake['manifest']): string {
  if (by === undefined) return text;
  if (typeof by === 'string') return by;
  expect(text).toContain(by[0]);
  return text.replace(by[0], () => by[1]);
}

async function check(manifest: string, schema: string): Promise<readonly Diagnostic[]> {
  await writeFile('library/connector.yaml', manifest);
  await writeFile('library/schema.graphql', schema);
  const targets = [{ kind: 'folder' as const, path: 'library' }];
  return (await checkConnectors(targets, core, { readEnv: () => undefined })).findings;
}

const findingsOf = ({ of, manifest, schema }: Mistake) =>
  of === 'soap'
    ? check(change(SOAP_MANIFEST, manifest), change(SOAP_SCHEMA, schema))
    : check(change(REST_MANIFEST, manifest), change(REST_SCHEMA, schema));

/** A list of five names and more is shown by its first three: others may be added, which is no change of a message. */
const shortList = (text: string): string => text.replace(/((?:[\w@-]+, ){3})(?:[\w@-]+, ){1,}[\w@-]+/, '$1…');

/** Words of the YAML library, of zod and of JavaScript. */
const OF_A_LIBRARY =
  /YAMLParseError|flow (map|seq|collection)|block (map|seq|collection)|Implicit (map )?key|plain scalar|Resolved|compact|Nested mappings|Unresolved|sufficiently|Unexpected [\w-]+ (at|token|in)|Invalid input|undefined|\[object|regex|TypeError|Cannot read/i;

describe('mistakes as a person types them', () => {
  it('the connectors without a mistake · checked · then no findings', async () => {
    expect(await check(REST_MANIFEST, REST_SCHEMA)).toEqual([]);
    expect(await check(SOAP_MANIFEST, SOAP_SCHEMA)).toEqual([]);
  });

  it('every mistake · checked · then reported as on the page', async () => {
    const blocks: string[] = [];
    for (const mistake of MISTAKES) {
      const findings = await findingsOf(mistake);
      const linesOf = createLinesOf();
      const rows = findings.map((row) => ({ ...row, expected: row.expected && shortList(row.expected) }));
      const text = rows.map((row) => diagnosticText(row, linesOf, style)).join('\n');
      blocks.push(`## ${mistake.what}\n\n\`\`\`\n${text || 'no findings'}\n\`\`\`\n`);
    }
    const head = `# What a mistake is answered with\n\n${MISTAKES.length} mistakes of \`as-typed.ts\`. Written by \`mistakes.test.ts\`; read the difference before it is accepted.\n\n`;
    await expect(head + blocks.join('\n')).toMatchFileSnapshot(
      new URL('mistakes.md', import.meta.url).pathname,
    );
  });

  it.each(MISTAKES.map((mistake) => [mistake.what, mistake] as const))(
    '%s · checked · then one finding with place, found, expected and way out',
    async (_what, mistake) => {
      const findings = await findingsOf(mistake);
      expect(findings.map(({ code }) => code)).toHaveLength(mistake.findings ?? 1);
      for (const { line, column, found, expected, wayOut, message } of findings) {
        expect({ line, column }).toEqual({ line: expect.any(Number), column: expect.any(Number) });
        for (const text of [message, found, expected, wayOut]) {
          expect(text).toMatch(/\S/);
          expect(text).not.toMatch(OF_A_LIBRARY);
        }
      }
    },
  );
});

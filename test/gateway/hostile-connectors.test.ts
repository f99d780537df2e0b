// A hostile connector is dropped into the folder of a gateway that serves requests: it is refused, the connectors in service
// stay, and requests are answered while it is being checked.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHECK_CASES, MANIFEST, SCHEMA } from '../growth/check-cases.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';

let folder: ConnectorsFolder;
let gate: TestGateway;

beforeAll(async () => {
  folder = await aConnectorsFolder();
  gate = await aGateway({ connectorsDir: folder.path, args: ['--request-deadline-ms', '60000'] });
}, 120_000);
afterEach(() => folder.remove('hostile'));
afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

async function drop(manifest: string, schema: string): Promise<void> {
  await mkdir(join(folder.path, 'hostile'), { recursive: true });
  await writeFile(
    join(folder.path, 'hostile', 'connector.yaml'),
    manifest.replace('id: postal', 'id: hostile'),
  );
  await writeFile(join(folder.path, 'hostile', 'schema.graphql'), schema);
}

/** Asks one small query after the other until a promise settles. Returns the answers. */
async function askUntil(settled: Promise<unknown>): Promise<Answer[]> {
  let isPending = true;
  const end = () => {
    isPending = false;
  };
  settled.then(end, end);
  const answers: Answer[] = [];
  while (isPending) answers.push(await gate.ask('{ connectors { id } }'));
  return answers;
}

describe('a hostile connector · reloaded', { timeout: 120_000 }, () => {
  it('a manifest full of unknown keys, 3,000 unknown types · refused by name; every request meanwhile is answered', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: ${i}`)
      .join('\n')
      .slice(0, 120_000);
    const types = Array.from({ length: 3000 }, (_, i) => `type K${i} { f: Unknown${i} }`).join('\n');
    await drop(`${MANIFEST}\n${keys}`, `${SCHEMA}\n${types}`);
    const reload = gate.gateway.reload();
    const answers = await askUntil(reload);
    await expect(reload).rejects.toThrow(/hostile\/connector\.yaml[\s\S]*hostile\/schema\.graphql/);
    // The check takes far longer than a request: with a blocked loop there would be one answer.
    expect(answers.length).toBeGreaterThan(10);
    for (const { status, errors } of answers) expect([status, errors]).toEqual([200, undefined]);
  });

  it('large and right, costly to compose · requests are answered while it is checked and taken', async () => {
    const text = Array.from(
      { length: 3000 },
      (_, i) => `"A thing."\ntype Thing${i} @shareable { a: Int b: Thing${(i + 1) % 3000} }`,
    ).join('\n');
    const key = SCHEMA.replace('import: ["@key"]', 'import: ["@key", "@shareable"]');
    await drop(MANIFEST, `${key}\n${text}`);
    const reload = gate.gateway.reload().catch((error: Error) => error);
    const answers = await askUntil(reload);
    expect(answers.length).toBeGreaterThan(10);
  });

  it('any · refused or harmless; the page is whole afterwards', async () => {
    for (const { texts } of CHECK_CASES.filter((_, index) => index % 5 === 0)) {
      const { manifest, schema } = texts(64 * 1024);
      await drop(manifest, schema);
      await expect(gate.gateway.reload()).rejects.toThrow('hostile');
    }
    const page = await gate.page();
    expect(page.errors).toBeUndefined();
    expect(page.data.dossiers.edges).toHaveLength(20);
    await folder.remove('hostile');
    expect((await gate.gateway.reload()).rebuilt).toEqual([]);
  });
});

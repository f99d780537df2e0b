// Connectors checked in a worker: the same report as in place, and an end for a check that costs too much.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnectors } from '../../src/admission/check-connectors.ts';
import { checkInWorker } from '../../src/admission/check-in-worker.ts';
import { readCoreSchema } from '../../src/graph/core-schema.ts';
import { CHECK_CASES, MANIFEST, SCHEMA } from '../growth/check-cases.ts';

const core = await readCoreSchema();
const env = (): undefined => undefined;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
  await mkdir(join(folder, 'postal'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function postal(manifest = MANIFEST, schema = SCHEMA) {
  await writeFile(join(folder, 'postal', 'connector.yaml'), manifest);
  await writeFile(join(folder, 'postal', 'schema.graphql'), schema);
  return [{ kind: 'folder' as const, path: join(folder, 'postal') }];
}

describe('checkInWorker', () => {
  it.each([
    ['a right connector', MANIFEST, SCHEMA],
    ['a wrong manifest', MANIFEST.replace('id: postal', 'id: post'), SCHEMA],
    ['a wrong schema', MANIFEST, SCHEMA.replace('  trackingCode: String', '  trackingCode: Strin')],
  ])('%s · the report of the same check in place', async (_, manifest, schema) => {
    const targets = await postal(manifest, schema);
    expect(await checkInWorker(targets, core, env)).toEqual(
      await checkConnectors(targets, core, { readEnv: env }),
    );
  });

  it('a base URL from the environment · resolved with the values of the caller', async () => {
    const manifest = MANIFEST.replace(/baseUrl: .*/, 'baseUrl: ${env:POSTAL_URL}');
    const schema = SCHEMA.replace('{$config.baseUrl}', 'https://a.example');
    const targets = await postal(manifest, schema);
    const codes = async (url: string) =>
      (await checkInWorker(targets, core, () => url)).findings.map(({ code }) => code);
    expect(await codes('https://b.example')).toContain('HostNotListed');
    expect(await codes('https://a.example')).not.toContain('HostNotListed');
  });

  it.each([
    ['time', { timeoutMs: 1, heapMb: 512 }, 'a check that needs more than 0.001 s'],
    ['memory', { timeoutMs: 60_000, heapMb: 4 }, 'a check that needs more than 4 MB of memory'],
  ])('a check beyond its limit of %s · ended, and reported', async (_, limits, found) => {
    const report = await checkInWorker(await postal(), core, env, limits);
    expect(report.findings).toMatchObject([{ code: 'ConnectorTooCostly', found }]);
    expect(report).toMatchObject({ connectors: [], composed: false, sdl: undefined });
  });
});

describe('files beyond their limit', () => {
  it.each([
    ['connector.yaml', `${MANIFEST}${'# x\n'.repeat(40_000)}`, SCHEMA, 'at most 131,072 bytes'],
    ['schema.graphql', MANIFEST, `${SCHEMA}${'# x\n'.repeat(140_000)}`, 'at most 524,288 bytes'],
  ])('%s · reported with its size, the limit and the way out', async (file, manifest, schema, expected) => {
    const { findings } = await checkInWorker(await postal(manifest, schema), core, env);
    const finding = findings.find(({ code }) => code === 'FileTooLarge');
    expect(finding?.file).toContain(`postal/${file}`);
    expect(finding).toMatchObject({ expected, found: expect.stringMatching(/^\d{3},\d{3} bytes$/) });
    expect(finding?.wayOut).toMatch(/\.$/);
  });
});

describe('hostile connectors of 96 KB', { timeout: 60_000 }, () => {
  it('each · checked with composition · has a report with a place in each finding', async () => {
    for (const { name, texts } of CHECK_CASES) {
      const { manifest, schema } = texts(96 * 1024);
      const targets = await postal(manifest, schema);
      const { findings } = await checkConnectors(targets, core, { readEnv: env });
      expect(findings.length, name).toBeGreaterThan(0);
      for (const { file, message } of findings)
        expect([file, message], name).toEqual([expect.any(String), expect.any(String)]);
    }
  });
});

// Where the connectors are: a folder of connector folders, and what else CONNECTORS_DIR may name by mistake.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiagnosticsError } from '../../src/diagnostic.ts';
import { listConnectorFolders } from '../../src/manifest/read-folder.ts';
import { aFolder } from '../store/each-store.ts';

const root = new URL('../../', import.meta.url).pathname;

const refusalOf = async (path: string) => {
  const error: DiagnosticsError = await listConnectorFolders(path).then(
    () => expect.fail(`${path} was accepted`),
    (reason) => reason,
  );
  return error.diagnostics;
};

describe('the folder of connectors', () => {
  it('of the project · listed · then each connector folder, by name', async () => {
    expect(await listConnectorFolders(`${root}connectors`)).toEqual(
      ['business-registry', 'payment', 'population', 'postal'].map((id) => resolve(root, 'connectors', id)),
    );
  });

  it.each([
    ['connectors/nowhere', 'nothing'],
    ['package.json', 'something else than a readable folder'],
  ])('%s · listed · then refused, with what was found', async (path, found) => {
    expect(await refusalOf(root + path)).toEqual([
      {
        code: 'ConnectorsFolder',
        message: 'The folder of connectors cannot be read.',
        file: root + path,
        found,
        expected: 'a folder with one folder per connector',
        wayOut: 'Set CONNECTORS_DIR to it.',
      },
    ]);
  });

  it('folders with a misspelt, a missing or no manifest, and others · listed · then all that look like connectors', async () => {
    const folder = aFolder();
    try {
      const files = ['one/connector.yaml', 'two/connector.yml', 'three/schema.graphql', 'notes/README.md'];
      for (const file of files) {
        mkdirSync(dirname(join(folder.path, file)));
        writeFileSync(join(folder.path, file), '');
      }
      const names = (await listConnectorFolders(folder.path)).map((path) => basename(path));
      expect(names).toEqual(['one', 'three', 'two']);
    } finally {
      folder.drop();
    }
  });

  it('a single connector · listed · then refused, with the folder that was meant', async () => {
    expect(await refusalOf(`${root}connectors/postal`)).toEqual([
      {
        code: 'ConnectorsFolder',
        message: 'CONNECTORS_DIR names a single connector.',
        file: `${root}connectors/postal`,
        found: 'a connector.yaml in the folder itself',
        expected: 'a folder with one folder per connector',
        wayOut: `Set CONNECTORS_DIR to the folder above: ${resolve(root, 'connectors')}.`,
      },
    ]);
  });
});

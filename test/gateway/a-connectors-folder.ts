// A copy of `connectors/` in a temporary folder that a test may change. Its simulators are those of the repository, by
// reference, so that nothing but the data is copied.

import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ORIGINAL = new URL('../../connectors/', import.meta.url);

export interface ConnectorsFolder {
  readonly path: string;
  /** Changes one file of a connector; throws where nothing changes, so that a test cannot pass by a typing mistake. */
  edit(
    id: string,
    file: 'connector.yaml' | 'schema.graphql',
    change: (text: string) => string,
  ): Promise<void>;
  /** Sets numbers of a manifest by their key, e.g. `{ openMs: 500 }`; with no id in all of them. */
  set(numbers: Readonly<Record<string, number>>, id?: string): Promise<void>;
  /** Puts a connector back as it is in the repository, then the numbers of the first `set`. */
  restore(id: string): Promise<void>;
  /** Takes one connector away, or all and the folder. */
  remove(id?: string): Promise<void>;
}

export async function aConnectorsFolder(
  numbers: Readonly<Record<string, number>> = {},
): Promise<ConnectorsFolder> {
  const path = await mkdtemp(join(tmpdir(), 'connectors-'));
  const entries = await readdir(ORIGINAL, { withFileTypes: true });
  const ids = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

  const restore = async (id: string): Promise<void> => {
    await mkdir(join(path, id), { recursive: true });
    for (const file of ['connector.yaml', 'schema.graphql']) {
      await cp(new URL(`${id}/${file}`, ORIGINAL), join(path, id, file));
    }
    const simulator = new URL(`${id}/simulator.ts`, ORIGINAL).pathname;
    await writeFile(
      join(path, id, 'simulator.ts'),
      `export { simulator } from ${JSON.stringify(simulator)};\n`,
    );
    await singleAttempts(join(path, id, 'connector.yaml'));
    await set(numbers, id);
  };

  const edit: ConnectorsFolder['edit'] = async (id, file, change) => {
    const name = join(path, id, file);
    const before = await readFile(name, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`The change of ${id}/${file} changed nothing.`);
    await writeFile(name, after);
  };

  const set = async (values: Readonly<Record<string, number>>, id?: string): Promise<void> => {
    for (const each of id === undefined ? ids : [id]) {
      const name = join(path, each, 'connector.yaml');
      let text = await readFile(name, 'utf8');
      for (const [key, value] of Object.entries(values)) {
        const line = new RegExp(`^( +${key}: )[\\d.]+$`, 'm');
        if (!line.test(text)) throw new Error(`${each}/connector.yaml has no number "${key}".`);
        text = text.replace(line, `$1${value}`);
      }
      await writeFile(name, text);
    }
  };

  for (const id of ids) await restore(id);
  return {
    path,
    edit,
    set,
    restore,
    remove: (id = '') => rm(join(path, id), { recursive: true, force: true }),
  };
}

/** One attempt per call and recovery in one step, so that a test can count calls; retries have tests of their own. */
async function singleAttempts(name: string): Promise<void> {
  const text = await readFile(name, 'utf8');
  const after = text.replace(/^( +)probes: \d+$/m, '$&\n$1recoverMs: 0');
  if (after === text) throw new Error(`${name} has no "probes".`);
  await writeFile(name, `${after}\nretry:\n  maxAttempts: 1\n`);
}

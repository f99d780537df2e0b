// The layout as src/README.md describes it is the one that the dependency rules enforce, and files stay readable.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Rows of the table "Which folder may import which": folder and permitted imports. */
const documented = new Map(
  [...read('src/README.md').matchAll(/^\| `([a-z]+)\/` \| [^|]+ \| ([^|]+) \|/gm)].map(
    ([, folder = '', imports = '']) => [
      folder,
      imports.trim() === '–' ? [] : imports.split(',').map((name) => name.trim()),
    ],
  ),
);

/** Root files that every folder may import. */
const FOR_ALL = ['errors', 'diagnostic', 'references', 'exact-number', 'printable', 'time-text'];

interface Rule {
  readonly name: string;
  readonly comment?: string;
}
const { forbidden }: { forbidden: readonly Rule[] } = createRequire(import.meta.url)(
  join(root, '.dependency-cruiser.cjs'),
);
const enforced = new Map(
  forbidden.flatMap(({ name, comment = '' }) => {
    const [, folder, imports = ''] = /^src\/([a-z]+)\/ may import from src only: (.*)\.$/.exec(comment) ?? [];
    return folder === undefined || name !== `${folder}-imports`
      ? []
      : [[folder, imports.split(', ').filter((one) => !FOR_ALL.includes(one))] as const];
  }),
);

const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('the layout of src', () => {
  it('folders on disk · are those of the table in src/README.md', () => {
    expect([...documented.keys()].sort()).toEqual(folders.sort());
  });

  it('permitted imports · in the table and in the dependency rules · are the same', () => {
    expect(enforced.size).toBeGreaterThan(10);
    for (const [folder, imports] of enforced) {
      expect([folder, documented.get(folder)?.toSorted()]).toEqual([folder, imports.toSorted()]);
    }
  });

  it('a source file · has at most 300 lines', () => {
    const long = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
      .filter((name) => read(join('src', name)).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it.each(folders.filter((name) => name !== 'generated'))('%s · has a README', (folder) => {
    expect(read(`src/${folder}/README.md`)).toMatch(/^# /);
  });
});

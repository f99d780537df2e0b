// Links and paths in the documentation lead somewhere: every *.md of the project is read.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const isForeign = (path: string): boolean => /(^|\/)(node_modules|dist|data)$/.test(path);
const pages = globSync('**/*.md', { cwd: root, exclude: isForeign });
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Example output and example code name files that do not exist here. */
const withoutCode = (text: string): string => text.replace(/^(```+).*?^\1/gms, '');

/** The anchors of a page as GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(read(page)).matchAll(/^#+ (.*)$/gm)) {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let n = 1; anchors.has(unique); n++) unique = `${anchor}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

/** A path, a module without its `.ts`, or a pattern: `src/manifest/*-keys.ts`, `connectors/<id>/cases/`, `cli/{check,test}`. */
const existsBelow = (folder: string, path: string): boolean =>
  /[*{<]/.test(path)
    ? globSync(path.replace(/<[^>]*>/g, '*'), { cwd: folder }).length > 0
    : [path, `${path}.ts`].some((name) => existsSync(join(folder, name)));

const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
const PATH = new RegExp(
  `^(src|test|docs|schema|connectors|bench|scripts|explorer|${folders.map(({ name }) => name).join('|')})/[^\\s:]*$`,
);
const FILE = /^[\w.-]+\.(ts|tsx|mjs|cjs|md|graphql)$/;
const files = new Set(
  globSync('**/*.{ts,tsx,mjs,cjs,md,graphql}', { cwd: root, exclude: isForeign }).map((path) =>
    basename(path),
  ),
);

describe.each(pages.toSorted())('%s', (page) => {
  const text = withoutCode(read(page));
  const folder = dirname(page);

  it('relative links · lead to a file and a heading', () => {
    const broken = [...text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(folder, decodeURI(path)));
      if (!existsSync(join(root, target))) return [link];
      return anchor === undefined || anchorsOf(target).has(anchor) ? [] : [link];
    });
    expect(broken).toEqual([]);
  });

  it('paths in backticks · exist', () => {
    const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, path = '']) => path);
    const missing = [
      ...named.filter((path) => FILE.test(path) && !files.has(path) && !existsSync(join(root, path))),
      ...named
        .filter((path) => PATH.test(path))
        .filter((path) => !['.', 'src', folder].some((base) => existsBelow(join(root, base), path))),
    ];
    expect(missing).toEqual([]);
  });
});

it('the pages · are those of the whole project', () => {
  expect(pages).toEqual(
    expect.arrayContaining([
      'README.md',
      'docs/cli.md',
      'src/guard/README.md',
      'connectors/postal/README.md',
    ]),
  );
});

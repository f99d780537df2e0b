// Builds explorer/ into explorer/dist/, which the gateway serves: index.html, assets compressed with gzip, and the
// licences of what they contain. With --check: fails when explorer/dist/ differs from a fresh build.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build, type Plugin } from 'vite';

const EXPLORER = new URL('../explorer/', import.meta.url).pathname;
const DIST = join(EXPLORER, 'dist');

/** file → content; names of compressed files end in .gz, their content is as before compression */
type Files = ReadonlyMap<string, Buffer>;

async function buildFiles(): Promise<Files> {
  const out = await mkdtemp(join(tmpdir(), 'lienthong-explorer-'));
  const packages = new Set<string>();
  try {
    await build({
      root: EXPLORER,
      configFile: false,
      logLevel: 'error',
      mode: 'production',
      base: '/explorer/',
      worker: { format: 'es', plugins: () => [recordPackages(packages)] },
      plugins: [recordPackages(packages)],
      build: {
        outDir: out,
        target: 'es2023',
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
      },
    });
    const files = new Map<string, Buffer>();
    files.set('index.html', await readFile(join(out, 'index.html')));
    for (const name of await readdir(join(out, 'assets')))
      files.set(`assets/${name}.gz`, await readFile(join(out, 'assets', name)));
    files.set('LICENCES.txt.gz', Buffer.from(await licencesOf(packages)));
    return files;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Collects the folders of the npm packages whose modules are part of the build. */
const recordPackages = (packages: Set<string>): Plugin => ({
  name: 'record-packages',
  moduleParsed: ({ id }) => {
    const folder = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
    if (folder !== undefined) packages.add(folder);
  },
});

async function licencesOf(packages: ReadonlySet<string>): Promise<string> {
  const texts = new Map<string, string>();
  for (const folder of packages) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
      readonly license?: string;
    };
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    texts.set(`${name} ${version}`, `${name} ${version} (${license ?? 'see below'})\n\n${text.trim()}\n`);
  }
  return [...texts.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(`\n${'-'.repeat(80)}\n`);
}

async function readDist(): Promise<Files> {
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Buffer>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const name = entry.parentPath === DIST ? entry.name : `${basename(entry.parentPath)}/${entry.name}`;
    const content = await readFile(join(entry.parentPath, entry.name));
    files.set(name, name.endsWith('.gz') ? gunzipSync(content) : content);
  }
  return files;
}

async function writeDist(files: Files): Promise<void> {
  await rm(DIST, { recursive: true, force: true });
  for (const [name, content] of files) {
    await mkdir(dirname(join(DIST, name)), { recursive: true });
    await writeFile(join(DIST, name), name.endsWith('.gz') ? gzipSync(content, { level: 9 }) : content);
  }
}

const [built, present] = await Promise.all([buildFiles(), readDist()]);
const differing = [...new Set([...built.keys(), ...present.keys()])].filter((name) => {
  const [fresh, old] = [built.get(name), present.get(name)];
  return fresh === undefined || old === undefined || !fresh.equals(old);
});
if (process.argv.includes('--check')) {
  for (const name of differing) console.error(`explorer/dist/${name} differs from a fresh build.`);
  if (differing.length > 0) {
    console.error('Run "npm run generate" and commit explorer/dist.');
    process.exitCode = 1;
  }
} else if (differing.length > 0) {
  await writeDist(built);
  console.log(`explorer/dist: ${built.size} files written.`);
}

// Test maker: a folder of connectors on disk, each with the files that a test gives it; and the command line run inside.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';

const root = new URL('../..', import.meta.url).pathname;

export interface AFolder {
  readonly path: string;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  /** Copies a connector of the project to `connectors/<id>`. */
  copy(id: string): Promise<void>;
  remove(): Promise<void>;
}

/** An empty folder in which `#connector` resolves as in the project. */
export async function aFolder(): Promise<AFolder> {
  const path = await mkdtemp(join(tmpdir(), 'lienthong-cli-'));
  await writeFile(
    join(path, 'package.json'),
    JSON.stringify({ type: 'module', imports: { '#connector': './src/simulator/kit.ts' } }),
  );
  await symlink(join(root, 'src'), join(path, 'src'));
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  };
  return {
    path,
    write,
    read: (file) => readFile(join(path, file), 'utf8'),
    copy: (id) => cp(join(root, 'connectors', id), join(path, 'connectors', id), { recursive: true }),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A connector of a bookshop: `connectors/books/`. */
export async function writeBooks(
  folder: AFolder,
  changes: { schema?: string; manifest?: string } = {},
): Promise<void> {
  await folder.write('connectors/books/connector.yaml', changes.manifest ?? MANIFEST);
  await folder.write('connectors/books/schema.graphql', changes.schema ?? SCHEMA);
}

export const MANIFEST = `id: books
title: { vi: Sách, en: Books }
owner: { agency: A bookshop, contact: books@city.example }
config: { shelf: A1 }
source: { baseUrl: "\${env:BOOKS_URL:-http://127.0.0.1:9}" }
outcome: { at: state, success: [ok], notFound: [gone], otherwise: fault, missing: success }
data: { classification: internal, fields: { Book.author: personal } }
`;

export const SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "shop", http: { baseURL: "{$config.baseUrl}", headers: [{ name: "x-shelf", value: "{$config.shelf}" }] })

type Query {
  "One book."
  book(isbn: ID!): Book
    @connect(
      source: "shop"
      http: { GET: "/books/{$args.isbn}?by={$args.isbn}" }
      selection: """
      isbn
      title: name
      author: writer.full
      pages: length?
      """
      entity: true
    )
}

type Book @key(fields: "isbn") {
  isbn: ID!
  title: String
  author: String
  pages: Int
}
`;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `lienthong …` as its user does, in a folder. */
export function lienthong(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  const { cwd = root, env = {} } = options;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'src/launch.mjs'), ...args], {
      cwd,
      env: { ...process.env, ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** The same within this process, which is many times faster. Not for what needs a launcher or a simulator. */
export async function commandLine(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Ran> {
  const { cwd, env = {} } = options;
  let out = '';
  let err = '';
  const streams = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await runCommandLine(args, {
      terminal: createTerminal(streams, undefined),
      connectorsDir: './connectors',
      actor: { officer: 'CB0001', agency: 'H26' },
      store: { dataDir: '/nonexistent' },
      issuer: { connectorsDir: 'connectors', port: 4000, simulatorPorts: {} },
      readEnv: (name) => env[name],
    });
    return { code, out, err };
  } finally {
    process.chdir(before);
  }
}

// The endpoints that are compared, each a process of its own: the gateway as its user runs it, and the hand-written ones.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { anAccessFile } from '../../test/gateway/an-access-file.ts';
import type { Operation } from './documents.ts';
import type { Variant } from './hand-written/variants.ts';

export interface Subject {
  readonly name: string;
  readonly pid: number;
  readonly origin: string;
  /** What a client sends with each request; to a gateway, the token of an officer who handles dossiers. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a client sends for an operation: path and body. */
  readonly request: (
    operation: Pick<Operation, 'path' | 'query'>,
    variables: object,
  ) => { readonly path: string; readonly body: string };
  stop(): Promise<void>;
}

export interface SubjectPlace {
  /** Base URLs of the systems and their secrets, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly databaseUrl: string | undefined;
  /** A folder of this process's own; on PGlite it holds the store. */
  readonly folder: string;
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

const REPOSITORY = new URL('../../', import.meta.url).pathname;

export interface GatewayOptions {
  /** For node, e.g. `--cpu-prof`. */
  readonly nodeFlags?: readonly string[];
  /** The repository to run; default: this one. */
  readonly repository?: string | undefined;
}

/** Everything on; the log goes to a file. */
export async function startGateway(
  name: string,
  place: SubjectPlace,
  options: GatewayOptions = {},
): Promise<Subject> {
  const { nodeFlags = [], repository } = options;
  const port = await freePort();
  const access = await anAccessFile();
  const args = [...nodeFlags, '--no-warnings', 'src/main.ts', '--port', String(port), '--no-simulators'];
  const child = start(
    args,
    place,
    {
      DATA_DIR: place.folder,
      AUDIT_KEY: 'a-key-of-the-bench-of-32-characters',
      OPERATORS_PORT: '0',
      // Counted, and never reached: one officer asks for everything.
      RATE_LIMIT_ACTOR: '1000000000',
      RATE_LIMIT_CLIENT: '1000000000',
      ...access.env,
    },
    { cwd: repository },
  );
  const origin = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} did not start: see ${join(place.folder, 'log')}`);
    const ready = await fetch(`${origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    name,
    pid: child.pid as number,
    origin,
    headers: { ...HEADERS, authorization: access.officer },
    request: ({ query }, variables) => ({ path: '/graphql', body: JSON.stringify({ query, variables }) }),
    stop: async () => {
      await stop(child, 'SIGINT');
      await access.close();
    },
  };
}

export async function startHandWritten(
  name: string,
  variant: Variant,
  place: SubjectPlace,
  file = new URL('./hand-written/server.ts', import.meta.url).pathname,
): Promise<Subject> {
  const child = start(
    ['--no-warnings', file],
    place,
    { DATA_DIR: place.folder, BENCH_VARIANT: variant },
    { stdout: 'pipe' },
  );
  const [line] = await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data'),
    once(child, 'exit'),
  ]);
  const port = /listening on (\d+)/.exec(String(line))?.[1];
  if (port === undefined) throw new Error(`${name} did not start: see ${join(place.folder, 'log')}`);
  return {
    name,
    pid: child.pid as number,
    origin: `http://127.0.0.1:${port}`,
    headers: HEADERS,
    request: ({ path }, variables) => ({ path, body: JSON.stringify(variables) }),
    stop: () => stop(child, 'SIGTERM'),
  };
}

function start(
  args: readonly string[],
  place: SubjectPlace,
  extra: Readonly<Record<string, string>>,
  { stdout = 'ignore', cwd = REPOSITORY }: { stdout?: 'pipe' | 'ignore'; cwd?: string | undefined } = {},
): ChildProcess {
  const log = openSync(join(place.folder, 'log'), 'a');
  const environment: NodeJS.ProcessEnv = { PATH: process.env.PATH, ...place.environment, ...extra };
  if (place.databaseUrl !== undefined) environment.DATABASE_URL = place.databaseUrl;
  const child = spawn(process.execPath, args, { cwd, env: environment, stdio: ['ignore', stdout, log] });
  closeSync(log);
  child.once('exit', (code, signal) => {
    if (child.killed) return;
    const end = readFileSync(join(place.folder, 'log'), 'utf8').slice(-2000);
    console.error(`A subject has ended by itself (${code ?? signal}). The end of its log:\n${end}`);
  });
  return child;
}

async function stop(child: ChildProcess, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

// What is loaded and what is left when traces are off, and when their collector is away: in processes of their own.

import { rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { aDataFolder } from './a-data-folder.ts';
import { aProcess } from './a-process.ts';
import { freeRow } from './free-ports.ts';

// prom-client loads the API's package for its exemplars, whether there are traces or not: it holds interfaces and no-ops.
const HOOK = `import { registerHooks } from 'node:module';
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    if (found.url.includes('/@opentelemetry/') && !found.url.includes('/@opentelemetry/api/')) process.stderr.write('LOADED ' + specifier + '\\n');
    return found;
  },
});`;

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((path) => rm(path, { recursive: true, force: true }))));

/** Starts, asks once, stops by a signal. */
async function run(env: Readonly<Record<string, string>> = {}) {
  const port = await freeRow(5);
  const dataDir = await aDataFolder();
  folders.push(dataDir);
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(HOOK)}`;
  const gateway = aProcess([], { PORT: String(port), DATA_DIR: dataDir, NODE_OPTIONS, ...env });
  await gateway.ready();
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  gateway.kill('SIGTERM');
  const code = await gateway.exit;
  return { status: answer.status, code, err: gateway.err() };
}

it('no collector set · then nothing of the OpenTelemetry SDK is loaded', async () => {
  const { status, code, err } = await run();
  expect([status, code]).toEqual([200, 0]);
  expect(err).toContain('"msg":"request"');
  expect(err).not.toContain('LOADED');
}, 120_000);

it('an unreachable collector · then requests are answered, the stop is in time, and its token appears nowhere', async () => {
  const away = await freeRow(1);
  const { status, code, err } = await run({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${away}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2',
  });
  // A stop that exceeds its time limit ends with another code.
  expect([status, code]).toEqual([200, 0]);
  expect(err).toContain('LOADED @opentelemetry/sdk-trace');
  expect(err).not.toContain('hunter2');
  expect(err).not.toMatch(/ECONNREFUSED.*127\.0\.0\.1/);
}, 120_000);

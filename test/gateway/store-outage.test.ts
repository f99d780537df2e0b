// A gateway whose PostgreSQL server fails: the process lives, requests end within their deadline, readiness tells the truth,
// and the log has one line at the begin of the outage and one at its end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aDatabaseProxy, type DatabaseProxy } from '../store/a-database-proxy.ts';
import { postgres, type StorePlace } from '../store/each-store.ts';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

const DEADLINE_MS = 2_000;

describe.skipIf(postgres === null)('a gateway on a PostgreSQL server that fails', () => {
  let place: StorePlace;
  let proxy: DatabaseProxy;
  let gateway: GatewayProcess;
  let origin: string;

  beforeEach(async () => {
    place = await (postgres as NonNullable<typeof postgres>).place();
    proxy = await aDatabaseProxy(place.options.databaseUrl as string);
    const [port] = await freePorts(1);
    origin = `http://127.0.0.1:${port}`;
    const args = ['--port', String(port), '--request-deadline-ms', String(DEADLINE_MS)];
    gateway = aProcess(args, { DATABASE_URL: proxy.url });
    await gateway.ready();
  }, 120_000);
  afterEach(async () => {
    gateway?.kill('SIGTERM');
    await gateway?.exit;
    await proxy?.close();
    await place?.drop();
  }, 60_000);

  const ready = async (): Promise<number> => (await fetch(`${origin}/readyz`)).status;
  const askDossiers = async () => {
    const startedAt = performance.now();
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: gateway.authorization() },
      body: JSON.stringify({ query: '{ dossiers(first: 1) { edges { node { code } } } }' }),
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return { code: errors?.[0]?.extensions.code ?? 'OK', ms: performance.now() - startedAt };
  };
  const linesOf = (message: string): number => gateway.err().split(`"${message}"`).length - 1;

  it('slow, and cut while readiness is polled · the process lives, and is ready again', async () => {
    expect(await ready()).toBe(200);
    proxy.slow(400);
    const polls = Promise.all(Array.from({ length: 20 }, ready));
    await new Promise((resolve) => setTimeout(resolve, 200));
    proxy.cut();
    await polls;
    proxy.slow(0);
    await eventually(async () => (await ready()) === 200, 'readiness');
    expect((await askDossiers()).code).toBe('OK');
  }, 60_000);

  it('silent for some seconds · requests end within their deadline, two log lines, good again within 5 s', async () => {
    expect((await askDossiers()).code).toBe('OK');
    proxy.mode('SILENT');
    const during = await Promise.all(Array.from({ length: 40 }, askDossiers));
    for (const { code, ms } of during) {
      expect(['DEADLINE_EXCEEDED', 'STORE_UNAVAILABLE']).toContain(code);
      expect(ms).toBeLessThan(DEADLINE_MS + 2_000);
    }
    expect(await ready()).toBe(503);
    await eventually(() => linesOf('store unavailable') === 1, 'the log line', 10_000);
    proxy.mode('PASS');
    const returned = performance.now();
    await eventually(async () => (await askDossiers()).code === 'OK', 'the store', 5_000);
    expect(performance.now() - returned).toBeLessThan(5_000);
    await eventually(() => linesOf('store recovered') === 1, 'the log line', 5_000);
    const [, operators] = /Operators (\S+)\/metrics/.exec(gateway.out()) ?? [];
    const metrics = await (await fetch(`${operators}/metrics`)).text();
    expect(metrics).toContain('lienthong_store_up{kind="postgres"} 1');
    expect(metrics).toMatch(
      /lienthong_store_statement_duration_seconds_count\{statement="lt_[a-z_]+",outcome="OK"\}/,
    );
  }, 60_000);
});

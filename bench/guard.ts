// What the guard and an attempt cost per healthy call: CPU against a bare undici request over loopback, in one interleaved run,
// and nanoseconds of `guard.run` alone and of an answer from the cache. `npm run bench -- guard`, or plain `node bench/guard.ts`.
// The source is a child process with a bare socket server, so that only the caller's CPU is measured.
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { Pool } from 'undici';
import type { GuardScope } from '../src/guard/guard.ts';
import { createUpstream, type UpstreamRequest } from '../src/upstream/upstream.ts';
import { aGuardWith } from '../test/guard/made.ts';
import { anUpstreamSpec } from '../test/upstream/a-spec.ts';

const CALLS = Number(process.env.BENCH_CALLS ?? 20_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONCURRENT = 50;
const CONNECTIONS = 64;

const BODY = JSON.stringify({
  error_code: '0',
  data: { code: '0100109106', name: 'Công ty Ví dụ', lines: 'x'.repeat(480) },
});
const RESPONSE = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`,
);

/** Answers every request that fits into one packet with the same bytes. */
function serve(): void {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', () => socket.write(RESPONSE));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : undefined);
  });
  process.on('disconnect', () => process.exit(0));
}

type Call = () => Promise<unknown>;

/** CPU µs per call (user and system of this process), at a fixed concurrency. */
async function measure(call: Call, calls: number): Promise<number> {
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function overLoopback(port: number): Promise<void> {
  const origin = `http://127.0.0.1:${port}`;
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1, allowH2: false });
  const upstream = createUpstream(
    anUpstreamSpec({
      limits: { connections: CONNECTIONS },
      outcome: { at: 'error_code', success: ['0'] },
    }),
  );
  const guard = aGuardWith({ connector: 'bench', bulkhead: { maxConcurrent: CONNECTIONS } });
  const request: UpstreamRequest = {
    operation: 'Bench',
    method: 'GET',
    origin,
    path: '/thing?id=1',
    headers: {},
  };

  /** One request of a gateway makes many calls: they share a signal. */
  let scope: GuardScope & { uses: number } = { signal: new AbortController().signal, deadlineAt: 0, uses: 0 };
  const scoped = (): GuardScope => {
    if (scope.uses++ % 50 === 0) {
      scope = { signal: new AbortController().signal, deadlineAt: Date.now() + 10_000, uses: scope.uses };
    }
    return scope;
  };

  const headers = { accept: 'application/json' };
  const contenders: Record<string, Call> = {
    'undici Pool.request': async () => {
      const { body } = await pool.request({ method: 'GET', path: request.path, headers });
      return body.json();
    },
    'undici Pool.request again (A/A)': async () => {
      const { body } = await pool.request({ method: 'GET', path: request.path, headers });
      return body.json();
    },
    'undici Pool.dispatch': () =>
      new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        pool.dispatch(
          { method: 'GET', path: request.path, headers },
          {
            onRequestStart: () => {},
            onResponseStart: () => {},
            onResponseData: (_, chunk) => void chunks.push(chunk),
            onResponseEnd: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
            onResponseError: (_, error) => reject(error),
          },
        );
      }),
    'attempt (free list of Clients)': () => upstream.attempt(request, scoped().signal),
    'guard + attempt': () => guard.run('Bench', (signal) => upstream.attempt(request, signal), scoped()),
  };

  const results = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (const call of Object.values(contenders)) await measure(call, 5_000);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, call] of Object.entries(contenders))
      results.get(name)?.push(await measure(call, CALLS));
  }
  const base = median(results.get('undici Pool.request') ?? []);
  console.log(`\nCPU per call over loopback, ${CONCURRENT} concurrent, median of ${ROUNDS} × ${CALLS}`);
  for (const [name, values] of results) {
    const value = median(values);
    console.log(`  ${name.padEnd(34)} ${value.toFixed(1).padStart(6)} µs  ${(value / base).toFixed(2)}`);
  }
  await Promise.all([pool.close(), upstream.close()]);
  guard.close();
}

/** CPU of the guard itself: attempts that are done at once, one by one and fifty at a time (as a page makes them). */
async function alone(): Promise<void> {
  const guard = aGuardWith({ connector: 'bench' });
  const scope: GuardScope = { signal: new AbortController().signal, deadlineAt: Date.now() + 600_000 };
  const value = Promise.resolve(1);
  const attempt = (): Promise<number> => value;
  const guarded: Call = () => guard.run('Bench', attempt, scope);
  const bare: Call = async () => attempt();
  const calls = 200_000;
  const time = async (call: Call, atOnce: number): Promise<number> => {
    const before = process.cpuUsage();
    for (let i = 0; i < calls; i += atOnce) await Promise.all(Array.from({ length: atOnce }, call));
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / calls) * 1000;
  };
  console.log('\nCPU of guard.run for an attempt that is done, median of 5');
  for (const atOnce of [50, 1]) {
    await time(guarded, atOnce);
    const ours = median(await inTurn(5, () => time(guarded, atOnce)));
    const base = median(await inTurn(5, () => time(bare, atOnce)));
    console.log(`  ${atOnce} at once: ${ours.toFixed(0)} ns (an async function: ${base.toFixed(0)} ns)`);
  }
  guard.close();
}

/** CPU of an answer from memory, one by one: digest, look-up and promise. Goal: ≤ 3 µs. */
async function fromMemory(): Promise<void> {
  const guard = aGuardWith({
    connector: 'bench',
    operations: { Bench: { cache: { ttlMs: 600_000, maxAgeMs: 600_000 } } },
  });
  const scope: GuardScope = { signal: new AbortController().signal, deadlineAt: Date.now() + 600_000 };
  const answer = { fetchedAt: Date.now(), freshness: 'LIVE' as const, body: JSON.parse(BODY) as unknown };
  const attempt = async () => answer;
  const keys = Array.from({ length: 1_000 }, (_, i) => ({
    idempotent: true,
    key: `s6:CB0001s5:H0003s26:H01.12.34-261122-00${i}s12:0790990${i}`,
  }));
  for (const call of keys) await guard.run('Bench', attempt, scope, call);
  const calls = 200_000;
  const time = async (): Promise<number> => {
    const before = process.cpuUsage();
    for (let i = 0; i < calls; i++) await guard.run('Bench', attempt, scope, keys[i % keys.length]);
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / calls) * 1000;
  };
  await time();
  const ns = median(await inTurn(5, time));
  const { hits, misses } = guard.figures().cache;
  console.log(
    `\nCPU of an answer from the cache, median of 5: ${ns.toFixed(0)} ns (${hits} hits, ${misses} misses)`,
  );
  guard.close();
}

async function inTurn(times: number, run: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < times; i++) values.push(await run());
  return values;
}

if (process.argv[2] === '--serve') serve();
else {
  await alone();
  await fromMemory();
  const child = fork(import.meta.filename, ['--serve']);
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  await overLoopback(port);
  child.disconnect();
}

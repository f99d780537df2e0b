// Scenario `overload`: four times the requests that the gateway can answer, all sources healthy. Measures how many good answers are left
// of the peak, how long they take, what `/livez` and a trivial query take meanwhile, and whether a healthy source was blamed.

import { Pool } from 'undici';
import { cpuMsOf } from '../page/load.ts';
import { quantile, sleep } from './arrivals.ts';
import { IDS, type SourceId } from './connectors.ts';
import { type Figure, ms, percent, type Section } from './figures.ts';
import { type Flooded, runFlood } from './flood.ts';
import type { Ground } from './ground.ts';

const FACTOR = 4;
const PEAK_CONNECTIONS = 32;
const MOST_CONNECTIONS = 2_000;
const EVERY_MS = 20;

/** All five sources in one request. */
const BODY = JSON.stringify({
  query: `query Records($id: ID!) { ${IDS.map((id: SourceId) => `${id}(id: $id) { id name }`).join(' ')} }`,
  variables: { id: '1' },
});

interface Watched {
  readonly flooded: Flooded;
  readonly livezMs: readonly number[];
  readonly trivialMs: readonly number[];
  /** CPU time of the gateway, all threads, ms. */
  readonly cpuMs: number;
}

/** Asks two routes every 20 ms while the flood lasts. */
async function watch(pid: number, origin: string, flood: Promise<Flooded>): Promise<Watched> {
  const pool = new Pool(origin, { pipelining: 1, connections: 64 });
  const livezMs: number[] = [];
  const trivialMs: number[] = [];
  let ended = false;
  let cpuMs = 0;
  const cpuBefore = cpuMsOf(pid);
  const flooded = flood.finally(() => {
    ended = true;
    cpuMs = cpuMsOf(pid) - cpuBefore;
  });
  const pending: Promise<void>[] = [];
  const time = async (into: number[], path: string, body?: string): Promise<void> => {
    const from = performance.now();
    const headers = { 'content-type': 'application/json' };
    const answer = await pool.request({
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      body: body ?? null,
    });
    await answer.body.text();
    into.push(performance.now() - from);
  };
  while (!ended) {
    pending.push(time(livezMs, '/livez'), time(trivialMs, '/graphql', '{"query":"{ __typename }"}'));
    await sleep(EVERY_MS);
  }
  await Promise.all(pending);
  await pool.close();
  return { flooded: await flooded, livezMs, trivialMs, cpuMs };
}

export async function measureOverload(ground: Ground, rounds: number, roundMs: number): Promise<Section> {
  const { origin, headers } = ground.gateway;
  const { authorization = '' } = headers;
  const port = Number(new URL(origin).port);
  const run = (perSecond: number | undefined, connections: number): Promise<Watched> =>
    watch(
      ground.gateway.pid,
      origin,
      runFlood({ port, body: BODY, authorization, connections, perSecond, ms: roundMs }),
    );
  const since = Date.now();
  await run(undefined, PEAK_CONNECTIONS);
  const table = [HEAD];
  const shares: number[] = [];
  const controls: number[] = [];
  const livez: number[] = [];
  const trivial: number[] = [];
  let wrong = 0;
  for (let i = 0; i < rounds; i++) {
    const before = await run(undefined, PEAK_CONNECTIONS);
    const peak = before.flooded.good / (roundMs / 1000);
    const over = await run(peak * FACTOR, MOST_CONNECTIONS);
    const again = await run(undefined, PEAK_CONNECTIONS);
    // Disturbances of the machine change the peak from round to round: compared with the peaks before and after.
    const middle = (before.flooded.good + again.flooded.good) / 2;
    shares.push(over.flooded.good / middle);
    controls.push(again.flooded.good / before.flooded.good);
    livez.push(quantile(over.livezMs, 0.99));
    trivial.push(quantile(over.trivialMs, 0.99));
    wrong += over.flooded.failed;
    table.push(rowOf('peak', before), rowOf(`${FACTOR} × the peak`, over), rowOf('peak again', again));
  }
  const opened = IDS.filter((id) => ground.openedAt(id, since) !== undefined);
  const middle = (values: readonly number[]): number => quantile(values, 0.5);
  const goodput: Figure = {
    name: `${FACTOR} × the peak rate: good answers ÷ those at the peak, median`,
    measured: `${percent(middle(shares), 0)} (control ${percent(middle(controls), 0)})`,
    goal: '≥ 95 %',
    met: middle(shares) >= 0.95,
    isNoisy: Math.abs(middle(controls) - 1) > 0.05,
  };
  return {
    title: `${FACTOR} times the requests that the gateway can answer`,
    table,
    notes: [
      `A request reads all five sources. The peak: ${PEAK_CONNECTIONS} connections that send their next request at once. Times of the flood count from the moment at which a request was due; "not sent" are those for which all ${MOST_CONNECTIONS} connections were waiting.`,
      `Breakers that opened: ${opened.join(', ') || 'none'}. Answers other than good ones and 503: ${wrong}.`,
    ],
    figures: [
      goodput,
      {
        name: `${FACTOR} × the peak rate: p99 of /livez, median of the rounds`,
        measured: `${ms(middle(livez))} ms`,
        goal: '< 100 ms',
        met: middle(livez) < 100,
      },
      {
        name: `${FACTOR} × the peak rate: breakers of healthy sources that opened`,
        measured: String(opened.length),
        goal: '0',
        met: opened.length === 0,
      },
    ],
  };
}

const HEAD = [
  '',
  'good answers/s',
  'good, p50, ms',
  'good, p99, ms',
  'refused/s',
  'refused, p99, ms',
  'failed',
  'not sent, lost',
  '/livez p99, ms',
  'trivial query p99, ms',
  'cores used by the gateway',
];

function rowOf(name: string, { flooded, livezMs, trivialMs, cpuMs }: Watched): string[] {
  const { good, shed, failed, codes, unsent, lost, lastedMs } = flooded;
  const perSecond = (count: number): string => ((count * 1000) / lastedMs).toFixed(0);
  return [
    name,
    perSecond(good),
    ms(flooded.good50Ms),
    ms(flooded.good99Ms),
    perSecond(shed),
    shed === 0 ? '' : ms(flooded.shed99Ms),
    failed === 0 ? '0' : `${failed} (${Object.keys(codes).join(', ')})`,
    `${unsent}, ${lost}`,
    ms(quantile(livezMs, 0.99)),
    ms(quantile(trivialMs, 0.99)),
    percent(cpuMs / lastedMs, 0),
  ];
}

// Scenario `faults`: one source answers 503 to all its calls, or to a fifth. Measures the calls that still reach it, the share of
// retries, and the outcomes for clients. The source is healthy before, so that its window is full of good answers and its retry
// budget is full.

import { type Answered, createArrivals, type Lane, sleep } from './arrivals.ts';
import { IDS, queryOf, type SourceId } from './connectors.ts';
import { codesOf, type Figure, ms, percent, type Section } from './figures.ts';
import { type Ground, untilAllGood } from './ground.ts';
import type { Seen } from './sources.ts';

const FAILING: SourceId = 'epsilon';

interface Case {
  readonly name: string;
  readonly lanes: readonly Lane[];
  readonly share: number;
}

const lane = (id: SourceId): Lane => ({ name: id, query: queryOf(id) });
const CASES: readonly Case[] = [
  { name: 'all 503, a fifth of the requests read it', lanes: IDS.map(lane), share: 1 },
  { name: 'all 503, all requests read it', lanes: [lane(FAILING)], share: 1 },
  // Below the rate that opens the breaker: only the budget limits the retries.
  { name: 'every fifth call 503, all requests read it', lanes: [lane(FAILING)], share: 0.2 },
];

interface Found {
  /** Requests that read the failing source. */
  readonly requests: readonly Answered[];
  readonly others: readonly Answered[];
  readonly calls: Seen['calls'];
  readonly since: number;
  readonly openedAt: number | undefined;
}

async function observe(ground: Ground, { lanes, share }: Case, forMs: number): Promise<Found> {
  const { sources } = ground;
  const arrivals = createArrivals(ground.gateway, lanes);
  await untilAllGood(arrivals, Math.min(5000, forMs / 4));
  await sources.seen(FAILING);
  const since = await sources.be(FAILING, { is: 'faulty', share });
  const answers = await arrivals.run(sleep(forMs));
  const { calls } = await sources.seen(FAILING);
  await sources.be(FAILING, { is: 'healthy' });
  await untilAllGood(arrivals);
  await arrivals.close();
  return {
    requests: answers.filter((answer) => answer.lane === FAILING),
    others: answers.filter((answer) => answer.lane !== FAILING),
    calls,
    since,
    openedAt: ground.openedAt(FAILING, since),
  };
}

/** Attempts for each request that reached the source. */
const amplification = (calls: Seen['calls']): number =>
  calls.length / new Set(calls.map(({ id }) => id)).size;

export async function measureFaults(ground: Ground, forMs: number): Promise<Section> {
  const table = [HEAD];
  const notes: string[] = [];
  const figures: Figure[] = [];
  for (const one of CASES) {
    const { requests, others, calls, since, openedAt } = await observe(ground, one, forMs);
    const until = openedAt ?? Number.POSITIVE_INFINITY;
    const before = calls.filter(({ at }) => at <= until);
    const after = calls.filter(({ at }) => at > until);
    const requestsAfter = requests.filter(({ at }) => at > until);
    const reached = after.length / requestsAfter.length;
    table.push([
      one.name,
      String(requests.length),
      openedAt === undefined ? 'never' : ms(openedAt - since),
      String(before.length),
      amplification(before).toFixed(2),
      openedAt === undefined ? '' : `${after.length} of ${requestsAfter.length}: ${percent(reached)}`,
      amplification(calls).toFixed(3),
      percent(calls.length / requests.length),
    ]);
    const bad = others.filter(({ code }) => code !== 'OK').length;
    const alone =
      others.length === 0 ? '' : ` The other four: ${others.length} requests, ${bad} without a good answer.`;
    notes.push(`Outcomes, "${one.name}": ${codesOf(requests)}.${alone}`);
    if (one.share < 1) continue;
    figures.push(
      {
        name: `${one.name}: calls that reach it after opening`,
        measured: percent(reached),
        goal: '≤ 1 %',
        met: reached <= 0.01,
      },
      {
        name: `${one.name}: attempts ÷ calls that reached it`,
        measured: amplification(calls).toFixed(3),
        goal: '≤ 1.1',
        met: amplification(calls) <= 1.1,
      },
      {
        name: `${one.name}: attempts ÷ requests for it`,
        measured: (calls.length / requests.length).toFixed(3),
        goal: '≤ 1.1',
        met: calls.length / requests.length <= 1.1,
      },
    );
  }
  return { title: `One source answers 503, for ${forMs / 1000} s`, table, notes, figures };
}

const HEAD = [
  '',
  'requests for it',
  'breaker opened after, ms',
  'attempts until then',
  'attempts ÷ calls until then',
  'attempts that reach it after opening',
  'attempts ÷ calls that reached it, over all',
  'attempts ÷ requests for it, over all',
];

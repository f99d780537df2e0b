// Scenario `recovery`: a source is healed just after a probe has met its illness, which is the worst moment: the breaker has its whole
// open time before it. When is the first answer good, and from when on all of them? Many times over, each from an open breaker.

import { median } from '../page/report.ts';
import { type Answered, type Arrivals, createArrivals, PER_SECOND, sleep } from './arrivals.ts';
import { IDS, queryOf, type SourceId } from './connectors.ts';
import { type Figure, type Section, seconds } from './figures.ts';
import { type Ground, untilAllGood } from './ground.ts';
import type { Condition } from './sources.ts';

const ILL: SourceId = 'epsilon';
interface Case {
  readonly name: string;
  readonly condition: Condition;
  /** Probes that still meet the illness. */
  readonly probes: number;
  readonly times: number;
}

const casesOf = (probes: number): readonly Case[] => [
  // One failed probe opens the breaker again.
  { name: 'after 503', condition: { is: 'faulty', share: 1 }, probes: 1, times: 5 },
  {
    name: 'after hanging, one probe lost',
    condition: { is: 'hanging' },
    probes: 1,
    times: 3,
  },
  {
    name: `after hanging, ${probes} probes lost`,
    condition: { is: 'hanging' },
    probes,
    times: 3,
  },
];

interface Recovered {
  readonly firstMs: number;
  /** From when on all were good, for a second at least. */
  readonly allMs: number;
}

async function recover(ground: Ground, arrivals: Arrivals, { condition, probes }: Case): Promise<Recovered> {
  const { sources, defaults } = ground;
  const { breaker, limits } = defaults;
  const asked: Answered[] = [];
  let healedAt = 0;
  const course = async (): Promise<void> => {
    await sources.be(ILL, condition);
    while (asked.at(-1)?.code !== 'CIRCUIT_OPEN') await sleep(20);
    // Calls from before the opening that are still under way are over by then.
    await sleep(limits.attemptTimeoutMs);
    healedAt = await sources.healAfter(ILL, probes);
    await sleep(breaker.openMs + limits.attemptTimeoutMs + 3000);
  };
  await arrivals.run(course(), (answer) => {
    if (answer.lane === ILL) asked.push(answer);
  });
  const later = asked.filter(({ at }) => at > healedAt).sort((a, b) => a.at - b.at);
  // Of those that were due before and came through after it, too.
  const goodAt = asked.filter(({ code }) => code === 'OK').map((answer) => answer.at + answer.ms);
  const firstAt = Math.min(...goodAt.filter((at) => at > healedAt));
  const lastBad = later.findLastIndex(({ code }) => code !== 'OK');
  const allFrom = later[lastBad + 1];
  const goodAtEnd = later.length - 1 - lastBad;
  if (allFrom === undefined || goodAtEnd < PER_SECOND / IDS.length)
    throw new Error('the source was not asked in full again within the time that was given');
  return { firstMs: firstAt - healedAt, allMs: allFrom.at - healedAt };
}

export async function measureRecovery(ground: Ground): Promise<Section> {
  const arrivals = createArrivals(
    ground.gateway.origin,
    IDS.map((id) => ({ name: id, query: queryOf(id) })),
  );
  await untilAllGood(arrivals);
  const { openMs, probes } = ground.defaults.breaker;
  const goalMs = openMs + 1000;
  const table = [
    ['', 'first good answer, s: median · longest', 'all good from, s: median · longest', 'times'],
  ];
  const figures: Figure[] = [];
  for (const one of casesOf(probes)) {
    const { name, times } = one;
    const found: Recovered[] = [];
    for (let i = 0; i < times; i++) found.push(await recover(ground, arrivals, one));
    const both = (pick: (each: Recovered) => number): string =>
      `${seconds(median(found.map(pick)))} · ${seconds(Math.max(...found.map(pick)))}`;
    table.push([name, both(({ firstMs }) => firstMs), both(({ allMs }) => allMs), String(times)]);
    const longest = Math.max(...found.map(({ allMs }) => allMs));
    figures.push({
      name: `recovery ${name}: from the healing until all answers are good, the longest`,
      measured: `${seconds(longest)} s`,
      goal: `≤ ${seconds(goalMs)} s (open time + 1 s)`,
      met: longest <= goalMs,
    });
  }
  await arrivals.close();
  return {
    title: 'Recovery, from the worst moment',
    table,
    notes: [
      'A request for the source comes every 25 ms. The probes that a hanging source has taken are never answered: each is waited for as long as any attempt, and the breaker then opens again for what is left of its open time.',
    ],
    figures,
  };
}

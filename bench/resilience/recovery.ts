// Scenario `recovery`: a source recovers just after a probe has failed. This is the worst moment: a whole open time is ahead. Measures
// the time to the first good answer, and to the time from which all are good; repeated, each time from an open breaker.

import { median } from '../page/report.ts';
import { type Answered, type Arrivals, createArrivals, PER_SECOND, sleep } from './arrivals.ts';
import { IDS, queryOf, type SourceId } from './connectors.ts';
import { type Figure, type Section, seconds } from './figures.ts';
import { type Ground, untilAllGood } from './ground.ts';
import type { Condition } from './sources.ts';

const FAILING: SourceId = 'epsilon';
interface Case {
  readonly name: string;
  readonly condition: Condition;
  /** Probes that still fail. */
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
  /** The time from which all answers were good, for at least a second. */
  readonly allMs: number;
}

async function recover(ground: Ground, arrivals: Arrivals, { condition, probes }: Case): Promise<Recovered> {
  const { sources, defaults } = ground;
  const { breaker, limits } = defaults;
  const answers: Answered[] = [];
  let recoversAt = 0;
  const course = async (): Promise<void> => {
    await sources.be(FAILING, condition);
    while (answers.at(-1)?.code !== 'CIRCUIT_OPEN') await sleep(20);
    // Afterwards no call from before the opening is under way.
    await sleep(limits.attemptTimeoutMs);
    recoversAt = await sources.recoverAfter(FAILING, probes);
    await sleep(breaker.openMs + limits.attemptTimeoutMs + 3000);
  };
  await arrivals.run(course(), (answer) => {
    if (answer.lane === FAILING) answers.push(answer);
  });
  const later = answers.filter(({ at }) => at > recoversAt).sort((a, b) => a.at - b.at);
  // Includes answers to requests that were due before the recovery.
  const goodAt = answers.filter(({ code }) => code === 'OK').map((answer) => answer.at + answer.ms);
  const firstAt = Math.min(...goodAt.filter((at) => at > recoversAt));
  const lastBad = later.findLastIndex(({ code }) => code !== 'OK');
  const allFrom = later[lastBad + 1];
  const goodAtEnd = later.length - 1 - lastBad;
  if (allFrom === undefined || goodAtEnd < PER_SECOND / IDS.length)
    throw new Error('not all requests were answered within the time of the scenario');
  return { firstMs: firstAt - recoversAt, allMs: allFrom.at - recoversAt };
}

export async function measureRecovery(ground: Ground): Promise<Section> {
  const arrivals = createArrivals(
    ground.gateway,
    IDS.map((id) => ({ name: id, query: queryOf(id) })),
  );
  await untilAllGood(arrivals);
  const { openMs, probes } = ground.defaults.breaker;
  const goalMs = openMs + 1000;
  const table = [
    [
      '',
      'first good answer after, s: median · longest',
      'all answers good after, s: median · longest',
      'times',
    ],
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
      name: `recovery ${name}: from the end of the failure until all answers are good, the longest`,
      measured: `${seconds(longest)} s`,
      goal: `≤ ${seconds(goalMs)} s (open time + 1 s)`,
      met: longest <= goalMs,
    });
  }
  await arrivals.close();
  return {
    title: 'Recovery at the worst moment',
    table,
    notes: [
      'A request for the source arrives every 25 ms. Probes that a hanging source has received are never answered: each takes the time limit of an attempt, and the breaker then opens again for the rest of its open time.',
    ],
    figures,
  };
}

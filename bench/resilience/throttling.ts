// Scenario `throttling`: a source answers 429 with Retry-After, and accepts calls again when that time has passed. All requests read it.
// Measures the calls that reach it meanwhile, what clients receive, and the time until all answers are good again.

import { createArrivals, quantile } from './arrivals.ts';
import { queryOf, type SourceId } from './connectors.ts';
import { codesOf, ms, type Section, seconds } from './figures.ts';
import { type Ground, untilAllGood } from './ground.ts';

const THROTTLING: SourceId = 'epsilon';
const RETRY_AFTER_S = 3;

/** After the time of Retry-After: calls are admitted gradually. */
const MOST_RECOVERY_MS = 1_000;

export async function measureThrottling(ground: Ground, rounds: number): Promise<Section> {
  const { sources, gateway } = ground;
  const arrivals = createArrivals(gateway, [{ name: THROTTLING, query: queryOf(THROTTLING) }]);
  const table = [HEAD];
  let mostCalls = 0;
  let longest = 0;
  for (let i = 0; i < rounds; i++) {
    await untilAllGood(arrivals);
    await sources.seen(THROTTLING);
    const since = await sources.be(THROTTLING, { is: 'throttling', seconds: RETRY_AFTER_S });
    const answers = await arrivals.run(new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_S * 2_000)));
    const { calls } = await sources.seen(THROTTLING);
    const first = calls.find(({ at }) => at >= since)?.at ?? since;
    const end = first + RETRY_AFTER_S * 1_000;
    const reached = calls.filter(({ at }) => at >= first && at < end - 5).length;
    const held = answers.filter(({ code }) => code === 'UPSTREAM_THROTTLED');
    const lastBad = Math.max(...answers.filter(({ code }) => code !== 'OK').map(({ at }) => at));
    const recovery = lastBad - end;
    mostCalls = Math.max(mostCalls, reached);
    longest = Math.max(longest, recovery);
    const times = held.map((answer) => answer.ms);
    table.push([
      String(i + 1),
      String(answers.filter(({ at }) => at >= first && at < end).length),
      String(reached),
      codesOf(answers),
      ms(quantile(times, 0.5)),
      seconds(recovery),
    ]);
  }
  await sources.be(THROTTLING, { is: 'healthy' });
  await arrivals.close();
  const opened = ground.openedAt(THROTTLING, 0);
  return {
    title: `A source answers 429 with Retry-After: ${RETRY_AFTER_S}`,
    table,
    notes: [`Breaker of the source: ${opened === undefined ? 'never opened' : 'opened'}.`],
    figures: [
      {
        name: `429 with Retry-After: ${RETRY_AFTER_S}: calls that reach the source in that time, the first included, most`,
        measured: String(mostCalls),
        goal: '≤ 5 (those under way with the first)',
        met: mostCalls <= 5,
      },
      {
        name: '429 with Retry-After: from its end until all answers are good, the longest',
        measured: `${seconds(longest)} s`,
        goal: `≤ ${seconds(MOST_RECOVERY_MS)} s`,
        met: longest <= MOST_RECOVERY_MS,
      },
    ],
  };
}

const HEAD = [
  'round',
  'requests meanwhile',
  'calls that reached it',
  'outcomes, over all',
  'held back, p50, ms',
  'all good after, s',
];

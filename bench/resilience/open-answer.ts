// Scenario `open`: the time that a field behind an open breaker adds to an answer. Sends the same query without the field, with it, and
// without it again, one at a time: a difference far below a millisecond requires a gateway without other load.

import { Pool } from 'undici';
import { ask, quantile, sleep } from './arrivals.ts';
import { queryOf, type SourceId } from './connectors.ts';
import { ms, type Section } from './figures.ts';
import type { Ground } from './ground.ts';

const HEALTHY: SourceId = 'alpha';
const FAILING: SourceId = 'epsilon';

/** Goal. */
const MOST_MS = 2;

/** Between two requests, so that the garbage collection of one does not delay the next. */
const PAUSE_MS = 5;

export async function measureOpenAnswer(ground: Ground, forMs: number): Promise<Section> {
  const { gateway, sources } = ground;
  const pool = new Pool(gateway.origin, { connections: 1 });
  const bare = queryOf(HEALTHY);
  const withOpen = queryOf(HEALTHY, FAILING);
  let count = 0;
  const timed = async (query: string): Promise<{ ms: number; code: string }> => {
    await sleep(PAUSE_MS);
    const startedAt = performance.now();
    const { code } = await ask(pool, gateway.headers, query, `open-${++count}`);
    return { ms: performance.now() - startedAt, code };
  };

  await sources.be(FAILING, { is: 'faulty', share: 1 });
  const without: number[] = [];
  const open: number[] = [];
  const again: number[] = [];
  const differences: number[] = [];
  const control: number[] = [];
  /** Answers of probes, and those before the breaker opened. */
  let others = 0;
  const startedAt = performance.now();
  const warmUntil = startedAt + forMs / 4;
  while (performance.now() < startedAt + forMs) {
    const [a, b, c] = [await timed(bare), await timed(withOpen), await timed(bare)];
    if (performance.now() < warmUntil) continue;
    if (b.code !== 'CIRCUIT_OPEN') {
      others++;
      continue;
    }
    without.push(a.ms);
    open.push(b.ms);
    again.push(c.ms);
    differences.push(b.ms - a.ms);
    control.push(c.ms - a.ms);
  }
  await sources.be(FAILING, { is: 'healthy' });
  await pool.close();

  const row = (name: string, values: readonly number[], paired: readonly number[]): string[] => [
    name,
    ms(quantile(values, 0.5)),
    ms(quantile(values, 0.99)),
    paired.length === 0 ? '' : ms(quantile(paired, 0.5)),
    paired.length === 0 ? '' : ms(quantile(values, 0.99) - quantile(without, 0.99)),
  ];
  const added = quantile(differences, 0.5);
  const addedLate = quantile(open, 0.99) - quantile(without, 0.99);
  const lateControl = quantile(again, 0.99) - quantile(without, 0.99);
  return {
    title: 'What an open breaker adds to an answer',
    table: [
      ['', 'p50, ms', 'p99, ms', 'median of the differences, ms', 'difference of the p99, ms'],
      row('a healthy field alone', without, []),
      row('with a field behind an open breaker', open, differences),
      row('alone again (A/A)', again, control),
    ],
    notes: [`${open.length} triples, one request at a time; ${others} more were probes and do not count.`],
    figures: [
      {
        name: 'breaker-open answer adds, median',
        measured: `${ms(added)} ms (control ${ms(quantile(control, 0.5))})`,
        goal: `< ${MOST_MS} ms`,
        met: added < MOST_MS,
      },
      {
        name: 'breaker-open answer adds, at the p99',
        measured: `${ms(addedLate)} ms (control ${ms(lateControl)})`,
        goal: `< ${MOST_MS} ms`,
        met: addedLate < MOST_MS,
        isNoisy: Math.abs(lateControl) >= MOST_MS,
      },
    ],
  };
}

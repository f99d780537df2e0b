// Scenario `failing`: one source of five hangs, or answers slowly. Measures the effect on requests for the other four, and the calls
// under way at the failing source. Rounds alternate healthy · hanging · slow · healthy, so that disturbances of the machine affect all
// alike.

import { cpuMsOf } from '../page/load.ts';
import { median } from '../page/report.ts';
import { type Answered, type Arrivals, createArrivals, type Lane, quantile, sleep } from './arrivals.ts';
import { IDS, queryOf, type SourceId } from './connectors.ts';
import { codesOf, ms, percent, type Section } from './figures.ts';
import { type Ground, untilAllGood } from './ground.ts';
import type { Condition } from './sources.ts';

const FAILING: SourceId = 'epsilon';

/** Below the time limit of an attempt: no failure for the breaker, so that only the bulkhead limits the calls. */
const SLOW_MS = 2500;

/** Goal: the p99 with one hung source, divided by the p99 with all healthy. */
const MOST_RATIO = 1.2;

interface Arm {
  readonly name: string;
  readonly condition: Condition;
}

const HEALTHY: Arm = { name: 'all healthy', condition: { is: 'healthy' } };
const HANGING: Arm = { name: 'one hangs', condition: { is: 'hanging' } };
const HEALTHY_AGAIN: Arm = { name: 'all healthy again (A/A)', condition: { is: 'healthy' } };
const ARMS: readonly Arm[] = [
  HEALTHY,
  HANGING,
  { name: `one answers after ${SLOW_MS} ms`, condition: { is: 'slow', ms: SLOW_MS } },
  HEALTHY_AGAIN,
];

interface Round {
  readonly answers: readonly Answered[];
  readonly mostAtOnce: number;
  /** Shares of a core: gateway, sources, load. */
  readonly busy: readonly number[];
}

async function round(
  { gateway, sources }: Ground,
  arrivals: Arrivals,
  { condition }: Arm,
  roundMs: number,
): Promise<Round> {
  await sources.seen(FAILING);
  // The measurement includes the time before the breaker opens, which is the worst.
  await sources.be(FAILING, condition);
  const cpuOf = (): number[] => [gateway.pid, sources.pid, process.pid].map(cpuMsOf);
  const before = cpuOf();
  // Until the last request is sent: waiting for the last answers would only dilute the share.
  let busy: readonly number[] = [];
  const sending = sleep(roundMs).then(() => {
    busy = cpuOf().map((cpuMs, i) => (cpuMs - (before[i] ?? 0)) / roundMs);
  });
  const answers = await arrivals.run(sending);
  const { mostAtOnce } = await sources.seen(FAILING);
  await sources.be(FAILING, { is: 'healthy' });
  if (condition.is !== 'healthy') await untilAllGood(arrivals);
  return { answers, mostAtOnce, busy };
}

/** Each request reads one source, the five in turn. */
export async function measureOneFailing(ground: Ground, rounds: number, roundMs: number): Promise<Section> {
  const lanes: Lane[] = IDS.map((id) => ({ name: id, query: queryOf(id) }));
  const arrivals = createArrivals(ground.gateway, lanes);
  const done = ARMS.map((arm) => ({ arm, rounds: [] as Round[] }));
  await untilAllGood(arrivals, roundMs / 2);
  for (let i = 0; i < rounds; i++) {
    for (const { arm, rounds: own } of done) own.push(await round(ground, arrivals, arm, roundMs));
  }
  await arrivals.close();

  const healthy = ({ answers }: Round): Answered[] => answers.filter(({ lane }) => lane !== FAILING);
  const p99 = (one: Round): number =>
    quantile(
      healthy(one).map((answer) => answer.ms),
      0.99,
    );
  const base = (done[0]?.rounds ?? []).map(p99);
  const most = ground.defaults.bulkhead.maxConcurrent;
  const table = [HEAD];
  const ratios = new Map<Arm, number>();
  for (const { arm, rounds: own } of done) {
    const each = own.map((one, i) => p99(one) / (base[i] ?? Number.NaN));
    ratios.set(arm, median(each));
    const mid = (pick: (one: Round) => number): number => median(own.map(pick));
    table.push([
      arm.name,
      ms(
        mid((one) =>
          quantile(
            healthy(one).map((answer) => answer.ms),
            0.5,
          ),
        ),
      ),
      ms(mid(p99)),
      ...(arm === HEALTHY
        ? ['', '']
        : [`**${median(each).toFixed(2)}**`, each.map((r) => r.toFixed(2)).join(' ')]),
      String(own.flatMap(healthy).filter(({ code }) => code !== 'OK').length),
      String(Math.max(...own.map(({ mostAtOnce }) => mostAtOnce))),
      ms(
        mid(({ answers }) =>
          quantile(
            answers.map(({ lateMs }) => lateMs),
            0.99,
          ),
        ),
      ),
      [0, 1, 2]
        .map((k) =>
          percent(
            mid(({ busy }) => busy[k] ?? 0),
            0,
          ),
        )
        .join(' · '),
    ]);
  }
  const notes = done
    .filter(({ arm }) => arm.condition.is !== 'healthy')
    .map(({ arm, rounds: own }) => {
      const requests = own.flatMap(({ answers }) => answers.filter(({ lane }) => lane === FAILING));
      return `Outcomes of requests for the failing source, "${arm.name}": ${codesOf(requests)}; median ${ms(
        quantile(
          requests.map((a) => a.ms),
          0.5,
        ),
      )} ms, longest ${ms(
        quantile(
          requests.map((a) => a.ms),
          1,
        ),
      )} ms.`;
    });
  const atOnce = Math.max(...done.flatMap(({ rounds: own }) => own.map(({ mostAtOnce }) => mostAtOnce)));
  const ratio = ratios.get(HANGING) ?? Number.NaN;
  const control = ratios.get(HEALTHY_AGAIN) ?? Number.NaN;
  return {
    title: 'One source of five fails: requests for the other four',
    table,
    notes,
    figures: [
      {
        name: 'one hung among five: p99 of the others ÷ p99 without it',
        measured: `${ratio.toFixed(2)} (control ${control.toFixed(2)})`,
        goal: `≤ ${MOST_RATIO}`,
        met: ratio <= MOST_RATIO,
        isNoisy: control > MOST_RATIO || control < 1 / MOST_RATIO,
      },
      {
        name: 'most calls under way at the failing source',
        measured: String(atOnce),
        goal: `≤ ${most}`,
        met: atOnce <= most,
      },
    ],
  };
}

const HEAD = [
  '',
  'p50, ms',
  'p99, ms',
  'p99 ÷ all healthy, median',
  'per round',
  'without a good answer',
  'most at the failing source',
  'sent late, p99, ms',
  'cores used: gateway · sources · load',
];

/** Each request reads a healthy source and one of the five; with the hung one, the request takes until the attempt ends. */
export async function measureBoth(ground: Ground, roundMs: number): Promise<Section> {
  const next = (i: number): SourceId => IDS[(i + 1) % (IDS.length - 1)] as SourceId;
  const lanes: Lane[] = IDS.map((id, i) => ({ name: id, query: queryOf(next(i), id) }));
  const arrivals = createArrivals(ground.gateway, lanes);
  await untilAllGood(arrivals, roundMs / 4);
  const since = Date.now();
  const { answers } = await round(ground, arrivals, HANGING, roundMs);
  await arrivals.close();

  const openedAt = ground.openedAt(FAILING, since) ?? Number.POSITIVE_INFINITY;
  const mixed = answers.filter(({ lane }) => lane === FAILING);
  const before = mixed.filter(({ at }) => at <= openedAt);
  const after = mixed.filter(({ at }) => at > openedAt);
  const rows: [string, readonly Answered[]][] = [
    ['two healthy sources', answers.filter(({ lane }) => lane !== FAILING)],
    ['a healthy one and the hung one', mixed],
    ['… due before the breaker opened', before],
    ['… afterwards, rejected at once', after.filter(({ code }) => code === 'CIRCUIT_OPEN')],
    ['… afterwards, as a probe', after.filter(({ code }) => code !== 'CIRCUIT_OPEN')],
  ];
  const table = [
    [
      '',
      'requests',
      'p50, ms',
      'p99, ms',
      'longest, ms',
      'the healthy field was complete, p99, ms',
      'outcomes',
    ],
  ];
  for (const [name, own] of rows) {
    if (own.length === 0) continue;
    const times = own.map((answer) => answer.ms);
    // The time of the healthy source's answer, by the clock of the gateway, in whole milliseconds.
    const fields = own.flatMap(({ fetchedAt, at }) => (fetchedAt === undefined ? [] : [fetchedAt - at]));
    if (fields.length < own.length) throw new Error('a healthy field is missing beside a hung one');
    table.push([
      name,
      String(own.length),
      ...[0.5, 0.99, 1].map((share) => ms(quantile(times, share))),
      Math.max(0, quantile(fields, 0.99)).toFixed(0),
      codesOf(own),
    ]);
  }
  return {
    title: 'Two sources in one request, one of five hangs',
    table,
    notes: [
      `The breaker opened ${ms(openedAt - since)} ms after the source began to hang. An answer waits for its slowest field; the healthy field was complete long before.`,
    ],
    figures: [],
  };
}

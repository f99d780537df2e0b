// Scenario `ill`: one source of five hangs, or answers slowly. What do requests for the other four feel of it, and how much does
// the gateway let wait at the ill one? Rounds of well · hanging · slow · well again, so that the machine's moods meet all alike.

import { cpuMsOf } from '../page/load.ts';
import { median } from '../page/report.ts';
import { type Answered, type Arrivals, createArrivals, type Lane, quantile, sleep } from './arrivals.ts';
import { IDS, queryOf, type SourceId } from './connectors.ts';
import { codesOf, ms, percent, type Section } from './figures.ts';
import { type Ground, untilAllGood } from './ground.ts';
import type { Condition } from './sources.ts';

const ILL: SourceId = 'epsilon';

/** Under the limit of an attempt: the breaker sees answers, and only the bulkhead holds. */
const SLOW_MS = 2500;

/** Goal of the p99 with one hung, as a ratio to all well. */
const MOST_RATIO = 1.2;

interface Arm {
  readonly name: string;
  readonly condition: Condition;
}

const WELL: Arm = { name: 'all well', condition: { is: 'well' } };
const HANGING: Arm = { name: 'one hangs', condition: { is: 'hanging' } };
const WELL_AGAIN: Arm = { name: 'all well again (A/A)', condition: { is: 'well' } };
const ARMS: readonly Arm[] = [
  WELL,
  HANGING,
  { name: `one answers after ${SLOW_MS} ms`, condition: { is: 'slow', ms: SLOW_MS } },
  WELL_AGAIN,
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
  await sources.seen(ILL);
  // The worst comes first: everything that is asked before the breaker knows.
  await sources.be(ILL, condition);
  const cpuOf = (): number[] => [gateway.pid, sources.pid, process.pid].map(cpuMsOf);
  const before = cpuOf();
  // Until the last is sent; the answers that are awaited then would only dilute it.
  let busy: readonly number[] = [];
  const sending = sleep(roundMs).then(() => {
    busy = cpuOf().map((cpuMs, i) => (cpuMs - (before[i] ?? 0)) / roundMs);
  });
  const answers = await arrivals.run(sending);
  const { mostAtOnce } = await sources.seen(ILL);
  await sources.be(ILL, { is: 'well' });
  if (condition.is !== 'well') await untilAllGood(arrivals);
  return { answers, mostAtOnce, busy };
}

/** Each request asks one source; the five take turns. */
export async function measureOneIll(ground: Ground, rounds: number, roundMs: number): Promise<Section> {
  const lanes: Lane[] = IDS.map((id) => ({ name: id, query: queryOf(id) }));
  const arrivals = createArrivals(ground.gateway.origin, lanes);
  const done = ARMS.map((arm) => ({ arm, rounds: [] as Round[] }));
  await untilAllGood(arrivals, roundMs / 2);
  for (let i = 0; i < rounds; i++) {
    for (const { arm, rounds: own } of done) own.push(await round(ground, arrivals, arm, roundMs));
  }
  await arrivals.close();

  const healthy = ({ answers }: Round): Answered[] => answers.filter(({ lane }) => lane !== ILL);
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
      ...(arm === WELL
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
    .filter(({ arm }) => arm.condition.is !== 'well')
    .map(({ arm, rounds: own }) => {
      const asked = own.flatMap(({ answers }) => answers.filter(({ lane }) => lane === ILL));
      return `What requests for the ill source were told, "${arm.name}": ${codesOf(asked)}; median ${ms(
        quantile(
          asked.map((a) => a.ms),
          0.5,
        ),
      )} ms, longest ${ms(
        quantile(
          asked.map((a) => a.ms),
          1,
        ),
      )} ms.`;
    });
  const atOnce = Math.max(...done.flatMap(({ rounds: own }) => own.map(({ mostAtOnce }) => mostAtOnce)));
  const ratio = ratios.get(HANGING) ?? Number.NaN;
  const control = ratios.get(WELL_AGAIN) ?? Number.NaN;
  return {
    title: 'One source of five is ill: requests for the other four',
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
        name: 'most calls under way at the ill source',
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
  'p99 ÷ all well, median',
  'per round',
  'not answered well',
  'most at the ill source',
  'sent late, p99, ms',
  'cores used: gateway · sources · load',
];

/** Each request asks a healthy source and one of the five: these wait for the hung one until it is given up. */
export async function measureBoth(ground: Ground, roundMs: number): Promise<Section> {
  const next = (i: number): SourceId => IDS[(i + 1) % (IDS.length - 1)] as SourceId;
  const lanes: Lane[] = IDS.map((id, i) => ({ name: id, query: queryOf(next(i), id) }));
  const arrivals = createArrivals(ground.gateway.origin, lanes);
  await untilAllGood(arrivals, roundMs / 4);
  const since = Date.now();
  const { answers } = await round(ground, arrivals, HANGING, roundMs);
  await arrivals.close();

  const openedAt = ground.openedAt(ILL, since) ?? Number.POSITIVE_INFINITY;
  const mixed = answers.filter(({ lane }) => lane === ILL);
  const before = mixed.filter(({ at }) => at <= openedAt);
  const after = mixed.filter(({ at }) => at > openedAt);
  const rows: [string, readonly Answered[]][] = [
    ['two healthy sources', answers.filter(({ lane }) => lane !== ILL)],
    ['a healthy one and the hung one', mixed],
    ['… asked before the breaker opened', before],
    ['… afterwards, told so at once', after.filter(({ code }) => code === 'CIRCUIT_OPEN')],
    ['… afterwards, as a probe', after.filter(({ code }) => code !== 'CIRCUIT_OPEN')],
  ];
  const table = [
    ['', 'requests', 'p50, ms', 'p99, ms', 'longest, ms', 'the healthy field was there, p99, ms', 'told'],
  ];
  for (const [name, own] of rows) {
    if (own.length === 0) continue;
    const times = own.map((answer) => answer.ms);
    // Its source's answer by the gateway's clock, in whole milliseconds.
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
      `The breaker opened ${ms(openedAt - since)} ms after the source began to hang. An answer waits for its slowest field; the healthy field beside it was there long before.`,
    ],
    figures: [],
  };
}

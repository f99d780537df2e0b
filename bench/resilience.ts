// `npm run bench -- resilience`: sources fail behind a gateway that receives 200 requests a second. Measures the effect on the healthy
// sources, the calls that still reach the failing one, the time of recovery, and the cost of an open breaker. See docs/resilience.md.
// Flags: --only=failing,both,faults,recovery,open,throttling,overload --seconds=20 (a round; 503 lasts three times as long) --rounds=3
// --write (into docs/resilience.md). A missed goal is a result, not an error: exit code 1 means wrong usage.

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFaults } from './resilience/all-faults.ts';
import { PER_SECOND } from './resilience/arrivals.ts';
import type { Section } from './resilience/figures.ts';
import { type Ground, prepareGround } from './resilience/ground.ts';
import { measureBoth, measureOneFailing } from './resilience/one-failing.ts';
import { measureOpenAnswer } from './resilience/open-answer.ts';
import { measureOverload } from './resilience/overload.ts';
import { measureRecovery } from './resilience/recovery.ts';
import { goalsOf, sectionOf, writeReport } from './resilience/report.ts';
import { measureThrottling } from './resilience/throttling.ts';

interface Flags {
  readonly only: readonly string[];
  readonly roundMs: number;
  readonly rounds: number;
  readonly write: boolean;
}

const SCENARIOS: Readonly<Record<string, (ground: Ground, flags: Flags) => Promise<Section>>> = {
  failing: (ground, { rounds, roundMs }) => measureOneFailing(ground, rounds, roundMs),
  both: (ground, { roundMs }) => measureBoth(ground, roundMs),
  faults: (ground, { roundMs }) => measureFaults(ground, roundMs * 3),
  recovery: (ground) => measureRecovery(ground),
  open: (ground, { roundMs }) => measureOpenAnswer(ground, roundMs),
  throttling: (ground, { rounds }) => measureThrottling(ground, rounds),
  overload: (ground, { rounds, roundMs }) => measureOverload(ground, rounds, roundMs),
};

const flags = readFlags();
// Other load of the machine. If it is far from 0, measure again.
const loadBefore = loadavg()[0] ?? 0;
const ground = await prepareGround();
// Leaves no process behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => ground.close().finally(() => process.exit(130)));
}

try {
  const sections: Section[] = [];
  for (const name of flags.only) {
    const section = await SCENARIOS[name]?.(ground, flags);
    if (section === undefined) continue;
    sections.push(section);
    console.log(`${sectionOf(section)}\n`);
  }
  console.log(goalsOf(sections.flatMap(({ figures }) => figures)));
  const intro = [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} cores`,
    `Node ${process.version}`,
    `${PER_SECOND} requests/s`,
    `${flags.rounds} rounds of ${flags.roundMs / 1000} s`,
    `load average before: ${loadBefore.toFixed(1)}`,
  ].join(' · ');
  console.log(`\n${intro}`);
  if (flags.write) await writeReport(intro, sections);
} finally {
  await ground.close();
}

function readFlags(): Flags {
  const names = Object.keys(SCENARIOS);
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: names.join(',') },
        seconds: { type: 'string', default: '20' },
        rounds: { type: 'string', default: '3' },
        write: { type: 'boolean', default: false },
      },
    });
    const only = values.only.split(',');
    const unknown = only.filter((name) => !names.includes(name));
    if (unknown.length > 0)
      throw new Error(`--only: found ${unknown.join(', ')}, expected some of ${names.join(',')}`);
    return {
      only,
      roundMs: wholeNumber('--seconds', values.seconds, 2) * 1000,
      rounds: wholeNumber('--rounds', values.rounds, 1),
      write: values.write,
    };
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`${name}: found "${text}", expected a whole number from ${least}`);
  return value;
}

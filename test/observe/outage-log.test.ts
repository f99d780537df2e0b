import { expect, it } from 'vitest';
import type { BreakerState } from '../../src/errors.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { createLog } from '../../src/observe/log.ts';
import { logChannels } from '../../src/observe/log-channels.ts';

function aWatched() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'info', write: (line) => void lines.push(JSON.parse(line)) });
  const channels = createChannels();
  const stop = logChannels(log, channels);
  const turn = (
    operation: string,
    to: BreakerState,
    at: number,
    cause = 'UPSTREAM_TIMEOUT',
    instance = 1,
  ): void =>
    channels.breaker.publish({ connector: 'postal', instance, operation, from: 'CLOSED', to, at, cause });
  return { lines, turn, stop };
}

it('a connector · unavailable and recovered · then one line each, however often its breaker changes', () => {
  const { lines, turn, stop } = aWatched();
  turn('Delivery', 'OPEN', 1_000);
  for (let round = 0; round < 5; round++) {
    turn('Delivery', 'HALF_OPEN', 2_000 + round);
    turn('Delivery', 'OPEN', 2_500 + round);
  }
  turn('Delivery', 'CLOSED', 9_000, 'PROBES_SUCCEEDED');
  stop();
  turn('Delivery', 'OPEN', 10_000);
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'connector unavailable', connector: 'postal', cause: 'UPSTREAM_TIMEOUT' },
    { level: 'info', msg: 'connector recovered', connector: 'postal', outageMs: 8_000, opened: 6 },
  ]);
  expect(lines).toHaveLength(2);
});

it('two operations · unavailable at the same time · then recovered when the last breaker has closed', () => {
  const { lines, turn, stop } = aWatched();
  turn('Delivery', 'OPEN', 1_000);
  turn('Events', 'OPEN', 1_500);
  turn('Delivery', 'CLOSED', 3_000);
  expect(lines).toHaveLength(1);
  turn('Events', 'CLOSED', 4_000);
  expect(lines[1]).toMatchObject({ msg: 'connector recovered', operations: ['Delivery', 'Events'] });
  stop();
});

it('a connector · replaced during an outage · then no recovery is logged, and its next outage is', () => {
  const { lines, turn, stop } = aWatched();
  turn('Delivery', 'OPEN', 1_000);
  turn('Delivery', 'OPEN', 1_900, 'UPSTREAM_TIMEOUT', 2);
  turn('Delivery', 'CLOSED', 2_000, 'RELOADED', 1);
  turn('Delivery', 'OPEN', 2_500, 'UPSTREAM_TIMEOUT', 2);
  expect(lines.map(({ msg }) => msg)).toEqual(['connector unavailable', 'connector unavailable']);
  stop();
});

import { expect, it } from 'vitest';
import type { BreakerState } from '../../src/errors.ts';
import { type ConnectorStatus, createChannels } from '../../src/observe/channels.ts';
import { createLog } from '../../src/observe/log.ts';
import { logChannels } from '../../src/observe/log-channels.ts';

function aWatched() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'info', write: (line) => void lines.push(JSON.parse(line)) });
  const channels = createChannels();
  const stop = logChannels(log, channels);
  const turn = (operation: string, to: BreakerState, at: number): void =>
    channels.breaker.publish({ connector: 'postal', instance: 1, operation, from: 'CLOSED', to, at });
  let from: ConnectorStatus = 'OK';
  const become = (to: ConnectorStatus, at: number, reason: string | null = 'BREAKER_OPEN'): void => {
    channels.connectorStatus.publish({
      connector: 'postal',
      from,
      to,
      at,
      reason,
      cause: 'UPSTREAM_TIMEOUT',
    });
    from = to;
  };
  return { lines, turn, become, stop };
}

it('a connector · unavailable and recovered · then one line each, however often its breaker changes', () => {
  const { lines, turn, become, stop } = aWatched();
  turn('Delivery', 'OPEN', 1_000);
  become('UNAVAILABLE', 1_000);
  for (let round = 0; round < 5; round++) {
    turn('Delivery', 'HALF_OPEN', 2_000 + round);
    become('DEGRADED', 2_000 + round, 'BREAKER_HALF_OPEN');
    turn('Delivery', 'OPEN', 2_500 + round);
    become('UNAVAILABLE', 2_500 + round);
  }
  turn('Delivery', 'CLOSED', 9_000);
  become('OK', 9_000, null);
  stop();
  become('UNAVAILABLE', 10_000);
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'connector unavailable', connector: 'postal', cause: 'UPSTREAM_TIMEOUT' },
    { level: 'info', msg: 'connector recovered', connector: 'postal', outageMs: 8_000, opened: 6 },
  ]);
  expect(lines).toHaveLength(2);
});

it('a connector · degraded, then unavailable · then a line each, and the end with both operations', () => {
  const { lines, turn, become, stop } = aWatched();
  become('DEGRADED', 1_000, 'LATE_ANSWERS');
  turn('Delivery', 'OPEN', 1_200);
  turn('Events', 'OPEN', 1_500);
  become('UNAVAILABLE', 1_500);
  become('DEGRADED', 2_000, 'FAILURES');
  become('OK', 4_000, null);
  expect(lines).toMatchObject([
    { msg: 'connector degraded', reason: 'LATE_ANSWERS' },
    { msg: 'connector unavailable', reason: 'BREAKER_OPEN' },
    { msg: 'connector recovered', outageMs: 3_000, opened: 2, operations: ['Delivery', 'Events'] },
  ]);
  expect(lines).toHaveLength(3);
  stop();
});

it('a connector · replaced during an outage · then no recovery is logged, and its next outage is', () => {
  const { lines, become, stop } = aWatched();
  become('UNAVAILABLE', 1_000);
  become('OK', 2_000, 'RELOADED');
  become('UNAVAILABLE', 2_500);
  expect(lines.map(({ msg }) => msg)).toEqual(['connector unavailable', 'connector unavailable']);
  stop();
});

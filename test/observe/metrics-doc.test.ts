// docs/metrics.md against what /metrics gives: every metric documented with its type and labels, none invented.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createChannels } from '../../src/observe/channels.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { aReading } from './a-reading.ts';

const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const documented = new Map(
  Array.from(
    text.matchAll(/^\| `(lienthong_\w+)` \| (\w+) \| (.+?) \| (.+) \|$/gm),
    ([, name = '', type = '', labels = '', what = '']) => [
      name,
      { type, labels: Array.from(labels.matchAll(/`(\w+)`/g), (match) => match[1]).sort(), what },
    ],
  ),
);

/** Everything that can be counted, counted once. */
async function scrape(): Promise<string> {
  const channels = createChannels();
  const metrics = createMetrics(channels, { process: false });
  const end = channels.collection.subscribe(({ add, addStatus, addSkew }) => {
    add(aReading('c', { running: 1 }));
    addStatus({ connector: 'c', status: 'DEGRADED', causes: ['FAILURES'] });
    addSkew('store', 12);
  });
  const at = { connector: 'c', operation: 'o' };
  channels.upstreamCall.publish({ ...at, outcome: 'OK', durationMs: 1, requestId: 'r' });
  channels.breaker.publish({ ...at, instance: 1, from: 'CLOSED', to: 'OPEN', at: 1 });
  channels.mappingProblem.publish({ ...at, problem: 'p', count: 1 });
  metrics.httpRequest('/graphql', 200, 1);
  metrics.operation('query', 'ok');
  metrics.error('CANCELLED');
  metrics.storeStatement('lt_alive', 'OK', 0.001);
  metrics.readLoad(() => ({ running: 1, waiting: 0, refused: 0, stalledMs: 0 }));
  metrics.readStore(() => ({ kind: 'postgres', isUp: true, connections: { open: 2, idle: 1, waiting: 0 } }));
  metrics.readAudit(() => ({
    waiting: 0,
    spoolBytes: 0,
    written: 1,
    refused: 0,
    lagMs: 0,
    isOpen: true,
    personAlarms: 0,
  }));
  const scraped = await metrics.text();
  end();
  metrics.close();
  return scraped;
}

/** Name → type, label names and help, as Prometheus text tells them. */
function given(scraped: string) {
  const help = new Map(
    Array.from(scraped.matchAll(/^# HELP (\w+) (.+)$/gm), ([, name, said]) => [name, said]),
  );
  return new Map(
    Array.from(scraped.matchAll(/^# TYPE (lienthong_\w+) (\w+)$/gm), ([, name = '', type = '']) => {
      const sample = new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, 'm').exec(scraped)?.[1] ?? '';
      const labels = Array.from(sample.matchAll(/(\w+)="/g), (match) => match[1]).filter(
        (one) => one !== 'le',
      );
      return [name, { type, labels: labels.sort(), what: help.get(name) }];
    }),
  );
}

describe('docs/metrics.md', async () => {
  const shown = given(await scrape());

  it('its metrics · compared with /metrics · then equal, each listed once', () => {
    expect([...documented.keys()].sort()).toEqual([...shown.keys()].sort());
    expect(text.match(/^\| `lienthong_/gm)).toHaveLength(documented.size);
  });

  it.each([...shown])(
    '%s · documented · then with its type, labels and meaning',
    (name, { type, labels, what }) => {
      expect(labels.length).toBeGreaterThan(0);
      expect(documented.get(name)).toMatchObject({ type, labels });
      expect(documented.get(name)?.what.startsWith(String(what).replace(/\.$/, ''))).toBe(true);
    },
  );
});

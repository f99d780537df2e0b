import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createChannels } from '../../src/observe/channels.ts';
import { createHistogram } from '../../src/observe/histogram.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import { aReading } from './a-reading.ts';

const open: Metrics[] = [];
function aMetrics() {
  const channels = createChannels();
  const metrics = createMetrics(channels, { process: false });
  open.push(metrics);
  return { channels, metrics };
}
afterEach(() => {
  for (const metrics of open.splice(0)) metrics.close();
});
const call = { connector: 'postal', operation: 'Delivery', durationMs: 12, requestId: 'r' };

describe('metrics', () => {
  it('calls · on the channel · then a histogram in seconds by connector, operation and outcome', async () => {
    const { channels, metrics } = aMetrics();
    channels.upstreamCall.publish({ ...call, outcome: 'OK' });
    channels.upstreamCall.publish({ ...call, outcome: 'OK', durationMs: 60 });
    channels.upstreamCall.publish({ ...call, outcome: 'UPSTREAM_TIMEOUT', durationMs: 2000 });
    const text = await metrics.text();
    const labels = 'connector="postal",operation="Delivery"';
    expect(text).toContain(
      `lienthong_upstream_call_duration_seconds_bucket{${labels},outcome="OK",le="0.025"} 1`,
    );
    expect(text).toContain(
      `lienthong_upstream_call_duration_seconds_bucket{${labels},outcome="OK",le="+Inf"} 2`,
    );
    expect(text).toContain(`lienthong_upstream_call_duration_seconds_sum{${labels},outcome="OK"} 0.072`);
    expect(text).toContain(
      `lienthong_upstream_call_duration_seconds_count{${labels},outcome="UPSTREAM_TIMEOUT"} 1`,
    );
  });

  it('a breaker · that changes · then each change is counted by its new state', async () => {
    const { channels, metrics } = aMetrics();
    const change = { connector: 'postal', instance: 1, operation: 'Delivery', at: 1 };
    for (const to of ['OPEN', 'HALF_OPEN', 'OPEN'] as const)
      channels.breaker.publish({ ...change, from: 'CLOSED', to });
    const text = await metrics.text();
    const name = 'lienthong_breaker_transitions_total{connector="postal",operation="Delivery"';
    expect(text).toContain(`${name},to="OPEN"} 2`);
    expect(text).toContain(`${name},to="HALF_OPEN"} 1`);
  });

  it('connectors · read at each scrape · then their current values, and nothing of closed connectors', async () => {
    const { channels, metrics } = aMetrics();
    let running = 3;
    const end = channels.collection.subscribe(({ add }) => add(aReading('postal', { running })));
    expect(await metrics.text()).toContain('lienthong_bulkhead_running_calls{connector="postal"} 3');
    running = 5;
    const text = await metrics.text();
    expect(text).toContain('lienthong_bulkhead_running_calls{connector="postal"} 5');
    expect(text).toContain('lienthong_breaker_state{connector="postal",operation="Delivery"} 2');
    expect(text).toContain('lienthong_gate_open{connector="postal"} 1');
    expect(text).toContain('# TYPE lienthong_cache_lookups_total counter');
    expect(text).toContain('lienthong_cache_lookups_total{connector="postal",result="stale"} 2');
    expect(text).toContain(
      'lienthong_expiry_timestamp_seconds{connector="postal",what="client_certificate"} 1798761600',
    );
    end();
    expect(await metrics.text()).not.toContain('connector="postal"');
  });

  it('a connector and its replacement · at the same time · then calls are added, and the state is that of the newer', async () => {
    const { channels, metrics } = aMetrics();
    const ends = [
      channels.collection.subscribe(({ add }) => add(aReading('postal', { running: 2 }, 'OPEN'))),
      channels.collection.subscribe(({ add }) => add(aReading('postal', { running: 1 }, 'CLOSED'))),
    ];
    const text = await metrics.text();
    expect(text).toContain('lienthong_bulkhead_running_calls{connector="postal"} 3');
    expect(text).toContain('lienthong_bulkhead_limit_calls{connector="postal"} 64');
    expect(text).toContain('lienthong_breaker_state{connector="postal",operation="Delivery"} 0');
    for (const end of ends) end();
  });

  it('mapping problems · on the channel · then counted', async () => {
    const { channels, metrics } = aMetrics();
    channels.mappingProblem.publish({
      connector: 'postal',
      operation: 'Delivery',
      problem: 'no status',
      count: 3,
    });
    expect(await metrics.text()).toContain(
      'lienthong_mapping_problems_total{connector="postal",operation="Delivery"} 3',
    );
  });

  it('closed · then further messages are ignored', async () => {
    const { channels, metrics } = aMetrics();
    metrics.close();
    channels.upstreamCall.publish({ ...call, outcome: 'OK' });
    expect(await metrics.text()).not.toContain('Delivery');
    expect(channels.upstreamCall.hasSubscribers()).toBe(false);
  });

  it('metrics of the process · by default · then included', async () => {
    const metrics = createMetrics(createChannels());
    open.push(metrics);
    expect(await metrics.text()).toContain('process_resident_memory_bytes');
  });
});

describe('the histogram', () => {
  const aHistogram = (maxSeries?: number) => {
    const registry = new Registry();
    const histogram = createHistogram(registry, {
      name: 'h',
      help: 'x',
      labels: ['a', 'b'],
      buckets: [1, 2],
      maxSeries,
    });
    return { registry, histogram };
  };

  it('values · on and beside the bounds · then in cumulative buckets', async () => {
    const { registry, histogram } = aHistogram();
    for (const value of [0, 1, 1.5, 2, 3]) histogram.series('x', 'y').observe(value);
    expect(await registry.metrics()).toBe(
      [
        '# HELP h x',
        '# TYPE h histogram',
        'h_bucket{a="x",b="y",le="1"} 2',
        'h_bucket{a="x",b="y",le="2"} 4',
        'h_bucket{a="x",b="y",le="+Inf"} 5',
        'h_sum{a="x",b="y"} 7.5',
        'h_count{a="x",b="y"} 5\n',
      ].join('\n'),
    );
  });

  it('more label sets than allowed · observed · then the rest is counted as other', async () => {
    const { registry, histogram } = aHistogram(10);
    for (let index = 0; index < 1000; index++) histogram.series(`x${index}`, 'y').observe(1);
    const text = await registry.metrics();
    expect(text.match(/h_count/g)).toHaveLength(11);
    expect(text).toContain('h_count{a="other",b="other"} 990');
  });

  it('equal labels · twice · then one series', () => {
    const { histogram } = aHistogram();
    expect(histogram.series('x', 'y')).toBe(histogram.series('x', 'y'));
    expect(histogram.series('x', 'y')).not.toBe(histogram.series('y', 'x'));
  });

  it('reset by the registry · then empty', async () => {
    const { registry, histogram } = aHistogram();
    histogram.series('x', 'y').observe(1);
    registry.resetMetrics();
    expect(await registry.metrics()).not.toContain('h_count');
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createProber, type Prober, type ProberOptions } from '../../src/registry/prober.ts';

let open: Prober[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const prober of open) prober.close();
  open = [];
  vi.useRealTimers();
});

function aProber(more: Partial<ProberOptions> = {}): Prober {
  const prober = createProber({
    connector: 'postal',
    kind: 'SOCKET',
    reach: async () => {},
    wake: () => 2,
    lastCallAt: () => undefined,
    limitMs: 1_000,
    ...more,
  });
  open.push(prober);
  return prober;
}

describe('a probe', () => {
  it('a reachable source · probed · then reachable, and its open breakers admit probes', async () => {
    const prober = aProber();
    expect(prober.last()).toBeUndefined();
    const result = await prober.probe();
    expect(result).toMatchObject({
      connector: 'postal',
      reachable: true,
      kind: 'SOCKET',
      code: null,
      at: Date.now(),
      breakersWoken: 2,
    });
    expect(prober.last()).toBe(result);
  });

  it('an unreachable source · probed · then its code, and no breaker admits probes', async () => {
    const wake = vi.fn(() => 1);
    const reach = async () => {
      throw new GatewayError('UPSTREAM_UNREACHABLE');
    };
    const result = await aProber({ reach, wake }).probe();
    expect(result).toMatchObject({ reachable: false, code: 'UPSTREAM_UNREACHABLE', breakersWoken: 0 });
    expect(wake).not.toHaveBeenCalled();
  });

  it('a source that hangs · probed · then aborted at the limit', async () => {
    const reach = (signal: AbortSignal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const probing = aProber({ reach }).probe();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await probing).toMatchObject({ reachable: false, code: 'UPSTREAM_TIMEOUT' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('two operators · probe at the same time · then one probe', async () => {
    const reach = vi.fn(async () => {});
    const prober = aProber({ reach });
    const [one, other] = await Promise.all([prober.probe(), prober.probe()]);
    expect(reach).toHaveBeenCalledTimes(1);
    expect(one).toBe(other);
  });
});

describe('automatic probes', () => {
  it('a source without calls · time passes · then probed at each interval', async () => {
    const reach = vi.fn(async () => {});
    aProber({ reach, everyMs: 30_000 });
    await vi.advanceTimersByTimeAsync(95_000);
    expect(reach).toHaveBeenCalledTimes(3);
  });

  it('a source that is called · time passes · then never probed', async () => {
    const reach = vi.fn(async () => {});
    aProber({ reach, everyMs: 30_000, lastCallAt: () => Date.now() - 5_000 });
    await vi.advanceTimersByTimeAsync(95_000);
    expect(reach).not.toHaveBeenCalled();
  });

  it('closed · time passes · then no further probe, and no timer is left', async () => {
    const reach = vi.fn(async () => {});
    const prober = aProber({ reach, everyMs: 30_000 });
    prober.close();
    await vi.advanceTimersByTimeAsync(95_000);
    expect(reach).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

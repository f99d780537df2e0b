// Starts what every scenario of the resilience bench requires: the process of the sources, the connectors, and the gateway as a process
// of its own. Waits for recovery between two measurements.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { type Subject, startGateway } from '../page/subjects.ts';
import { type Answered, type Arrivals, PER_SECOND, sleep } from './arrivals.ts';
import { IDS, writeConnectors } from './connectors.ts';
import { type Sources, startSources } from './sources.ts';

export interface Ground {
  readonly gateway: Subject;
  readonly sources: Sources;
  /** The default settings of the connectors. */
  readonly defaults: Manifest;
  /** When the breaker of a source first opened after `since`, epoch ms, by the log of the gateway; undefined if it did not open. */
  openedAt(id: string, since: number): number | undefined;
  close(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const own = join(folder, 'gateway');
  mkdirSync(own);
  const sources = await startSources(IDS);
  const close = (): void => {
    sources.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const connectors = join(folder, 'connectors');
    const defaults = await writeConnectors(connectors, sources.urls);
    const environment = { CONNECTORS_DIR: connectors, SEED: 'off' };
    const gateway = await startGateway('gateway', { environment, databaseUrl: undefined, folder: own });
    return {
      gateway,
      sources,
      defaults,
      openedAt: (id, since) => openings(join(own, 'log'), id).find((at) => at >= since),
      close: async () => {
        await gateway.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

function openings(log: string, id: string): number[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines
    .filter((line) => line.includes('"connector unavailable"'))
    .map((line) => JSON.parse(line) as { connector: string; at: number })
    .filter(({ connector }) => connector === id)
    .map(({ at }) => at);
}

/** Limit for a recovery. The longest one takes an attempt and an open time, much less than this. */
const MOST_MS = 60_000;

/** Sends requests until all answers of a second are good, and at least for `atLeastMs`. @throws Error after `MOST_MS` */
export async function untilAllGood(arrivals: Arrivals, atLeastMs = 0): Promise<void> {
  const startedAt = performance.now();
  let good = 0;
  const count = ({ code }: Answered): void => {
    good = code === 'OK' ? good + 1 : 0;
  };
  const healthy = (async () => {
    while (good < PER_SECOND || performance.now() - startedAt < atLeastMs) {
      if (performance.now() - startedAt > MOST_MS)
        throw new Error('the sources are healthy, but not all answers are good');
      await sleep(50);
    }
  })();
  await arrivals.run(healthy, count);
}

// What traces cost: CPU of the gateway per page query without a collector, with one, and with one while no request is sampled; and
// nanoseconds of a channel without subscribers. `npm run bench -- traces`. Flags: --rounds=3 --pages=300 (queries per measurement).
// The collector is a bare server in this process, so that only the gateway's CPU is measured.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createChannels } from '../src/observe/channels.ts';
import { PAGE, variablesOf } from './page/documents.ts';
import { load } from './page/load.ts';
import { prepareGround, walk } from './page/places.ts';
import { startGateway } from './page/subjects.ts';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, pages: { type: 'string', default: '300' } },
});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** CPU of the check for subscribers, which every attempt makes. */
function checkCost(): number {
  const { attempt } = createChannels();
  const times = 20_000_000;
  const { user: before } = process.cpuUsage();
  let subscribed = 0;
  for (let i = 0; i < times; i++) if (attempt.hasSubscribers()) subscribed++;
  const { user } = process.cpuUsage();
  if (subscribed > 0) throw new Error('found a subscriber, expected none');
  return ((user - before) * 1000) / times;
}
checkCost();
console.log(`A channel without subscribers: ${checkCost().toFixed(1)} ns, the loop included`);

let bytes = 0;
const collector = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on('end', () => response.end('{}'));
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

const ground = await prepareGround();
function start(name: string, env: Readonly<Record<string, string>> = {}) {
  const place = ground.place(name);
  return startGateway(name, { ...place, environment: { ...place.environment, ...env } });
}
const off = await start('off');
const places = await walk(off);
await ground.recorded.replay();
await ground.simulators.close();
const on = await start('on', { OTEL_EXPORTER_OTLP_ENDPOINT });
const unsampled = await start('on, share 0', { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '0' });
try {
  const entries = [
    ['off', off],
    ['on', on],
    ['on, share 0', unsampled],
    ['off again (A/A)', off],
  ] as const;
  const queries = Number(flags.pages);
  for (const subject of [off, on, unsampled]) await load(subject, PAGE, variablesOf(PAGE, places), queries);
  bytes = 0;
  const results = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < Number(flags.rounds); round++) {
    for (const [name, subject] of entries) {
      results.get(name)?.push((await load(subject, PAGE, variablesOf(PAGE, places), queries)).cpuMs);
    }
  }
  const base = median(results.get('off') ?? []);
  console.log(
    `CPU per page query, median of ${flags.rounds} × ${queries}; ${(bytes / 1e6).toFixed(1)} MB of spans`,
  );
  for (const [name, values] of results) {
    const ms = median(values);
    console.log(`  ${name.padEnd(18)} ${ms.toFixed(2)} ms  ${(ms / base).toFixed(2)}`);
  }
} finally {
  await Promise.all([off, on, unsampled].map((subject) => subject.stop()));
  await ground.close();
  collector.closeAllConnections();
  collector.close();
}

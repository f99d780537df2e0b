// `npm run bench -- audit`: how long a trail of a million records takes to be verified, in a database and as the command does it.
// Flags: --records=1000000. docs/audit.md has the figures.

import { cpus, loadavg, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { createChain } from '../src/audit/chain.ts';
import { createAuditKeys } from '../src/audit/keys.ts';
import { queryOf } from '../src/audit/open-audit.ts';
import { type Entry, headText } from '../src/audit/record.ts';
import { sealDays } from '../src/audit/roots.ts';
import { verifyTrail } from '../src/audit/verify.ts';
import { openStore } from '../src/store/database.ts';
import { createDatabase } from './page/places.ts';

const { values: flags } = parseArgs({ options: { records: { type: 'string', default: '1000000' } } });
const total = Number(flags.records);
const DAYS = 10;
const CHAINS = 2;
/** As the gateway ships them: one file of the spool. */
const AT_ONCE = 1_500;

const keys = createAuditKeys('a-key-of-the-bench-that-is-long-enough');
const database = await createDatabase();
if (database === undefined) throw new Error('the bench needs a PostgreSQL server: set BENCH_DATABASE_URL');
const store = await openStore({ databaseUrl: database.url, dataDir: tmpdir() });
try {
  const query = queryOf(store);
  let now = Date.parse('2026-06-01T05:00:00Z');
  const chains = Array.from({ length: CHAINS }, (_, i) =>
    createChain(
      `replica-${i}`,
      () => now,
      () => null,
    ),
  );
  const perDay = Math.ceil(total / DAYS / CHAINS);
  const writingSince = performance.now();
  for (let day = 0; day < DAYS; day++, now += 86_400_000) {
    for (const chain of chains) {
      for (let done = 0; done < perDay; done += AT_ONCE) {
        const entries = Array.from({ length: Math.min(AT_ONCE, perDay - done) }, (_, i) =>
          anEntry(now, done + i),
        );
        for (const { day: of, chain: name, seq, hash, texts } of chain.add(entries)) {
          const head = [of, name, seq, hash, keys.mac(headText(of, name, seq, hash))];
          await query('store', [`[${texts.join(',')}]`, JSON.stringify([head])]);
        }
      }
    }
    await sealDays(query, keys, now);
  }
  const writtenMs = performance.now() - writingSince;
  const cpuBefore = process.cpuUsage();
  const since = performance.now();
  const { records, findings } = await verifyTrail(query, keys);
  const ms = performance.now() - since;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (findings.length > 0) throw new Error(`found ${JSON.stringify(findings[0])}`);
  console.log(
    `${records.toLocaleString('en')} records: shipped in ${seconds(writtenMs)}, verified in ${seconds(ms)} (${seconds((user + system) / 1000)} CPU of the command)` +
      ` · ${cpus().length} cores · Node ${process.version} · load average ${loadavg()[0]?.toFixed(1)}`,
  );
} finally {
  await store.close();
  await database.drop();
}

function anEntry(at: number, i: number): Entry {
  return {
    kind: 'ACCESS',
    request: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    actorKind: 'officer',
    actor: `CB${String(i % 400).padStart(4, '0')}`,
    agency: 'H26',
    roles: 'handler',
    client: 'one-stop-desk',
    subject: keys.subject(String(i % 5_000).padStart(12, '0')),
    fields: 'Citizen fullName birthDate gender permanentAddress',
    dossier: `000.00.00.H26-260609-${String(i % 9_999).padStart(4, '0')}`,
    procedure: '1.005129',
    purpose: null,
    system: i % 2 === 0 ? 'store' : 'population',
    operation: 'Citizen',
    outcome: 'OK',
    message: `10000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    sent: keys.subject(`sent ${i % 997}`),
    received: keys.subject(`received ${i % 997}`),
    requestIn: at + i,
    requestOut: at + i + 1,
    responseIn: at + i + 20,
    responseOut: at + i + 22,
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

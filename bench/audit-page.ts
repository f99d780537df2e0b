// `npm run bench -- audit-page`: CPU that the audit trail takes for a page of 20 dossiers, by itself: 50 records from the accesses of a
// request to the spool on disk and the text that is shipped, with the digests of 30 calls. docs/audit.md has the figures.

import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditKeys } from '../src/audit/keys.ts';
import { createRequestAudit } from '../src/audit/request-audit.ts';
import { createShipping, takeSpoolFolder } from '../src/audit/shipping.ts';
import { createSpool } from '../src/audit/spool.ts';
import { createTrail } from '../src/audit/trail.ts';
import { createLog } from '../src/observe/log.ts';
import { createIdentity } from '../src/request/identity/identity.ts';

const PAGES = 3_000;
/** Requests at a time, as in the page bench. */
const CONNECTIONS = 16;
const SENT = 'x'.repeat(1_100);
const RECEIVED = Buffer.alloc(1_400, 'x');

const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
const own = join(folder, 'p');
const lock = takeSpoolFolder(own);
const log = createLog({ level: 'silent', write: () => {} });
const keys = createAuditKeys('a-key-of-the-bench-that-is-long-enough');
const spool = createSpool(own, keys);
const trail = createTrail({ chain: 'p', spool, log, maxSpoolBytes: 1e9 });
let shipped = 0;
const query = async (_name: string, [records]: readonly unknown[]) => {
  shipped += String(records).length;
  return null;
};
const shipping = createShipping({ query, spool, keys, folder, own, log });
const open = createRequestAudit(trail, keys);
const identity = createIdentity({
  actor: { kind: 'officer', officer: 'CB0001', agency: 'H26' },
  roles: new Set(['handler']),
  scopes: new Set(),
  client: { id: 'desk', class: undefined },
  issuer: 'city',
});

async function page(n: number): Promise<void> {
  const audit = open({ requestId: `request-${n}`, identity, startedAt: Date.now() });
  for (let i = 0; i < 20; i++) {
    const subject = String(n * 20 + i).padStart(12, '0');
    const purpose = { dossier: `000.00.00.H26-260609-${i}`, procedure: '1.005129' };
    audit.stored(subject, purpose, 'Citizen personalId declared');
    for (const connector of i % 2 === 0 ? ['population', 'business-registry'] : ['population']) {
      const of = { connector, operation: 'Citizen', subject, purpose };
      audit.admit();
      audit.reads(of, 'Citizen fullName birthDate gender permanentAddress');
      const at = Date.now();
      audit.ended(of, 'OK', {
        messageId: `m-${n}-${i}`,
        sent: hash('sha256', SENT, 'base64url'),
        received: hash('sha256', RECEIVED, 'base64url'),
        sentAt: at,
        receivedAt: at,
      });
    }
  }
  await audit.settle();
}

async function pages(count: number): Promise<number> {
  const before = process.cpuUsage();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await page(next++);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  await shipping.ship();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

await pages(500);
const rounds: number[] = [];
for (let round = 0; round < 5; round++) rounds.push(await pages(PAGES));
const median = rounds.toSorted((a, b) => a - b)[2] ?? 0;
console.log(
  `a page, 50 records, 30 calls: ${median.toFixed(0)} µs of CPU (rounds ${rounds.map((each) => each.toFixed(0)).join(' ')}), ` +
    `${(shipped / (500 + 5 * PAGES) / 1000).toFixed(1)} kB · ${cpus().length} cores · Node ${process.version} · load average ${loadavg()[0]?.toFixed(1)}`,
);
await trail.close();
await shipping.close();
lock.release();
rmSync(folder, { recursive: true, force: true });

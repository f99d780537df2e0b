// A store with an audit trail that several processes have written over several days, without a gateway: the code that writes is
// that of the gateway, and time is given.

import { createChain, type Links, marker } from '../../src/audit/chain.ts';
import { createAuditKeys } from '../../src/audit/keys.ts';
import { queryOf } from '../../src/audit/open-audit.ts';
import { type Entry, headText } from '../../src/audit/record.ts';
import { digestOfRoot, sealDays } from '../../src/audit/roots.ts';
import type { AuditQuery } from '../../src/audit/statements.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import type { StorePlace } from '../store/each-store.ts';

export const KEYS = createAuditKeys('a-key-of-the-tests-that-is-long-enough');

export const DAY_MS = 86_400_000;
/** Noon in Vietnam. */
export const FIRST_DAY = Date.parse('2026-06-08T05:00:00Z');

export const anEntry = (more: Partial<Entry> = {}): Entry => ({
  kind: 'ACCESS',
  request: 'r-1',
  actorKind: 'officer',
  actor: 'CB0001',
  agency: 'H26',
  roles: 'handler',
  client: null,
  subject: KEYS.subject('001088000001'),
  fields: 'Citizen fullName birthDate',
  dossier: '000.00.00.H26-200524-0001',
  procedure: '1.005129',
  purpose: null,
  system: 'population',
  operation: 'Citizen',
  outcome: 'OK',
  message: 'm-1',
  sent: 's',
  received: 'r',
  requestIn: FIRST_DAY,
  requestOut: FIRST_DAY + 1,
  responseIn: FIRST_DAY + 20,
  responseOut: FIRST_DAY + 21,
  ...more,
});

export interface TestTrail {
  readonly store: Store;
  readonly query: AuditQuery;
  close(): Promise<void>;
}

export interface TrailShape {
  readonly days: number;
  readonly chains: readonly string[];
  /** Records of each chain and day, without the first and the last that a chain has anyway. */
  readonly records: number;
}

/** Every day but the last is sealed. */
export async function aTrail(place: StorePlace, { days, chains, records }: TrailShape): Promise<TestTrail> {
  const store = await openStore(place.options);
  const query = queryOf(store);
  await fill(query, { days, chains, records });
  return { store, query, close: () => store.close() };
}

async function fill(query: AuditQuery, { days, chains, records }: TrailShape): Promise<void> {
  let now = FIRST_DAY;
  const store = async (all: readonly Links[]): Promise<void> => {
    for (const { day, chain, seq, hash, texts } of all) {
      const mac = KEYS.mac(headText(day, chain, seq, hash));
      await query('store', [`[${texts.join(',')}]`, JSON.stringify([[day, chain, seq, hash, mac]])]);
    }
  };
  const writers = chains.map((chain) =>
    createChain(
      chain,
      () => now,
      () => null,
    ),
  );
  for (let day = 0; day < days; day++) {
    now = FIRST_DAY + day * DAY_MS;
    for (const [index, writer] of writers.entries()) {
      const entries = Array.from({ length: records }, (_, i) =>
        anEntry({
          request: `r-${day}-${index}-${i}`,
          actor: `CB000${i % 4}`,
          subject: KEYS.subject(`0010880000${String(i % 90).padStart(2, '0')}`),
          requestIn: now + i,
        }),
      );
      await store(writer.add(entries));
    }
    const [root] = (await sealDays(query, KEYS, now)).slice(-1);
    if (root === undefined) continue;
    for (const writer of writers) await store(writer.add([marker('sealed', now, digestOfRoot(root))]));
  }
}

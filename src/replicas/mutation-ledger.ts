// The ledger of mutations with an idempotency key, in the store: one row per actor and key, claimed by one gateway before it sends
// the mutation. Times are those of the database. Stores digests, and the answers for as long as the manifest states.

import type { ErrorCode } from '../errors.ts';
import { errorFields, type Log } from '../observe/log.ts';
import type { KnownMutation, MutationLedger } from '../registry/mutation-ledger.ts';
import type { Store } from '../store/database.ts';
import type { Statement } from '../store/statement.ts';

/** Time after which a claim that is not renewed is UNKNOWN, ms: three missed renewals. */
const LEASE_MS = 15_000;
const RENEW_MS = 5_000;
/** Interval at which expired rows are deleted, ms. They are not read after their time in any case. */
const TIDY_MS = 60_000;

export interface StoredMutationLedger extends MutationLedger {
  /** Stops deleting expired rows. */
  close(): void;
}

export function createMutationLedger({ store, log }: { store: Store; log: Log }): StoredMutationLedger {
  const tidy = setInterval(() => {
    store.run(TIDY, []).catch((error: unknown) => {
      log.warn({ err: errorFields(error) }, 'expired mutations could not be deleted');
    });
  }, TIDY_MS).unref();

  const read = async (id: string, signal?: AbortSignal): Promise<KnownMutation | undefined> => {
    const [row] = await store.run(READ, [id], signal);
    return row && knownOf(row);
  };

  return {
    claim: async ({ id, input, owner, retentionMs }, signal) => {
      for (;;) {
        const claimed = await store.run(CLAIM, [id, input, owner, LEASE_MS, retentionMs], signal);
        if (claimed.length > 0) return undefined;
        const known = await read(id, signal);
        // It expired between the two statements.
        if (known !== undefined) return known;
      }
    },
    read,
    renew: async (id, owner) => {
      await store.run(RENEW, [id, owner, LEASE_MS]);
    },
    renewEveryMs: RENEW_MS,
    settle: async (id, owner, outcome) => {
      const answer = outcome.state === 'ANSWERED' ? outcome.answer : null;
      const failure = outcome.state === 'FREE' ? outcome.failure : null;
      await store.run(SETTLE, [id, owner, outcome.state, answer, failure]);
    },
    close: () => clearInterval(tidy),
  };
}

interface MutationRow {
  readonly state: KnownMutation['state'];
  readonly input: string;
  readonly owner: string;
  readonly answer: string | null;
  readonly failure: string | null;
}

function knownOf({ state, input, owner, answer, failure }: MutationRow): KnownMutation {
  switch (state) {
    case 'ANSWERED':
      return { state, input, owner, answer: answer ?? '' };
    case 'FREE':
      return { state, input, owner, failure: failure as ErrorCode };
    default:
      return { state, input, owner };
  }
}

/** The claim of a gateway that is alive. */
const IS_HELD = `(held.state = 'CLAIMED' and held.lease_until > now())`;

/** `[id, input, owner, lease, retention]`, both in ms; no row: the mutation is known. */
const CLAIM: Statement<{ readonly owner: string }> = {
  name: 'lt_mutation_claim',
  sql: `
    insert into mutations as held (id, input, owner, state, lease_until, expires_at)
    values ($1, $2, $3, 'CLAIMED', now() + $4::bigint * interval '1 millisecond', now() + $5::bigint * interval '1 millisecond')
    on conflict (id) do update set
      input = excluded.input, owner = excluded.owner, state = 'CLAIMED', answer = null, failure = null,
      lease_until = excluded.lease_until, expires_at = excluded.expires_at
    where (held.expires_at <= now() and not ${IS_HELD}) or (held.state = 'FREE' and held.input = excluded.input)
    returning owner`,
};

/** `[id]` */
const READ: Statement<MutationRow> = {
  name: 'lt_mutation_read',
  sql: `
    select input, owner, answer, failure,
      case when state = 'CLAIMED' and not ${IS_HELD} then 'UNKNOWN' else state end as state
    from mutations as held where id = $1 and (expires_at > now() or ${IS_HELD})`,
};

/** `[id, owner, lease]` */
const RENEW: Statement<unknown> = {
  name: 'lt_mutation_renew',
  sql: `
    update mutations set lease_until = now() + $3::bigint * interval '1 millisecond'
    where id = $1 and owner = $2 and state = 'CLAIMED'`,
};

/** `[id, owner, state, answer, failure]`: an answer that comes late replaces UNKNOWN. */
const SETTLE: Statement<unknown> = {
  name: 'lt_mutation_settle',
  sql: `update mutations set state = $3, answer = $4, failure = $5 where id = $1 and owner = $2 and state <> 'ANSWERED'`,
};

/** `[]` */
const TIDY: Statement<unknown> = {
  name: 'lt_mutation_tidy',
  sql: `delete from mutations as held where expires_at <= now() and not ${IS_HELD}`,
};

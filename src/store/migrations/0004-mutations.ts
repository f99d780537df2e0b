// Mutations that carry an idempotency key: one row per actor and key, claimed before the mutation is sent. Plain SQL that
// PostgreSQL 15 and PGlite (18) both accept. A migration that has been released is never edited.
import { createTable } from './steps.ts';

export const mutations = [
  // `id` and `input` are digests. `answer` may contain personal data and goes with its row at `expires_at`.
  createTable(
    'mutations',
    {
      id: 'text primary key',
      input: 'text not null',
      owner: 'text not null',
      state: `text not null check (state in ('CLAIMED', 'ANSWERED', 'FREE', 'UNKNOWN'))`,
      lease_until: 'timestamptz(3) not null',
      expires_at: 'timestamptz(3) not null',
      answer: 'text',
      failure: 'text',
    },
    {
      constraints: [
        `check ((state = 'ANSWERED') = (answer is not null))`,
        `check ((state = 'FREE') = (failure is not null))`,
      ],
    },
  ),
  'create index mutations_expiry on mutations (expires_at)',
] as const;

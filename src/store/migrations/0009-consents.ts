// Consents of persons to their data being fetched. A consent is withdrawn and never deleted: it proves what was lawful when. Plain SQL
// that PostgreSQL 15 and PGlite (18) both accept. A migration that has been released is never edited.
import { createTable } from './steps.ts';

export const consents = [
  // `subject` is a keyed digest; `procedure` null: every procedure; `fields` coordinates, separated by spaces.
  createTable('consents', {
    id: 'text primary key',
    subject: 'text not null',
    connector: 'text not null',
    procedure: 'text',
    fields: `text not null check (fields <> '')`,
    statement: `text not null check (statement <> '')`,
    client: 'text',
    given_at: 'timestamptz(3) not null default now()',
    withdrawn_at: 'timestamptz(3) check (withdrawn_at >= given_at)',
  }),
  `create unique index consents_active on consents (subject, connector, procedure) nulls not distinct
   where withdrawn_at is null`,
  'create index consents_subject on consents (subject, given_at desc)',
] as const;

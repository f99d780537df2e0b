// What the door keeps: the units that callers were admitted with, and the documents that clients have published. Plain SQL that
// PostgreSQL 15 and PGlite (18) both accept. A migration that has been released is never edited.
import { createTable } from './steps.ts';

export const door = [
  // `key` is a keyed digest; `slot` a minute since 1970 by the clock of the database.
  createTable(
    'rate_usage',
    { key: 'text not null', slot: 'integer not null', units: 'integer not null' },
    { constraints: ['primary key (key, slot)'] },
  ),
  // `client` empty: every client. `id` is the identifier that the client sends; `body` the text of the document.
  createTable(
    'documents',
    {
      client: 'text not null',
      id: 'text not null',
      body: 'text not null',
      published_at: 'timestamptz(3) not null',
    },
    { constraints: ['primary key (client, id)'] },
  ),
] as const;

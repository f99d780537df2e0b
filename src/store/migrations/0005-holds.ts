// Holds that sources have asked for, kept by every gateway on the store. Plain SQL that PostgreSQL 15 and PGlite (18) both accept.
// A migration that has been released is never edited.
import { createTable } from './steps.ts';

export const holds = [
  // `operation` is the operation or its group; empty: all operations of the source. A row is not read after `until`.
  createTable(
    'source_holds',
    { connector: 'text not null', operation: 'text not null', until: 'timestamptz(3) not null' },
    { constraints: ['primary key (connector, operation)'] },
  ),
] as const;

// How far the clock of each replica is from the database's. Plain SQL that PostgreSQL 15 and PGlite (18) both accept.
// A migration that has been released is never edited.
import { addColumns } from './steps.ts';

export const clockSkew = [
  // Wall clock of the replica minus the database's at its last heartbeat.
  addColumns('replicas', { clock_skew_ms: 'bigint' }),
] as const;

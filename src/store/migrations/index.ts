// The one set of migrations for PostgreSQL and PGlite, run by database.ts at every start, in the order of their names.
// Two replicas that start together are safe: Kysely holds an advisory lock around the whole run.
import type { Kysely } from 'kysely';
import { type MigrationProvider, Migrator } from 'kysely/migration';
import { StoreStartError } from '../start-error.ts';
import { city } from './0001-city.ts';
import { replicas } from './0002-replicas.ts';

// A list in code and not a scan of the folder: what runs is what was reviewed.
const provider: MigrationProvider = {
  getMigrations: async () => ({ '0001-city': city, '0002-replicas': replicas }),
};

/**
 * Brings the tables up to date and gives the names of the migrations that ran, none when there was nothing to do.
 * @throws StoreStartError when the store was made by a newer version; otherwise what the database said.
 */
export async function migrate(db: Kysely<never>): Promise<readonly string[]> {
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error === undefined) return (results ?? []).map((result) => result.migrationName);
  // Kysely says so when the database has run migrations that this list does not hold.
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new StoreStartError(
      'The store was made by another version of the gateway: start that version, or give this one a store of its own.',
      { cause: error },
    );
  }
  throw error;
}

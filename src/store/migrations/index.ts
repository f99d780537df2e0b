// The migrations of PostgreSQL and PGlite, run at every start in the order of their names. Two replicas may start together:
// Kysely holds an advisory lock around the whole run.
import type { Kysely } from 'kysely';
import { type MigrationProvider, Migrator } from 'kysely/migration';
import { StoreStartError } from '../start-error.ts';
import type { Database } from '../tables.ts';
import { city } from './0001-city.ts';
import { replicas } from './0002-replicas.ts';
import { clockSkew } from './0003-clock-skew.ts';
import { mutations } from './0004-mutations.ts';
import { holds } from './0005-holds.ts';
import { audit } from './0006-audit.ts';
import { access } from './0007-access.ts';
import { door } from './0008-door.ts';
import { consents } from './0009-consents.ts';
import { type ColumnStep, migrationOf, type Step } from './steps.ts';

// A list in code instead of a scan of the folder: what runs is what was reviewed.
const MIGRATIONS = {
  '0001-city': city,
  '0002-replicas': replicas,
  '0003-clock-skew': clockSkew,
  '0004-mutations': mutations,
  '0005-holds': holds,
  '0006-audit': audit,
  '0007-access': access,
  '0008-door': door,
  '0009-consents': consents,
};

type Steps = (typeof MIGRATIONS)[keyof typeof MIGRATIONS][number];
type MigratedColumn<Table> = Extract<Steps, ColumnStep<Table & string, string>>['columns'][number];
type Difference<One, Other> = Exclude<One, Other> | Exclude<Other, One>;
/** Columns, as `table.column`, that stand in the migrations and not in tables.ts, or the other way round. */
type UnmatchedColumn = {
  [Table in keyof Database]: `${Table}.${Difference<keyof Database[Table] & string, MigratedColumn<Table>>}`;
}[keyof Database];

/** The compiler refuses a column that only the migrations or only tables.ts have. */
const migrations: [UnmatchedColumn] extends [never]
  ? Readonly<Record<string, readonly Step[]>>
  : { readonly 'not both in tables.ts and in a migration': UnmatchedColumn } = MIGRATIONS;

const provider: MigrationProvider = {
  getMigrations: async () =>
    Object.fromEntries(Object.entries(migrations).map(([name, steps]) => [name, migrationOf(steps)])),
};

/**
 * Brings the tables up to date and returns the names of the migrations that ran.
 * @throws StoreStartError when the store was made by a newer version; otherwise the error of the database.
 */
export async function migrate(db: Kysely<never>): Promise<readonly string[]> {
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error === undefined) return (results ?? []).map((result) => result.migrationName);
  // Kysely's message where the database has run migrations that are not in the list.
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new StoreStartError(
      'The store was made by another version of the gateway: start that version, or give this one a store of its own.',
      { cause: error },
    );
  }
  throw error;
}

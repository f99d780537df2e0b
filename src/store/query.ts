// The parts of the query builder for SQL outside this folder. Kysely is imported in this folder only, so that replacing or
// upgrading it touches one place.
export { type Insertable, type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';

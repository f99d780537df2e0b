// What SQL outside this folder is written with. The query builder is imported here and in this folder only, so that
// replacing or upgrading it touches one place.
export { type Insertable, type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';

// The plans of prepared statements as the database runs them, for tests of the work that a statement causes.

import { sql } from 'kysely';
import type { Store } from '../../src/store/database.ts';

export interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Runs a statement and returns the nodes of its plan, the outermost first. `args`: the parameters as SQL. */
export type Explain = (name: string, text: string, args: string) => Promise<Plan[]>;

/** A cached plan for these parameters, and one for any. */
export const PLAN_CACHE_MODES = ['force_custom_plan', 'force_generic_plan'];

/** A prepared statement lives in one session, so all of `use` runs on one connection. */
export const explainOn = (
  store: Pick<Store, 'db'>,
  mode: string,
  use: (plan: Explain) => Promise<void>,
): Promise<void> =>
  store.db.connection().execute(async (db) => {
    await sql.raw(`set plan_cache_mode = ${mode}`).execute(db);
    try {
      await use(async (name, text, args) => {
        // The prepared statement, as it runs; EXPLAIN takes no parameters of its own.
        await sql.raw(`prepare ${name} as ${text}`).execute(db);
        const { rows } = await sql
          .raw<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, format json) execute ${name}(${args})`)
          .execute(db);
        await sql.raw(`deallocate ${name}`).execute(db);
        return flatten((rows[0] as { 'QUERY PLAN': [{ Plan: Plan }] })['QUERY PLAN'][0].Plan);
      });
    } finally {
      await sql.raw('reset plan_cache_mode').execute(db);
    }
  });

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];

/** The rows of a table that its scans returned or looked at. */
export const touched = (nodes: readonly Plan[], table: string): number =>
  nodes
    .filter((node) => node['Relation Name'] === table)
    .reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    );

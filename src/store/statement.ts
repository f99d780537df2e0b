// Hot-path SQL: built and compiled with Kysely once, then sent as a named statement that PostgreSQL keeps prepared.
// Used by dossier-pages.ts; database.ts runs what this makes.
import type { Compilable } from 'kysely';

/** A compiled statement. `Row` is what it gives; `name` is unique in the program, and its `sql` never changes. */
export interface Statement<Row> {
  readonly name: string;
  readonly sql: string;
  /** Only for the type. */
  readonly row?: Row;
}

/** Stands for the parameter `$1`, `$2`, … (from 1) where Kysely wants a value of type `T`. */
export const parameter = <T>(position: number): T => ({ position }) as unknown as T;

/** @throws Error when the parameters do not stand in the text in their own order, each once: values go in as they are. */
export function compileStatement<Row>(name: string, query: Compilable<Row>): Statement<Row> {
  const { sql, parameters } = query.compile();
  const inOrder = parameters.every((value, i) => (value as { position?: number })?.position === i + 1);
  if (!inOrder)
    throw new Error(`Statement ${name}: parameters must be given as parameter(1), parameter(2), … in order`);
  return { name, sql };
}

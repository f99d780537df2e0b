// Hot-path SQL: compiled once with Kysely, then sent as a named statement that PostgreSQL keeps prepared.
import type { Compilable } from 'kysely';

/** A compiled statement that returns `Row`s. `name` is unique in the program, and its `sql` never changes. */
export interface Statement<Row> {
  readonly name: string;
  readonly sql: string;
  /** For the compiler only. */
  readonly row?: Row;
}

/** Represents the parameter `$1`, `$2`, … where Kysely requires a value of type `T`. `position` starts at 1. */
export const parameter = <T>(position: number): T => ({ position }) as unknown as T;

/** @throws Error unless the parameters appear in the text in order, each once: values are passed by position. */
export function compileStatement<Row>(name: string, query: Compilable<Row>): Statement<Row> {
  const { sql, parameters } = query.compile();
  const inOrder = parameters.every((value, i) => (value as { position?: number })?.position === i + 1);
  if (!inOrder)
    throw new Error(`Statement ${name}: parameters must appear as parameter(1), parameter(2), … in order`);
  return { name, sql };
}

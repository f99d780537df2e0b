// A connection whose values are texts, as the database writes and reads them: nothing is lost between two databases.

export interface TextRows {
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Runs a statement in a transaction that is open. */
export type TextQuery = (sql: string, params?: readonly (string | null)[]) => Promise<TextRows>;

/** Runs `run` in one transaction, which fails as a whole. */
export type TextTransaction = <T>(run: (query: TextQuery) => Promise<T>) => Promise<T>;

export const SNAPSHOT = 'set transaction isolation level repeatable read';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

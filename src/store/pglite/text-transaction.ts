// Transactions of PGlite for backups.
import type { TextTransaction } from '../backup/text-query.ts';
import type { PgliteConnection } from './connection.ts';

export const textTransactionOf =
  (pglite: PgliteConnection): TextTransaction =>
  (run) =>
    pglite.transaction((query) => run((sql, params = []) => query(sql, params)));

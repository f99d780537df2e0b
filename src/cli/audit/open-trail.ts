// Reaches the audit trail for a command: through the socket of the gateway that holds the data folder, or in the database itself.

import { existsSync } from 'node:fs';
import type { AuditKeys } from '../../audit/keys.ts';
import { developmentKeyFile, readAuditKeys } from '../../audit/open-audit.ts';
import { connectToAudit } from '../../audit/socket.ts';
import { AUDIT_SQL, type AuditQuery } from '../../audit/statements.ts';
import { SecretReferenceError } from '../../references.ts';
import { openTexts } from '../../store/backup/open-texts.ts';
import type { StoreOptions } from '../../store/database.ts';
import { UsageError } from '../usage-error.ts';

/** The settings that the audit commands read, as the gateway has them. */
export interface AuditOptions {
  readonly store: StoreOptions;
  readonly auditKey?: string | undefined;
  readonly auditSigningKey?: string | undefined;
  readonly readEnv: (name: string) => string | undefined;
}

export interface OpenTrail {
  readonly query: AuditQuery;
  readonly keys: AuditKeys;
  /** Which store it is, for people. */
  readonly where: string;
  close(): Promise<void>;
}

/** @throws UsageError without a key; StoreStartError when the store cannot be opened */
export async function openTrail(options: AuditOptions): Promise<OpenTrail> {
  const { store, readEnv } = options;
  let keys: AuditKeys;
  try {
    // The key of a start with simulators is read where it was made, and never made here.
    const simulators = existsSync(developmentKeyFile(store.dataDir));
    keys = readAuditKeys({ ...options, dataDir: store.dataDir, simulators }, { readEnv });
  } catch (error) {
    if (!(error instanceof SecretReferenceError)) throw error;
    throw new UsageError(error.message);
  }
  const gateway = store.databaseUrl ? undefined : await connectToAudit(store.dataDir);
  if (gateway !== undefined) {
    return {
      query: gateway.query,
      keys,
      where: `the store of the running gateway in ${store.dataDir}`,
      close: async () => gateway.close(),
    };
  }
  const texts = await openTexts(store);
  return {
    query: (name, params) =>
      texts.transaction(async (query) => {
        const { rows } = await query(
          AUDIT_SQL[name],
          params.map((value) => (value === null ? null : String(value))),
        );
        return rows[0]?.[0] ?? null;
      }),
    keys,
    where: texts.where,
    close: texts.close,
  };
}

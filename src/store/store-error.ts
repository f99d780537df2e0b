// Turns what a database driver throws into the gateway's own error. Called by open-postgres.ts and open-pglite.ts.
// Messages of the database are not kept: they may hold values of rows, which are personal data.
import { GatewayError } from '../errors.ts';

/** SQLSTATE classes that say "not now": connection, transaction rollback, resources, operator, system. */
const PASSING = new Set(['08', '25', '40', '53', '55', '57', '58']);

/** The SQLSTATE or errno of a driver's error, `UNKNOWN` where there is none. */
export function causeCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  // Where a host has several addresses, Node gathers one error for each.
  const { errors } = (error ?? {}) as { errors?: unknown };
  return Array.isArray(errors) && errors.length > 0 ? causeCode(errors[0]) : 'UNKNOWN';
}

/**
 * `STORE_UNAVAILABLE` when the store is away or busy; `INTERNAL_SERVER_ERROR` when the statement itself was refused,
 * which no retry mends.
 */
export function storeError(error: unknown, statement: string): GatewayError {
  const code = causeCode(error);
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
  const detail = `store: ${code} in ${statement}`;
  return isSqlState && !PASSING.has(code.slice(0, 2))
    ? new GatewayError('INTERNAL_SERVER_ERROR', { detail })
    : new GatewayError('STORE_UNAVAILABLE', { detail });
}

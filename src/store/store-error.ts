// Converts the error of a database driver to a `GatewayError`. Messages of the database are dropped: they may contain values
// of rows, which are personal data.
import { GatewayError } from '../errors.ts';

/** SQLSTATE classes of temporary failures: connection, transaction rollback, resources, operator intervention, system. */
const TEMPORARY_CLASSES = new Set(['08', '25', '40', '53', '55', '57', '58']);

/** The SQLSTATE or errno code of a driver's error; `UNKNOWN` where it has none. */
export function causeCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  // For a host with several addresses, Node collects one error for each address.
  const { errors } = (error ?? {}) as { errors?: unknown };
  return Array.isArray(errors) && errors.length > 0 ? causeCode(errors[0]) : 'UNKNOWN';
}

/**
 * `STORE_UNAVAILABLE` when the store cannot be reached or is busy; `INTERNAL_SERVER_ERROR` when the database refused the
 * statement itself, which a retry does not change.
 */
export function storeError(error: unknown, statement: string): GatewayError {
  const code = causeCode(error);
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
  const detail = `store: ${code} in ${statement}`;
  return isSqlState && !TEMPORARY_CLASSES.has(code.slice(0, 2))
    ? new GatewayError('INTERNAL_SERVER_ERROR', { detail })
    : new GatewayError('STORE_UNAVAILABLE', { detail });
}

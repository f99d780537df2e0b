// A manifest's guard part as the guard wants it, and what each operation's calls say of themselves. Pure; called by
// `live-connector.ts`, once per connector.
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { ConnectRequest } from '../connect/contract.ts';
import { DiagnosticsError } from '../connect/diagnostic.ts';
import type { GuardCall, GuardOptions } from '../guard/guard.ts';
import type { Manifest } from './manifest.ts';

export function buildGuardOptions(manifest: Manifest): GuardOptions {
  return {
    connector: manifest.id,
    attemptTimeoutMs: manifest.limits.attemptTimeoutMs,
    breaker: manifest.breaker,
    bulkhead: manifest.bulkhead,
    retry: manifest.retry,
    maintenance: manifest.maintenance,
    operations: manifest.operations,
  };
}

/** What a call says of itself; one per request built. */
export type DescribeCall = (request: ConnectRequest) => GuardCall;

/**
 * By operation name.
 * @throws DiagnosticsError when the manifest names an operation that the schema does not have
 */
export function compileCallPlans(
  manifest: Manifest,
  { operations, schema }: CompiledConnector,
): ReadonlyMap<string, DescribeCall> {
  const file = schema.file.replace(/schema\.graphql$/, 'connector.yaml');
  refuseStrangers(manifest, operations, file);
  const methods = new Map(
    schema.connects.map((connect) => [connect.id ?? connect.coordinate, connect.method]),
  );
  return new Map(
    operations.map(({ name, typeName }) => {
      const { idempotent, idempotencyKey } = manifest.operations[name] ?? {};
      // A mutation is sent twice only when the source itself can tell that it is the same one.
      if (typeName === 'Mutation') return [name, describeMutation(idempotencyKey)];
      const call: GuardCall = { idempotent: idempotent ?? methods.get(name) === 'GET' };
      return [name, () => call];
    }),
  );
}

const ONCE: GuardCall = { idempotent: false };
const AGAIN: GuardCall = { idempotent: true };

function describeMutation(key: string | undefined): DescribeCall {
  if (key === undefined) return () => ONCE;
  const header = key.toLowerCase();
  return ({ headers, body }) =>
    isGiven(headers[header]) || isGiven((body as Record<string, unknown> | null | undefined)?.[key])
      ? AGAIN
      : ONCE;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

function refuseStrangers(manifest: Manifest, known: CompiledConnector['operations'], file: string): void {
  const names = new Set(known.map(({ name }) => name));
  const strangers = Object.keys(manifest.operations).filter((name) => !names.has(name));
  if (strangers.length === 0) return;
  throw new DiagnosticsError(
    strangers.map((name) => ({
      code: 'ManifestInvalid',
      message: 'The manifest speaks of an operation that the schema does not have.',
      file,
      coordinate: `operations.${name}`,
      found: name,
      expected: `one of ${[...names].join(', ')}`,
      wayOut: 'Name it by the id of its @connect, else by its coordinate.',
    })),
  );
}

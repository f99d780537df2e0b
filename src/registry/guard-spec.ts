// Builds the options of the guard from a manifest, and what each operation's calls declare about themselves. Pure.
import type { Sharing } from '../connect/bind/shared-key.ts';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { ConnectRequest } from '../connect/contract.ts';
import { type Diagnostic, DiagnosticsError } from '../diagnostic.ts';
import type { GuardCall, GuardOptions } from '../guard/guard.ts';
import { isPersonalClass } from '../manifest/data-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';

export function buildGuardOptions(manifest: Manifest): GuardOptions {
  return {
    connector: manifest.id,
    attemptTimeoutMs: manifest.limits.attemptTimeoutMs,
    breaker: manifest.breaker,
    bulkhead: manifest.bulkhead,
    throttle: manifest.throttle,
    cache: manifest.cache,
    quota: manifest.quota,
    retry: manifest.retry,
    hedge: manifest.hedge?.enabled === true ? manifest.hedge : undefined,
    maintenance: manifest.maintenance,
    operations: manifest.operations,
  };
}

/** What a call declares about itself; computed for each request. */
export type DescribeCall = (request: ConnectRequest) => GuardCall;

export interface CallPlans {
  /** By operation name. */
  readonly calls: ReadonlyMap<string, DescribeCall>;
  /** Operations whose answers may be shared between requests, and with whom. */
  readonly sharing: ReadonlyMap<string, Sharing>;
}

/** @throws DiagnosticsError when the manifest names an unknown operation, or shares answers that must not be shared */
export function compileCallPlans(manifest: Manifest, { operations, schema }: CompiledConnector): CallPlans {
  refuseMistakes(manifest, operations, schema.file.replace(/schema\.graphql$/, 'connector.yaml'));
  const connects = new Map(schema.connects.map((connect) => [connect.id ?? connect.coordinate, connect]));
  const ofSource = new Map(schema.sources.map((source) => [source.name, source.headers]));
  const isPersonal = isPersonalClass(manifest.data.classification);
  const calls = new Map<string, DescribeCall>();
  const sharing = new Map<string, Sharing>();
  for (const { name, typeName } of operations) {
    const own = manifest.operations[name];
    const connect = connects.get(name);
    // A mutation is sent twice only when the source can recognise the repetition, or when the manifest declares that a
    // repetition does no harm. It is never shared.
    if (typeName === 'Mutation') {
      calls.set(name, own?.idempotent === true ? () => AGAIN : describeMutation(own?.idempotencyKey));
      continue;
    }
    // Every other operation is a read, whatever its HTTP method: look-ups over SOAP are POST requests.
    const idempotent = own?.idempotent ?? true;
    if (own?.coalesce === true) {
      sharing.set(name, isPersonal ? 'SAME_CALLER' : 'ANYONE');
      const rules = [...(ofSource.get(connect?.source ?? '') ?? []), ...(connect?.headers ?? [])];
      // Copied from the client's request, and therefore part of the key.
      const copied = rules.filter(({ from }) => from !== undefined).map((rule) => rule.name.toLowerCase());
      calls.set(name, describeShared(idempotent, copied));
    } else {
      const call: GuardCall = { idempotent };
      calls.set(name, () => call);
    }
  }
  return { calls, sharing };
}

// A mutation that has begun runs to completion: the outcome of an aborted one would be unknown.
const ONCE: GuardCall = { idempotent: false, runsToCompletion: true };
const AGAIN: GuardCall = { idempotent: true, runsToCompletion: true };

function describeMutation(key: string | undefined): DescribeCall {
  if (key === undefined) return () => ONCE;
  const header = key.toLowerCase();
  return ({ headers, body }) =>
    isGiven(headers[header]) || isGiven((body as Record<string, unknown> | null | undefined)?.[key])
      ? AGAIN
      : ONCE;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

function describeShared(idempotent: boolean, copied: readonly string[]): DescribeCall {
  if (copied.length === 0) return ({ inputKey }) => ({ idempotent, key: inputKey });
  return ({ inputKey, headers }) => {
    const said = JSON.stringify(copied.map((name) => headers[name] ?? null));
    return { idempotent, key: inputKey === undefined ? undefined : `${said}${inputKey}` };
  };
}

function refuseMistakes(manifest: Manifest, known: CompiledConnector['operations'], file: string): void {
  const byName = new Map(known.map((operation) => [operation.name, operation]));
  const isPersonal = isPersonalClass(manifest.data.classification);
  const found: Diagnostic[] = [];
  const mistake = (
    name: string,
    key: string,
    says: Pick<Diagnostic, 'message' | 'wayOut'>,
    more = {},
  ): void => {
    found.push({ code: 'ManifestInvalid', file, coordinate: `operations.${name}${key}`, ...says, ...more });
  };
  for (const [name, { cache, coalesce }] of Object.entries(manifest.operations)) {
    const operation = byName.get(name);
    if (operation === undefined) {
      mistake(name, '', STRANGER, { found: name, expected: `one of ${[...byName.keys()].join(', ')}` });
    } else if (operation.typeName === 'Mutation' && (cache !== undefined || coalesce === true)) {
      mistake(name, cache === undefined ? '.coalesce' : '.cache', SHARED_MUTATION);
    } else if (isPersonal && cache !== undefined && cache.maxAgeMs === undefined) {
      mistake(name, '.cache.maxAgeMs', UNBOUNDED);
    }
  }
  if (found.length > 0) throw new DiagnosticsError(found);
}

const STRANGER = {
  message: 'The manifest speaks of an operation that the schema does not have.',
  wayOut: 'Name it by the id of its @connect, else by its coordinate.',
};
const SHARED_MUTATION = {
  message: 'A mutation is made for each caller; its answer cannot be kept or shared.',
  wayOut: 'Take cache and coalesce away.',
};
const UNBOUNDED = {
  message: 'Personal data is kept without a bound.',
  wayOut: 'Say with maxAgeMs how old an answer may legally be.',
};

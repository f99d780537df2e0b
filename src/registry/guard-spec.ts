// Builds the options of the guard from a manifest, and what each operation's calls declare about themselves. Pure.
import type { Sharing } from '../connect/bind/shared-key.ts';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { ConnectRequest } from '../connect/contract.ts';
import { DiagnosticsError } from '../diagnostic.ts';
import type { GuardCall, GuardOptions } from '../guard/guard.ts';
import { isPersonalClass } from '../manifest/data-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { guardMistakes, manifestFileOf } from './guard-mistakes.ts';
import type { KeyedMutation } from './made-once.ts';

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

/** The idempotency key of a request and what belongs to it; `undefined`: the request carries none. */
export type DescribeKey = (request: ConnectRequest) => KeyedMutation | undefined;

export interface CallPlans {
  /** By operation name. */
  readonly calls: ReadonlyMap<string, DescribeCall>;
  /** Operations whose answers may be shared between requests, and with whom. */
  readonly sharing: ReadonlyMap<string, Sharing>;
  /** Mutations that carry an idempotency key. */
  readonly keys: ReadonlyMap<string, DescribeKey>;
}

/** @throws DiagnosticsError when the manifest names an unknown operation, or shares answers that must not be shared */
export function compileCallPlans(manifest: Manifest, connector: CompiledConnector): CallPlans {
  const { operations, schema } = connector;
  const mistakes = guardMistakes(manifest, connector, manifestFileOf(schema));
  if (mistakes.length > 0) throw new DiagnosticsError(mistakes);
  const connects = new Map(schema.connects.map((connect) => [connect.id ?? connect.coordinate, connect]));
  const ofSource = new Map(schema.sources.map((source) => [source.name, source.headers]));
  const isPersonal = isPersonalClass(manifest.data.classification);
  const calls = new Map<string, DescribeCall>();
  const sharing = new Map<string, Sharing>();
  const keys = new Map<string, DescribeKey>();
  for (const { name, typeName } of operations) {
    const own = manifest.operations[name];
    const connect = connects.get(name);
    // A mutation is sent twice only when the source can recognise the repetition, or when the manifest declares that a
    // repetition does no harm. It is never shared.
    if (typeName === 'Mutation') {
      const key = own?.sourceRecognisesKey === false ? undefined : own?.idempotencyKey;
      calls.set(name, own?.idempotent === true ? () => AGAIN : describeMutation(key));
      if (own?.idempotencyKey !== undefined) {
        keys.set(name, describeKey(name, own.idempotencyKey, own));
        // The input is what a repetition has to repeat.
        sharing.set(name, 'SAME_CALLER');
      }
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
  return { calls, sharing, keys };
}

// A mutation that has begun runs to completion: the outcome of an aborted one would be unknown.
const ONCE: GuardCall = { idempotent: false, runsToCompletion: true };
const AGAIN: GuardCall = { idempotent: true, runsToCompletion: true };

function describeMutation(key: string | undefined): DescribeCall {
  if (key === undefined) return () => ONCE;
  const keyOf = readKey(key);
  return (request) => (keyOf(request) === undefined ? ONCE : AGAIN);
}

/** Reads the key from the header or, failing that, from the top level of the body. */
function readKey(key: string): (request: ConnectRequest) => string | undefined {
  const header = key.toLowerCase();
  return ({ headers, body }) => {
    const inBody = (body as Record<string, unknown> | null | undefined)?.[key];
    const value = [headers[header], inBody].find(isGiven);
    return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
  };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

type KeyOptions = Pick<KeyedMutation, 'isRecognised' | 'retentionMs'>;

function describeKey(operation: string, key: string, own: Manifest['operations'][string]): DescribeKey {
  const keyOf = readKey(key);
  const options: KeyOptions = { isRecognised: own.sourceRecognisesKey, retentionMs: own.rememberMs };
  return (request) => {
    const given = keyOf(request);
    if (given === undefined) return undefined;
    const { method, path, body, inputKey } = request;
    return { operation, key: given, input: inputKey ?? JSON.stringify([method, path, body]), ...options };
  };
}

function describeShared(idempotent: boolean, copied: readonly string[]): DescribeCall {
  if (copied.length === 0) return ({ inputKey }) => ({ idempotent, key: inputKey });
  return ({ inputKey, headers }) => {
    const said = JSON.stringify(copied.map((name) => headers[name] ?? null));
    return { idempotent, key: inputKey === undefined ? undefined : `${said}${inputKey}` };
  };
}

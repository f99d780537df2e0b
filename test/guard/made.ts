// Makers that the tests of the guard share: scopes, attempts, and the error a run leaves with.
import { type ErrorCode, GatewayError, type GatewayErrorOptions } from '../../src/errors.ts';
import {
  type CacheRules,
  createGuard,
  type Guard,
  type GuardDeps,
  type GuardOptions,
  type GuardScope,
  type HedgeOptions,
  type OperationOptions,
  type QuotaOptions,
  type ThrottleOptions,
} from '../../src/guard/guard.ts';
import { settleBreaker } from '../../src/manifest/guard-keys.ts';
import { settleOperation } from '../../src/manifest/operation-keys.ts';
import { buildGuardOptions } from '../../src/registry/guard-spec.ts';
import { aManifest } from '../a-manifest.ts';

type Parts<T> = { readonly [K in keyof T]?: T[K] };

/** The options of a guard that a test sets; the rest has the manifest's defaults. Not held to the manifest's ranges. */
export interface GuardOverrides
  extends Parts<Pick<GuardOptions, 'connector' | 'attemptTimeoutMs' | 'maintenance'>> {
  readonly breaker?: Parts<GuardOptions['breaker']>;
  readonly bulkhead?: Parts<GuardOptions['bulkhead']>;
  readonly throttle?: Parts<ThrottleOptions> | 'off';
  readonly retry?: Parts<GuardOptions['retry']>;
  readonly hedge?: Parts<HedgeOptions>;
  readonly cache?: Parts<GuardOptions['cache']>;
  readonly quota?: Parts<QuotaOptions>;
  readonly operations?: Readonly<
    Record<
      string,
      Omit<Parts<OperationOptions>, 'cache'> & { readonly cache?: Parts<CacheRules> & { ttlMs: number } }
    >
  >;
}

const DEFAULTS = buildGuardOptions(
  aManifest({ hedge: {}, quota: {}, operations: { any: { cache: { ttlMs: 1 } } } }),
);

/** Sections that are off unless a test sets them are `undefined` in the overrides. */
export function aGuardOptions(overrides: GuardOverrides = {}): GuardOptions {
  const { breaker, bulkhead, throttle, retry, hedge, cache, quota, operations = {}, ...rest } = overrides;
  const cacheRules = DEFAULTS.operations.any?.cache;
  return {
    ...DEFAULTS,
    ...rest,
    breaker: settleBreaker({ ...DEFAULTS.breaker, failuresInARow: undefined, ...breaker }),
    bulkhead: { ...DEFAULTS.bulkhead, ...bulkhead },
    throttle: throttle === 'off' ? undefined : { ...(DEFAULTS.throttle as ThrottleOptions), ...throttle },
    retry: { ...DEFAULTS.retry, ...retry },
    hedge: hedge && { ...(DEFAULTS.hedge as HedgeOptions), ...hedge },
    cache: { ...DEFAULTS.cache, ...cache },
    quota: quota && { ...(DEFAULTS.quota as QuotaOptions), ...quota },
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, { cache: rules, ...own }]) => [
        name,
        settleOperation({ ...own, cache: rules && { ...(cacheRules as CacheRules), ...rules } }),
      ]),
    ),
  };
}

export const aGuardWith = (overrides: GuardOverrides = {}, deps: GuardDeps = {}): Guard =>
  createGuard(aGuardOptions(overrides), deps);

export function aScope(deadlineMs = 10_000): GuardScope & { controller: AbortController } {
  const controller = new AbortController();
  return { controller, signal: controller.signal, deadlineAt: Date.now() + deadlineMs };
}

export const hanging = (): Promise<never> => new Promise(() => {});

export const failingWith = (code: ErrorCode, options?: GatewayErrorOptions) => () =>
  Promise.reject(new GatewayError(code, options));

/** The error a run leaves with; a run that succeeds fails the test. */
export const errorOf = (run: Promise<unknown>): Promise<GatewayError> =>
  run.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: GatewayError) => error,
  );

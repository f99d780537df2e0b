// Makers that the tests of the guard share: scopes, attempts, and the error a run leaves with.
import { type ErrorCode, GatewayError, type GatewayErrorOptions } from '../../src/errors.ts';
import type { GuardScope } from '../../src/guard/guard.ts';

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

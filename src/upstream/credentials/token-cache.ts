// One token for all callers of a source: fetched once for concurrent callers, refreshed before it expires, dropped on a 401.
// The oauth2 and login sources use it. Guarantees: a caller that goes away stops its own waiting, never the fetch others wait for;
// however many calls fail, the token endpoint is asked seldom: wrong passwords in a row lock an account.
import { GatewayError, isGatewayError } from '../../errors.ts';
import { abortReason } from '../transport.ts';
import type { Proof } from './contract.ts';

export interface Token {
  readonly proof: Proof;
  /** Epoch ms; `undefined`: until a 401 says otherwise. */
  readonly expiresAt: number | undefined;
  /** Epoch ms from which it is renewed behind the callers' backs. */
  readonly refreshAt: number | undefined;
}

export interface TokenCacheOptions {
  /** Fetches a fresh token; its signal is the token request's own limit. */
  readonly fetch: (signal: AbortSignal) => Promise<Token>;
  readonly timeoutMs: number;
  readonly now: () => number;
}

export interface TokenCache {
  take(signal: AbortSignal): Proof | Promise<Proof>;
  /** The source took it: should it be refused later, it has died, and another will be taken too. */
  accepted(sent: Proof): void;
  /**
   * Forgets the token when it still is the one that was sent; true when another can be had, false when one was, a moment ago, and
   * the source has not taken that one either.
   */
  drop(sent: Proof): boolean;
  /** Of the token in hand. */
  expiresAt(): number | undefined;
  close(): void;
}

/** After a failed refresh in the background: do not ask again for so long, the present token still serves. */
const REFRESH_PAUSE_MS = 1_000;

/** A source that takes no token at all costs one renewal in so long, and not one per call. */
const RENEWAL_PAUSE_MS = 1_000;

/** After the endpoint refused our credentials: twice as long each time, so that some five attempts fall into the first minute. */
const FIRST_REFUSAL_PAUSE_MS = 2_000;
const LONGEST_REFUSAL_PAUSE_MS = 60_000;

export function createTokenCache({ fetch, timeoutMs, now }: TokenCacheOptions): TokenCache {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;
  let controller: AbortController | undefined;
  let noRefreshBefore = 0;
  let noRenewalBefore = 0;
  let wasAccepted = false;
  let refusal: { readonly error: GatewayError; readonly until: number } | undefined;
  let refusalPauseMs = FIRST_REFUSAL_PAUSE_MS;

  const remember = (error: unknown): void => {
    if (!isRefusal(error)) return;
    const wait = error.retryAfterMs ?? refusalPauseMs;
    refusal = { error, until: now() + wait };
    refusalPauseMs = Math.min(refusalPauseMs * 2, LONGEST_REFUSAL_PAUSE_MS);
  };

  const start = (): Promise<Token> => {
    const limit = new AbortController();
    controller = limit;
    const timer = setTimeout(() => {
      limit.abort(
        new GatewayError('UPSTREAM_TIMEOUT', {
          detail: `the token endpoint did not answer within ${timeoutMs} ms`,
        }),
      );
    }, timeoutMs);
    const run = fetch(limit.signal)
      .then(
        (fresh) => {
          token = fresh;
          wasAccepted = false;
          refusal = undefined;
          refusalPauseMs = FIRST_REFUSAL_PAUSE_MS;
          return fresh;
        },
        (error: unknown) => {
          remember(error);
          throw error;
        },
      )
      .finally(() => {
        clearTimeout(timer);
        if (fetching === run) fetching = undefined;
      });
    // Callers may all have gone when it fails.
    run.catch(() => {});
    fetching = run;
    return run;
  };

  return {
    take: (signal) => {
      const held = token;
      if (held !== undefined) {
        if (held.expiresAt === undefined) return held.proof;
        const at = now();
        if (at < held.expiresAt) {
          if (
            held.refreshAt !== undefined &&
            at >= held.refreshAt &&
            at >= noRefreshBefore &&
            (refusal === undefined || at >= refusal.until) &&
            fetching === undefined
          ) {
            noRefreshBefore = at + REFRESH_PAUSE_MS;
            void start();
          }
          return held.proof;
        }
      }
      if (fetching === undefined && refusal !== undefined) {
        const left = refusal.until - now();
        if (left > 0) throw again(refusal.error, left);
      }
      return waitFor(fetching ?? start(), signal);
    },
    accepted: (sent) => {
      if (!wasAccepted && token?.proof === sent) wasAccepted = true;
    },
    drop: (sent) => {
      // Another is in hand, or on its way.
      if (token?.proof !== sent) return true;
      const at = now();
      if (!wasAccepted && at < noRenewalBefore) return false;
      noRenewalBefore = at + RENEWAL_PAUSE_MS;
      token = undefined;
      return true;
    },
    expiresAt: () => token?.expiresAt,
    close: () => {
      token = undefined;
      controller?.abort(new GatewayError('CANCELLED'));
    },
  };
}

/** The endpoint answered, and does not want to be asked like this again. */
function isRefusal(error: unknown): error is GatewayError {
  if (!isGatewayError(error)) return false;
  const http = error.extensions?.http as { readonly status: number } | undefined;
  return http !== undefined && http.status >= 400 && http.status < 500;
}

const again = (error: GatewayError, leftMs: number): GatewayError =>
  error.retryAfterMs === undefined ? error : error.amend({ retryAfterMs: leftMs });

const waitFor = (fetching: Promise<Token>, signal: AbortSignal): Promise<Proof> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener('abort', onAbort);
    const done = (): void => signal.removeEventListener('abort', onAbort);
    fetching.then(
      (token) => {
        done();
        resolve(token.proof);
      },
      (error: unknown) => {
        done();
        reject(error);
      },
    );
  });

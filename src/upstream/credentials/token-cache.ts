// One token for all calls to a source: fetched once for concurrent callers, refreshed before it expires, dropped when the source
// rejects it. A caller that leaves ends its own waiting, never the fetch that others wait for. However many calls fail, the token
// endpoint is called rarely: repeated wrong passwords lock an account.
import { abortReason, GatewayError, isGatewayError } from '../../errors.ts';
import type { CredentialSource, Proof } from './contract.ts';

export interface Token {
  readonly proof: Proof;
  /** Epoch ms; `undefined`: until the source rejects it. */
  readonly expiresAt: number | undefined;
  /** Epoch ms from which it is refreshed in the background. */
  readonly refreshAt: number | undefined;
}

export interface TokenCacheOptions {
  /** Fetches a new token; the signal is the time limit of the token request. */
  readonly fetch: (signal: AbortSignal) => Promise<Token>;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** Minimum delay before the next background refresh; the current token remains usable meanwhile. */
const REFRESH_PAUSE_MS = 1_000;

/** Minimum delay between renewals for a source that rejects every token: otherwise each call would cost one. */
const RENEWAL_PAUSE_MS = 1_000;

/** Pause after the endpoint has refused the credentials. It doubles each time: about five attempts fall into the first minute. */
const FIRST_REFUSAL_PAUSE_MS = 2_000;
/** The same after a fault of the endpoint (5xx), which may be over soon. */
const FIRST_FAULT_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

export function createTokenCache({ fetch, timeoutMs, now }: TokenCacheOptions): CredentialSource {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;
  let controller: AbortController | undefined;
  let noRefreshBefore = 0;
  let noRenewalBefore = 0;
  let wasAccepted = false;
  let refusal: { readonly error: GatewayError; readonly until: number } | undefined;
  let refusals = 0;

  const rememberRefusal = (error: unknown): void => {
    if (!isRefusal(error)) return;
    const first = (statusOf(error) ?? 0) >= 500 ? FIRST_FAULT_PAUSE_MS : FIRST_REFUSAL_PAUSE_MS;
    const wait = error.retryAfterMs ?? Math.min(first * 2 ** refusals, LONGEST_PAUSE_MS);
    refusal = { error, until: now() + wait };
    refusals += 1;
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
          refusals = 0;
          return fresh;
        },
        (error: unknown) => {
          rememberRefusal(error);
          throw error;
        },
      )
      .finally(() => {
        clearTimeout(timer);
        if (fetching === run) fetching = undefined;
      });
    // All callers may have left by the time it fails.
    run.catch(() => {});
    fetching = run;
    return run;
  };

  return {
    prove: (_, signal) => {
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
        if (left > 0) throw withRetryAfter(refusal.error, left);
      }
      return waitFor(fetching ?? start(), signal);
    },
    accepted: (sent) => {
      if (!wasAccepted && token?.proof === sent) wasAccepted = true;
    },
    renew: (sent) => {
      // Another token is held, or is being fetched.
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

/**
 * The endpoint answered, but not with a usable token: the same request would fail again. A failure of the network is not such an
 * answer, and counts in the breaker. An UPSTREAM_UNAUTHORIZED without a status is a secret that cannot be read; nothing was sent.
 */
const isRefusal = (error: unknown): error is GatewayError =>
  isGatewayError(error) && (statusOf(error) !== undefined || WITHOUT_TOKEN.has(error.code));

const statusOf = (error: GatewayError): number | undefined =>
  (error.extensions?.http as { readonly status: number } | undefined)?.status;

/** Codes of answers that cannot be read or hold no usable token. */
const WITHOUT_TOKEN: ReadonlySet<string> = new Set(['UPSTREAM_INVALID', 'UPSTREAM_TOO_LARGE']);

const withRetryAfter = (error: GatewayError, leftMs: number): GatewayError =>
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

// One token for all callers of a source: fetched once for concurrent callers, refreshed before it expires, dropped on a 401.
// The oauth2 and login sources use it. Guarantee: a caller that goes away stops its own waiting, never the fetch others wait for.
import { GatewayError } from '../../errors.ts';
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
  /** Forgets the token when it still is the one that was sent; true when another can be had. */
  drop(sent: Proof): boolean;
  /** Of the token in hand. */
  expiresAt(): number | undefined;
  close(): void;
}

/** After a failed refresh in the background: do not ask again for so long, the present token still serves. */
const REFRESH_PAUSE_MS = 1_000;

export const createTokenCache = ({ fetch, timeoutMs, now }: TokenCacheOptions): TokenCache => {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;
  let controller: AbortController | undefined;
  let noRefreshBefore = 0;

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
      .then((fresh) => {
        token = fresh;
        return fresh;
      })
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
            fetching === undefined
          ) {
            noRefreshBefore = at + REFRESH_PAUSE_MS;
            void start();
          }
          return held.proof;
        }
      }
      return waitFor(fetching ?? start(), signal);
    },
    drop: (sent) => {
      if (token?.proof === sent) token = undefined;
      return true;
    },
    expiresAt: () => token?.expiresAt,
    close: () => {
      token = undefined;
      controller?.abort(new GatewayError('CANCELLED'));
    },
  };
};

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

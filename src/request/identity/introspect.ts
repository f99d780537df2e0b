// Asks an issuer whether a token is valid and whose it is (RFC 7662), and for the claims of the person where the introspection has
// none. A failing issuer is asked again only after a pause, so that callers are refused at once. Guarantees that what an issuer
// answers about one token refuses no other token.

import { errorFields, type Log } from '../../observe/log.ts';
import type { ReferenceSources } from '../../references.ts';
import { compileReferences } from '../../references.ts';
import { IssuerCallError, type IssuerCalls } from './issuer-calls.ts';
import type { IssuerSettings } from './issuer-keys.ts';
import { refused } from './refusals.ts';
import type { Members } from './token-parts.ts';

/** After a failed call none is made for this time, ms; clients get the same time as `Retry-After`. */
const PAUSE_MS = 1_000;
/** Unreadable answers are logged at most once in this time, ms: anybody with an odd token can cause them. */
const LOG_MS = 60_000;

/** Statuses with which userinfo refuses the token itself (RFC 6750). */
const USERINFO_REFUSALS: ReadonlySet<unknown> = new Set([400, 401, 403]);
/** OAuth errors that are about the gateway as a client, not about the token. */
const CLIENT_ERRORS: ReadonlySet<unknown> = new Set(['invalid_client', 'unauthorized_client']);

/** @returns the claims of a valid token. @throws GatewayError UNAUTHENTICATED */
export type Introspect = (token: string, now: number) => Promise<Members>;

export interface IntrospectOptions {
  readonly issuer: IssuerSettings;
  readonly settings: NonNullable<IssuerSettings['introspection']>;
  readonly calls: IssuerCalls;
  readonly references: ReferenceSources;
  readonly log: Log;
}

/** @throws SecretReferenceError when the secret cannot be resolved */
export function createIntrospect(options: IntrospectOptions): Introspect {
  const { issuer, settings, calls, log } = options;
  const readSecret = compileReferences(settings.clientSecret, options.references);
  readSecret();
  let failedAt = Number.NEGATIVE_INFINITY;
  let isFailing = false;
  let loggedAt = Number.NEGATIVE_INFINITY;

  const ask = async (token: string): Promise<Members> => {
    const basic = Buffer.from(`${encode(settings.clientId)}:${encode(readSecret())}`).toString('base64');
    const found = await calls
      .post(settings.url, { token }, `Basic ${basic}`)
      .catch((error) => refusedIf(isUnknownToken(error), error));
    if (found.active !== true || settings.userinfo === undefined) return found;
    const person = await calls
      .post(settings.userinfo, {}, `Bearer ${token}`)
      .catch((error) => refusedIf(isRefusedPerson(error), error));
    if (person === INACTIVE) return INACTIVE;
    // The claims of another person would be those of another token.
    const isOther = found.sub !== undefined && person.sub !== undefined && found.sub !== person.sub;
    return isOther ? INACTIVE : { ...person, ...found };
  };

  return async (token, now) => {
    const pausedMs = failedAt + PAUSE_MS - now;
    if (pausedMs > 0 && pausedMs <= PAUSE_MS) throw refused('KEYS_UNAVAILABLE', issuer.name, pausedMs);
    let found: Members;
    try {
      found = await ask(token);
      if (isFailing) log.info({ issuer: issuer.name }, 'an issuer answers introspection again');
      isFailing = false;
    } catch (error) {
      if (error instanceof IssuerCallError && error.found === 'UNREADABLE') {
        // The issuer answers: others are not refused for it.
        if (now - loggedAt >= LOG_MS || now < loggedAt) {
          loggedAt = now;
          log.warn(
            { issuer: issuer.name, err: errorFields(error) },
            'an issuer answers introspection or userinfo with what cannot be read: such a token is refused',
          );
        }
        throw refused('UNREADABLE', issuer.name);
      }
      failedAt = now;
      // The begin and the end of an outage, not each token.
      if (!isFailing)
        log.warn(
          { issuer: issuer.name, err: errorFields(error) },
          'an issuer does not answer introspection: its tokens are refused when they are no longer remembered',
        );
      isFailing = true;
      throw refused('KEYS_UNAVAILABLE', issuer.name, PAUSE_MS);
    }
    check(found, issuer, now / 1000);
    return found;
  };
}

const INACTIVE: Members = { active: false };

function refusedIf(isRefused: boolean, error: unknown): Members {
  if (!isRefused) throw error;
  return INACTIVE;
}

/** RFC 7662 has `active: false` for an unknown token; some issuers answer 400 instead. */
const isUnknownToken = (error: unknown): boolean =>
  error instanceof IssuerCallError && error.found === 400 && !CLIENT_ERRORS.has(error.oauthError);

const isRefusedPerson = (error: unknown): boolean =>
  error instanceof IssuerCallError && USERINFO_REFUSALS.has(error.found);

/** RFC 6749 encodes both parts before they are joined. */
const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

/** An answer names issuer, audience and times only if it has them: the issuer itself says that the token is active. */
function check(found: Members, issuer: IssuerSettings, now: number): void {
  const { name, clockSkewSeconds: skew } = issuer;
  if (found.active !== true) throw refused('INACTIVE', name);
  if (found.iss !== undefined && found.iss !== issuer.issuer) throw refused('UNKNOWN_ISSUER', name);
  const audience = Array.isArray(found.aud) ? found.aud : found.aud === undefined ? undefined : [found.aud];
  if (audience !== undefined && !audience.some((one) => issuer.audience.includes(one as string)))
    throw refused('AUDIENCE', name);
  if (found.exp !== undefined && !(Number(found.exp) > now - skew)) throw refused('EXPIRED', name);
  if (found.nbf !== undefined && !(Number(found.nbf) <= now + skew)) throw refused('NOT_YET', name);
}

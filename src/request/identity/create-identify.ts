// Who sends a request: from a token of a configured issuer, from the certificate of a machine, or from the break-glass
// token. Accepted tokens are remembered by their digest for at most a minute and never past their end, so that almost every request
// costs one digest; what an issuer refused is remembered for some seconds. Guarantees that credentials that are not accepted refuse the request, and that no token is stored.

import { LRUCache } from 'lru-cache';
import { GatewayError, isGatewayError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import type { ReferenceSources } from '../../references.ts';
import type { Sender } from '../address.ts';
import { BREAK_GLASS, createBreakGlassCheck } from './break-glass.ts';
import { type CertificateSettings, createReadCertificate, type PeerCertificate } from './certificates.ts';
import { identityOf } from './claims.ts';
import { ANONYMOUS, type Identify, type Identity } from './identity.ts';
import { createIntrospect, type Introspect } from './introspect.ts';
import { createIntrospectionRoom } from './introspection-room.ts';
import { createIssuerCalls } from './issuer-calls.ts';
import { type IssuerSettings, takesOpaque } from './issuer-keys.ts';
import { createKeySet, type KeySet } from './key-set.ts';
import { refused } from './refusals.ts';
import { digestOf } from './token-digest.ts';
import { canBeOpaque, isJwt, isMembers, MAX_TOKEN, type Members, readParts } from './token-parts.ts';
import { verifyJwt } from './verify-jwt.ts';

export interface IdentitySettings extends CertificateSettings {
  readonly issuers: readonly IssuerSettings[];
}

export interface IdentificationOptions {
  readonly settings: IdentitySettings;
  /** The break-glass token, a text or a reference; `undefined`: there is none. */
  readonly operatorToken: string | undefined;
  readonly references: ReferenceSources;
  readonly log: Log;
  /** Epoch ms. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

export interface Identification {
  readonly identify: Identify;
  /** The identity of a request where it is known at once: a remembered token, or the break-glass token. Never calls an issuer. */
  readonly known: (headers: Parameters<Identify>[0]) => Identity | undefined;
  /** Does a request with this `Authorization` header certainly not come from an operator? A token that was not checked may be anyone's. */
  readonly isNoOperator: (authorization: string | undefined) => boolean;
  /** Begins to fetch the keys of all issuers; does not wait for them. To be called when this process has time to read answers. */
  readonly start: () => void;
  readonly close: () => Promise<void>;
}

/** How long an accepted token is used again without a check, ms. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 20_000;
/** Tokens that are being checked; beyond it nobody waits. */
const MAX_CHECKING = 1_000;
/** How long what an issuer said against a token counts without asking again, ms. */
const REMEMBER_REFUSAL_MS = 5_000;
const MAX_REFUSALS = 5_000;

interface Issuer {
  readonly settings: IssuerSettings;
  readonly keys: KeySet;
  readonly introspect: Introspect | undefined;
}

interface Accepted {
  readonly identity: Identity;
  /** Epoch ms. */
  readonly until: number;
  /** Does what was verified still hold? Not after the keys have changed. */
  readonly holds: () => boolean;
  /** The certificate without which the token does not count. */
  readonly thumbprint: string | undefined;
}

/** @throws SecretReferenceError */
export function createIdentification(options: IdentificationOptions): Identification {
  const { settings, references, log, now = Date.now } = options;
  const isBreakGlass = createBreakGlassCheck(options.operatorToken, references);
  const readCertificate = createReadCertificate(settings);
  const calls = createIssuerCalls();
  const issuers = new Map<unknown, Issuer>(
    settings.issuers.map((issuer): [string, Issuer] => {
      const { introspection } = issuer;
      const introspect =
        introspection && createIntrospect({ issuer, settings: introspection, calls, references, log });
      return [
        issuer.issuer,
        { settings: issuer, keys: createKeySet({ issuer, calls, log, now }), introspect },
      ];
    }),
  );
  const forOpaque = [...issuers.values()].find((issuer) => takesOpaque(issuer.settings));
  const remembered = new LRUCache<string, Accepted>({ max: MAX_REMEMBERED });
  const refusals = new LRUCache<string, { readonly error: GatewayError; readonly until: number }>({
    max: MAX_REFUSALS,
  });
  const checking = new Map<string, Promise<Accepted>>();
  const room = createIntrospectionRoom(settings.trustedProxies);

  const accept = (
    { settings: own }: Issuer,
    claims: Members,
    introspected: boolean,
    holds: () => boolean,
  ): Accepted => {
    const cacheMs = introspected ? (own.introspection?.cacheSeconds ?? 0) * 1000 : REMEMBER_MS;
    const end = typeof claims.exp === 'number' ? (claims.exp + own.clockSkewSeconds) * 1000 : Infinity;
    return {
      identity: identityOf(claims, own, settings.clients),
      until: Math.min(now() + Math.min(cacheMs, REMEMBER_MS), end),
      holds,
      thumbprint: thumbprintOf(claims, own.name),
    };
  };

  /** Runs what asks an issuer about a token, and remembers that the token is refused; never that the issuer did not answer. */
  const asking = async (digest: string, ask: () => Promise<Accepted>): Promise<Accepted> => {
    try {
      return await ask();
    } catch (error) {
      if (isGatewayError(error) && error.code === 'UNAUTHENTICATED' && !error.retryable)
        refusals.set(digest, { error, until: now() + REMEMBER_REFUSAL_MS });
      throw error;
    }
  };

  const checkOpaque = async (token: string, digest: string, from: Sender): Promise<Accepted> => {
    if (forOpaque?.introspect === undefined || !canBeOpaque(token)) throw refused('MALFORMED');
    const { introspect } = forOpaque;
    const leave = room.enter(from);
    if (leave === undefined)
      throw new GatewayError('OVERLOADED', { detail: 'too many unknown tokens are being introspected' });
    try {
      return await asking(digest, async () =>
        accept(forOpaque, await introspect(token, now()), true, always),
      );
    } finally {
      leave();
    }
  };

  const checkJwt = async (token: string, digest: string): Promise<Accepted> => {
    const parts = readParts(token);
    const issuer = issuers.get(parts.claims.iss);
    if (issuer === undefined) throw refused('UNKNOWN_ISSUER');
    const { settings: own, keys, introspect } = issuer;
    const generation = keys.generation();
    await verifyJwt(token, parts, own, keys, now());
    const holds = (): boolean => keys.generation() === generation;
    if (introspect === undefined || own.introspection?.tokens === 'opaque')
      return accept(issuer, parts.claims, false, holds);
    // The answer decides whether the token counts; what the signature covers decides whose it is.
    return asking(digest, async () =>
      accept(issuer, { ...(await introspect(token, now())), ...parts.claims }, true, holds),
    );
  };

  const check = (token: string, digest: string, from: Sender): Promise<Accepted> => {
    const before = refusals.get(digest);
    if (before !== undefined && before.until > now()) return Promise.reject(before.error);
    const running = checking.get(digest);
    if (running !== undefined) return running;
    if (checking.size >= MAX_CHECKING)
      return Promise.reject(new GatewayError('OVERLOADED', { detail: 'too many tokens are being checked' }));
    const started = (isJwt(token) ? checkJwt(token, digest) : checkOpaque(token, digest, from))
      .then((accepted) => {
        remembered.set(digest, accepted);
        return accepted;
      })
      .finally(() => checking.delete(digest));
    checking.set(digest, started);
    return started;
  };

  const remember = (digest: string): Accepted | undefined => {
    const found = remembered.get(digest);
    if (found === undefined) return undefined;
    if (found.until > now() && found.holds()) return found;
    remembered.delete(digest);
    return undefined;
  };

  const breakGlass = (digest: string): Identity | undefined => {
    if (isBreakGlass?.(digest) !== true) return undefined;
    log.warn({ by: 'break-glass' }, 'the break-glass token of operators was used');
    return BREAK_GLASS;
  };

  const identify: Identify = (headers, peer) => {
    const certificate = readCertificate?.(headers, peer, now());
    const { authorization } = headers;
    if (authorization === undefined) return certificate === undefined ? ANONYMOUS : machineOf(certificate);
    const token = tokenOf(authorization);
    if (token === undefined) throw refused('SCHEME');
    if (token.length > MAX_TOKEN) throw refused('TOO_LONG');
    const digest = digestOf(token);
    const found = remember(digest);
    if (found !== undefined) return withCertificate(found, certificate);
    return (
      breakGlass(digest) ??
      check(token, digest, { headers, peer }).then((accepted) => withCertificate(accepted, certificate))
    );
  };

  return {
    identify,
    isNoOperator: (authorization) => {
      if (authorization === undefined) return true;
      const token = tokenOf(authorization);
      if (token === undefined || token.length > MAX_TOKEN) return false;
      return remember(digestOf(token))?.identity.roles.has('operator') === false;
    },
    known: ({ authorization }) => {
      const token = authorization === undefined ? undefined : tokenOf(authorization);
      if (token === undefined || token.length > MAX_TOKEN) return undefined;
      const digest = digestOf(token);
      const found = remember(digest);
      if (found !== undefined) return found.thumbprint === undefined ? found.identity : undefined;
      return breakGlass(digest);
    },
    start: () => {
      for (const { keys } of issuers.values()) keys.start();
    },
    close: async () => {
      for (const { keys } of issuers.values()) keys.close();
      await calls.close();
    },
  };
}

const always = (): boolean => true;

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

const tokenOf = (authorization: string | string[]): string | undefined =>
  typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;

function machineOf({ identity }: PeerCertificate): Identity {
  if (identity === null) throw refused('CERTIFICATE');
  return identity;
}

function withCertificate(
  { identity, thumbprint }: Accepted,
  certificate: PeerCertificate | undefined,
): Identity {
  if (thumbprint !== undefined && thumbprint !== certificate?.thumbprint) throw refused('BOUND');
  return identity;
}

/** A token that is bound to anything but a certificate cannot be proven by this gateway, and counts for nothing without the proof. */
function thumbprintOf({ cnf }: Members, name: string): string | undefined {
  if (cnf === undefined) return undefined;
  const thumbprint = isMembers(cnf) ? cnf['x5t#S256'] : undefined;
  if (typeof thumbprint !== 'string' || Object.keys(cnf as object).length !== 1) throw refused('BOUND', name);
  return thumbprint;
}

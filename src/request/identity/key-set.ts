// The public keys of one issuer: found by discovery, renewed before anybody waits for them, looked up by key id. Guarantees at most
// one call at a time, a pause after each call that a token caused, and that known keys serve on for a stated time while the
// issuer cannot be reached.

import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { errorFields, type Log } from '../../observe/log.ts';
import { IssuerCallError, type IssuerCalls } from './issuer-calls.ts';
import type { IssuerSettings } from './issuer-keys.ts';
import { refused } from './refusals.ts';
import { isMembers, type Members } from './token-parts.ts';

/** Keys are fetched again after this time, so that a key that an issuer has withdrawn is refused within a minute. */
const RENEW_MS = 45_000;
/** Pause between two calls that tokens with unknown keys cause. */
const PAUSE_MS = 5_000;
/** The same while no key is known, and every token of the issuer is refused. */
const FIRST_PAUSE_MS = 1_000;
const MAX_KEYS = 100;

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

export interface KeySet {
  /** Finds the key of a token. @throws GatewayError UNAUTHENTICATED for an unknown key, or without usable keys */
  keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey>;
  /** Changes when the keys do: what was verified by older keys has to be verified again. */
  generation(): number;
  /** Begins to fetch the keys, again and again, without waiting for them. Before, they are fetched for the first token. */
  start(): void;
  close(): void;
}

export interface KeySetOptions {
  readonly issuer: IssuerSettings;
  readonly calls: IssuerCalls;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createKeySet({ issuer, calls, log, now }: KeySetOptions): KeySet {
  let known: { readonly keys: LocalKeys; readonly text: string } | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let generation = 0;
  let isFailing = false;
  let running: Promise<void> | undefined;

  const fetchKeys = async (): Promise<void> => {
    triedAt = now();
    try {
      const found = publicKeys(await calls.get(issuer.jwks ?? (await discover(issuer, calls))));
      const text = JSON.stringify(found);
      if (text !== known?.text) {
        known = { keys: createLocalJWKSet(found), text };
        generation++;
      }
      fetchedAt = now();
      if (isFailing) log.info({ issuer: issuer.name }, 'the keys of an issuer are available again');
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log.warn(
          { issuer: issuer.name, staleKeysMinutes: issuer.staleKeysMinutes, err: errorFields(error) },
          known === undefined
            ? 'the keys of an issuer cannot be fetched: its tokens are refused'
            : 'the keys of an issuer cannot be fetched: the known keys serve on',
        );
      isFailing = true;
    }
  };
  const renew = (): Promise<void> => {
    running ??= fetchKeys().finally(() => {
      running = undefined;
    });
    return running;
  };
  const usable = (): LocalKeys | undefined =>
    now() - fetchedAt <= issuer.staleKeysMinutes * 60_000 ? known?.keys : undefined;
  /** Waits for a call that runs; makes one unless the last is recent. */
  const renewSparingly = async (): Promise<void> => {
    const pauseMs = known === undefined ? FIRST_PAUSE_MS : PAUSE_MS;
    if (running === undefined && now() - triedAt < pauseMs) return;
    await renew();
  };

  let timer: NodeJS.Timeout | undefined;

  return {
    keyOf: async (header, token) => {
      if (usable() === undefined) await renewSparingly();
      const keys = usable();
      if (keys === undefined) throw refused('KEYS_UNAVAILABLE', issuer.name);
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      const before = generation;
      await renewSparingly();
      const renewed = usable();
      if (generation === before || renewed === undefined) throw refused('UNKNOWN_KEY', issuer.name);
      return renewed(header, token);
    },
    generation: () => generation,
    start: () => {
      timer ??= setInterval(() => void renew(), RENEW_MS).unref();
      void renew();
    },
    close: () => clearInterval(timer),
  };
}

/** The address of the keys. @throws IssuerCallError when the document is that of another issuer or names no usable address */
async function discover({ issuer }: IssuerSettings, calls: IssuerCalls): Promise<string> {
  const found = await calls.get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (found.issuer !== issuer)
    throw new IssuerCallError('the discovery document names another issuer than the access file');
  const address = typeof found.jwks_uri === 'string' ? URL.parse(found.jwks_uri) : null;
  // Never weaker than the way to the issuer itself.
  if (address === null || (address.protocol !== 'https:' && address.origin !== new URL(issuer).origin))
    throw new IssuerCallError('the discovery document has no jwks_uri by https');
  return address.href;
}

/** Keeps public keys alone: a shared secret among them would let anybody who reads the set sign tokens. */
function publicKeys({ keys }: Members): JSONWebKeySet {
  if (!Array.isArray(keys) || keys.length > MAX_KEYS)
    throw new IssuerCallError(`expected "keys", a list of at most ${MAX_KEYS}`);
  const kept = keys.filter(
    (key) =>
      isMembers(key) && ['RSA', 'EC', 'OKP'].includes(String(key.kty)) && !('d' in key) && !('k' in key),
  );
  return { keys: kept };
}

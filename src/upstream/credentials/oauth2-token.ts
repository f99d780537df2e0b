// What the grants of OAuth 2.0 share: the token endpoint, the request to it, and the token of its answer.
import { z } from 'zod';
import { about, milliseconds, setting, text } from '../../manifest-keys.ts';
import { compilePath } from '../read-path.ts';
import type { Settled } from '../secret.ts';
import type { CredentialDeps } from './contract.ts';
import { type ClientSettings, proveClient } from './oauth2-client.ts';
import type { Token } from './token-cache.ts';
import { assertHeaderText, type TokenRequest, textIn, tokenEndpoint, unusable } from './token-request.ts';

export const endpointKeys = {
  tokenPath: z
    .string()
    .startsWith('/')
    .default('/token')
    .meta(about('Path of the token endpoint below the base URL.', '/token')),
  tokenUrl: setting
    .optional()
    .meta(
      about(
        'Absolute URL of the token endpoint. Its host must be in `source.hosts`.',
        'https://lgsp.city.example/oauth2/token',
        { whenAbsent: '`tokenPath` below the base URL' },
      ),
    ),
};

export const tokenKeys = {
  scope: text
    .optional()
    .meta(about('Scope to request, separated by spaces.', 'read', { whenAbsent: 'no scope is sent' })),
  header: text
    .default('authorization')
    .meta(
      about(
        'Header that carries the token: `authorization` as `Bearer …`, any other header the bare token.',
        'authorization',
      ),
    ),
  timeoutMs: milliseconds.default(5000).meta(about('Time limit of the token request.', 5000)),
  refreshBeforeMs: milliseconds
    .default(30_000)
    .meta(
      about("How early a token is refreshed before it expires; at most a fifth of the token's life.", 30_000),
    ),
};

type GrantSettings = ClientSettings & Settled<z.output<z.ZodObject<typeof endpointKeys & typeof tokenKeys>>>;

/** Builds the request of one grant. @throws GatewayError UPSTREAM_UNAUTHORIZED when a secret cannot be read */
export async function buildGrantRequest(
  settings: GrantSettings,
  grant: Readonly<Record<string, string>>,
  { baseUrl, now }: Pick<CredentialDeps, 'baseUrl' | 'now'>,
): Promise<TokenRequest> {
  const { tokenPath, tokenUrl, scope } = settings;
  const url = tokenEndpoint(baseUrl, tokenPath, tokenUrl);
  const proof = await proveClient(settings, url, now());
  const form = new URLSearchParams({ ...grant, ...(scope !== undefined && { scope }), ...proof.form });
  return {
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...proof.headers },
    body: form.toString(),
  };
}

const readToken = compilePath('access_token');
const readLife = compilePath('expires_in');
const readType = compilePath('token_type');

/** Types whose use needs a proof beside the token. Others are sent as Bearer: some API managers name their tokens in their own way. */
const PROVED_TYPES = /^(mac|dpop|pop)$/i;

/** At most this share of a token's life is given up by refreshing early. */
const EARLY_SHARE = 1 / 5;

export interface AccessToken {
  readonly token: string;
  /** `undefined` when the endpoint does not state it. */
  readonly lifeMs: number | undefined;
}

/** @throws GatewayError as `textIn`; UPSTREAM_INVALID for a token that cannot be used */
export function accessTokenIn(answer: unknown): AccessToken {
  const token = textIn(answer, readToken, 'access_token');
  assertHeaderText(token, 'access_token');
  const type = readType(answer);
  if (typeof type === 'string' && PROVED_TYPES.test(type))
    throw unusable('a token of another type; expected "Bearer" at "token_type"');
  const lifeMs = Number(readLife(answer)) * 1000;
  if (lifeMs < 0) throw unusable('a token that has expired already; expected seconds at "expires_in"');
  return { token, lifeMs: lifeMs > 0 ? lifeMs : undefined };
}

/**
 * The proof for the token, and when it is refreshed.
 * @param leftMs time for which the token remains valid; `undefined`: not known
 * @param lifeMs the whole life of the token, where it is longer
 */
export function compileToken({
  header,
  refreshBeforeMs,
}: Pick<GrantSettings, 'header' | 'refreshBeforeMs'>): (
  token: string,
  at: number,
  leftMs: number | undefined,
  lifeMs?: number,
) => Token {
  const name = header.toLowerCase();
  const prefix = name === 'authorization' ? 'Bearer ' : '';
  return (token, at, leftMs, lifeMs = leftMs) => {
    const proof = { headers: { [name]: prefix + token } };
    if (leftMs === undefined || lifeMs === undefined)
      return { proof, expiresAt: undefined, refreshAt: undefined };
    const early = Math.min(refreshBeforeMs, lifeMs * EARLY_SHARE);
    return { proof, expiresAt: at + leftMs, refreshAt: at + leftMs - early };
  };
}

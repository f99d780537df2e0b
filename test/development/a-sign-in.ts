// The code flow with PKCE as a browser goes through it, without a browser.

import { createHash, randomBytes } from 'node:crypto';

export interface SignedIn {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
}

export const CLIENT = 'development-app';
export const REDIRECT = 'http://127.0.0.1:5173/callback';

/** @returns the answer of the token endpoint, and the page on which people are chosen */
export async function signIn(
  issuer: string,
  person: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ tokens: SignedIn; page: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid offline_access dossiers:read',
    state: 'a-state',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...more,
  });
  const cookies = new Map<string, string>();
  let page = '';
  let at = `${issuer}/auth?${query}`;
  let form: string | undefined;
  while (at.startsWith(issuer)) {
    const response = await fetch(at, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      body: form === undefined ? null : new URLSearchParams({ person: form }),
    });
    form = undefined;
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) at = new URL(location, at).href;
    else if (response.status === 200 && page === '') {
      page = await response.text();
      form = person;
    } else throw new Error(`${response.status} ${await response.text()}`);
  }
  const back = new URL(at).searchParams;
  if (back.get('state') !== 'a-state') throw new Error('another state');
  return {
    page,
    tokens: await exchange<SignedIn>(issuer, {
      grant_type: 'authorization_code',
      client_id: CLIENT,
      code: back.get('code') ?? '',
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    }),
  };
}

/** Asks the token endpoint. @throws Error with what it answered */
export async function exchange<T>(issuer: string, form: Record<string, string>, path = '/token'): Promise<T> {
  const response = await fetch(issuer + path, { method: 'POST', body: new URLSearchParams(form) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

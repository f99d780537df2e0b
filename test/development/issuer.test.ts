// The development issuer over HTTP, and the gateway's view of its tokens.

import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessSchema } from '../../src/access-file.ts';
import { createCity } from '../../src/city/city.ts';
import type { City } from '../../src/city/contract.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { type DevelopmentIssuer, startDevelopmentIssuer } from '../../src/development/issuer.ts';
import { POLICY_SCOPES } from '../../src/graph/access/policies.ts';
import { createLog } from '../../src/observe/log.ts';
import { createIdentification, type Identification } from '../../src/request/identity/create-identify.ts';
import { exchange, type SignedIn, signIn } from './a-sign-in.ts';

let city: City;
let issuer: DevelopmentIssuer;
let identification: Identification;
beforeAll(async () => {
  city = createCity({ anchor: '2027-01-04', dossiers: 200 });
  issuer = await startDevelopmentIssuer({ city, port: 0 });
  identification = createIdentification({
    settings: accessSchema.parse(issuer.entry),
    operatorToken: undefined,
    references: { readEnv: (name) => issuer.secrets[name] },
    log: createLog({ level: 'silent' }),
  });
});
afterAll(async () => {
  await identification?.close();
  await issuer?.close();
});

const identityOf = async (token: string) => identification.identify({ authorization: `Bearer ${token}` });

describe('the people', () => {
  it('each · a token asked for · then an identity of the right kind, in the city', async () => {
    const found: Record<string, unknown> = {};
    for (const { id } of issuer.people) {
      const { actor, roles } = await identityOf(await issuer.token({ person: id }));
      found[id] = [actor.kind, ...roles];
      if (actor.kind === 'citizen')
        expect(city.dossiers.some(({ applicant }) => applicant.personalId === actor.personalId)).toBe(true);
      if (actor.kind === 'enterprise')
        expect(city.dossiers.some(({ enterprise }) => enterprise?.code === actor.code)).toBe(true);
      if (actor.kind === 'officer')
        expect(city.agencies.some(({ code }) => code === actor.agency)).toBe(true);
    }
    expect(found).toEqual({
      officer: ['officer', 'handler'],
      'officer-department': ['officer', 'handler'],
      'officer-commune': ['officer', 'handler'],
      'officer-viewer': ['officer'],
      citizen: ['citizen'],
      'citizen-2': ['citizen'],
      enterprise: ['enterprise'],
      operator: ['staff', 'operator'],
      integrator: ['staff', 'integrator'],
      approver: ['staff', 'approver'],
      auditor: ['staff', 'auditor'],
    });
  });

  it('the department and the commune of the officers · then agencies that have dossiers', async () => {
    for (const person of ['officer-department', 'officer-commune']) {
      const { actor } = await identityOf(await issuer.token({ person }));
      const agency = city.agencies.find(({ code }) => actor.kind === 'officer' && code === actor.agency);
      expect(city.dossiers.some(({ agencyId }) => agencyId === agency?.id)).toBe(true);
    }
  });

  it('the machine · client credentials · then its agency and the class of its client', async () => {
    expect(await identityOf(await issuer.token({ person: 'machine' }))).toMatchObject({
      actor: { kind: 'machine', client: 'nightly-batch', agency: 'H26' },
      client: { id: 'nightly-batch', class: 'batch' },
    });
  });

  it('the machine · scopes of the gateway asked for · then those; without: dossiers:read; unknown: refused', async () => {
    const scopesOf = async (scope?: string) => [
      ...(await identityOf(await issuer.token({ person: 'machine', scope }))).scopes,
    ];
    expect(await scopesOf()).toEqual(['dossiers:read']);
    expect(await scopesOf('personal:read')).toEqual(['personal:read']);
    expect(await scopesOf(POLICY_SCOPES.join(' '))).toEqual([...POLICY_SCOPES]);
    await expect(scopesOf('dossiers:read dossier.write')).rejects.toThrow('scope: found "dossier.write"');
  });

  it('another id, agency and life · then those of the token; what fits nobody is refused', async () => {
    const token = await issuer.token({ person: 'officer', id: 'CB0777', agency: 'H26.04', minutes: 5 });
    expect((await identityOf(token)).actor).toEqual({ kind: 'officer', officer: 'CB0777', agency: 'H26.04' });
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(300);
    for (const wrong of [
      { person: 'nobody' },
      { person: 'citizen', agency: 'H26' },
      { person: '__proto__' },
      { person: 'officer', minutes: 1_441 },
    ])
      await expect(issuer.token(wrong)).rejects.toMatchObject({ name: 'TokenRequestError', answered: true });
  });
});

describe('the code flow with PKCE', () => {
  it('a person chosen · then tokens that the gateway accepts; renewed; revoked: no more', async () => {
    const { page, tokens } = await signIn(issuer.url, 'citizen');
    expect(page).toContain('Chỉ dùng khi phát triển');
    expect(page.match(/<button name="person"/g)).toHaveLength(issuer.people.length);
    expect(page).not.toMatch(/<script|<input/i);
    expect((await identityOf(tokens.access_token)).actor.kind).toBe('citizen');
    expect(tokens.expires_in).toBe(600);
    const renew = (refresh_token: string) =>
      exchange<SignedIn>(issuer.url, {
        grant_type: 'refresh_token',
        client_id: 'development-app',
        refresh_token,
      });
    const renewed = await renew(tokens.refresh_token);
    expect(await identityOf(renewed.access_token)).toEqual(await identityOf(tokens.access_token));
    await exchange(
      issuer.url,
      { token: renewed.refresh_token, client_id: 'development-app' },
      '/token/revocation',
    );
    await expect(renew(renewed.refresh_token)).rejects.toThrow('invalid_grant');
  });

  it('opaque tokens · by the resource · then introspected; revoked: refused', async () => {
    const { tokens } = await signIn(issuer.url, 'officer', { resource: 'urn:lienthong:development:opaque' });
    expect(tokens.access_token.split('.')).toHaveLength(1);
    expect((await identityOf(tokens.access_token)).actor).toMatchObject({
      kind: 'officer',
      officer: 'CB0001',
    });
    const other = await signIn(issuer.url, 'officer', { resource: 'urn:lienthong:development:opaque' });
    const { access_token: token } = other.tokens;
    await exchange(issuer.url, { token, client_id: 'development-app' }, '/token/revocation');
    await expect(identityOf(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('without PKCE, or back to another machine · then refused', async () => {
    await expect(signIn(issuer.url, 'officer', { code_challenge: '' })).rejects.toThrow();
    for (const redirect_uri of [
      'https://evil.example/',
      'http://127.0.0.1.evil.example/',
      'http://user@127.0.0.1:1/',
    ])
      await expect(signIn(issuer.url, 'officer', { redirect_uri })).rejects.toThrow('invalid_redirect_uri');
  });

  it('somebody who is not there · then 400, and nobody is signed in', async () => {
    await expect(signIn(issuer.url, 'mallory')).rejects.toThrow('400 ');
    await expect(signIn(issuer.url, 'officer?id=CB9')).rejects.toThrow('400 ');
  });
});

describe('its walls', () => {
  it('a page of another machine · then its browser may not read the answers; one of this machine may', async () => {
    const allowed = async (origin: string) => {
      const form = { grant_type: 'refresh_token', client_id: 'development-app', refresh_token: 'x' };
      const response = await fetch(`${issuer.url}/token`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams(form),
      });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    for (const origin of ['https://evil.example', 'http://127.0.0.1.evil.example', 'null'])
      expect(await allowed(origin)).toBeNull();
  });

  it('a name that leads here from elsewhere · then 421', async () => {
    const status = await new Promise((resolve) => {
      const asked = request(`${issuer.url}/jwks`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.end();
    });
    expect(status).toBe(421);
  });

  it('its port taken · then one sentence with the way out', async () => {
    const port = Number(new URL(issuer.url).port);
    await expect(startDevelopmentIssuer({ city, port })).rejects.toThrow(
      `The development issuer cannot listen on 127.0.0.1:${port}: the port is in use.`,
    );
  });
});

describe('lienthong token', () => {
  async function run(...args: string[]) {
    const said = { out: '', err: '' };
    const code = await runCommandLine(['token', ...args], {
      terminal: {
        print: (text: string) => {
          said.out += `${text}\n`;
        },
        printError: (text: string) => {
          said.err += `${text}\n`;
        },
      } as never,
      connectorsDir: new URL('../../connectors', import.meta.url).pathname,
      actor: { officer: 'CB0001', agency: 'H26' },
      issuer: {
        connectorsDir: new URL('../../connectors', import.meta.url).pathname,
        port: Number(new URL(issuer.url).port) - 5,
        simulatorPorts: {},
      },
      store: { databaseUrl: undefined, dataDir: '/nowhere' },
      readEnv: () => undefined,
    });
    return { code, ...said };
  }

  it('a person · then the token alone; the port is the one after the simulators', async () => {
    const { code, out, err } = await run('officer', '--agency', 'H26.04', '--minutes', '5');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await identityOf(out.trim())).actor).toMatchObject({ agency: 'H26.04' });
  });

  it('--scope · for the machine · then its token has it; for a person, or unknown: a sentence', async () => {
    const { out } = await run('machine', '--scope', 'dossiers:read personal:read');
    expect([...(await identityOf(out.trim())).scopes]).toEqual(['dossiers:read', 'personal:read']);
    expect(await run('officer', '--scope', 'personal:read')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--scope: found for officer'),
    });
    expect(await run('machine', '--scope', 'all')).toMatchObject({
      code: 1,
      out: '',
      err: 'The development issuer refuses: scope: found "all", expected one or more of dossiers:read, personal:read, sensitive:read.\n',
    });
  });

  it('nobody answers, the issuer refuses, wrong use · then a sentence, and nothing on stdout', async () => {
    expect(await run('officer', '--issuer', 'http://127.0.0.1:1')).toEqual({
      code: 1,
      out: '',
      err: 'No development issuer answers at http://127.0.0.1:1. Start the gateway with simulators (npm start), or give the address that its start printed: --issuer <url>.\n',
    });
    expect(await run('citizen', '--agency', 'H26')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('refuses'),
    });
    expect(await run('ofice')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Did you mean'),
    });
    expect(await run('officer', '--minutes', '1h')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--minutes: found'),
    });
  });
});

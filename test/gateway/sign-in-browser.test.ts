// A front end's way, in a real browser: from another origin it signs in by the code flow with PKCE at the development issuer and
// queries; its token ends in the middle and is renewed, and nothing is lost. And the explorer's "Ask as".

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser, executablePath } from '../http/a-browser.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';

const PAGES = 20;
const PAGE_SIZE = 5;

/** Reads the dossiers page by page; passes until its token has ended within a pass. */
const frontEnd = (
  issuer: string,
  graphql: string,
): string => `<!doctype html><meta charset="utf-8"><title>one-stop</title>
<button id="sign-in">Sign in</button><pre id="report"></pre><script type="module">
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const redirect = location.origin + '/';
const tokenOf = async (form) => {
  const answer = await fetch('${issuer}/token', { method: 'POST', body: new URLSearchParams({ client_id: 'development-app', ...form }) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
document.querySelector('#sign-in').onclick = async () => {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem('verifier', verifier);
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
  location.href = '${issuer}/auth?' + new URLSearchParams({
    client_id: 'development-app', response_type: 'code', redirect_uri: redirect, scope: 'openid offline_access dossiers:read',
    state: 'a-state', code_challenge_method: 'S256', code_challenge: challenge,
  });
};
const code = new URLSearchParams(location.search).get('code');
if (code !== null) {
  let tokens = await tokenOf({ grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: sessionStorage.getItem('verifier') });
  const report = { passes: 0, refusals: [], codes: [], names: 0, errors: [] };
  const query = 'query Codes($after: String) { dossiers(first: ${PAGE_SIZE}, after: $after) { edges { node { code applicant { fullName } } } pageInfo { endCursor } } }';
  const ask = async (variables, page) => {
    const answer = await fetch('${graphql}', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ' + tokens.access_token },
      body: JSON.stringify({ query, variables }),
    });
    if (answer.status !== 401) return answer.json();
    report.refusals.push([page, answer.headers.get('www-authenticate')]);
    tokens = await tokenOf({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    return ask(variables, page);
  };
  do {
    report.passes++;
    report.codes = [];
    report.names = 0;
    report.refusals = [];
    let after = null;
    for (let page = 0; page < ${PAGES}; page++) {
      const { data, errors = [] } = await ask({ after }, page);
      report.errors.push(...errors.map(({ extensions }) => extensions.code));
      for (const { node } of data.dossiers.edges) {
        report.codes.push(node.code);
        if (node.applicant.fullName !== null) report.names++;
      }
      after = data.dossiers.pageInfo.endCursor;
    }
  } while (report.refusals.every(([page]) => page === 0));
  document.querySelector('#report').textContent = JSON.stringify(report);
}
</script>`;

describe.skipIf(executablePath === undefined)('in a browser', { timeout: 120_000 }, () => {
  let gate: TestGateway;
  let browser: Browser;
  let context: BrowserContext;
  let app: Server;
  let origin = '';
  beforeAll(async () => {
    gate = await aGateway({ tokenSeconds: 1 });
    browser = await aBrowser();
    const page = frontEnd(gate.report.development?.issuerUrl ?? '', gate.report.graphqlUrl);
    app = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(page);
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    app?.closeAllConnections();
    app?.close();
    await gate?.close();
  });
  afterEach(() => context.close());

  async function aPage(url: string) {
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1400, height: 900 } });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    return { page, complaints };
  }

  it('signed in, the token ends in the middle, renewed · then every dossier once, no error', async () => {
    const { page, complaints } = await aPage(`${origin}/`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // By keyboard, as the page of the issuer must allow.
    const officer = page.getByRole('button', { name: /Officer CB0001/ });
    await officer.focus();
    await page.keyboard.press('Enter');
    const shown = await page.locator('#report', { hasText: '{' }).textContent();
    const report = JSON.parse(shown ?? '') as {
      passes: number;
      refusals: [number, string][];
      codes: string[];
      names: number;
      errors: string[];
    };
    const known = gate.city.dossiers.slice(0, PAGES * PAGE_SIZE);
    expect(report.codes).toEqual(known.map(({ code }) => code));
    expect(report.names).toBe(known.filter(({ applicant }) => !applicant.unknownToPopulation).length);
    expect(report.errors).toEqual([]);
    expect(report.refusals.length).toBeGreaterThan(0);
    for (const [, why] of report.refusals) expect(why).toBe('Bearer error="invalid_token"');
    // The browser itself notes each refusal; nothing else is wrong, CORS included.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('the explorer · asks as the officer, then as whom the user chooses by keyboard, kept after a reload', async () => {
    const { page, complaints } = await aPage(`${new URL(gate.report.graphqlUrl).origin}/explorer`);
    const asked: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql') && request.postData()?.includes('IntrospectionQuery') !== true)
        asked.push(request.headers().authorization);
    });
    const claimsOf = (authorization = '') =>
      JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString() || '{}');
    const answer = (text: string) => page.locator('.result-window', { hasText: text }).waitFor();
    const run = () => page.locator('.graphiql-execute-button').click();
    const askAs = page.getByRole('combobox', { name: 'Ask as' });
    await run();
    await answer('"applicant"');
    expect(claimsOf(asked[0])).toMatchObject({ kind: 'officer', MaCanBo: 'CB0001' });
    expect(await askAs.locator('option').count()).toBe((gate.gateway.development?.people.length ?? 0) + 1);

    await askAs.focus();
    await page.keyboard.press('End');
    expect(await askAs.inputValue()).toBe('');
    await run();
    await answer('UNAUTHENTICATED');
    expect(asked[1]).toBeUndefined();

    await askAs.selectOption('citizen');
    await run();
    await answer('"edges"');
    expect(claimsOf(asked[2])).toMatchObject({ kind: 'citizen' });
    await page.reload();
    await run();
    await answer('"edges"');
    expect(claimsOf(asked[3])).toMatchObject({ kind: 'citizen' });
    const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage])');
    expect(kept).not.toMatch(/eyJ/);
    await page.getByRole('button', { name: 'Tiếng Việt' }).click();
    await page.getByRole('combobox', { name: 'Hỏi với vai' }).waitFor();
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });
});

// The explorer as a person uses it, in a headless Chromium. Runs where one is installed; CI installs one.
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pageQuery } from '../../src/http/page-query.ts';
import { aBrowser, executablePath } from './a-browser.ts';
import { aServer, OPERATOR_TOKEN, type TestServer } from './a-server.ts';

interface Operation {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

describe.skipIf(executablePath === undefined)('the explorer in a browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: TestServer;
  let context: BrowserContext;
  beforeAll(async () => {
    server = await aServer();
    browser = await aBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => context.close());

  /** A browser profile of its own, which records what the page requests and complains about. */
  async function aPage(path: string, locale = 'vi-VN') {
    context = await browser.newContext({ locale, viewport: { width: 1400, height: 900 } });
    context.setDefaultTimeout(100_000);
    const page = await context.newPage();
    const operations: { readonly operation: Operation; readonly request: Request }[] = [];
    const hosts = new Set<string>();
    const complaints: string[] = [];
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http')) hosts.add(url.host);
      if (url.pathname !== '/graphql') return;
      const operation = request.postDataJSON() as Operation;
      if (operation.operationName !== 'IntrospectionQuery') operations.push({ operation, request });
    });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.origin + path);
    return { page, operations, hosts, complaints };
  }

  const executeButton = (page: Page) => page.locator('.graphiql-execute-button');
  const answer = (page: Page, text: string) => page.locator('.result-window', { hasText: text }).waitFor();

  async function writeHeaders(page: Page, text: string): Promise<void> {
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.monaco-editor[data-uri*="request-headers"]').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(text);
  }

  it('first visit · the execute button clicked as soon as it appears · then the first query is sent and answered', async () => {
    const clickAtOnce = `(() => {
      const look = () => {
        const button = document.querySelector('.graphiql-execute-button');
        if (button?.checkVisibility({ visibilityProperty: true })) button.click();
        else requestAnimationFrame(look);
      };
      look();
    })()`;
    context = await browser.newContext({ locale: 'vi-VN' });
    context.setDefaultTimeout(100_000);
    const page = await context.newPage();
    await page.addInitScript(clickAtOnce);
    const sent = page.waitForRequest(
      (request) =>
        request.url().endsWith('/graphql') &&
        (request.postDataJSON() as Operation).operationName !== 'IntrospectionQuery',
    );
    await page.goto(`${server.origin}/`);
    const operation = (await sent).postDataJSON() as Operation;
    expect(operation.query).toContain(pageQuery.trim());
    expect(operation.operationName).toBe('Page');
    // The server of this test has another schema: it answers that it has no dossiers.
    await answer(page, 'GRAPHQL_VALIDATION_FAILED');
  });

  it("a visit · with queries, documentation and suggestions · then no other host, no console error, and only the gateway's name", async () => {
    const { page, hosts, complaints } = await aPage('/explorer?query=%7B%20hello%20%7D');
    await executeButton(page).click();
    await answer(page, 'Hello, you');
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('A GraphQL schema provides a root type').waitFor();
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('{ ');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget').getByText('callerClass').waitFor();
    expect(page.workers().map((worker) => new URL(worker.url()).host)).toContain(new URL(server.origin).host);
    expect([...hosts]).toEqual([new URL(server.origin).host]);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe('Liên Thông');
    expect(await page.locator('body').innerText()).not.toMatch(/graphiql|ruru|sponsor/i);
  });

  it('a link · with two operations, variables and the name of the second · then that operation runs', async () => {
    const query = 'query One { officer }\n\nquery Two($name: String) { hello(name: $name) }';
    const link = new URLSearchParams({ query, variables: '{"name":"An"}', operationName: 'Two' });
    const { page, operations } = await aPage(`/explorer?${link}`);
    await executeButton(page).waitFor();
    await page
      .locator('.graphiql-query-editor textarea, .graphiql-query-editor .native-edit-context')
      .first()
      .focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await answer(page, 'Hello, An');
    expect(operations.map(({ operation }) => operation)).toEqual([
      { query, variables: { name: 'An' }, operationName: 'Two' },
    ]);
  });

  it('headers · after a reload · then present, for this browser tab only', async () => {
    const { page, operations } = await aPage('/explorer?query=%7B%20standing%20%7D');
    await writeHeaders(page, `{"authorization": "Bearer ${OPERATOR_TOKEN}"}`);
    await executeButton(page).click();
    await answer(page, '"standing": "');
    await page.reload();
    await executeButton(page).click();
    await answer(page, '"standing": "');
    expect(operations.map(({ request }) => request.headers().authorization)).toEqual([
      `Bearer ${OPERATOR_TOKEN}`,
      `Bearer ${OPERATOR_TOKEN}`,
    ]);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(OPERATOR_TOKEN);
    const other = await context.newPage();
    await other.goto(`${server.origin}/explorer?query=%7B%20standing%20%7D`);
    const sent = other.waitForRequest(
      (request) => request.url().endsWith('/graphql') && request.postData()?.includes('standing') === true,
    );
    await executeButton(other).click();
    expect((await sent).headers().authorization).toBeUndefined();
  });

  it('the language · of the browser, then chosen · then applied to the page and the answers, and stored', async () => {
    const { page, operations } = await aPage('/explorer?query=%7B%20ill%20%7D', 'vi-VN');
    await page.getByRole('button', { name: /^Trình bày lại truy vấn/ }).waitFor();
    await executeButton(page).click();
    await answer(page, 'Hệ thống nguồn trả lời quá chậm.');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: /^Prettify query/ }).waitFor();
    await executeButton(page).click();
    await answer(page, 'The source system took too long to answer.');
    await page.reload();
    await page.getByRole('button', { name: /^Prettify query/ }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(operations.map(({ request }) => request.headers()['accept-language'])).toEqual(['vi', 'en']);
  });
});

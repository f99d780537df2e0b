// The parts of the explorer's page that need no browser.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFetcher } from '../../explorer/src/fetcher.ts';
import { readLink } from '../../explorer/src/link.ts';
import { createPeople } from '../../explorer/src/people.ts';
import { createStorage } from '../../explorer/src/storage.ts';
import { keepLanguage, readLanguage, textsOf } from '../../explorer/src/texts.ts';

/** The Web Storage API over a map. */
function aStorage(): Storage {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
    key: (index) => [...map.keys()][index] ?? null,
    get length() {
      return map.size;
    },
  };
}

describe('a link', () => {
  it.each([
    ['', { query: undefined, variables: undefined, operationName: undefined }],
    ['?query=%7B%20a%20%7D', { query: '{ a }', variables: '', operationName: undefined }],
    [
      '?query=q&variables=%7B%22a%22%3A1%7D&operationName=Q',
      { query: 'q', variables: '{\n  "a": 1\n}', operationName: 'Q' },
    ],
    ['?query=q&variables=%7Ba', { query: 'q', variables: '{a', operationName: undefined }],
    ['?headers=%7B%7D', { query: undefined, variables: undefined, operationName: undefined }],
  ])('%s · read · then query, variables and operation; never headers', (search, link) => {
    expect(readLink(search)).toEqual(link);
  });
});

describe('the storage', () => {
  it('headers, queries and history · written · then in the tab only; the theme in the browser', () => {
    const [tab, browser] = [aStorage(), aStorage()];
    const storage = createStorage(tab, browser);
    for (const name of ['headers', 'query', 'variables', 'tabState', 'queries', 'favorites', 'anything new'])
      storage.setItem(`graphiql:${name}`, 'x');
    storage.setItem('graphiql:theme', 'dark');
    expect([tab.length, browser.length, storage.length]).toEqual([7, 1, 8]);
    expect(browser.getItem('graphiql:theme')).toBe('dark');
    expect(storage.getItem('graphiql:headers')).toBe('x');
    storage.removeItem('graphiql:headers');
    expect(storage.getItem('graphiql:headers')).toBeNull();
    storage.clear();
    expect(storage.length).toBe(0);
  });
});

describe('the language', () => {
  it.each([
    [['en-GB', 'vi'], 'en'],
    [['fr', 'vi-VN', 'en'], 'vi'],
    [['fr'], 'vi'],
    [[], 'vi'],
  ])('a browser that prefers %j · on a first visit · then %s', (languages, language) => {
    expect(readLanguage(aStorage(), languages)).toBe(language);
  });

  it('a chosen language · on a later visit · then used instead of the preference of the browser', () => {
    const storage = aStorage();
    keepLanguage(storage, 'en');
    expect(readLanguage(storage, ['vi'])).toBe('en');
  });
});

describe('the fetcher', () => {
  const fetcher = createFetcher({
    endpoint: 'http://127.0.0.1:1/graphql',
    language: () => 'vi',
    texts: () => textsOf('vi'),
    people: { authorization: async () => undefined, forget: () => {} },
  });

  it('an unreachable gateway · then a sentence in the language of the page', async () => {
    await expect(fetcher({ query: '{ a }' })).rejects.toThrow('Không kết nối được với cổng.');
  });
});

describe('the people as whom the explorer asks', () => {
  const asked: string[] = [];
  const seen: (string | undefined)[] = [];
  let refusals = 0;
  const bodyOf = async (request: IncomingMessage) => (await request.toArray()).join('');
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    asked.push(`${request.method} ${request.url} ${body}`);
    if (request.url === '/people') {
      const title = { vi: 'x', en: 'x' };
      const people = ['officer', 'citizen'].map((id) => ({ id, title }));
      response.end(JSON.stringify({ first: 'officer', people }));
    } else if (request.url === '/people/token') {
      const { person } = JSON.parse(body) as { person: string };
      response.end(JSON.stringify({ token: `${person}-${asked.length}`, expiresInS: 1800 }));
    } else {
      seen.push(request.headers.authorization);
      response.statusCode = refusals-- > 0 ? 401 : 200;
      response.end('{}');
    }
  });
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  const tokensAsked = () => asked.filter((line) => line.startsWith('POST /people/token')).length;

  it('a first visit · many calls · then one token of the first person, renewed before it ends', async () => {
    let time = 0;
    const people = createPeople({ path: `${base}/people`, storage: aStorage(), now: () => time });
    const values = await Promise.all([
      people.authorization(),
      people.authorization(),
      people.authorization(),
    ]);
    expect(values[0]).toMatch(/^Bearer officer-\d+$/);
    expect(new Set(values).size).toBe(1);
    const before = tokensAsked();
    time = 1_740_000;
    await people.authorization();
    expect(tokensAsked()).toBe(before);
    time = 1_740_001;
    expect(await people.authorization()).not.toBe(values[0]);
    expect(tokensAsked()).toBe(before + 1);
  });

  it('a choice · then the token of that person, also at a later visit; nobody has none', async () => {
    const storage = aStorage();
    const people = createPeople({ path: `${base}/people`, storage });
    people.choose('citizen');
    expect(await people.authorization()).toMatch(/^Bearer citizen-/);
    expect(await createPeople({ path: `${base}/people`, storage }).chosen()).toBe('citizen');
    people.choose('');
    expect(await people.authorization()).toBeUndefined();
    storage.setItem('lienthong:person', 'somebody who is gone');
    expect(await people.chosen()).toBe('officer');
  });

  it('no list · then nobody can be chosen, and nothing is asked', async () => {
    const before = asked.length;
    const people = createPeople({ path: null, storage: aStorage() });
    expect([await people.list(), await people.authorization()]).toEqual([[], undefined]);
    expect(asked.length).toBe(before);
  });

  it('a token of an earlier start · refused · then a new one is sent; a token in the headers is not replaced', async () => {
    const fetcher = createFetcher({
      endpoint: `${base}/graphql`,
      language: () => 'vi',
      texts: () => textsOf('vi'),
      people: createPeople({ path: `${base}/people`, storage: aStorage() }),
    });
    await fetcher({ query: '{ a }' });
    seen.length = 0;
    refusals = 1;
    await fetcher({ query: '{ a }' });
    expect(seen.length).toBe(2);
    expect(seen[1]).toMatch(/^Bearer officer-/);
    expect(seen[1]).not.toBe(seen[0]);
    seen.length = 0;
    refusals = 1;
    await fetcher({ query: '{ a }' }, { headers: { Authorization: 'Bearer own' } });
    expect(seen).toEqual(['Bearer own']);
    refusals = 0;
  });
});

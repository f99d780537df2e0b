// The parts of the explorer's page that need no browser.
import { describe, expect, it } from 'vitest';
import { createFetcher } from '../../explorer/src/fetcher.ts';
import { readLink } from '../../explorer/src/link.ts';
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
  });

  it('an unreachable gateway · then a sentence in the language of the page', async () => {
    await expect(fetcher({ query: '{ a }' })).rejects.toThrow('Không kết nối được với cổng.');
  });
});

// The people as whom the explorer asks: their list and their tokens.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from './a-server.ts';

const asked: unknown[] = [];
const PEOPLE = {
  first: 'officer',
  people: [{ id: 'officer', title: { vi: 'Cán bộ', en: 'Officer' }, claims: { SoDinhDanh: '001092000001' } }],
  token: async (wanted: unknown) => {
    asked.push(wanted);
    return 'a.b.c';
  },
};
let server: TestServer;
beforeAll(async () => {
  server = await aServer({ people: PEOPLE });
});
afterAll(() => server.close());

const post = (body: string, type = 'application/json', headers: Record<string, string> = {}) =>
  fetch(`${server.origin}/explorer/people/token`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  });

describe('the people of the explorer', () => {
  it('the list · then ids and titles, and nothing else about them', async () => {
    const response = await fetch(`${server.origin}/explorer/people`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      first: 'officer',
      people: [{ id: 'officer', title: { vi: 'Cán bộ', en: 'Officer' } }],
    });
  });

  it('a token · asked for · then that of the person, for half an hour', async () => {
    const response = await post('{"person":"officer"}');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ token: 'a.b.c', expiresInS: 1800 });
    expect(asked).toEqual([{ person: 'officer', minutes: 30 }]);
  });

  it.each([
    ['somebody else', '{"person":"mallory"}', 'application/json', 404],
    ['another id of a person', '{"person":"officer?id=CB9"}', 'application/json', 404],
    ['a list', '{"person":["officer"]}', 'application/json', 404],
    ['nothing', 'null', 'application/json', 404],
    ['as a form of another page', 'person=officer', 'application/x-www-form-urlencoded', 415],
    ['as text of another page', '{"person":"officer"}', 'text/plain', 415],
    ['a long body', JSON.stringify({ person: 'x'.repeat(600) }), 'application/json', 413],
  ])('%s · then refused, and no token is made', async (_, body, type, status) => {
    const before = asked.length;
    expect((await post(body, type)).status).toBe(status);
    expect(asked.length).toBe(before);
  });

  it('a page of another origin · then its browser may not read the answer', async () => {
    const response = await post('{"person":"officer"}', 'application/json', {
      origin: 'https://evil.example',
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('no development issuer, or no explorer · then 404', async () => {
    for (const options of [{}, { people: PEOPLE, explorer: false }]) {
      const other = await aServer(options);
      expect((await fetch(`${other.origin}/explorer/people`)).status).toBe(404);
      expect((await fetch(`${other.origin}/explorer/people/token`, { method: 'POST' })).status).toBe(404);
      await other.close();
    }
  });
});

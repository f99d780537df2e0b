import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorTokenOf } from '../../src/operate/operator-token.ts';

const references = { readEnv: (name: string) => ({ SHORT: 'short', LONG: 'long-enough-to-be-one' })[name] };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operator-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the token of operators', () => {
  it('no setting · with simulators · then a new token for each run', () => {
    const [one, other] = [1, 2].map(() =>
      operatorTokenOf({ operatorToken: undefined, simulators: true }, references),
    );
    expect(one?.made?.length).toBeGreaterThanOrEqual(24);
    expect(one?.read?.()).toBe(one?.made);
    expect(other?.made).not.toBe(one?.made);
  });

  it('no setting · without simulators · then there are no operators', () => {
    expect(operatorTokenOf({ operatorToken: undefined, simulators: false }, references)).toEqual({
      read: undefined,
      made: null,
    });
  });

  it.each([
    ['in plain', 'plain-and-long-enough', 'plain-and-long-enough'],
    ['a variable', '${env:LONG}', 'long-enough-to-be-one'],
  ])('%s · then its value, and no token is made or shown', (_, operatorToken, token) => {
    const found = operatorTokenOf({ operatorToken, simulators: true }, references);
    expect(found.read?.()).toBe(token);
    expect(found.made).toBeNull();
  });

  it('a file · with a line break at its end · then its text', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'a-token-from-a-file\n');
    const { read } = operatorTokenOf({ operatorToken: `\${file:${file}}`, simulators: false }, references);
    expect(read?.()).toBe('a-token-from-a-file');
  });

  it.each([
    ['a variable that is not set', '${env:NONE}', /NONE is not set/],
    ['a file that is not there', '${file:/nowhere/token}', /\/nowhere\/token cannot be read/],
    ['one that is too short', '${env:SHORT}', /found 5 characters, expected at least 16/],
  ])('%s · then the start fails with the reason', (_, operatorToken, message) => {
    expect(() => operatorTokenOf({ operatorToken, simulators: true }, references)).toThrow(message);
  });
});

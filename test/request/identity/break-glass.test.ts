import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBreakGlassCheck } from '../../../src/request/identity/break-glass.ts';
import { digestOf } from '../../../src/request/identity/token-digest.ts';
import { anIdentityServer } from './a-server.ts';

const variables: Record<string, string> = { SHORT: 'short', LONG: 'long-enough-to-be-one' };
const references = { readEnv: (name: string) => variables[name] };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'break-glass-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the break-glass token', () => {
  it('no setting · then there is none', () => {
    expect(createBreakGlassCheck(undefined, references)).toBeUndefined();
  });

  it.each([
    ['in plain', 'plain-and-long-enough', 'plain-and-long-enough'],
    ['a variable', '${env:LONG}', 'long-enough-to-be-one'],
  ])('%s · then its value alone', (_, setting, token) => {
    const check = createBreakGlassCheck(setting, references);
    expect(check?.(digestOf(token))).toBe(true);
    for (const other of [`${token}x`, token.slice(0, -1), '']) expect(check?.(digestOf(other))).toBe(false);
  });

  it('a file · with a line break at its end · then its text', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'a-token-from-a-file\n');
    expect(createBreakGlassCheck(`\${file:${file}}`, references)?.(digestOf('a-token-from-a-file'))).toBe(
      true,
    );
  });

  it('renewed while the gateway runs · then the new one is accepted, and the old one is not', () => {
    variables.CHANGING = 'the-first-of-the-two';
    const check = createBreakGlassCheck('${env:CHANGING}', references);
    variables.CHANGING = 'the-second-of-the-two';
    expect(check?.(digestOf('the-first-of-the-two'))).toBe(false);
    expect(check?.(digestOf('the-second-of-the-two'))).toBe(true);
    delete variables.CHANGING;
    expect(check?.(digestOf('the-second-of-the-two'))).toBe(false);
  });

  it.each([
    ['a variable that is not set', '${env:NONE}', /NONE is not set/],
    ['a file that is not there', '${file:/nowhere/token}', /\/nowhere\/token cannot be read/],
    ['one that is too short', '${env:SHORT}', /found 5 characters, expected at least 16/],
  ])('%s · then the start fails with the reason', (_, setting, message) => {
    expect(() => createBreakGlassCheck(setting, references)).toThrow(message);
  });

  it('each use · then an operator named break-glass, and a line of the log without the token', async () => {
    const server = await anIdentityServer('{}', Date.now, 'plain-and-long-enough');
    for (let i = 0; i < 2; i++)
      expect(await server.withToken('plain-and-long-enough')).toMatchObject({
        who: { actor: { kind: 'staff', name: 'break-glass' }, roles: ['operator'], issuer: null },
      });
    await server.close();
    const uses = server.log.map((line) => JSON.parse(line)).filter(({ msg }) => /break-glass/.test(msg));
    expect(uses).toMatchObject([{ level: 'warn' }, { level: 'warn' }]);
    expect(server.log.join('')).not.toContain('plain-and-long');
  });
});

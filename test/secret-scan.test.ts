// The secret scan finds a planted secret of each kind, never prints its value, and finds none in this repository.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSecrets, KINDS, type SecretKind } from '../scripts/secret-forms.ts';
import { readAllowList, reportSecrets, scanRepository } from '../scripts/secret-scan.ts';

const ROOT = new URL('..', import.meta.url).pathname;

/** Built from parts, so that the scan finds none of them here. */
const built = (...parts: readonly string[]): string => parts.join('');
const RANDOM = built('q7Zr', '2kLw', '9Xv4', 'Tn8B', 'pS1d');
const HEX = built('9f86d081', '884c7d65', '9a2feaa0', 'c55ad015');
const JWT = built('eyJ', 'hbGciOiJFUzI1NiJ9', '.', 'eyJ', 'zdWIiOiJhIn0', '.', 'c2lnbmF0dXJl');
const PEM = built(
  '-----BEGIN ',
  'PRIVATE KEY-----\n',
  'MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9q',
  '\n',
);

const PLANTED: readonly (readonly [SecretKind, string, string])[] = [
  ['private-key', 'a.pem', PEM],
  ['private-key', 'a.ts', `const key = '${PEM.replaceAll('\n', '\\n')}';`],
  ['private-key', 'a.yaml', `key: |\n  ${PEM.replaceAll('\n', '\n  ')}`],
  ['private-key', 'a', PEM.replace('PRIVATE', 'RSA PRIVATE')],
  ['token', 'a.md', `use ${built('ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8')} here`],
  ['token', 'a.ts', `'${built('AKIA', 'ABCDEFGHIJKLMNOP')}'`],
  ['token', 'a.sh', built('glpat-', 'abcdefghij1234567890')],
  ['token', 'a.json', `{"x":"${built('xoxb-', '1234567890-abc')}"}`],
  ['jwt', 'a.md', `curl -H 'x: ${JWT}'`],
  ['jwt', 'a.json', `{"note":"${JWT}"}`],
  ['url-password', 'a.ts', `connect('postgres://${built('city:', 'geheim')}@db.example/city')`],
  ['url-password', 'a.env', `URL=https://${built('u:', 'p4ss')}@source.example/`],
  ['assigned-secret', 'a.yaml', `clientSecret: ${RANDOM}`],
  ['assigned-secret', 'a.yaml', `  password: "hunter2"`],
  ['assigned-secret', '.env', `POSTAL_PASSWORD=correct-horse`],
  ['assigned-secret', 'a.json', `{"apiKey": "${RANDOM}"}`],
  ['assigned-secret', 'a.ts', `const operatorToken = '${RANDOM}';`],
  ['assigned-secret', 'a.md', `AUDIT_KEY=${HEX} npm start`],
  ['bearer-token', 'a.md', `authorization: Bearer ${RANDOM}`],
];

const HARMLESS: readonly (readonly [string, string])[] = [
  ['a.yaml', 'password: ${env:POSTAL_PASSWORD}\nsecret: "${file:/run/secrets/key}"\ntoken: token'],
  ['a.yaml', 'tokenPath: /token\ntokenAt: token\nheader: token'],
  ['a.md', 'postgres://user:password@host:5432/name, http://127.0.0.1:4000/graphql, https://a.example/@b:c'],
  ['a.ts', "const OPERATOR_TOKEN = 'a-break-glass-token-of-the-tests'; token: tokens.get(person) ?? none"],
  ['a.ts', 'const token = headers.authorization2Header; secret: settings.clientSecret'],
  ['a.md', 'Authorization: Bearer <access token>, a Bearer token-of-an-example'],
  ['a.md', 'A file that begins with -----BEGIN PRIVATE KEY----- is a key.'],
  ['package-lock.json', `"integrity": "sha512-${RANDOM}${RANDOM}=="`],
];

describe('a planted secret', () => {
  it.each(PLANTED)('%s in %s · scanned · found with its line, and never printed', (kind, file, text) => {
    const findings = findSecrets(file, `first\n\n${text}\n`);
    expect(findings).toContainEqual({
      file,
      line: kind === 'private-key' && text.startsWith('key') ? 4 : 3,
      kind,
    });
    const [line = ''] = reportSecrets(findings, []);
    expect(line).toContain(`${file}:${findings[0]?.line}: found ${KINDS[findings[0]?.kind ?? kind].found}`);
    expect(line).not.toContain(text.trim());
    for (const value of [RANDOM, HEX, JWT, 'geheim', 'hunter2', 'p4ss', 'correct-horse', 'MC4CAQ'])
      expect(line).not.toContain(value);
  });

  it('each kind · is planted here', () => {
    expect(new Set(PLANTED.map(([kind]) => kind))).toEqual(new Set(Object.keys(KINDS)));
  });

  it.each(HARMLESS)('in %s, what looks similar · scanned · not found: %s', (file, text) => {
    expect(findSecrets(file, text)).toEqual([]);
  });
});

describe('the allow-list', () => {
  const finding = { file: 'test/keys/a.key', line: 1, kind: 'private-key' } as const;
  const entry = { file: 'test/keys/*.key', kind: 'private-key', reason: 'A key of the tests.' } as const;

  it('an entry for the file and the kind · permits', () => {
    expect(reportSecrets([finding], [entry])).toEqual([]);
  });

  it.each([
    ['another kind', { ...entry, kind: 'jwt' as const }],
    ['another folder', { ...entry, file: 'test/*.key' }],
    ['a part of the name', { ...entry, file: 'keys/a.key' }],
  ])('an entry for %s · permits nothing, and is reported as well', (_what, other) => {
    expect(reportSecrets([finding], [other])).toEqual([
      expect.stringMatching(/^test\/keys\/a\.key:1: found a private key/),
      expect.stringMatching(/^scripts\/secret-scan\.yaml: .* Remove the entry\.$/),
    ]);
  });

  it.each([
    '- file: a\n  kind: jwt',
    '- file: a\n  kind: other\n  reason: long enough to read',
    '- file: a\n  kind: jwt\n  reason: short',
  ])('%j · refused, with what an entry has', (text) => {
    expect(() => readAllowList(text)).toThrow(/secret-scan\.yaml: entry .* file, kind \(.*\) and reason/);
  });
});

describe('a repository', () => {
  it('with a secret in a file that git would add, ignored files aside · scanned · one line', () => {
    const root = mkdtempSync(join(tmpdir(), 'secret-scan-'));
    try {
      execFileSync('git', ['init', '-q'], { cwd: root });
      mkdirSync(join(root, 'scripts'));
      writeFileSync(join(root, 'scripts', 'secret-scan.yaml'), '');
      writeFileSync(join(root, '.gitignore'), 'ignored.env\n');
      writeFileSync(join(root, 'ignored.env'), `SECRET=${RANDOM}\n`);
      writeFileSync(join(root, 'binary'), Buffer.from([0, ...Buffer.from(JWT)]));
      writeFileSync(join(root, 'settings.env'), `SECRET=${RANDOM}\n`);
      expect(scanRepository(root)).toEqual([expect.stringMatching(/^settings\.env:1: found a random text/)]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('this one · scanned · clean', () => {
    expect(scanRepository(ROOT)).toEqual([]);
  });

  it('is scanned by npm run check', () => {
    expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts.check).toContain(
      'node scripts/secret-scan.ts',
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessSchema, parseAccessFile, readAccessFile } from '../src/access-file.ts';
import { DiagnosticsError } from '../src/diagnostic.ts';

function findings(body: string) {
  try {
    parseAccessFile(body, 'access.yaml');
  } catch (error) {
    if (error instanceof DiagnosticsError)
      return error.diagnostics.map(({ line, coordinate, found, expected, wayOut }) => {
        expect(wayOut).toMatch(/^\p{Lu}?.+\.$|^Did you mean .+\?$/u);
        return `${line} ${coordinate}: ${found} / ${expected}`;
      });
    throw error;
  }
  return [];
}

const PORTAL = `issuers:
  - name: portal
    issuer: https://sso.example.gov.vn
    audience: [https://api.example.gov.vn]
`;

describe('the access file', () => {
  it('an issuer with what has no default · read · then the claims are those of the national sign-in', () => {
    const { issuers, clients, trustedProxies } = parseAccessFile(PORTAL, 'access.yaml');
    expect(issuers).toMatchObject([
      {
        name: 'portal',
        clockSkewSeconds: 30,
        staleKeysMinutes: 60,
        claims: { personalId: 'SoDinhDanh', enterpriseCode: 'MaSoDoanhNghiep', officer: 'MaCanBo' },
        roles: { handler: 'handler', operator: 'operator' },
      },
    ]);
    expect([clients, trustedProxies]).toEqual([{}, []]);
  });

  it('many mistakes · read · then all of them, each with its line, what was found and what is expected', () => {
    expect(
      findings(`issuers:
  - name: Portal
    issuer: http://sso.example.gov.vn
    audience: []
    algorithms: [none, HS256]
    clockSkewSeconds: 1d
    introspection:
      url: https://sso.example.gov.vn/introspect
      clientId: lienthong
      clientSecret: in plain text
      cacheSeconds: 3600
clients:
  batch:
    class: BATCH
    documents: maybe
    mtls: { fingerprints: [abc] }
trustedProxies: [10.0.0.0/33]
isuers: []
`),
    ).toEqual([
      '2 issuers.0.name: "Portal" / lower-case letters, digits and "-", starting with a letter, at most 32',
      '3 issuers.0.issuer: "http://sso.example.gov.vn" / an https URL without user, password and fragment (http on loopback only)',
      '4 issuers.0.audience: an empty list / a list; each item a text; at least 1 item',
      expect.stringMatching(/^5 issuers\.0\.algorithms\.0: "none" \/ one of RS256, /),
      expect.stringMatching(/^5 issuers\.0\.algorithms\.1: "HS256" \/ one of RS256, /),
      '6 issuers.0.clockSkewSeconds: "1d" / a whole number from 0 to 300, in s',
      '10 issuers.0.introspection.clientSecret: a value that is not shown / a secret must be given by reference: ${env:NAME} or ${file:/path}',
      '11 issuers.0.introspection.cacheSeconds: 3600 / a whole number from 0 to 60, in s',
      '14 clients.batch.class: "BATCH" / lower-case letters, digits and "-", starting with a letter, at most 32',
      '15 clients.batch.documents: "maybe" / one of off, warn, enforce',
      '16 clients.batch.mtls.fingerprints.0: "abc" / the SHA-256 of the certificate: 64 hexadecimal digits',
      '17 trustedProxies.0: "10.0.0.0/33" / an address or a network such as 10.0.0.0/8',
      '18 isuers: isuers / one of issuers, clients, trustedProxies, certificateHeader',
    ]);
  });

  it('parts that contradict each other · read · then the places and what is missing', () => {
    const second = PORTAL.replace('issuers:\n', '');
    expect(findings(PORTAL + second)).toEqual([
      '5 issuers.1.name: "portal" / a value that no other issuer has',
      '6 issuers.1.issuer: "https://sso.example.gov.vn" / a value that no other issuer has',
    ]);
    expect(
      findings(`${PORTAL}    kind: officer\n    kindByClaim: { claim: k, values: { a: staff } }\n`),
    ).toEqual(['6 issuers.0.kindByClaim: a section / either kind or kindByClaim']);
    expect(findings('clients: { batch: { mtls: { subject: CN=batch } } }')).toEqual([
      expect.stringContaining('clients.batch.mtls: a section / certificateHeader'),
    ]);
    expect(findings('certificateHeader: client-cert')).toEqual([
      expect.stringContaining('certificateHeader: "client-cert" / trustedProxies'),
    ]);
    expect(findings('clients: { batch: { mtls: {} } }')).toEqual([
      expect.stringContaining('fingerprints: nothing / fingerprints or subject'),
      expect.stringContaining('clients.batch.mtls: a section / certificateHeader'),
    ]);
  });

  it('two issuers that take opaque tokens · read · then refused, since a token does not say whose it is', () => {
    const asked = '    introspection: { url: https://a.vn/i, clientId: g, clientSecret: "${env:S}" }\n';
    const other = PORTAL.replace('issuers:\n', '').replace('portal', 'other').replace('sso', 'sso2');
    expect(findings(PORTAL + asked + other + asked)).toEqual([
      expect.stringContaining('9 issuers.1.introspection:'),
    ]);
    const jwtOnly = asked.replace('clientId', 'tokens: jwt, clientId');
    expect(findings(PORTAL + asked + other + jwtOnly)).toEqual([]);
  });

  it('a file that is not there · read · then the reason and the way out', async () => {
    await expect(readAccessFile('/nowhere/access.yaml')).rejects.toThrow(
      /The access file cannot be read[\s\S]*ENOENT[\s\S]*ACCESS_FILE/,
    );
    expect(await readAccessFile(undefined)).toEqual({ issuers: [], clients: {}, trustedProxies: [] });
  });
});

describe('docs/identity.md', () => {
  const page = readFileSync(new URL('../docs/identity.md', import.meta.url), 'utf8');

  it('its access file · read · then accepted, and with what the text says of it', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { issuers, clients } = parseAccessFile(yaml, 'docs/identity.md');
    expect(issuers.map(({ name }) => name)).toEqual(['national-portal', 'city-directory', 'machines']);
    expect(clients['tax-office']?.class).toBe('batch');
  });

  it('every key · is described', () => {
    interface Json {
      properties?: Record<string, Json>;
      items?: Json;
      additionalProperties?: Json | boolean;
    }
    const keysOf = ({ properties = {}, items, additionalProperties }: Json): string[] => [
      ...Object.entries(properties).flatMap(([key, inner]) => [key, ...keysOf(inner)]),
      ...(items === undefined ? [] : keysOf(items)),
      ...(typeof additionalProperties === 'object' ? keysOf(additionalProperties) : []),
    ];
    const keys = keysOf(z.toJSONSchema(accessSchema, { io: 'input', unrepresentable: 'any' }) as Json);
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter((key) => !new RegExp(`(^|[\`{ ])${key}[\`:]`, 'm').test(page))).toEqual([]);
  });
});

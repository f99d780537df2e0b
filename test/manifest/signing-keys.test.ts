// Wrong manifests of signatures over parts of a request: each mistake has its place and says what is expected. Also what only manifest
// and schema, or manifest and key, together show.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConnectorSchema } from '../../src/connect/read/read-schema.ts';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { signingMistakes } from '../../src/registry/signing-mistakes.ts';

const read = (more: string) =>
  readManifest(
    `id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "https://lgsp.city.example" }
${more}`,
    'connector.yaml',
  );

function refusals(more: string): string[] {
  try {
    read(more);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map(({ line, coordinate, expected }) => `${line} ${coordinate}: ${expected}`);
  }
  return [];
}

const signing = (keys: string): string => `signing:
  type: requestParts
  algorithm: hmac-sha256
  key: \${env:KEY}
  into: x-signature
${keys.replace(/^/gm, '  ')}`;

describe('a signature over parts of a request', () => {
  it.each<[string, string, string[]]>([
    ['an unknown part', 'over: [metod]', ['10 signing.over.0: one of method, host, path']],
    ['a part with an unknown key', 'over: [{ headr: x }]', ['10 signing.over.0.headr: header']],
    ['a header that is no name', 'over: [{ header: "a b" }]', ['signing.over.0']],
    ['no part', 'over: []', ['signing.over']],
    ['time without its key', 'over: [timestamp]', ['signing.over.0: the key `timestamp` beside it']],
    [
      'nonce in the value only',
      'over: [method]\nvalue: "{nonce} {signature}"',
      ['signing.value: the key `nonce`'],
    ],
    [
      'a time that is not sent',
      'over: [timestamp]\ntimestamp: {}',
      ['signing.timestamp.into: a place for the timestamp'],
    ],
    ['a nonce that is not covered', 'over: [method]\nnonce: { into: x-nonce }', ['add `nonce` to `over`']],
    [
      'a value without the signature',
      'over: [method]\nvalue: "MAC"',
      ['signing.value: a text that contains {signature}'],
    ],
    ['unknown braces', 'over: [method]\nvalue: "{sig} {signature}"', ['signing.value: no braces but']],
    [
      'the body in a signature in the body',
      'over: [body]\nplace: body',
      ['signing.over.0: a part that is known before'],
    ],
    ['the digest likewise', 'over: [method, bodyDigest]\nplace: body', ['signing.over.1']],
    ['its own header', 'over: [{ header: X-Signature }]', ['signing.over.0.header: a header other than']],
    [
      'one header twice',
      'over: [nonce]\nnonce: { into: X-Signature }',
      ['signing.nonce.into: another name: the header x-signature'],
    ],
    ['a header of the transport', 'over: [nonce]\nnonce: { into: Host }', ['signing.nonce.into']],
    ['a form of the key that is not there', 'over: [method]\nkeyForm: base32', ['signing.keyForm']],
    [
      'a form of ECDSA with HMAC',
      'over: [method]\necdsaForm: der',
      ['signing.ecdsaForm: no ecdsaForm with hmac-sha256'],
    ],
    ['a misspelt key', 'over: [method]\njoinn: x', ['signing.joinn']],
  ])('%s · is refused', (_, keys, expected) => {
    const found = refusals(signing(keys));
    expect(found).toHaveLength(expected.length);
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(text);
  });

  it.each([
    ['a time in a covered header', 'over: [{ header: x-timestamp }]\ntimestamp: { into: X-Timestamp }'],
    ['a nonce in the covered query', 'over: [sortedQuery]\nnonce: { into: n, place: query }'],
    ['a nonce in the covered body', 'over: [bodyDigest]\nnonce: { into: n, place: body }'],
    ['a reference in the value', 'over: [method]\nvalue: "MAC ${env:ID}:{signature}"'],
  ])('%s · is accepted', (_, keys) => {
    expect(refusals(signing(keys))).toEqual([]);
  });

  it('a key in plain text · is refused, and not shown', () => {
    const manifest = signing('over: [method]').replace('${env:KEY}', 'hunter2');
    expect(() => read(manifest)).toThrow(/by reference/);
    expect(() => read(manifest)).not.toThrow(/hunter2/);
  });

  it('an unknown algorithm · is refused with those there are', () => {
    const found = refusals(signing('over: [method]').replace('hmac-sha256', 'hmac256'));
    expect(found[0]).toMatch(/signing.algorithm: one of hmac-sha256, .*ed25519/);
  });
});

const schema = readConnectorSchema(
  `extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
@source(name: "s", http: { baseURL: "https://lgsp.city.example", headers: [{ name: "X-Trace", value: "1" }] })
type Query {
  thing: String @connect(id: "thing", source: "s", http: { GET: "/thing" }, selection: "$")
  made(a: String): String
    @connect(id: "made", source: "s", http: { POST: "/made", body: "a: $args.a", headers: [{ name: "X-Made", value: "1" }] }, selection: "$")
}`,
  'schema.graphql',
);

const mistakes = (keys: string, more = '', env: Record<string, string> = {}) =>
  signingMistakes(read(`${signing(keys)}\n${more}`), schema, 'connector.yaml', {
    readEnv: (name) => env[name],
  });

describe('covered headers', () => {
  it.each([
    ['of @source', '{ header: x-trace }', ''],
    ['of the transport', '{ header: Host }', ''],
    ['of the codec', '{ header: accept }', ''],
    [
      'of credentials',
      '{ header: authorization }',
      'credentials: { type: basic, user: "${env:U}", password: "${env:P}" }',
    ],
    ['of the digest', '{ header: digest }', ''],
    ['that may be absent', '{ header: x-none, optional: true }', ''],
  ])('%s · exist', (_, part, more) => {
    expect(mistakes(`over: [${part}]\ndigest: { into: Digest }`, more)).toEqual([]);
  });

  it('that no request has · are found, with those there are', () => {
    expect(mistakes('over: [method, { header: X-Tracce }]')).toMatchObject([
      {
        code: 'ManifestInvalid',
        coordinate: 'signing.over.1.header',
        found: 'X-Tracce',
        message: 'The signature covers a header that no request has.',
        expected: expect.stringContaining('x-trace'),
      },
    ]);
  });

  it('that some requests lack · are found with the operations', () => {
    expect(mistakes('over: [{ header: content-type }, { header: x-made }]')).toMatchObject([
      {
        found: 'content-type',
        message: 'The signature covers a header that the requests of thing do not have.',
      },
      { found: 'x-made', message: expect.stringContaining('thing') },
    ]);
  });

  it('of a message signature · likewise', () => {
    const message =
      'messageSignature: { algorithm: ed25519, keyId: k, key: "${env:K}", components: ["@method", date, x-none, x-signature] }';
    expect(mistakes('over: [method]', message)).toMatchObject([
      { coordinate: 'messageSignature.components.2', found: 'x-none' },
    ]);
  });
});

describe('the key', () => {
  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const of = (algorithm: string, key: string, more = '') => {
    const manifest = read(`${signing(`over: [method]\n${more}`).replace('hmac-sha256', algorithm)}`);
    return signingMistakes(manifest, schema, 'connector.yaml', { readEnv: () => key });
  };

  it('that fits, and one that cannot be read here · is no finding', () => {
    expect(of('rsa-sha256', rsa.privateKey)).toEqual([]);
    expect(of('rsa-pss-sha512', rsa.privateKey)).toEqual([]);
    expect(mistakes('over: [method]')).toEqual([]);
  });

  it.each([
    ['ed25519', rsa.privateKey, '', 'a private key of type rsa', 'an Ed25519 private key in PEM form'],
    [
      'rsa-sha256',
      rsa.publicKey,
      '',
      'a text that is no private key in PEM form',
      'an RSA private key in PEM form',
    ],
    [
      'rsa-sha256',
      'hunter2',
      '',
      'a text that is no private key in PEM form',
      'an RSA private key in PEM form',
    ],
    ['hmac-sha256', rsa.privateKey, '', 'a key in PEM form', 'a shared key, not one in PEM form'],
    ['hmac-sha256', 'hunter-2', 'keyForm: hex', 'a text that is not hex', 'a shared key as hex'],
  ])('of another kind than %s needs · is found, and not shown', (algorithm, key, more, found, expected) => {
    const findings = of(algorithm, key, more);
    expect(findings).toMatchObject([{ coordinate: 'signing.key', found, expected }]);
    expect(JSON.stringify(findings)).not.toMatch(/hunter|BEGIN/);
  });
});

describe('WS-Security', () => {
  const soap = (security: string): string =>
    `protocol: soap11\nsoap:\n  namespace: urn:x\n  security:\n${security.replace(/^/gm, '    ')}`;
  const SIGNATURE = 'signature: { certificate: "${env:CRT}", key: "${env:PEM}" }';

  it.each([
    ['nothing in it', '{}', 'soap.security: at least one of'],
    ['a signed Timestamp that is not sent', SIGNATURE, 'soap.security.signature.over.1: the key `timestamp`'],
    [
      'a signed token that is not sent',
      'signature: { certificate: "${env:C}", key: "${env:K}", over: [body, usernameToken] }',
      'soap.security.signature.over.1: the key `usernameToken`',
    ],
    [
      'a digest without a nonce',
      'usernameToken: { username: u, password: "${env:P}", nonce: false }',
      'soap.security.usernameToken.nonce',
    ],
    [
      'two trusts',
      'verify: { certificate: "${env:C}", ca: "${env:A}" }',
      'soap.security.verify.certificate: either',
    ],
    ['no trust', 'verify: {}', 'soap.security.verify.certificate: either'],
    ['an authority without a name', 'verify: { ca: "${env:A}" }', 'soap.security.verify.commonName'],
    [
      'a Body that need not be signed',
      'verify: { certificate: "${env:C}", over: [timestamp] }',
      'soap.security.verify.over',
    ],
    ['a misspelt key', 'timestmp: {}', 'soap.security.timestmp'],
  ])('%s · is refused', (_, security, expected) => {
    expect(refusals(soap(security)).join('\n')).toContain(expected);
  });

  it('a password in plain text · is refused, and not shown', () => {
    const manifest = soap('usernameToken: { username: u, password: hunter2 }');
    expect(() => read(manifest)).toThrow(/by reference/);
    expect(() => read(manifest)).not.toThrow(/hunter2/);
  });

  it('a key of another certificate · is found where both can be read', () => {
    const file = (name: string) =>
      readFileSync(new URL(`../upstream/ws-security/${name}`, import.meta.url), 'utf8');
    const manifest = read(soap(`timestamp: {}\n${SIGNATURE}`));
    const of = (env: Record<string, string>) =>
      signingMistakes(manifest, schema, 'connector.yaml', { readEnv: (name) => env[name] });
    expect(of({ CRT: file('gateway.crt'), PEM: file('gateway.key') })).toEqual([]);
    expect(of({ CRT: file('gateway.crt') })).toEqual([]);
    const found = of({ CRT: file('gateway.crt'), PEM: file('source.key') });
    expect(found).toMatchObject([
      { coordinate: 'soap.security.signature', found: expect.stringContaining('does not belong to') },
    ]);
    expect(JSON.stringify(found)).not.toContain('BEGIN');
  });

  it('a header that the schema does not build, in a SOAP header · is found', () => {
    const manifest = read(
      'protocol: soap11\nsoap:\n  namespace: urn:x\n  headers: { A: { B: "${header:X-Trace}" }, C: "${header:x-trce}" }',
    );
    expect(signingMistakes(manifest, schema, 'connector.yaml', { readEnv: () => undefined })).toMatchObject([
      { coordinate: 'soap.headers', found: '${header:x-trce}', expected: 'one of x-made, x-trace' },
    ]);
  });
});

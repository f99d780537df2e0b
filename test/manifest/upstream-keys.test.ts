// The transport keys of a manifest: what is read, what is refused, and what the upstream gets of it.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { buildUpstreamSpec, missingSecrets } from '../../src/registry/upstream-spec.ts';
import type { Secret } from '../../src/upstream/contract.ts';
import type { TokenRequest } from '../../src/upstream/credentials/token-request.ts';
import { aRequest } from '../upstream/a-source.ts';

const read = (more: string, source = '') =>
  readManifest(
    `id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "https://lgsp.city.example"${source} }
${more}`,
    'connector.yaml',
  );
function refusal(more: string): string {
  try {
    read(more);
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.message;
    throw error;
  }
  throw new Error('the manifest was accepted');
}
/** A reference is its own name in lower case. */
const references = { readEnv: (name: string) => (name === 'NONE' ? undefined : name.toLowerCase()) };
const specOf = (more: string, source?: string) =>
  buildUpstreamSpec(read(more, source), 'https://lgsp.city.example', references);
/** Secrets as the texts they give. */
function shown(value: unknown): unknown {
  if (typeof value === 'function') return (value as Secret)();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
}

describe('defaults', () => {
  it('bounds and compression · are there without a word', () => {
    expect(specOf('')).toMatchObject({
      protocol: 'json',
      hosts: ['lgsp.city.example'],
      compression: true,
      http2: false,
      limits: { maxResponseBytes: 1_048_576, maxHeaderBytes: 16_384, maxDepth: 64, connections: 64 },
    });
  });

  it('compression, bounds, protocol · as written', () => {
    const spec = specOf(
      'protocol: soap12\nlimits: { maxDepth: 9, maxHeaderBytes: 4096 }',
      ', compression: false, http2: true',
    );
    expect(spec).toMatchObject({
      protocol: 'soap12',
      compression: false,
      http2: true,
      limits: { maxDepth: 9, maxHeaderBytes: 4096 },
    });
  });
});

describe('hosts', () => {
  it('names, ranges and references · several in one reference, none in an empty one', () => {
    const hosts = ', hosts: ["other.example:8443", "10.20.0.0/16", "${env:INSIDE:-}", "${env:TWO_B}"]';
    const spec = buildUpstreamSpec(read('', hosts), 'https://lgsp.city.example:444', {
      readEnv: (name) => (name === 'TWO_B' ? '10.0.0.1, 10.0.0.2' : undefined),
    });
    expect(spec.hosts).toEqual([
      'lgsp.city.example:444',
      'lgsp.city.example',
      'other.example:8443',
      '10.20.0.0/16',
      '10.0.0.1',
      '10.0.0.2',
    ]);
  });

  it('a simulated source · may call its simulator only', () => {
    const manifest = read('', ', hosts: ["api.example.gov.vn"]');
    const references = { readEnv: () => undefined };
    const { hosts } = buildUpstreamSpec(manifest, 'http://127.0.0.1:4101', references, { isSimulated: true });
    expect(hosts).toEqual(['127.0.0.1:4101', '127.0.0.1']);
  });
});

describe('credentials', () => {
  const openedBy = (yaml: string) => {
    const requests: TokenRequest[] = [];
    const source = specOf(`credentials: ${yaml}`).credentials.open({
      requestToken: async (request) => {
        requests.push(request);
        return { session: 's1' };
      },
      now: Date.now,
      usesSoap: false,
    });
    const target = { origin: 'https://lgsp.city.example', path: '/' };
    return { requests, prove: async () => source.prove(target, new AbortController().signal) };
  };

  it.each([
    ['{ type: bearer, token: "${env:T}" }', { headers: { authorization: 'Bearer t' } }],
    ['{ type: query, name: key, value: "${env:K}" }', { headers: {}, query: { key: 'k' } }],
    [
      '{ type: jsonHeader, fields: { AccessKey: "${env:A}", AppName: Một cửa } }',
      {
        headers: {
          lgspaccesstoken: Buffer.from('{"AccessKey":"a","AppName":"Một cửa"}', 'utf8').toString('base64'),
        },
      },
    ],
  ])('%s', async (yaml, proof) => {
    expect(await openedBy(yaml).prove()).toEqual(proof);
  });

  it.each([
    ['path: /login', 'https://lgsp.city.example/login'],
    ['url: "https://${env:HOST}/in"', 'https://host/in'],
  ])('login · %s, with its references read', async (endpoint, url) => {
    const { prove, requests } = openedBy(
      `{ type: login, ${endpoint}, body: { username: "\${env:U}" }, headers: { dstCode: x }, tokenAt: session, bodyField: session }`,
    );
    expect(await prove()).toMatchObject({ headers: {}, body: { session: 's1' } });
    expect(requests).toEqual([
      { url, headers: { 'content-type': 'application/json', dstcode: 'x' }, body: '{"username":"u"}' },
    ]);
  });

  it.each([
    ['credentials: { type: bearer, token: hunter2 }', 'a secret must be given by reference'],
    ['credentials: { type: query, name: key, value: hunter2 }', 'a secret must be given by reference'],
    [
      'credentials: { type: login, path: /l, body: {}, tokenAt: t }',
      'at least one of header, bodyField, query',
    ],
    ['tls: { cert: "${file:/c}" }', 'cert and key are expected together'],
    ['tls: { cert: "${file:/c}", key: hunter2 }', 'a secret must be given by reference'],
    ['xroad: { client: VN/GOV }', 'instance/memberClass/memberCode'],
    [
      'signing: { type: rsaSha256, fields: [a], separator: "", into: s, privateKey: hunter2 }',
      'by reference',
    ],
    [
      'messageSignature: { algorithm: ed25519, keyId: k, key: "${env:K}", components: ["@status"] }',
      'components',
    ],
  ])('%s · is refused', (yaml, why) => {
    const message = refusal(yaml);
    expect(message).toContain(why);
    expect(message).not.toContain('hunter2');
  });
});

describe('the other keys', () => {
  it('signing, message signature, TLS, X-Road, SOAP headers · reach the upstream with their secrets', () => {
    const spec = specOf(`protocol: soap11
soap:
  namespace: urn:x
  headers: { Token: "\${env:TOKEN}" }
  operations: { Citizen: { element: LookUp, action: urn:look } }
xroad: { client: VN/GOV/H26/gw, service: VN/GOV/BCA/dc }
tls: { cert: "\${env:CERT}", key: "\${env:KEY}", serverName: bca.example }
signing: { type: sortedHmac, algorithm: sha512, secret: "\${env:S}", into: sig, place: header, encoding: HEX }
messageSignature: { algorithm: hmac-sha256, keyId: k1, key: "\${env:SHARED}", components: ["@method", date] }
outcome: { at: error_code, success: [0], successText: { at: message, contains: thành công } }
`);
    const { signer, credentials: _, ...rest } = spec;
    expect(signer?.apply(aRequest('https://lgsp.city.example', { path: '/?a=1' })).headers).toEqual({
      sig: createHmac('sha512', 's').update('a=1').digest('hex').toUpperCase(),
    });
    expect(shown(rest)).toMatchObject({
      soap: {
        headers: { Token: 'token' },
        operations: { Citizen: { element: 'LookUp', action: 'urn:look' } },
      },
      xroad: { client: 'VN/GOV/H26/gw', service: 'VN/GOV/BCA/dc' },
      tls: { cert: 'cert', key: 'key', serverName: 'bca.example' },
      messageSignature: { key: 'shared', components: ['@method', 'date'] },
      outcome: { successText: { at: 'message', contains: 'thành công' } },
    });
  });

  it('a secret that cannot be resolved, of any kind · is reported', () => {
    const manifest = read(`tls: { cert: "\${env:CERT}", key: "\${env:NONE}" }
messageSignature: { algorithm: ed25519, keyId: k, key: "\${env:NONE}", components: ["@method"] }
`);
    expect(missingSecrets(manifest, references)).toEqual(['the environment variable NONE is not set']);
  });

  it('texts to unwrap · reach the codec, as written and in their order', () => {
    const spec = specOf(`unwrap:
  - { at: $, as: json }
  - { at: data.xml, as: xml, lists: [CongDan], responseRoots: [CongdanCollection], optional: true }
`);
    expect(spec.unwrap).toEqual([
      { at: '$', as: 'json', lists: [], optional: false },
      { at: 'data.xml', as: 'xml', lists: ['CongDan'], responseRoots: ['CongdanCollection'], optional: true },
    ]);
    expect(refusal('unwrap: [{ at: data, as: yaml }]')).toContain('unwrap');
  });

  it('the last day of credentials · is the end of that day in Vietnam', () => {
    const spec = specOf('credentials: { type: bearer, token: "${env:T}", validUntil: 2027-01-31 }');
    expect(spec.credentials.validUntil).toBe(Date.UTC(2027, 0, 31, 17));
    expect(specOf('credentials: { type: bearer, token: "${env:T}" }').credentials.validUntil).toBeUndefined();
    for (const day of ['2027-02-30', '31/01/2027', 'soon']) {
      expect(refusal(`credentials: { type: bearer, token: "\${env:T}", validUntil: ${day} }`)).toContain(
        'validUntil',
      );
    }
  });

  it('a probe · goes to the base URL, by a socket or by the GET that is written', () => {
    const origin = 'https://lgsp.city.example';
    expect(specOf('').probe).toEqual({ origin, credentials: false });
    expect(specOf('probe: { everyMs: 30000 }').probe).toEqual({ origin, credentials: false });
    const manifest = read('probe: { GET: /health, statuses: [200, 404], credentials: true }');
    expect(buildUpstreamSpec(manifest, `${origin}/bus/`, references).probe).toEqual({
      origin,
      path: '/bus/health',
      statuses: [200, 404],
      credentials: true,
    });
    expect(refusal('probe: { statuses: [200] }')).toContain('belong to a GET');
    expect(refusal('probe: { GET: health }')).toContain('probe');
  });
});

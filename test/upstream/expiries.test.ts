// What ends when, as operators are told: certificates of both sides, what was agreed, the token in hand.
import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Expiry } from '../../src/upstream/upstream.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';
import type { DeclaredCredentials } from './a-spec.ts';

const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');
const ca = (): string => pem('ca.crt');
/** As certificates/README.md says. */
const ENDS = Date.UTC(2120, 0, 1);
const EXPIRED_ENDS = Date.UTC(2021, 0, 1);

/** By kind. */
const endsOf = (upstream: { expiries(): readonly Expiry[] }) =>
  Object.fromEntries(upstream.expiries().map(({ what, at }) => [what, at]));

async function aTlsSource(options: ServerOptions = {}) {
  const server = createServer(
    { cert: pem('source.crt'), key: pem('source.key'), ...options },
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('1');
    },
  );
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('nothing that ends · is an empty list', () => {
  expect(anUpstream().expiries()).toEqual([]);
});

describe('the certificate of the gateway', () => {
  const endsWith = (cert: string) =>
    endsOf(anUpstream({ tls: { cert: () => cert, key: () => pem('gateway.key') } })).CLIENT_CERTIFICATE;

  it('expires at its date; a chain at the earliest date in it', () => {
    expect(endsWith(pem('gateway.crt'))).toBe(ENDS);
    expect(endsWith(pem('gateway.crt') + pem('expired.crt'))).toBe(EXPIRED_ENDS);
  });

  it('renewed · expires when the certificate in use does', () => {
    let name = 'gateway';
    const upstream = anUpstream({ tls: { cert: () => pem(`${name}.crt`), key: () => pem(`${name}.key`) } });
    expect(endsOf(upstream).CLIENT_CERTIFICATE).toBe(ENDS);
    name = 'expired';
    expect(endsOf(upstream).CLIENT_CERTIFICATE).toBe(EXPIRED_ENDS);
  });

  it.each<[string, () => string]>([
    ['that is invalid', () => 'SECRET'],
    ['that is broken', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    [
      'whose file is missing',
      () => {
        throw new Error('missing');
      },
    ],
  ])('%s · has no end, and nothing is thrown', (_, cert) => {
    expect(anUpstream({ tls: { cert, key: () => '' } }).expiries()).toEqual([]);
  });
});

describe("the source's certificate", () => {
  it('is known from the last handshake on', async () => {
    const origin = await aTlsSource();
    const upstream = anUpstream({ tls: { ca } });
    expect(upstream.expiries()).toEqual([]);
    await upstream.attempt(aRequest(origin), live());
    expect(endsOf(upstream)).toEqual({ SOURCE_CERTIFICATE: ENDS });
  });

  it('is known from a probe, and over HTTP/2', async () => {
    const origin = await aTlsSource();
    const upstream = anUpstream({ tls: { ca }, http2: true, probe: { origin } });
    await upstream.probe(live());
    expect(endsOf(upstream)).toEqual({ SOURCE_CERTIFICATE: ENDS });
  });

  it('that is refused · is not learned', async () => {
    const origin = await aTlsSource({ cert: pem('expired.crt'), key: pem('expired.key') });
    const upstream = anUpstream({ tls: { ca } });
    await expect(upstream.attempt(aRequest(origin), live())).rejects.toThrow('CERT_HAS_EXPIRED');
    expect(upstream.expiries()).toEqual([]);
    // Its date is not known, and that it is the reason is.
    expect(upstream.certificateError()).toBe('CERT_HAS_EXPIRED');
  });

  it('that is accepted, or none at all · then no error of a certificate', async () => {
    const origin = await aTlsSource();
    const upstream = anUpstream({ tls: { ca } });
    await upstream.attempt(aRequest(origin), live());
    expect(upstream.certificateError()).toBeUndefined();
  });
});

describe('credentials', () => {
  it('agreed until a day · end with it', () => {
    const credentials: DeclaredCredentials = { type: 'bearer', token: () => 't', validUntil: '2027-01-31' };
    expect(anUpstream({ credentials }).expiries()).toEqual([
      { what: 'CREDENTIAL', at: Date.UTC(2027, 0, 31, 17) },
    ]);
  });

  const withToken = async (answer: unknown) => {
    const source = await aSource((response, asked, request) =>
      json(asked.url === '/token' ? answer : {})(response, asked, request),
    );
    const upstream = anUpstream(
      {
        credentials: {
          type: 'oauth2ClientCredentials',
          tokenUrl: `${source.origin}/token`,
          clientId: () => 'a',
          clientSecret: () => 'b',
        },
      },
      { now: () => 1_000 },
    );
    expect(upstream.expiries()).toEqual([]);
    await upstream.attempt(aRequest(source.origin), live());
    return upstream.expiries();
  };

  it('a token · expires as its answer declared', async () => {
    expect(await withToken({ access_token: 't', expires_in: 60 })).toEqual([{ what: 'TOKEN', at: 61_000 }]);
  });

  it.each([[undefined], ['soon'], [0], [1e308]])(
    'a token that expires in %s · has no end',
    async (expires_in) => {
      expect(await withToken({ access_token: 't', expires_in })).toEqual([]);
    },
  );
});

// TLS to a source: who it must be, who we are, and a certificate that is renewed while the gateway runs.
import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { Tls } from '../../src/upstream/contract.ts';
import { anUpstream, aRequest, live } from './a-source.ts';

const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');
const pair = (name: string) => ({ cert: pem(`${name}.crt`), key: pem(`${name}.key`) });
const secrets = (name: string): Tls => ({ cert: () => pem(`${name}.crt`), key: () => pem(`${name}.key`) });
const ca = (): string => pem('ca.crt');
const mutual: ServerOptions = { ca: pem('ca.crt'), requestCert: true, rejectUnauthorized: true };

/** Answers with the name in the certificate of who asks. */
async function aTlsSource(name: string, options: ServerOptions = {}) {
  const server = createServer({ ...pair(name), ...options }, (request, response) => {
    const who = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? null;
    const keepAlive = request.url !== '/last';
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(keepAlive ? {} : { connection: 'close' }),
    });
    response.end(JSON.stringify(who));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const outcomeOf = async (origin: string, tls: Tls | undefined): Promise<unknown> =>
  anUpstream({ tls })
    .attempt(aRequest(origin), live())
    .then(
      (answer) => answer.body,
      (error: GatewayError) => [error.code, error.message],
    );

describe('who the source must be', () => {
  it('signed by the authority of the manifest · is called', async () => {
    const { origin } = await aTlsSource('source');
    expect(await outcomeOf(origin, { ca })).toBeNull();
  });

  it.each<[string, string, Tls | undefined, string]>([
    ['signed by an unknown authority', 'source', undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['signed by another', 'source', { ca: () => pem('other-ca.crt') }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['expired', 'expired', { ca }, 'CERT_HAS_EXPIRED'],
    ['of another host', 'elsewhere', { ca }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s · UPSTREAM_UNREACHABLE with the kind of mistake', async (_, name, tls, code) => {
    const { origin } = await aTlsSource(name);
    expect(await outcomeOf(origin, tls)).toEqual(['UPSTREAM_UNREACHABLE', `transport failed (${code})`]);
  });

  it('signed by an unknown authority, with checks switched off in the environment · is refused, too', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { origin } = await aTlsSource('source');
    expect(await outcomeOf(origin, undefined)).toMatchObject({ 0: 'UPSTREAM_UNREACHABLE' });
  });

  it('of another host that the manifest names · is called', async () => {
    const { origin } = await aTlsSource('elsewhere');
    expect(await outcomeOf(origin, { ca, serverName: 'elsewhere.example' })).toBeNull();
  });
});

describe('who we are', () => {
  it('the certificate of the gateway · is sent', async () => {
    const { origin } = await aTlsSource('source', mutual);
    expect(await outcomeOf(origin, { ca, ...secrets('gateway') })).toBe('gateway-1');
  });

  it.each<[string, Tls]>([
    ['no certificate', { ca }],
    ['a certificate of another authority', { ca, ...secrets('stranger') }],
  ])('%s · is not accepted', async (_, tls) => {
    const { origin } = await aTlsSource('source', { ...mutual, maxVersion: 'TLSv1.2' });
    expect(await outcomeOf(origin, tls)).toMatchObject({
      0: expect.stringMatching(/^UPSTREAM_UN(AUTHORIZED|REACHABLE)$/),
    });
    const { origin: newer } = await aTlsSource('source', mutual);
    expect(await outcomeOf(newer, tls)).toMatchObject({
      0: expect.stringMatching(/^UPSTREAM_UN(AUTHORIZED|REACHABLE)$/),
    });
  });

  it.each<[string, Tls]>([
    ['an invalid key', { ca, cert: () => pem('gateway.crt'), key: () => 'SECRET' }],
    ['a key of another certificate', { ca, cert: () => pem('gateway.crt'), key: () => pem('gateway-2.key') }],
  ])('%s · UPSTREAM_UNAUTHORIZED, and the detail has what was expected', async (_, tls) => {
    const { origin } = await aTlsSource('source', mutual);
    const outcome = await outcomeOf(origin, tls);
    expect(outcome).toMatchObject({ 0: 'UPSTREAM_UNAUTHORIZED', 1: expect.stringContaining('PEM') });
    expect(JSON.stringify(outcome)).not.toContain('SECRET');
  });

  it('a renewed certificate · is shown by the next socket, without a restart', async () => {
    const { origin } = await aTlsSource('source', mutual);
    let name = 'gateway';
    const upstream = anUpstream({
      tls: { ca, cert: () => pem(`${name}.crt`), key: () => pem(`${name}.key`) },
    });
    const ask = async (path: string) => (await upstream.attempt(aRequest(origin, { path }), live())).body;
    expect(await ask('/')).toBe('gateway-1');
    name = 'gateway-2';
    expect(await ask('/last')).toBe('gateway-1');
    expect(await ask('/')).toBe('gateway-2');
  });

  const half = (text: string): string => text.slice(0, text.length / 2);
  it.each<[string, (name: 'gateway' | 'gateway-2') => Partial<Tls>]>([
    ['whose key is not written yet', () => ({ cert: () => pem('gateway-2.crt') })],
    ['whose certificate is not written yet', () => ({ key: () => pem('gateway-2.key') })],
    [
      'of half a certificate',
      () => ({ cert: () => half(pem('gateway-2.crt')), key: () => pem('gateway-2.key') }),
    ],
    ['of half a key', () => ({ cert: () => pem('gateway-2.crt'), key: () => half(pem('gateway-2.key')) })],
    ['of an empty file', () => ({ cert: () => '' })],
    ['of half an authority', () => ({ ca: () => half(ca()) })],
    [
      'of a file that is away',
      () => ({
        key: () => {
          throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: 'the file cannot be read' });
        },
      }),
    ],
  ])(
    'a renewal %s · leaves the last certificate in use, with a warning, until it is whole',
    async (_, broken) => {
      const { origin } = await aTlsSource('source', mutual);
      let files: Tls = { ca, ...secrets('gateway') };
      const seen: string[] = [];
      const upstream = anUpstream(
        {
          tls: {
            ca: () => files.ca?.() ?? '',
            cert: () => files.cert?.() ?? '',
            key: () => files.key?.() ?? '',
          },
        },
        { onCertificate: (change) => seen.push(change) },
      );
      const ask = async () => (await upstream.attempt(aRequest(origin, { path: '/last' }), live())).body;
      expect(await ask()).toBe('gateway-1');
      files = { ca, ...secrets('gateway'), ...broken('gateway-2') };
      expect([await ask(), await ask()]).toEqual(['gateway-1', 'gateway-1']);
      expect(seen).toEqual(['REJECTED']);
      files = { ca, ...secrets('gateway-2') };
      expect(await ask()).toBe('gateway-2');
      expect(seen).toEqual(['REJECTED', 'ACCEPTED']);
    },
  );

  it('under steady traffic · is used, too: a socket serves 1,000 calls', async () => {
    const { origin } = await aTlsSource('source', mutual);
    let name = 'gateway';
    const upstream = anUpstream({
      limits: { connections: 1 },
      tls: { ca, cert: () => pem(`${name}.crt`), key: () => pem(`${name}.key`) },
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 1_005; i++) {
      seen.push((await upstream.attempt(aRequest(origin), live())).body);
      name = 'gateway-2';
    }
    expect([seen[0], seen.at(-1)]).toEqual(['gateway-1', 'gateway-2']);
  });
});

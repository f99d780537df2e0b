// Is a source there? By a socket alone, or by its health endpoint, and the code that says why not.
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { anUpstream, aSource, json, live, text } from './a-source.ts';
import type { DeclaredCredentials, SpecParts } from './a-spec.ts';

const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');

const probed = (
  probe: NonNullable<SpecParts['probe']>,
  spec: SpecParts = {},
  signal = live(),
): Promise<string> =>
  anUpstream({ ...spec, probe })
    .probe(signal)
    .then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
    );

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('by a socket', () => {
  it('that opens · SOCKET; not a byte is sent, and the socket is let go', async () => {
    let bytes = 0;
    let closed: Promise<void> | undefined;
    const port = await listening(
      createServer((socket) => {
        socket.on('data', (chunk) => {
          bytes += chunk.length;
        });
        closed = new Promise((resolve) => socket.on('close', () => resolve()));
        socket.on('error', () => {});
      }),
    );
    const upstream = anUpstream({ probe: { origin: `http://127.0.0.1:${port}` } });
    expect(await upstream.probe(live())).toEqual({ kind: 'SOCKET' });
    await expect.poll(() => closed !== undefined).toBe(true);
    await closed;
    expect(bytes).toBe(0);
    expect(upstream.stats()).toEqual({ running: 0, waiting: 0, idle: 0, clients: 0 });
  });

  it('to a closed port · UPSTREAM_UNREACHABLE', async () => {
    const source = await aSource(json({}));
    await source.close();
    expect(await probed({ origin: source.origin })).toBe('UPSTREAM_UNREACHABLE');
  });

  it.each<[string, string, SpecParts, string]>([
    ['whose certificate is good', 'source', { tls: { ca: () => pem('ca.crt') } }, 'SOCKET'],
    ['whose certificate is unknown', 'source', {}, 'UPSTREAM_UNREACHABLE'],
    [
      'whose certificate has expired',
      'expired',
      { tls: { ca: () => pem('ca.crt') } },
      'UPSTREAM_UNREACHABLE',
    ],
    [
      'with a broken certificate of the gateway',
      'source',
      { tls: { ca: () => pem('ca.crt'), cert: () => 'x', key: () => 'y' } },
      'UPSTREAM_UNAUTHORIZED',
    ],
  ])('over TLS, %s · the handshake shows it', async (_, name, spec, outcome) => {
    const server = createHttpsServer({ cert: pem(`${name}.crt`), key: pem(`${name}.key`) });
    server.on('tlsClientError', () => {});
    const origin = `https://127.0.0.1:${await listening(server)}`;
    expect(await probed({ origin }, spec)).toBe(outcome);
  });

  it('to an address inside, or a host that is not named · is refused as a call is', async () => {
    const port = await listening(createServer());
    const upstream = anUpstream(
      { hosts: ['source.test'], probe: { origin: `http://source.test:${port}` } },
      {
        lookup: (_, options, callback) =>
          options.all === true
            ? callback(null, [{ address: '127.0.0.1', family: 4 }])
            : callback(null, '127.0.0.1', 4),
      },
    );
    await expect(upstream.probe(live())).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect(await probed({ origin: `http://127.0.0.1:${port}` }, { hosts: ['else.example'] })).toBe(
      'INTERNAL_SERVER_ERROR',
    );
  });

  it('aborted · ends with the reason of the signal', async () => {
    // TLS to somebody who never answers the greeting.
    const port = await listening(createServer((socket) => void socket.on('error', () => {}).resume()));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new GatewayError('UPSTREAM_TIMEOUT')), 20);
    const target = { origin: `https://127.0.0.1:${port}` };
    expect(await probed(target, {}, controller.signal)).toBe('UPSTREAM_TIMEOUT');
    expect(await probed(target, {}, AbortSignal.abort())).toBe('CANCELLED');
  });

  it('of a source that is closed · is refused', async () => {
    const upstream = anUpstream({ probe: { origin: 'http://127.0.0.1:1' } });
    await upstream.close();
    await expect(upstream.probe(live())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('by a GET', () => {
  const credentials: DeclaredCredentials = { type: 'query', name: 'key', value: () => 'k' };

  it('answered with 2xx and any body · REQUEST; sent without credentials', async () => {
    const source = await aSource(text('<html>OK</html>', 'text/html'));
    const outcome = { at: 'error_code', success: [0] };
    expect(await probed({ origin: source.origin, path: '/health' }, { credentials, outcome })).toBe(
      'REQUEST',
    );
    expect(source.asked).toMatchObject([{ method: 'GET', url: '/health', body: '' }]);
  });

  it('with credentials · sends them, and renews a token that ended', async () => {
    const source = await aSource(json({}));
    const target = { origin: source.origin, path: '/health', credentials: true };
    expect(await probed(target, { credentials })).toBe('REQUEST');
    expect(source.asked[0]?.url).toBe('/health?key=k');
    let tokens = 0;
    source.behave((response, asked, request) => {
      if (asked.url === '/token') json({ access_token: `t${++tokens}` })(response, asked, request);
      else json({}, asked.headers.authorization === 'Bearer t2' ? 200 : 401)(response, asked, request);
    });
    const oauth: DeclaredCredentials = {
      type: 'oauth2ClientCredentials',
      tokenUrl: `${source.origin}/token`,
      clientId: () => 'a',
      clientSecret: () => 'b',
    };
    expect(await probed(target, { credentials: oauth })).toBe('REQUEST');
    expect(tokens).toBe(2);
  });

  it.each<[number, number[] | undefined, string]>([
    [204, undefined, 'REQUEST'],
    [503, undefined, 'UPSTREAM_FAULT'],
    [429, undefined, 'UPSTREAM_THROTTLED'],
    [401, undefined, 'UPSTREAM_UNAUTHORIZED'],
    [302, undefined, 'UPSTREAM_INVALID'],
    [404, undefined, 'UPSTREAM_REFUSED'],
    [404, [404], 'REQUEST'],
    [200, [404], 'UPSTREAM_INVALID'],
  ])('answered with %i where %j is expected · %s', async (status, statuses, outcome) => {
    const source = await aSource(json({}, status));
    expect(await probed({ origin: source.origin, path: '/health', statuses })).toBe(outcome);
  });

  it('with a status that is "no such record" for a call · is no sign of health', async () => {
    const source = await aSource(json({}, 404));
    const outcome = { at: 'code', statuses: { 404: 'notFound' } } as const;
    expect(await probed({ origin: source.origin, path: '/health' }, { outcome })).toBe('UPSTREAM_INVALID');
  });

  it('that hangs · ends with the reason of the signal', async () => {
    const source = await aSource(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(new GatewayError('UPSTREAM_TIMEOUT')), 20);
    expect(await probed({ origin: source.origin, path: '/h' }, {}, controller.signal)).toBe(
      'UPSTREAM_TIMEOUT',
    );
  });
});

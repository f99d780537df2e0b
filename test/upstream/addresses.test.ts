// Where a source may lead: names that resolve to the inside are refused at the socket, unless the address is named.
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import { createAddresses } from '../../src/upstream/addresses.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';

/** A resolver that knows what it is told, and writes down what it is asked. */
function aResolver(...answers: (string | string[])[]): LookupFunction & { asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, options, callback) => {
    asked.push(hostname);
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
    const list = (typeof answer === 'string' ? [answer] : answer).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    const [first] = list;
    setImmediate(() =>
      options.all === true ? callback(null, list) : callback(null, first?.address ?? '', first?.family),
    );
  };
  return Object.assign(lookup, { asked });
}

const resolved = (hosts: string[], addresses: string | string[], all = true): Promise<string> =>
  new Promise((resolve) => {
    createAddresses(hosts, aResolver(addresses)).lookup('source.example', { all }, (error) =>
      resolve(error === null ? 'OK' : (error as unknown as GatewayError).code),
    );
  });

describe('a name that resolves to', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.0.1',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
  ])('%s · is refused', async (address) => {
    expect(await resolved(['source.example'], address)).toBe('UPSTREAM_UNREACHABLE');
    expect(await resolved(['source.example'], address, false)).toBe('UPSTREAM_UNREACHABLE');
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.0.2.1', '2001:4860:4860::8888', '::ffff:8.8.8.8'])(
    '%s · is let through',
    async (address) => {
      expect(await resolved(['source.example'], address)).toBe('OK');
      expect(await resolved(['source.example'], address, false)).toBe('OK');
    },
  );

  it('one internal address among external ones · is refused', async () => {
    expect(await resolved(['source.example'], ['8.8.8.8', '10.0.0.1'])).toBe('UPSTREAM_UNREACHABLE');
  });

  it.each([
    [['source.example', '10.0.0.1'], '10.0.0.1', 'OK'],
    [['source.example', '10.0.0.1:8080'], '10.0.0.1', 'OK'],
    [['source.example', '10.0.0.2'], '10.0.0.1', 'UPSTREAM_UNREACHABLE'],
    [['source.example', '10.0.0.0/16'], '10.0.200.1', 'OK'],
    [['source.example', '10.0.0.0/16'], '10.1.0.1', 'UPSTREAM_UNREACHABLE'],
    [['source.example', '10.0.0.0/16'], ['10.0.0.1', '169.254.169.254'], 'UPSTREAM_UNREACHABLE'],
    [['source.example', '[fd00::1]:80'], 'fd00::1', 'OK'],
    [['source.example', 'fd00::/64'], 'fd00::99', 'OK'],
    [['localhost:4001'], '127.0.0.1', 'OK'],
    [['localhost'], '::1', 'OK'],
    [['localhost'], '10.0.0.1', 'UPSTREAM_UNREACHABLE'],
  ])('named: %j, %j · %s', async (hosts, address, outcome) => {
    expect(await resolved(hosts, address)).toBe(outcome);
  });
});

it.each([
  ['https://a.city.example', true],
  ['https://a.b.city.example', true],
  ['https://city.example', false],
  ['https://evilcity.example', false],
  ['https://city.example.evil', false],
])('*.city.example · %s may be called: %s', (origin, allowed) => {
  const { assertAllowed } = createAddresses(['*.city.example'], aResolver());
  if (allowed) expect(() => assertAllowed(origin)).not.toThrow();
  else expect(() => assertAllowed(origin)).toThrow('source.hosts');
});

describe('an attempt', () => {
  const port = (origin: string): string => new URL(origin).port;

  it('to a name with an internal address · UPSTREAM_UNREACHABLE with the way out, and no call', async () => {
    const source = await aSource(json({}));
    const lookup = aResolver('127.0.0.1');
    const upstream = anUpstream({ hosts: ['source.test'] }, { lookup });
    const attempt = upstream.attempt(aRequest(`http://source.test:${port(source.origin)}`), live());
    const error: GatewayError = await attempt.then(
      () => expect.unreachable(),
      (failure) => failure,
    );
    expect(error).toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect(error.message).toContain('source.hosts');
    expect(error.message).not.toMatch(/source\.test|127\.0/);
    expect(lookup.asked).toEqual(['source.test']);
    expect(source.asked).toHaveLength(0);
    expect(upstream.stats().running).toBe(0);
  });

  it('to a name whose internal address is listed · is made', async () => {
    const source = await aSource(json({ ok: 1 }));
    const upstream = anUpstream({ hosts: ['source.test', '127.0.0.1'] }, { lookup: aResolver('127.0.0.1') });
    const answer = await upstream.attempt(aRequest(`http://source.test:${port(source.origin)}`), live());
    expect(answer.body).toEqual({ ok: 1 });
  });

  it('after the name changed to an internal address · is refused at the next socket', async () => {
    const source = await aSource((response) => {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('1');
    });
    const lookup = aResolver('127.0.0.1', '127.0.0.2', '127.0.0.1');
    const upstream = anUpstream({ hosts: ['source.test', '127.0.0.1'] }, { lookup });
    const request = aRequest(`http://source.test:${port(source.origin)}`);
    expect((await upstream.attempt(request, live())).body).toBe(1);
    await expect(upstream.attempt(request, live())).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect((await upstream.attempt(request, live())).body).toBe(1);
    expect(source.asked).toHaveLength(2);
  });

  it('to an internal address that the base URL does not contain · is refused before a socket is opened', async () => {
    const lookup = aResolver('8.8.8.8');
    const upstream = anUpstream({ hosts: ['source.test'] }, { lookup });
    await expect(upstream.attempt(aRequest('http://169.254.169.254'), live())).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
    });
    expect(lookup.asked).toEqual([]);
  });

  it('to a token endpoint with an internal address · is refused, too', async () => {
    const inside = await aSource(json({ access_token: 't', expires_in: 60 }));
    const source = await aSource(json({}));
    const upstream = anUpstream(
      {
        hosts: ['127.0.0.1:1', new URL(source.origin).host, 'token.test'],
        credentials: {
          type: 'oauth2ClientCredentials',
          tokenUrl: `http://token.test:${port(inside.origin)}/token`,
          clientId: () => 'a',
          clientSecret: () => 'b',
        },
      },
      { lookup: aResolver('10.0.0.1') },
    );
    await expect(upstream.attempt(aRequest(source.origin), live())).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
    });
    expect(inside.asked).toHaveLength(0);
  });
});

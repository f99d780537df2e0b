// Headers that never leave: credentials, addresses and certificates of the client, however a connector reads them.

import { describe, expect, it } from 'vitest';
import { clientHeaderLists, compileHeaders } from '../../src/connect/request/headers.ts';
import { isTransportHeader, isWithheldHeader } from '../../src/header-names.ts';

const NAMES = [
  ...[
    'authorization',
    'cookie',
    'host',
    'proxy-authorization',
    'proxy-connection',
    'forwarded',
    'x-forwarded-for',
  ],
  ...[
    'x-forwarded-client-cert',
    'client-cert',
    'ssl-client-cert',
    'connection',
    'te',
    'trailer',
    'upgrade',
    'keep-alive',
  ],
  ...['transfer-encoding', 'content-length', 'expect', 'via', 'x-real-ip'],
];

describe.each(NAMES)('the header %s of a client', (name) => {
  const headers = { [name]: 'SECRET', 'x-tenant': 't1' };

  it('· read from $request.headers · is absent', () => {
    expect(clientHeaderLists(headers)).toEqual({ 'x-tenant': ['t1'] });
  });

  it('· copied by `from`, in any case · is absent', () => {
    const compiled = compileHeaders([
      { name: 'x-copy', from: name },
      { name: 'x-upper', from: name.toUpperCase() },
      { name: 'x-tenant', from: 'x-tenant' },
    ]);
    expect(compiled.render({ request: { headers } })).toEqual({ 'x-tenant': 't1' });
  });
});

describe('names', () => {
  it('of the transport · are withheld, too', () => {
    for (const name of NAMES) expect(isWithheldHeader(name), name).toBe(true);
    expect(['Host', 'Proxy-Anything', 'TE', 'Forwarded'].every(isTransportHeader)).toBe(true);
  });

  it('that a source may receive · are neither', () => {
    for (const name of [
      'accept-language',
      'x-request-id',
      'traceparent',
      'idempotency-key',
      'x-tenant',
      'x-host',
    ])
      expect([isTransportHeader(name), isWithheldHeader(name)], name).toEqual([false, false]);
    // A connector may set its own.
    expect(['authorization', 'cookie', 'x-api-key'].some(isTransportHeader)).toBe(false);
  });
});

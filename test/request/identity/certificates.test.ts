// Machines that sign in by a certificate, as a proxy in front of the gateway passes it on.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEntry, anIdentityServer, type IdentityServer } from './a-server.ts';
import { aKey, anIssuer, type TestIssuer } from './an-issuer.ts';

const CERTIFICATES = new URL('../../upstream/certificates/', import.meta.url);
const read = (name: string) => new X509Certificate(readFileSync(new URL(name, CERTIFICATES)));
const known = read('gateway.crt');
const other = read('stranger.crt');
const rfc9440 = (certificate: X509Certificate) => `:${certificate.raw.toString('base64')}:`;
const nginx = (certificate: X509Certificate) => encodeURIComponent(certificate.toString());
const thumbprint = (certificate: X509Certificate) =>
  Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
/** Within the life of both. */
const now = () => Math.max(known.validFromDate.getTime(), other.validFromDate.getTime()) + 1_000;

let issuer: TestIssuer;
let server: IdentityServer;
let distrustful: IdentityServer;
let bySubject: IdentityServer;
const accessOf = (proxies: string, mtls: string) =>
  `${anEntry(issuer.url)}clients:\n  tax-office:\n    class: batch\n    mtls: { ${mtls}, agency: H26.04, scopes: [dossier.read] }\ntrustedProxies: [${proxies}]\ncertificateHeader: client-cert\n`;
beforeAll(async () => {
  issuer = await anIssuer(await aKey('first'), now);
  const fingerprint = `fingerprints: ["${known.fingerprint256}"]`;
  server = await anIdentityServer(accessOf('127.0.0.0/8', fingerprint), now);
  distrustful = await anIdentityServer(accessOf('10.0.0.0/8', fingerprint), now);
  bySubject = await anIdentityServer(
    accessOf('127.0.0.1', `subject: "${known.subject.replaceAll('\n', ', ')}"`),
    now,
  );
});
afterAll(async () => {
  await Promise.all([server, distrustful, bySubject, issuer].map((one) => one?.close()));
});

describe('a client certificate', () => {
  it.each([
    ['by RFC 9440', rfc9440],
    ['as nginx escapes it', nginx],
  ])('%s, from a trusted proxy · then the machine, its agency and its class', async (_, encode) => {
    for (const gateway of [server, bySubject])
      expect(await gateway.ask({ 'client-cert': encode(known) })).toMatchObject({
        status: 200,
        who: {
          actor: { kind: 'machine', client: 'tax-office', agency: 'H26.04' },
          scopes: ['dossier.read'],
          callerClass: 'batch',
        },
      });
  });

  it('from anybody else · then ignored', async () => {
    expect(await distrustful.ask({ 'client-cert': rfc9440(known) })).toMatchObject({
      who: { actor: { kind: 'anonymous' } },
    });
  });

  it.each([
    ['of nobody', rfc9440(other)],
    ['that is none', ':AAAA:'],
    ['that is a text', 'CN=tax-office'],
    ['that is too long', `:${'A'.repeat(14_000)}:`],
  ])('%s · then 401 with the reason', async (_, sent) => {
    expect(await server.ask({ 'client-cert': sent })).toMatchObject({
      status: 401,
      message: expect.stringContaining('certificate of the client'),
    });
  });

  it('before its begin or after its end · then 401', async () => {
    for (const at of [known.validFromDate.getTime() - 1, known.validToDate.getTime() + 1]) {
      const elsewhen = await anIdentityServer(
        accessOf('127.0.0.1', `fingerprints: ["${known.fingerprint256}"]`),
        () => at,
      );
      expect((await elsewhen.ask({ 'client-cert': rfc9440(known) })).status).toBe(401);
      await elsewhen.close();
    }
  });
});

describe('a token that is bound to a certificate', () => {
  it('with that certificate, also remembered · then accepted; without it or with another · then refused', async () => {
    const authorization = `Bearer ${await issuer.sign({ cnf: { 'x5t#S256': thumbprint(known) } })}`;
    for (let i = 0; i < 2; i++) {
      expect(await server.ask({ authorization, 'client-cert': rfc9440(known) })).toMatchObject({
        who: { actor: { kind: 'officer' } },
      });
      const without: Record<string, string>[] = [
        { authorization },
        { authorization, 'client-cert': rfc9440(other) },
      ];
      for (const headers of without)
        expect(await server.ask(headers)).toMatchObject({
          status: 401,
          message: expect.stringContaining('bound'),
        });
      expect((await distrustful.ask({ authorization, 'client-cert': rfc9440(known) })).status).toBe(401);
    }
  });
});

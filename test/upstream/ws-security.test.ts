// WS-Security over a real socket: what is sent is verified, and what is answered is signed, by a second implementation
// (ws-security/second-implementation.ts); where xmlsec1 is installed, by that as well.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import type { UpstreamAnswer } from '../../src/upstream/upstream.ts';
import { passwordDigest } from '../../src/upstream/ws-security/username-token.ts';
import { type ASource, anUpstream, aRequest, aSource, live, text } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';
import {
  find,
  NS,
  parse,
  signedAnswer,
  signedElements,
  textOf,
} from './ws-security/second-implementation.ts';

const file = (name: string): string => readFileSync(new URL(`ws-security/${name}`, import.meta.url), 'utf8');
const NOW = Date.UTC(2027, 5, 1, 10, 0, 0, 250);
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const MINUTE = 60_000;

type Security = NonNullable<NonNullable<SpecParts['soap']>['security']>;

const ANSWER = `<S:Envelope xmlns:S="${NS.soap}"><S:Body><found/></S:Body></S:Envelope>`;
const PERSON = '<d:Person xmlns:d="urn:d"><d:Name>Nguyễn Văn Ấn &amp; con</d:Name></d:Person>';

async function upstreamOf(security: Security, parts: SpecParts = {}, answer = ANSWER, status = 200) {
  const source = await aSource(text(answer, 'text/xml; charset=utf-8', status));
  const { soap, ...rest } = parts;
  const upstream = anUpstream(
    { protocol: 'soap11', soap: { namespace: 'urn:land', operation: 'LookUp', ...soap, security }, ...rest },
    { now: () => NOW },
  );
  const call = (body: unknown = { No: '1' }): Promise<UpstreamAnswer | GatewayError> =>
    upstream
      .attempt(aRequest(source.origin, { method: 'POST', body }), live())
      .catch((error: GatewayError) => error);
  return { source, call };
}

const last = ({ asked }: ASource): string => asked.at(-1)?.body ?? '';

describe('UsernameToken', () => {
  it.each([
    // ONVIF Application Programmer's Guide 1.0, section 5.12.1.
    ['LKqI6G/AikKCQrN0zqZFlg==', '2010-09-16T07:50:45Z', 'userpassword', 'tuOSpGlFlIXsozq4HFNeeGeFLEI='],
    // The nonce and the time of the example of the OASIS profile, whose printed digest has no password; by openssl dgst.
    ['WScqanjCEAC4mQoBE07sAQ==', '2003-07-16T01:24:32Z', 'mật khẩu', '723Y2mI3DsCu//yoXChMexs0nnw='],
  ])('PasswordDigest of nonce %s', (nonce, created, password, digest) => {
    expect(passwordDigest(Buffer.from(nonce, 'base64'), created, password)).toBe(digest);
  });

  it('with a digest · fits nonce, time and password, anew for each attempt, and never contains the password', async () => {
    const { source, call } = await upstreamOf({
      usernameToken: { username: 'gw & co', password: () => 'PASSWORD<1>' },
    });
    for (let i = 0; i < 2; i++) await call();
    const seen = source.asked.map(({ body }) => {
      const [token] = find(parse(body), NS.wsse, 'UsernameToken');
      if (token === undefined) return expect.unreachable();
      const part = (ns: string, name: string) => find(token, ns, name)[0];
      const nonce = textOf(part(NS.wsse, 'Nonce'));
      const created = textOf(part(NS.wsu, 'Created'));
      expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
      expect(created).toBe('2027-06-01T10:00:00.250Z');
      expect(textOf(part(NS.wsse, 'Username'))).toBe('gw & co');
      const password = part(NS.wsse, 'Password');
      expect(password?.attributes.get('Type')).toMatch(/#PasswordDigest$/);
      const expected = createHash('sha1')
        .update(Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(`${created}PASSWORD<1>`)]))
        .digest('base64');
      expect(textOf(password)).toBe(expected);
      expect(body).not.toContain('PASSWORD');
      return nonce;
    });
    expect(new Set(seen).size).toBe(2);
  });

  it('with the text · is the password itself; nonce and time on request', async () => {
    const { source, call } = await upstreamOf({
      usernameToken: { username: 'gw', password: () => 'P<1>', type: 'text' },
      actor: 'urn:bus',
    });
    await call();
    expect(last(source)).toContain('#PasswordText">P&lt;1&gt;</wsse:Password></wsse:UsernameToken>');
    expect(last(source)).toContain('soap:mustUnderstand="1" soap:actor="urn:bus"');
    const other = await upstreamOf({
      usernameToken: { username: 'gw', password: () => 'P', type: 'text', nonce: true },
    });
    await other.call();
    expect(last(other.source)).toMatch(
      /<wsse:Nonce EncodingType="[^"]+#Base64Binary">[^<]{24}<\/wsse:Nonce><wsu:Created>/,
    );
  });

  it('a password that cannot be read · UPSTREAM_UNAUTHORIZED, and nothing is sent', async () => {
    const { source, call } = await upstreamOf({
      usernameToken: { username: 'gw', password: '${env:NOWHERE}' as never },
    });
    expect(await call()).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
    expect(source.asked).toEqual([]);
  });
});

it('a Timestamp · begins now and ends after its life', async () => {
  const { source, call } = await upstreamOf({ timestamp: { lifeMs: 30_000 }, mustUnderstand: false });
  await call();
  const [stamp] = find(parse(last(source)), NS.wsu, 'Timestamp');
  expect(textOf(stamp)).toBe('2027-06-01T10:00:00.250Z2027-06-01T10:00:30.250Z');
  expect(last(source)).not.toContain('mustUnderstand');
});

const SIGNING: Security = {
  timestamp: {},
  signature: { certificate: () => file('gateway.crt'), key: () => file('gateway.key') },
};
/** Everything that canonicalization touches. */
const TRICKY = {
  Name: 'Nguyễn "Văn" <Ấn> & \r\n\t con',
  Doc: { '@z': '1', '@a': 'x "y"\n<&>', '#text': ' v ' },
  Empty: '',
  Many: [{ '@b': 2, Body: 'a' }, 'Timestamp'],
};

const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0;

function xmlsecAccepts(xml: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'xmlsec-'));
  try {
    writeFileSync(join(folder, 'message.xml'), xml);
    writeFileSync(join(folder, 'gateway.crt'), file('gateway.crt'));
    const ids = ['Body', 'Timestamp', 'UsernameToken', 'BinarySecurityToken'].flatMap((name) => [
      '--id-attr:Id',
      name,
    ]);
    execFileSync('xmlsec1', ['--verify', '--pubkey-cert-pem', 'gateway.crt', ...ids, 'message.xml'], {
      cwd: folder,
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a signed request', () => {
  it.each(['soap11', 'soap12'] as const)('%s · is verified by a second implementation', async (protocol) => {
    const { source, call } = await upstreamOf(SIGNING, {
      protocol,
      soap: {
        namespace: 'urn:land',
        operation: 'LookUp',
        prefixes: { p: 'urn:p' },
        headers: { 'p:Ref': { '@p:n': 1, Inner: '<x>' } },
      },
    });
    expect(await call(TRICKY)).not.toHaveProperty('code');
    expect(signedElements(last(source))).toEqual(['Body', 'Timestamp']);
    for (const [from, to] of [
      ['Nguyễn', 'Nguyen'],
      ['10:05:00', '10:06:00'],
    ] as const) {
      expect(() => signedElements(last(source).replace(from, to))).toThrow(/digest of/);
    }
  });

  it('may cover the UsernameToken, and the Body alone', async () => {
    const all = await upstreamOf({
      timestamp: {},
      usernameToken: { username: 'gw', password: () => 'p' },
      signature: {
        certificate: () => file('gateway.crt'),
        key: () => file('gateway.key'),
        over: ['timestamp', 'usernameToken', 'body'],
      },
    });
    await all.call();
    expect(signedElements(last(all.source))).toEqual(['Timestamp', 'UsernameToken', 'Body']);
    const one = await upstreamOf({
      signature: { certificate: () => file('gateway.crt'), key: () => file('gateway.key'), over: ['body'] },
    });
    await one.call();
    expect(signedElements(last(one.source))).toEqual(['Body']);
  });

  it.skipIf(!hasXmlsec)('is verified by xmlsec1', async () => {
    const { source, call } = await upstreamOf(SIGNING);
    await call({ ...TRICKY, Many: 'a' });
    const plain = last(source);
    expect(xmlsecAccepts(plain)).toBe(true);
    expect(xmlsecAccepts(plain.replace('Nguyễn', 'Nguyen'))).toBe(false);
  });

  it.each([
    ['a key of another certificate', 'gateway.crt', 'source.key', /does not belong to/],
    ['a certificate that is none', 'gateway.key', 'gateway.key', /certificate is not a certificate/],
    ['a key that is none', 'gateway.crt', 'gateway.crt', /key is not a private key/],
    ['an EC key', 'gateway.crt', '../certificates/gateway.key', /not an RSA key.*found ec/],
  ])('%s · is refused, and nothing is sent', async (_, certificate, key, message) => {
    const { source, call } = await upstreamOf({
      ...SIGNING,
      signature: { certificate: () => file(certificate), key: () => file(key) },
    });
    const error = (await call()) as GatewayError;
    expect(error.code).toBe('UPSTREAM_UNAUTHORIZED');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('BEGIN');
    expect(source.asked).toEqual([]);
  });

  it('while a renewal is incomplete · is signed with the last pair', async () => {
    let certificate = 'gateway.crt';
    const { source, call } = await upstreamOf({
      ...SIGNING,
      signature: { certificate: () => file(certificate), key: () => file('gateway.key') },
    });
    await call();
    certificate = 'source.crt';
    await call();
    expect(source.asked).toHaveLength(2);
    expect(signedElements(last(source))).toEqual(['Body', 'Timestamp']);
  });
});

const GOOD = {
  key: file('source.key'),
  certificate: file('source.crt'),
  created: at(-1000),
  expires: at(4 * MINUTE),
  body: PERSON,
};
const PINNED: Security = { verify: { certificate: () => file('source.crt') } };
const ISSUED: Security = { verify: { ca: () => file('ca.crt'), commonName: 'land.example.gov.vn' } };
const answered = async (answer: string, security: Security = PINNED, parts: SpecParts = {}, status = 200) =>
  (await upstreamOf(security, parts, answer, status)).call();

describe('a signed answer', () => {
  it.each([
    ['by the pinned certificate', PINNED, {}],
    [
      'by one of two pinned certificates',
      { verify: { certificate: () => file('elsewhere.crt') + file('source.crt') } },
      {},
    ],
    ['by a certificate of the authority', ISSUED, {}],
    [
      'over the Body alone, where that is enough',
      { verify: { certificate: () => file('source.crt'), over: ['body'] } },
      { over: ['Body'] as const },
    ],
    ['without Expires', PINNED, { expires: undefined as never }],
    ['within the difference of clocks', PINNED, { created: at(50_000) }],
  ] as [string, Security, object][])('%s · is read', async (_, security, changes) => {
    expect(await answered(signedAnswer({ ...GOOD, ...changes }), security)).toMatchObject({
      status: 200,
      body: { Person: { Name: 'Nguyễn Văn Ấn & con' } },
    });
  });

  it('with comments and white space between elements · is read as it was signed', async () => {
    const answer = signedAnswer(GOOD).replace('Văn Ấn', 'Văn<!-- x --> Ấn');
    expect(await answered(answer)).toMatchObject({ body: { Person: { Name: 'Nguyễn Văn Ấn & con' } } });
  });

  it('by xmlsec1, with prefix lists, CDATA and declarations in another order · is read, and not when an attribute changes', async () => {
    const answer = file('signed-by-xmlsec1.xml');
    expect(await answered(answer)).toMatchObject({
      body: { P: { '@a': '1\n', '@b': '2', '@t': 'xs:string', '#text': '<x>&' } },
    });
    expect(await answered(answer.replace('b="2"', 'b="3"'))).toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it('with responseRoots · still holds the Body to them', async () => {
    expect(
      await answered(signedAnswer(GOOD), PINNED, {
        soap: { namespace: 'urn:land', responseRoots: ['Other'] },
      }),
    ).toMatchObject({
      code: 'UPSTREAM_INVALID',
    });
  });
});

describe('an answer that is refused', () => {
  const EVIL = '<S:Body u:Id="evil"><d:Person xmlns:d="urn:d"><d:Name>EVIL</d:Name></d:Person></S:Body>';
  const BODY = /<S:Body .*<\/S:Body>/s;
  const bodyOf = (xml: string): string => BODY.exec(xml)?.[0] ?? '';
  const good = signedAnswer(GOOD);
  const signatureOf = (xml: string): string => /<Signature .*<\/Signature>/s.exec(xml)?.[0] ?? '';
  const stamp = /<u:Timestamp .*<\/u:Timestamp>/s.exec(good)?.[0] ?? '';

  it.each<[string, string, RegExp]>([
    ['no Security', ANSWER, /no Header|no Security/],
    ['no Signature', good.replace(signatureOf(good), ''), /no Signature/],
    ['a changed Body', good.replace('Văn', 'Van'), /does not fit/],
    ['a changed Timestamp', good.replace(GOOD.expires, at(9 * MINUTE)), /does not fit/],
    ['a changed digest', good.replace(/<DigestValue>./, '<DigestValue>A'), /does not fit/],
    ['a changed SignedInfo', good.replace('<SignedInfo xmlns', '<SignedInfo x="1" xmlns'), /does not fit/],
    [
      'wrapping: the signed Body in the Header, another in its place',
      good
        .replace(bodyOf(good), EVIL)
        .replace('</S:Header>', `<w:Wrapper xmlns:w="urn:w">${bodyOf(good)}</w:Wrapper></S:Header>`),
      /does not cover the Body/,
    ],
    [
      'wrapping: the same id twice',
      good
        .replace(bodyOf(good), EVIL.replace('evil', 'body'))
        .replace('</S:Header>', `<w:Wrapper xmlns:w="urn:w">${bodyOf(good)}</w:Wrapper></S:Header>`),
      /more than one/,
    ],
    [
      'wrapping: inside the Body',
      good.replace(BODY, `<S:Body>${bodyOf(good)}<d:Person xmlns:d="urn:d"/></S:Body>`),
      /does not cover the Body/,
    ],
    [
      'wrapping: inside the Signature',
      good
        .replace(bodyOf(good), EVIL)
        .replace('</Signature>', `<Object>${bodyOf(good)}</Object></Signature>`),
      /does not cover the Body/,
    ],
    ['two Bodies', good.replace('</S:Envelope>', `${EVIL}</S:Envelope>`), /more than one Body/],
    [
      'a Body of another namespace before it',
      good.replace('<S:Body', '<x:Body xmlns:x="urn:x"/><S:Body'),
      /more than one Body/,
    ],
    [
      'the signed Body beside the Envelope',
      good.replace(bodyOf(good), `${EVIL}<w:W xmlns:w="urn:w">${bodyOf(good)}</w:W>`),
      /does not cover the Body/,
    ],
    [
      'the Timestamp outside Security',
      good.replace(stamp, '').replace('</S:Header>', `${stamp}</S:Header>`),
      /no Timestamp/,
    ],
    [
      'two Timestamps',
      good.replace(stamp, `${stamp}${stamp.replace('"time"', '"t2"')}`),
      /more than one Timestamp/,
    ],
    [
      'an unsigned Timestamp in its place',
      good
        .replace(stamp, stamp.replace('"time"', '"t2"'))
        .replace('</S:Header>', `<w:W xmlns:w="urn:w">${stamp}</w:W></S:Header>`),
      /does not cover the Timestamp/,
    ],
    [
      'two Signatures',
      good.replace(signatureOf(good), signatureOf(good).repeat(2)),
      /more than one Signature/,
    ],
    [
      'two Security headers',
      good.replace('</S:Header>', `<o:Security xmlns:o="${NS.wsse}"/></S:Header>`),
      /more than one Security/,
    ],
    [
      'a signature over the Timestamp alone',
      signedAnswer({ ...GOOD, over: ['Timestamp'] }),
      /does not cover the Body/,
    ],
    [
      'a signature over the Body alone',
      signedAnswer({ ...GOOD, over: ['Body'] }),
      /does not cover the Timestamp/,
    ],
    ['a reference to the whole document', good.replace('URI="#body"', 'URI=""'), /is no id/],
    ['a reference with an XPointer', good.replace('URI="#body"', 'URI="#xpointer(/)"'), /is no id/],
    ['a reference twice', good.replace('URI="#time"', 'URI="#body"'), /repeated/],
    ['SHA-1', good.replace(NS.sha256, 'http://www.w3.org/2000/09/xmldsig#sha1'), /neither SHA-256 nor/],
    [
      'RSA-SHA1',
      good.replace(NS.rsaSha256, 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'),
      /neither RSA-SHA256 nor/,
    ],
    [
      'HMAC',
      good.replace(NS.rsaSha256, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'),
      /neither RSA-SHA256 nor/,
    ],
    [
      'another transform',
      good.replace(
        `<Transform Algorithm="${NS.excC14n}">`,
        '<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature">',
      ),
      /another transform/,
    ],
    [
      'another certificate',
      signedAnswer({ ...GOOD, key: file('elsewhere.key'), certificate: file('elsewhere.crt') }),
      /trusted certificate/,
    ],
    [
      'a key that is not of the pinned certificate',
      signedAnswer({ ...GOOD, key: file('elsewhere.key') }),
      /trusted certificate/,
    ],
    [
      'an expired Timestamp',
      signedAnswer({ ...GOOD, created: at(-4 * MINUTE), expires: at(-2 * MINUTE) }),
      /has expired/,
    ],
    ['an old Timestamp', signedAnswer({ ...GOOD, created: at(-7 * MINUTE) }), /older than/],
    ['a Timestamp of the future', signedAnswer({ ...GOOD, created: at(2 * MINUTE) }), /in the future/],
    ['a time that is none', signedAnswer({ ...GOOD, created: 'yesterday' }), /no readable Created/],
    ['a document type', `<!DOCTYPE a [<!ENTITY x "y">]>${good}`, /bad XML/],
    ['a web page', '<html>', /./],
    ['another envelope', good.replaceAll(NS.soap, 'urn:soap'), /no SOAP envelope/],
  ])('%s', async (_, answer, message) => {
    const error = (await answered(answer)) as GatewayError;
    expect(error.code).toBe('UPSTREAM_INVALID');
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/EVIL|Nguy|urn:/);
  });

  it.each<[string, string, Security, RegExp]>([
    [
      'of another name',
      signedAnswer({ ...GOOD, key: file('elsewhere.key'), certificate: file('elsewhere.crt') }),
      ISSUED,
      /another common name/,
    ],
    [
      'of another authority with the same name',
      good,
      { verify: { ca: () => file('other-ca.crt'), commonName: 'land.example.gov.vn' } },
      /not issued by/,
    ],
    [
      'that is the authority of itself',
      good,
      { verify: { ca: () => file('source.crt'), commonName: 'land.example.gov.vn' } },
      /not issued by/,
    ],
    [
      'that is not presented',
      good.replace(/<o:BinarySecurityToken.*<\/o:BinarySecurityToken>/, ''),
      ISSUED,
      /no X.509/,
    ],
    [
      'presented twice',
      good.replace(/<o:BinarySecurityToken.*<\/o:BinarySecurityToken>/, (token) => token + token),
      ISSUED,
      /more than one X.509/,
    ],
    [
      'that cannot be parsed',
      good.replace(/(u:Id="token">)[^<]+/, '$1QUJD'),
      ISSUED,
      /not an X.509 certificate/,
    ],
  ])('a certificate %s', async (_, answer, security, message) => {
    const error = (await answered(answer, security)) as GatewayError;
    expect(error).toMatchObject({ code: 'UPSTREAM_INVALID', message: expect.stringMatching(message) });
  });

  it('a certificate that is not in force any more', async () => {
    const source = await aSource(text(good, 'text/xml'));
    const upstream = anUpstream(
      { protocol: 'soap11', soap: { namespace: 'urn:land', operation: 'LookUp', security: PINNED } },
      { now: () => Date.UTC(2200, 0, 1) },
    );
    await expect(
      upstream.attempt(aRequest(source.origin, { method: 'POST', body: {} }), live()),
    ).rejects.toMatchObject({ code: 'UPSTREAM_INVALID', message: expect.stringContaining('has expired') });
  });
});

describe('without a signature', () => {
  it('a Fault · keeps its class, and none of its text', async () => {
    const fault = `<S:Envelope xmlns:S="${NS.soap}"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>SECRET</faultstring></S:Fault></S:Body></S:Envelope>`;
    const error = (await answered(fault, PINNED, {}, 500)) as GatewayError;
    expect(error.code).toBe('UPSTREAM_FAULT');
    expect(error.message).not.toContain('SECRET');
  });

  it.each([ANSWER, '', '<html></html>'])(
    'a status that means "no such record" · is not believed: %s',
    async (answer) => {
      const outcome = { at: 'code', statuses: { 404: 'notFound' as const } };
      expect(await answered(answer, PINNED, { outcome }, 404)).toMatchObject({ code: 'UPSTREAM_INVALID' });
      // The same answer of a source that does not sign.
      expect(await answered(answer, { timestamp: {} }, { outcome }, 404)).toMatchObject({ notFound: true });
    },
  );
});

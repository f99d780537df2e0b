// The access file (ACCESS_FILE): issuers, client applications and trusted proxies. Guarantees a frozen result, and an error that
// lists every mistake with its place, what was found, what is expected and the way out.

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { z } from 'zod';
import { DiagnosticsError } from './diagnostic.ts';
import { readYamlFile } from './manifest/yaml-file.ts';
import { about, text } from './manifest-keys.ts';
import { clientKeys } from './request/identity/client-keys.ts';
import { issuerKeys, takesOpaque } from './request/identity/issuer-keys.ts';

/** An address, or a network as address and length: `10.0.0.0/8`. */
const network = text.refine(
  (value) => {
    const [address = '', length, ...more] = value.split('/');
    const family = isIP(address);
    if (family === 0 || more.length > 0) return false;
    return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
  },
  { error: 'an address or a network such as 10.0.0.0/8' },
);

export const accessSchema = z
  .strictObject({
    issuers: z
      .array(issuerKeys)
      .default([])
      .meta(
        about('The issuers of tokens.', [{ name: 'national-portal', issuer: 'https://sso.example.gov.vn' }]),
      ),
    clients: z
      .record(text.max(200), clientKeys)
      .default({})
      .meta(about('Client applications by client id.', { batch: { class: 'batch' } })),
    trustedProxies: z
      .array(network)
      .default([])
      .meta(
        about(
          'Addresses of the proxies in front of the gateway. Headers in which a proxy describes its own client are read only from these.',
          ['10.0.0.0/8'],
        ),
      ),
    certificateHeader: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/, 'a header name in lower case')
      .optional()
      .meta(
        about(
          'Header in which a trusted proxy passes on the certificate that it has verified: `client-cert` by RFC 9440, or another header with the certificate in PEM form, percent-encoded. The proxy must remove the header from what clients send.',
          'client-cert',
          { whenAbsent: 'Nobody signs in by a certificate.' },
        ),
      ),
  })
  .superRefine(({ issuers, clients, trustedProxies, certificateHeader }, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const key of ['name', 'issuer'] as const)
      issuers.forEach((one, index) => {
        if (issuers.findIndex((other) => other[key] === one[key]) < index)
          refuse(['issuers', index, key], 'a value that no other issuer has');
      });
    const opaque = issuers.flatMap((issuer, index) => (takesOpaque(issuer) ? index : []));
    for (const index of opaque.slice(1))
      refuse(
        ['issuers', index, 'introspection'],
        'tokens: jwt, except at one issuer: nothing in an opaque token says whose it is',
      );
    const withCertificate = Object.keys(clients).filter((id) => clients[id]?.mtls !== undefined);
    if (certificateHeader === undefined)
      for (const id of withCertificate)
        refuse(['clients', id, 'mtls'], 'certificateHeader, in which the certificate arrives');
    if (certificateHeader !== undefined && trustedProxies.length === 0)
      refuse(['certificateHeader'], 'trustedProxies, since anybody could send the header');
  });

export type AccessSettings = z.output<typeof accessSchema>;

/** A start without an access file: nobody can sign in, but for the break-glass token. */
const NO_ACCESS_SETTINGS: AccessSettings = accessSchema.parse({});

/**
 * @param path `undefined`: there is no access file
 * @throws DiagnosticsError with every mistake, or when the file cannot be read
 */
export async function readAccessFile(path: string | undefined): Promise<AccessSettings> {
  if (path === undefined) return NO_ACCESS_SETTINGS;
  let body: string;
  try {
    body = await readFile(path, 'utf8');
  } catch (error) {
    throw new DiagnosticsError([
      {
        code: 'AccessUnreadable',
        message: 'The access file cannot be read.',
        file: path,
        found: (error as NodeJS.ErrnoException).code,
        expected: 'a YAML file',
        wayOut: 'Correct ACCESS_FILE, or leave it out.',
      },
    ]);
  }
  return parseAccessFile(body, path);
}

/** @param file the name that findings contain. @throws DiagnosticsError with every mistake */
export const parseAccessFile = (body: string, file: string): AccessSettings =>
  readYamlFile(body, file, {
    name: 'Access',
    schema: accessSchema,
    wayOut: 'docs/identity.md describes every key.',
    isSecret: (path) => path.includes('clientSecret'),
  }).data;

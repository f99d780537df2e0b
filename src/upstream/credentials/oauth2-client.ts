// How a client proves itself to the token endpoint of OAuth 2.0: with its secret (RFC 6749 §2.3), with an assertion (RFC 7523
// §2.2), or with its certificate (RFC 8705 §2).
import { z } from 'zod';
import { about, secret, setting } from '../../manifest-keys.ts';
import type { Settled } from '../secret.ts';
import { assertionKeys, signAssertion } from './assertion.ts';
import { basicAuthorization } from './basic.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export const clientKeys = {
  clientId: setting.meta(about('Client id.', '${env:REGISTRY_CLIENT_ID}')),
  clientSecret: secret.optional().meta(
    about('Client secret, by reference.', '${env:REGISTRY_CLIENT_SECRET}', {
      whenAbsent: 'the client proves itself otherwise',
    }),
  ),
  clientSecretIn: z
    .enum(['header', 'form'])
    .default('header')
    .meta(
      about(
        'Where id and secret are sent: `header` as Basic, `form` as `client_id` and `client_secret`.',
        'form',
      ),
    ),
  clientAssertion: z
    .strictObject(assertionKeys)
    .optional()
    .meta(
      about(
        'Proves the client by a signed JWT (`private_key_jwt`, RFC 7523 §2.2; with an HS algorithm `client_secret_jwt`).',
        { key: '${file:/run/secrets/client-key.pem}', algorithm: 'ES256' },
        { whenAbsent: 'the client proves itself otherwise' },
      ),
    ),
  clientCertificate: z
    .boolean()
    .default(false)
    .meta(
      about(
        'The certificate of `tls` proves the client (RFC 8705); its tokens are then bound to that certificate. Needs `tls.cert`.',
        true,
      ),
    ),
};

type ClientKeys = z.output<z.ZodObject<typeof clientKeys>>;
export type ClientSettings = Settled<ClientKeys>;

/** In how many ways the client proves itself. */
const proofsOf = ({ clientSecret, clientAssertion, clientCertificate }: Partial<ClientKeys>): number =>
  [clientSecret !== undefined, clientAssertion !== undefined, clientCertificate === true].filter(Boolean)
    .length;

/** A check of the manifest, for grants that only a confidential client may use. */
export const hasOneProof: [(keys: Partial<ClientKeys>) => boolean, string] = [
  (keys) => proofsOf(keys) === 1,
  'exactly one of clientSecret, clientAssertion and clientCertificate must prove the client',
];

/** The same for grants that a public client may use. */
export const hasAtMostOneProof: [(keys: Partial<ClientKeys>) => boolean, string] = [
  (keys) => proofsOf(keys) <= 1,
  'at most one of clientSecret, clientAssertion and clientCertificate may prove the client',
];

export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

/** @throws GatewayError UPSTREAM_UNAUTHORIZED when a secret cannot be read */
export async function proveClient(
  client: ClientSettings,
  endpoint: string,
  nowMs: number,
): Promise<ClientProof> {
  const clientId = client.clientId();
  if (client.clientAssertion !== undefined) {
    const claims = { issuer: clientId, subject: clientId };
    const assertion = await signAssertion(client.clientAssertion, claims, endpoint, nowMs);
    return {
      headers: {},
      form: { client_id: clientId, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion },
    };
  }
  // With a certificate, and for a public client, the id alone is sent.
  if (client.clientSecret === undefined) return { headers: {}, form: { client_id: clientId } };
  const secretText = client.clientSecret();
  return client.clientSecretIn === 'form'
    ? { headers: {}, form: { client_id: clientId, client_secret: secretText } }
    : { headers: { authorization: basicAuthorization(clientId, secretText) }, form: {} };
}

/** Fields of a token request that must not be shown. */
export const SECRET_FORM_FIELDS = [
  'client_assertion',
  'client_secret',
  'assertion',
  'password',
  'refresh_token',
];

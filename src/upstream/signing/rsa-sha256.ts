// An RSA signature (PKCS#1 v1.5 with SHA-256) over joined fields, as MyVNPost signs its webhook. A key is parsed once per PEM text.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { about, secret, setting } from '../../manifest-keys.ts';
import type { Secret } from '../secret.ts';
import { compileJoinedFields, joinedFields } from './joined-fields.ts';
import { defineSignatureKind, encodingOf, kindName, place } from './kind.ts';
import { parsedKey } from './parsed-key.ts';
import { decode, encode } from './seal.ts';

export const rsaSha256 = defineSignatureKind({
  schema: z
    .strictObject({
      type: kindName('rsaSha256'),
      ...joinedFields,
      privateKey: secret.optional().meta(
        about('Private key that signs, in PEM form, by reference.', '${file:/run/secrets/post.key}', {
          whenAbsent: 'requests cannot be signed, only verified',
          pem: 'private key',
        }),
      ),
      publicKey: setting.optional().meta(
        about('Public key that verifies, in PEM form.', '${file:/run/secrets/post.pub}', {
          whenAbsent: 'messages cannot be verified, only signed',
          pem: 'public key',
        }),
      ),
      ...place,
      encoding: encodingOf('base64'),
    })
    .meta(
      about('An RSA signature (PKCS#1 v1.5, SHA-256) over joined fields.', {
        type: 'rsaSha256',
        fields: ['merchantId', 'orderId'],
        separator: '|',
        privateKey: '${file:/run/secrets/post.key}',
        publicKey: '${file:/run/secrets/post.pub}',
        into: 'signature',
      }),
    ),
  compile: ({ encoding, ...settings }) => {
    const privateKey = keyOf(settings.privateKey, 'privateKey', createPrivateKey);
    const publicKey = keyOf(settings.publicKey, 'publicKey', createPublicKey);
    return {
      textOf: compileJoinedFields(settings),
      seal: {
        make: (text) => encode(sign('sha256', Buffer.from(text, 'utf8'), privateKey()), encoding),
        fits: (text, signature) =>
          verify('sha256', Buffer.from(text, 'utf8'), publicKey(), decode(signature, encoding)),
      },
    };
  },
});

function keyOf(secret: Secret | undefined, name: string, parse: (pem: string) => KeyObject): () => KeyObject {
  if (secret !== undefined) return parsedKey(secret, parse, `signing.${name} is not a key in PEM form`);
  return () => {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `signing needs ${name}; found none; add signing.${name} to connector.yaml`,
    });
  };
}

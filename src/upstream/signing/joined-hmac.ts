// An HMAC over joined fields, with the secret as key (KeyPay, VNPay's querydr, ViettelPay).
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { about, secret } from '../../manifest-keys.ts';
import { compileJoinedFields, joinedFields } from './joined-fields.ts';
import { defineSignatureKind, encodingOf, kindName, place } from './kind.ts';
import { digestSeal } from './seal.ts';

export const joinedHmac = defineSignatureKind({
  schema: z
    .strictObject({
      type: kindName('joinedHmac'),
      algorithm: z.enum(['sha256', 'sha512', 'sha1']).meta(about('Digest algorithm of the HMAC.', 'sha256')),
      ...joinedFields,
      secret: secret.meta(about('Key of the HMAC, by reference.', '${env:PAYMENT_SECRET}')),
      ...place,
      encoding: encodingOf('hex'),
    })
    .meta(
      about('An HMAC over joined fields.', {
        type: 'joinedHmac',
        algorithm: 'sha256',
        fields: ['merchantId', 'orderId', 'amount'],
        separator: '|',
        secret: '${env:PAYMENT_SECRET}',
        into: 'checksum',
      }),
    ),
  compile: ({ algorithm, secret, encoding, ...fields }) => ({
    textOf: compileJoinedFields(fields),
    seal: digestSeal(encoding, (text) => createHmac(algorithm, secret()).update(text, 'utf8').digest()),
  }),
});

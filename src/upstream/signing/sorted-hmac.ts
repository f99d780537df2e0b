// An HMAC over all values, sorted by name and written as a form (VNPay 2.1.0): without the signature's own field and empty values,
// space as `+`.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import { about, secret, text } from '../../manifest-keys.ts';
import { defineSignatureKind, encodingOf, kindName, place, type Signature } from './kind.ts';
import { digestSeal } from './seal.ts';

export const sortedHmac = defineSignatureKind({
  schema: z
    .strictObject({
      type: kindName('sortedHmac'),
      algorithm: z.enum(['sha256', 'sha512', 'sha1']).meta(about('Digest algorithm of the HMAC.', 'sha512')),
      secret: secret.meta(about('Key of the HMAC, by reference.', '${env:PAYMENT_SECRET}')),
      leaveOut: z
        .array(text)
        .default([])
        .meta(about('Further names that the signature does not cover.', ['vnp_SecureHashType'])),
      ...place,
      encoding: encodingOf('hex'),
    })
    .meta(
      about('An HMAC over all values as a form sorted by name, without empty values.', {
        type: 'sortedHmac',
        algorithm: 'sha512',
        secret: '${env:PAYMENT_SECRET}',
        into: 'vnp_SecureHash',
        place: 'query',
      }),
    ),
  compile: ({ algorithm, secret, encoding, into, leaveOut }) => ({
    textOf: compileSortedForm(new Set([into, ...leaveOut])),
    seal: digestSeal(encoding, (form) => createHmac(algorithm, secret()).update(form, 'utf8').digest()),
  }),
});

/** @throws GatewayError INTERNAL_SERVER_ERROR for a list or an object, which a form cannot carry */
function compileSortedForm(omitted: ReadonlySet<string>): Signature['textOf'] {
  return (values) => {
    const form = new URLSearchParams();
    for (const name of Object.keys(values).sort()) {
      const value = values[name];
      if (omitted.has(name) || value === undefined || value === null || value === '') continue;
      if (isComposite(value)) {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail: `signed value ${name} must be text, a number or a boolean; found an object or a list`,
        });
      }
      form.append(name, String(value));
    }
    return form.toString();
  };
}

// The keys of a client application in the access file: its class, its certificate, and what it may do when it signs in without a
// person.

import { z } from 'zod';
import { about, text } from '../../manifest-keys.ts';
import { ROLES } from './identity.ts';

const fingerprint = z
  .string()
  .regex(/^[0-9a-fA-F]{2}(:?[0-9a-fA-F]{2}){31}$/, 'the SHA-256 of the certificate: 64 hexadecimal digits')
  .transform((value) => value.replaceAll(':', '').toLowerCase());

const certificateKeys = z
  .strictObject({
    fingerprints: z
      .array(fingerprint)
      .min(1)
      .optional()
      .meta(
        about('SHA-256 fingerprints of the certificates; two while a certificate is renewed.', [
          'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90',
        ]),
      ),
    subject: text
      .optional()
      .meta(
        about(
          'Subject of the certificate, one attribute after the other as the certificate has them. Safe only where the proxy accepts certificates of one authority that gives each subject to one holder.',
          'C=VN, O=Sở Tài chính, CN=batch',
        ),
      ),
    agency: text.optional().meta(about('Agency that owns the machine.', 'H26.3')),
    roles: z
      .array(z.enum(ROLES))
      .default([])
      .meta(about('Roles of the machine.', ['auditor'])),
    scopes: z
      .array(text)
      .default([])
      .meta(about('Scopes of the machine.', ['dossiers:read'])),
  })
  .refine(({ fingerprints, subject }) => fingerprints !== undefined || subject !== undefined, {
    error: 'fingerprints or subject',
    path: ['fingerprints'],
  });

export const clientKeys = z.strictObject({
  class: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and "-", starting with a letter, at most 32')
    .optional()
    .meta(
      about('Class of the client in the quotas of connectors, such as `batch`.', 'batch', {
        whenAbsent: 'No class: the whole quota.',
      }),
    ),
  documents: z
    .enum(['off', 'warn', 'enforce'])
    .optional()
    .meta(
      about('Whether the client may send only documents that were published before.', 'enforce', {
        whenAbsent: 'The setting TRUSTED_DOCUMENTS decides.',
      }),
    ),
  mtls: certificateKeys
    .optional()
    .meta(
      about(
        'The certificate by which the client signs in as a machine, without a token.',
        { subject: 'CN=batch' },
        { whenAbsent: 'The client signs in by a token.' },
      ),
    ),
});

export type ClientSettings = z.output<typeof clientKeys>;

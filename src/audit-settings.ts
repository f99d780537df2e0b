// The settings of the audit trail.

import { z } from 'zod';
import { described, onOff, wholeNumber } from './setting-values.ts';

export const auditSettings = {
  auditKey: z
    .string()
    .regex(/^(\$\{(env|file):[^}]+\}|[\x21-\x7e]{32,256})$/)
    .optional()
    .meta(
      described(
        '32 to 256 visible characters, or a reference such as ${file:/run/secrets/audit-key}',
        'Key of the audit trail, the same on every gateway of a store. A start without simulators is refused without it.',
        'none, with simulators a key that is made once in DATA_DIR',
      ),
    ),
  auditSigningKey: z
    .string()
    .regex(/^\$\{(env|file):[^}]+\}$/)
    .optional()
    .meta(
      described(
        'a reference such as ${file:/run/secrets/audit-signing-key.pem}',
        'Ed25519 private key in PEM that signs the daily roots of the audit trail. Unset: they are signed with AUDIT_KEY.',
      ),
    ),
  auditSpoolBytes: wholeNumber(1_048_576, 107_374_182_400)
    .default(268_435_456)
    .meta(
      described(
        'bytes from 1048576 to 107374182400',
        'Largest size of the audit records that wait in DATA_DIR for the store; beyond it, personal data and mutations are refused with AUDIT_UNAVAILABLE.',
      ),
    ),
  auditSync: onOff
    .default(false)
    .meta(
      described(
        'on or off',
        'Write audit records to the disk itself before each answer, so that they survive a loss of power; some milliseconds each.',
      ),
    ),
};

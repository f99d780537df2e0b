// No credentials are sent.
import { z } from 'zod';
import { about } from '../../manifest-keys.ts';
import type { Proof } from './contract.ts';
import { defineCredentialKind, kindName, withoutToken } from './kind.ts';

const NO_PROOF: Proof = { headers: {} };

export const none = defineCredentialKind({
  schema: z
    .strictObject({ type: kindName('none') })
    .meta(about('No credentials are sent.', { type: 'none' })),
  create: () => withoutToken(() => NO_PROOF),
});

// The kinds of signatures that a manifest may declare: those over values of a body, each a file beside this one and a line in the
// table, and the one over parts of the request (`request-parts-keys.ts`), which is made when the request is encoded.
import { z } from 'zod';
import { schemasOf } from '../../manifest-keys.ts';
import type { ReferenceSources } from '../../references.ts';
import { joinedDigest } from './joined-digest.ts';
import { joinedHmac } from './joined-hmac.ts';
import type { Signature } from './kind.ts';
import { requestPartsSchema } from './request-parts-keys.ts';
import { rsaSha256 } from './rsa-sha256.ts';
import { sortedHmac } from './sorted-hmac.ts';

export const SIGNATURE_KINDS = [joinedDigest, joinedHmac, sortedHmac, rsaSha256] as const;

export const signingSchema = z.discriminatedUnion('type', [
  ...schemasOf(SIGNATURE_KINDS),
  requestPartsSchema,
]);

export type DeclaredSigning = z.output<typeof signingSchema>;

/** A signature over values. */
export type DeclaredValueSigning = Exclude<DeclaredSigning, { readonly type: 'requestParts' }>;

export function compileSignature(declared: DeclaredValueSigning, references: ReferenceSources): Signature {
  const kind = SIGNATURE_KINDS.find(({ schema }) => schema.shape.type.value === declared.type);
  // The schema accepts only what the table lists.
  if (kind === undefined) throw new Error(`no kind of signature is called ${declared.type}`);
  return kind.compile(declared, references);
}

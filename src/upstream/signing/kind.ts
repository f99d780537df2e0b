// What a kind of signature is: the keys it has in a manifest, the text that it covers and the seal over that text. One file per
// kind, listed in `kinds.ts`.
import { z } from 'zod';
import { about, text } from '../../manifest-keys.ts';
import type { ReferenceSources } from '../../references.ts';
import { type Settled, settle } from '../secret.ts';
import type { Seal } from './seal.ts';

type KindSchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** A signature is a seal over a text, which is built from the values of a request. */
export interface Signature {
  readonly textOf: (values: Readonly<Record<string, unknown>>) => string;
  readonly seal: Seal;
}

export interface SignatureKind<S extends KindSchema> {
  readonly schema: S;
  /** @param declared values that the manifest's schema has accepted for this `type` */
  readonly compile: (declared: unknown, references: ReferenceSources) => Signature;
}

interface Definition<S extends KindSchema> {
  /** An object with `type: kindName(…)`, the keys of the kind, `...place` and `encoding`. */
  readonly schema: S;
  /** References arrive as functions; their values are never kept. */
  readonly compile: (settings: Settled<z.output<S>>) => Signature;
}

// The values are parsed again here: that they belong to this member of the union is a fact of `kinds.ts`, not of the types.
export const defineSignatureKind = <S extends KindSchema>({
  schema,
  compile,
}: Definition<S>): SignatureKind<S> => ({
  schema,
  compile: (declared, references) => compile(settle(schema, schema.parse(declared), references)),
});

export const kindName = <Name extends string>(name: Name) =>
  z.literal(name).meta(about('The kind of signature.', name));

/** Where the signature goes. */
export const place = {
  into: text.meta(
    about(
      'Name of the top-level body field, the header or the query parameter that receives the signature.',
      'checksum',
    ),
  ),
  place: z.enum(['body', 'header', 'query']).default('body').meta(about('Where `into` is.', 'body')),
};

/** `HEX` is upper-case hex. */
const encoding = z.enum(['hex', 'HEX', 'base64']);

export const encodingOf = (usual: z.output<typeof encoding>) =>
  encoding.default(usual).meta(about('Encoding of the signature; `HEX` is upper-case hex.', usual));

// What a kind of credentials is: the keys it has in a manifest, and the source it opens. One file per kind, listed in `kinds.ts`.
import { z } from 'zod';
import { about, day } from '../../manifest-keys.ts';
import type { ReferenceSources } from '../../references.ts';
import type { CredentialValue } from '../credential-value.ts';
import { type Settled, settle } from '../secret.ts';
import type { CredentialDeps, CredentialSource } from './contract.ts';

type KindSchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** Where a kind sends secrets, so that a trace of a call can mask them. */
export interface SecretNames {
  readonly headers?: readonly (string | undefined)[];
  /** Query parameters. */
  readonly query?: readonly (string | undefined)[];
  /** Top-level fields of the body. */
  readonly bodyFields?: readonly (string | undefined)[];
}

export interface CredentialKind<S extends KindSchema> {
  readonly schema: S;
  /** @param declared values that the manifest's schema has accepted for this `type` */
  readonly open: (declared: unknown, references: ReferenceSources, deps: CredentialDeps) => CredentialSource;
  readonly secretNames: (declared: unknown) => SecretNames;
}

interface Definition<S extends KindSchema> {
  /** An object with `type: kindName(…)`, and `...validity` unless the kind has no secret. */
  readonly schema: S;
  /** References arrive as functions; their values are never kept. */
  readonly create: (settings: Settled<z.output<S>>, deps: CredentialDeps) => CredentialSource;
  /** Beyond `authorization`. */
  readonly secretNames?: (settings: z.output<S>) => SecretNames;
}

// The values are parsed again here: that they belong to this member of the union is a fact of `kinds.ts`, not of the types.
export const defineCredentialKind = <S extends KindSchema>({
  schema,
  create,
  secretNames,
}: Definition<S>): CredentialKind<S> => ({
  schema,
  open: (declared, references, deps) => create(settle(schema, schema.parse(declared), references), deps),
  secretNames: (declared) => secretNames?.(schema.parse(declared)) ?? {},
});

export const kindName = <Name extends string>(name: Name) =>
  z.literal(name).meta(about('The kind of credentials.', name));

/** Keys and passwords are agreed for a time. */
export const validity = {
  validUntil: day.optional().meta(
    about(
      'The last day, in Vietnam, for which key or password are agreed. Shown to operators.',
      '2027-01-31',
      {
        whenAbsent: 'no end is known',
      },
    ),
  ),
};

/** Credentials without a token: a proof is computed for each attempt, and cannot be renewed. */
export const withoutToken = (prove: CredentialSource['prove']): CredentialSource => ({
  prove,
  renew: () => false,
  close: () => {},
});

/** Values by name, all read for the same time. */
export function compileValues(
  values: Readonly<Record<string, CredentialValue>>,
): (at: number) => Record<string, string> {
  const entries = Object.entries(values);
  return (at) => Object.fromEntries(entries.map(([name, read]) => [name, read(at)]));
}

// The kinds of credentials that a manifest may declare. A new kind is a file beside this one, and a line in this table.
import { z } from 'zod';
import { schemasOf } from '../../manifest-keys.ts';
import type { ReferenceSources } from '../../references.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import type { Credentials } from './contract.ts';
import { header } from './header.ts';
import { jsonHeader } from './json-header.ts';
import type { CredentialKind, SecretNames } from './kind.ts';
import { login } from './login.ts';
import { none } from './none.ts';
import { oauth2ClientCredentials } from './oauth2-client-credentials.ts';
import { oauth2JwtBearer } from './oauth2-jwt-bearer.ts';
import { oauth2Password } from './oauth2-password.ts';
import { query } from './query.ts';
import { timestampedBasic } from './timestamped-basic.ts';
import { values } from './values.ts';

export const CREDENTIAL_KINDS = [
  none,
  basic,
  bearer,
  header,
  query,
  jsonHeader,
  oauth2ClientCredentials,
  oauth2Password,
  oauth2JwtBearer,
  login,
  timestampedBasic,
  values,
] as const;

export const credentialsSchema = z.discriminatedUnion('type', schemasOf(CREDENTIAL_KINDS));

export type DeclaredCredentials = z.output<typeof credentialsSchema>;

export function bindCredentials(
  declared: DeclaredCredentials,
  baseUrl: string,
  references: ReferenceSources,
): Credentials {
  const kind = kindOf(declared);
  const lastDay = 'validUntil' in declared ? declared.validUntil : undefined;
  return {
    validUntil: lastDay === undefined ? undefined : endOfDay(lastDay),
    open: (deps) => kind.open(declared, references, { ...deps, baseUrl }),
  };
}

/** Where these credentials send secrets, beyond `authorization`. */
export const secretNamesOf = (declared: DeclaredCredentials): SecretNames =>
  kindOf(declared).secretNames(declared);

function kindOf({ type }: DeclaredCredentials): Pick<CredentialKind<never>, 'open' | 'secretNames'> {
  const kind = CREDENTIAL_KINDS.find(({ schema }) => schema.shape.type.value === type);
  // The schema accepts only what the table lists.
  if (kind === undefined) throw new Error(`no kind of credentials is called ${type}`);
  return kind;
}

/** A day in Vietnam has 24 hours: there is no summer time. */
const endOfDay = (day: string): number => Date.parse(`${day}T00:00:00+07:00`) + 86_400_000;

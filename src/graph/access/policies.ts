// Who may see what: the policies that `@policy` may name, and what each class of data means for each kind of caller. These two
// tables are the whole of the access policy; rows of the store are filtered in src/dossiers/row-scope.ts.

import type { DataClass } from '../../dossiers/data-classes.ts';
import type { Classification } from '../../manifest/data-keys.ts';
import { type Identity, ROLES } from '../../request/identity/identity.ts';

type Policy = (identity: Identity) => boolean;

const roles = Object.fromEntries(
  ROLES.map((role): [string, Policy] => [`role:${role}`, (identity) => identity.roles.has(role)]),
);

/** By name. A schema that names another policy is refused. */
export const POLICIES: Readonly<Record<string, Policy>> = {
  /** Citizens and enterprises read their own dossiers, officers those of their agency, programs with the scope those of theirs. */
  'dossiers:read': ({ actor, scopes }) =>
    actor.kind === 'citizen' ||
    actor.kind === 'enterprise' ||
    actor.kind === 'officer' ||
    (actor.kind === 'machine' && scopes.has('dossiers:read')),
  /** The person, or the enterprise, whose data it is. */
  'data-subject': ({ actor }) => actor.kind === 'citizen' || actor.kind === 'enterprise',
  /** A person who acts in the own name. */
  citizen: ({ actor }) => actor.kind === 'citizen',
  ...roles,
};

/** Scopes that the tables here read, beside those that the schema requires. */
export const POLICY_SCOPES = ['dossiers:read', 'personal:read', 'sensitive:read'] as const;

export type Decision = 'ALLOW' | 'MASK' | 'REFUSE';

/** What a caller sees of a field, by the class of its data. A masked field without a mask is refused. */
export const CLASS_RULES: Readonly<Record<Classification, (identity: Identity) => Decision>> = {
  public: () => 'ALLOW',
  internal: ({ actor }) => (actor.kind === 'anonymous' ? 'REFUSE' : 'ALLOW'),
  personal: ({ actor, roles: held, scopes }) => {
    switch (actor.kind) {
      // A citizen sees own dossiers only.
      case 'citizen':
        return 'ALLOW';
      case 'officer':
        return held.has('handler') ? 'ALLOW' : 'MASK';
      case 'enterprise':
        return 'MASK';
      case 'machine':
        return scopes.has('personal:read') ? 'ALLOW' : 'MASK';
      case 'staff':
      case 'anonymous':
        return 'REFUSE';
    }
  },
  sensitive: ({ actor, roles: held, scopes }) =>
    actor.kind === 'citizen' ||
    (actor.kind === 'officer' && held.has('handler')) ||
    (actor.kind === 'machine' && scopes.has('sensitive:read'))
      ? 'ALLOW'
      : 'REFUSE',
};

/** Who may look a person up at a root field, where no row of the store ties the person to the caller. */
export const mayLookUp = ({ actor, roles: held, scopes }: Identity): boolean =>
  (actor.kind === 'officer' && held.has('handler')) ||
  (actor.kind === 'machine' && scopes.has('personal:read'));

const CLASS_ORDER: readonly Classification[] = ['public', 'internal', 'personal', 'sensitive'];

/** Two classes of one field as one: the stricter class, and a mask of either. */
export const strictest = (a: DataClass, b: DataClass): DataClass => ({
  classification:
    CLASS_ORDER.indexOf(a.classification) >= CLASS_ORDER.indexOf(b.classification)
      ? a.classification
      : b.classification,
  mask: a.mask ?? b.mask,
});

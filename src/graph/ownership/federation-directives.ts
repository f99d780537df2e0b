// Every directive of federation, and what a connector may do with it. The table is part of docs/ownership.md; tests compare it
// with the newest version of federation that composition supports and with the page.

/** What a connector may do with a directive at some place. */
export type Permission = 'allowed' | 'by agreement' | 'as its owner' | 'checked' | 'refused';

export interface DirectiveRule {
  /** On what the connector itself owns. */
  readonly own: Permission;
  /** On what another connector owns as well or alone. */
  readonly others: Permission;
  /** On what the gateway owns. */
  readonly core: Permission;
  /** Why, and what is checked. */
  readonly reason: string;
}

const rule = (own: Permission, others: Permission, core: Permission, reason: string): DirectiveRule => ({
  own,
  others,
  core,
  reason,
});

/** By the name in the specification of federation, without `@`. */
export const FEDERATION_DIRECTIVES: Readonly<Record<string, DirectiveRule>> = {
  key: rule(
    'allowed',
    'checked',
    'checked',
    'A key of a type of the gateway consists of fields of a key that the gateway declares. Fields of a key may be repeated only when every side has them in a key.',
  ),
  external: rule(
    'allowed',
    'allowed',
    'allowed',
    'Refers to a field and supplies nothing. Its type must be the same.',
  ),
  requires: rule('allowed', 'allowed', 'allowed', 'Reads fields of others and changes none of them.'),
  extends: rule('allowed', 'allowed', 'allowed', 'The same as `extend type`: the fields below decide.'),
  shareable: rule(
    'allowed',
    'checked',
    'checked',
    'Shares nothing by itself: a field of another connector is shared when both manifests name it, a field of the gateway when its own schema marks it.',
  ),
  provides: rule('allowed', 'by agreement', 'refused', 'Supplies the named fields in place of their owner.'),
  override: rule(
    'refused',
    'by agreement',
    'refused',
    'Takes a field away from its owner; the keys of its objects then go to the new source.',
  ),
  inaccessible: rule(
    'allowed',
    'as its owner',
    'as its owner',
    'Removes the element from the published schema.',
  ),
  tag: rule('allowed', 'as its owner', 'as its owner', 'Contracts select what is published by tags.'),
  interfaceObject: rule(
    'allowed',
    'by agreement',
    'refused',
    'Adds fields to every type that implements the interface.',
  ),
  composeDirective: rule('refused', 'refused', 'refused', 'Publishes a directive for the whole schema.'),
  link: rule(
    'checked',
    'checked',
    'checked',
    'At most one version of federation is linked, by its exact URL: its imports name the directives of this table.',
  ),
  authenticated: rule('allowed', 'as its owner', 'as its owner', 'Decides who may read the element.'),
  requiresScopes: rule('allowed', 'as its owner', 'as its owner', 'Decides who may read the element.'),
  policy: rule('allowed', 'as its owner', 'as its owner', 'Decides who may read the element.'),
  cost: rule('allowed', 'as its owner', 'as its owner', 'Decides what a request may cost.'),
  listSize: rule('allowed', 'as its owner', 'as its owner', 'Decides what a request may cost.'),
  context: rule(
    'refused',
    'refused',
    'refused',
    'Connectors do not support it (`ConnectorsUnsupportedFederationDirective`).',
  ),
  fromContext: rule(
    'refused',
    'refused',
    'refused',
    'Connectors do not support it (`ConnectorsUnsupportedFederationDirective`).',
  ),
};

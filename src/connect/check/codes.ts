// Every code that reading and checking a connector can give: what it means, and whose it is. Read by the
// documentation, by `connector check --json`, and by a test that holds it against the rules and the wrong schemas.

import type { Severity } from '../../diagnostic.ts';

export interface CodeEntry {
  /** `spec`: published with the connect spec, known to other tools. `ours`: of this gateway. */
  readonly origin: 'spec' | 'ours';
  /** What it usually is; a few codes have milder cases that are warnings. */
  readonly severity: Severity;
  readonly meaning: string;
}

const spec = (meaning: string): CodeEntry => ({ origin: 'spec', severity: 'error', meaning });
const ours = (meaning: string, severity: Severity = 'error'): CodeEntry => ({
  origin: 'ours',
  severity,
  meaning,
});

export const CODES: Readonly<Record<string, CodeEntry>> = {
  GraphQLError: spec(
    'The text is not GraphQL, defines something twice, or gives a directive an argument it does not have.',
  ),
  DuplicateSourceName: spec('Two sources have one name.'),
  DuplicateIdName: spec('Two connectors have one id.'),
  InvalidSourceName: spec('The name of a source has characters it may not have.'),
  EmptySourceName: spec('A source has no name.'),
  InvalidConnectorIdName: spec('The id of a connector has characters it may not have.'),
  InvalidUrl: spec('A base URL or URL is no URL, or has an expression that cannot stand there.'),
  InvalidUrlScheme: spec('A URL is neither http nor https.'),
  SourceNameMismatch: spec('A connector names a source that the schema does not have.'),
  SubscriptionInConnectors: spec('A connector stands on a subscription.'),
  AbsoluteConnectUrlWithSource: spec('A connector has both a source and an absolute URL.'),
  RelativeConnectUrlWithoutSource: spec('A connector has neither a source nor an absolute URL.'),
  NoSourcesDefined: spec('A connector names a source, and the schema has none.'),
  NoSourceImport: spec('The schema uses connectors or sources without linking or importing them.'),
  MultipleHttpMethods: spec('A connector has several HTTP methods.'),
  MissingHttpMethod: spec('A connector has no HTTP method.'),
  EntityNotOnRootQuery: spec('`entity: true` stands on a field that is not a field of Query.'),
  EntityResolverArgumentMismatch: spec(
    'The arguments of an `entity: true` field are not the key fields of its type.',
  ),
  EntityTypeInvalid: spec('An `entity: true` field returns a list, a non-null type, or no object.'),
  MissingEntityConnector: spec('A resolvable @key has no connector that resolves the entity by it.'),
  InvalidSelection: spec('A selection cannot be read, or uses what it cannot use.'),
  InvalidBody: spec('A body cannot be read, or uses what it cannot use.'),
  InvalidErrorsMessage: spec(
    '`errors.message` or `errors.extensions` cannot be read, or gives the wrong kind of value.',
  ),
  InvalidIsSuccess: spec('`isSuccess` cannot be read, or does not give true or false.'),
  CircularReference: spec('A selection has a type inside itself.'),
  SelectedFieldNotFound: spec('A selection yields a field that its type does not have.'),
  GroupSelectionIsNotObject: spec('A selection yields an object for a field that is no object.'),
  HttpHeaderNameCollision: spec('A header is given twice.'),
  InvalidHeader: spec('A header has a name or value that it cannot have, or is not the connector’s to set.'),
  ConnectorsUnsupportedFederationDirective: spec('A federation directive that connectors cannot honour.'),
  ConnectorsUnsupportedAbstractType: spec('A connector yields an interface or a union before connect v0.4.'),
  GroupSelectionRequiredForObject: spec('A selection yields a bare value for a field that is an object.'),
  ConnectorsUnresolvedField: spec('No connector resolves a field.'),
  ConnectorsFieldWithArguments: spec(
    'A field with arguments is resolved by a selection, which cannot see them.',
  ),
  ConnectorsBatchKeyNotInSelection: spec(
    'The selection of a batch does not yield a key, so items cannot be matched.',
  ),
  ConnectorsNonRootBatchKey: spec('The key of a batch’s items does not come from the answer.'),
  ConnectorsCannotResolveKey: spec('A @key or the variables of a connector do not form a key of the type.'),
  UndefinedArgument: spec('`$args` reads an argument that the field does not have.'),
  UndefinedField: spec('`$this`, `$batch` or a nested argument reads a field that does not exist.'),
  UnsupportedVariableType: spec(
    'A variable reads through a type whose fields are not known, such as a union.',
  ),
  UnknownConnectorsVersion: spec('The schema links an unknown version of the connect spec.'),
  ConnectOnTypeMustBeEntity: spec('@connect on a type that is not resolved as an entity.'),
  ConnectOnRoot: spec('@connect stands on Query or Mutation itself.'),
  ConnectBatchAndThis: spec('A connector uses both `$batch` and `$this`.'),
  InvalidUrlProperty: spec('`path` or `queryParams` cannot be read, or gives the wrong kind of value.'),
  MissingSchemaType: spec('A type is used that the schema does not define.'),

  ConnectVersionTooOld: ours('Something is used that a later version of the connect spec brought.'),
  ConnectorFieldNonNull: ours('A field that a connector supplies is non-null.'),
  ListForSingleField: ours('A selection yields a list for a field that is no list.'),
  EnumValueUnknown: ours('A mapping yields a constant that is no value of the enum.'),
  HostNotListed: ours('A connector calls a host that its manifest does not list.'),
  PersonalFieldWithoutRule: ours('A personal field has no access rule in the manifest.'),
  ManifestFieldUnknown: ours('A rule of the manifest names a field that the schema does not have.'),
  ConfigKeyUnknown: ours('`$config` reads a key that the manifest does not have.'),
  CallPerElement: ours('A list costs one call per element (N+1).', 'warning'),
  BatchUnused: ours('`batch` is given and `$batch` is not used.', 'warning'),
  ContextKeyUnknown: ours('`$context` reads a key that this gateway does not supply.', 'warning'),
};

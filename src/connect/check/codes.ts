// Every code that reading and checking a connector can report: its meaning, and whether the connect spec or this
// gateway defines it. A test compares the table with the rules and with the example schemas.

import type { Severity, Tier } from '../../diagnostic.ts';

export interface CodeEntry {
  /** `spec`: published with the connect spec, known to other tools. `ours`: defined by this gateway. */
  readonly origin: 'spec' | 'ours';
  /** The usual severity; a few error codes have milder cases that are warnings. */
  readonly severity: Severity;
  readonly tier: Tier;
  readonly meaning: string;
}

const spec = (meaning: string): CodeEntry => ({ origin: 'spec', severity: 'error', tier: 'bronze', meaning });
/** Without a tier of quality the code refuses the connector. */
const ours = (meaning: string, tier: Tier = 'bronze'): CodeEntry => ({
  origin: 'ours',
  severity: tier === 'bronze' ? 'error' : 'warning',
  tier,
  meaning,
});

export const CODES: Readonly<Record<string, CodeEntry>> = {
  GraphQLError: spec(
    'The text is not valid GraphQL, defines something twice, or passes a directive an argument it does not have.',
  ),
  DuplicateSourceName: spec('Two sources have the same name.'),
  DuplicateIdName: spec('Two connectors have the same id.'),
  InvalidSourceName: spec('The name of a source contains characters that are not allowed.'),
  EmptySourceName: spec('A source has no name.'),
  InvalidConnectorIdName: spec('The id of a connector contains characters that are not allowed.'),
  InvalidUrl: spec('A base URL or URL is not a URL, or contains an expression that is not allowed there.'),
  InvalidUrlScheme: spec('The scheme of a URL is neither http nor https.'),
  SourceNameMismatch: spec('A connector refers to a source that the schema does not define.'),
  SubscriptionInConnectors: spec('A connector is on a subscription field.'),
  AbsoluteConnectUrlWithSource: spec('A connector has both a source and an absolute URL.'),
  RelativeConnectUrlWithoutSource: spec('A connector has neither a source nor an absolute URL.'),
  NoSourcesDefined: spec('A connector refers to a source, and the schema defines no source.'),
  NoSourceImport: spec('The schema uses connectors or sources without linking or importing them.'),
  MultipleHttpMethods: spec('A connector has several HTTP methods.'),
  MissingHttpMethod: spec('A connector has no HTTP method.'),
  EntityNotOnRootQuery: spec('`entity: true` is on a field that is not a field of Query.'),
  EntityResolverArgumentMismatch: spec(
    'The arguments of an `entity: true` field are not the key fields of its type.',
  ),
  EntityTypeInvalid: spec(
    'An `entity: true` field returns a list, a non-null type, or a type without fields.',
  ),
  MissingEntityConnector: spec('A resolvable @key has no connector that resolves the entity by it.'),
  InvalidSelection: spec('A selection cannot be parsed, or uses a variable that is not available there.'),
  InvalidBody: spec('A body cannot be parsed, or uses a variable that is not available there.'),
  InvalidErrorsMessage: spec(
    '`errors.message` or `errors.extensions` cannot be parsed, or yields the wrong kind of value.',
  ),
  InvalidIsSuccess: spec('`isSuccess` cannot be parsed, or does not yield true or false.'),
  CircularReference: spec('A selection contains a type inside itself.'),
  SelectedFieldNotFound: spec('A selection yields a field that its type does not define.'),
  GroupSelectionIsNotObject: spec('A selection yields an object for a field whose type has no fields.'),
  HttpHeaderNameCollision: spec('A header is set twice.'),
  InvalidHeader: spec('A header has an invalid name or value, or is one that a connector may not set.'),
  ConnectorsUnsupportedFederationDirective: spec(
    'The schema uses a federation directive that connectors do not support.',
  ),
  ConnectorsUnsupportedAbstractType: spec('A connector yields an interface or a union before connect v0.4.'),
  GroupSelectionRequiredForObject: spec('A selection yields a plain value for a field of an object type.'),
  ConnectorsUnresolvedField: spec('No connector resolves a field.'),
  ConnectorsFieldWithArguments: spec(
    'A field with arguments is resolved by a selection, which cannot read the arguments.',
  ),
  ConnectorsBatchKeyNotInSelection: spec(
    'The selection of a batch does not yield a key, so items cannot be matched.',
  ),
  ConnectorsNonRootBatchKey: spec('The key of a batch’s items does not come from the answer.'),
  ConnectorsCannotResolveKey: spec(
    'A @key, or the fields that a connector reads, do not form a key of the type.',
  ),
  UndefinedArgument: spec('`$args` reads an argument that the field does not have.'),
  UndefinedField: spec('`$this`, `$batch` or a nested argument reads a field that does not exist.'),
  UnsupportedVariableType: spec(
    'A variable reads through a type whose fields are not known, such as a union.',
  ),
  UnknownConnectorsVersion: spec('The schema links an unknown version of the connect spec.'),
  ConnectOnTypeMustBeEntity: spec('@connect is on a type that is not resolved as an entity.'),
  ConnectOnRoot: spec('@connect is on Query or Mutation itself.'),
  ConnectBatchAndThis: spec('A connector uses both `$batch` and `$this`.'),
  InvalidUrlProperty: spec('`path` or `queryParams` cannot be parsed, or yields the wrong kind of value.'),
  MissingSchemaType: spec('The schema uses a type that it does not define.'),

  ConnectVersionTooOld: ours('The schema uses a feature of a later version of the connect spec.'),
  ConnectorFieldNonNull: ours(
    'A field that a connector supplies is non-null; the gateway publishes it as nullable.',
    'silver',
  ),
  ListForSingleField: ours('A selection yields a list for a field that is not a list.', 'silver'),
  EnumValueUnknown: ours('A mapping yields a constant that is not a value of the enum.', 'silver'),
  ClientHeaderWithheld: ours(
    'A connector passes on a header with which the client proves who it is; sources never receive it.',
    'silver',
  ),
  PrefixedXmlKey: ours('A key in a mapping of a source that speaks XML has a prefix.'),
  HostNotListed: ours('A connector calls a host that its manifest does not list.'),
  PersonalFieldWithoutRule: ours('A personal field has no access rule in the manifest.'),
  SubjectMissing: ours('The manifest of personal data does not say whose it is.'),
  SubjectUnknown: ours('The subject of the data is a field that the schema does not define.'),
  ConsentWithoutSubject: ours('A field needs the consent of a person, and its object does not say of whom.'),
  ManifestFieldUnknown: ours('A rule of the manifest names a field that the schema does not define.'),
  ConfigKeyUnknown: ours('`$config` or `$env` reads a key that the manifest does not set.'),
  CallPerElement: ours('A list costs one call per element (N+1).', 'gold'),
  BatchUnused: ours('`batch` is set and `$batch` is not used.', 'gold'),
  ContextKeyUnknown: ours('`$context` reads a key that this gateway does not supply.', 'silver'),
};

// Every difference from the connect spec and its reference implementation, as data: the table in docs/connect-spec.md is
// generated from it. A row names the codes that carry the difference, and example schemas that show what happens here.
// `differences.test.ts` compares the rows with the table of codes, with the rules and with every example schema.

/** The example schemas are in test/connect/check: `right` registers, `wrong` has findings. */
export interface Difference {
  readonly subject: string;
  /** What the reference implementation does. */
  readonly elsewhere: string;
  readonly here: string;
  readonly reason: string;
  /** Codes of findings; of a code of the spec, its milder or its stricter cases. */
  readonly codes?: readonly string[];
  /** By example schema: the findings there that show the difference. An empty list: the schema registers in silence. */
  readonly examples?: Readonly<Record<string, readonly Shown[]>>;
}

export type Shown = `${'error' | 'warning'} ${string}`;

/** Differences that a schema shows: its findings differ. */
export const CHECK_DIFFERENCES: readonly Difference[] = [
  {
    subject: 'non-null fields of connectors',
    elsewhere: 'non-null in the published schema',
    here: 'published as nullable (`[T!]!` as `[T!]`), with a warning; what every key holds, `@external` fields and fields that the store owns keep their types',
    reason: 'a failed source must not remove the objects above its fields',
    codes: ['ConnectorFieldNonNull'],
    examples: {
      'wrong/non-null-field': ['warning ConnectorFieldNonNull'],
      'right/several-keys': ['warning ConnectorFieldNonNull'],
    },
  },
  {
    subject: 'a list for a field that is a single value',
    elsewhere: 'accepted; the fields are null',
    here: 'a warning; `UPSTREAM_INVALID` at that position when it is called',
    reason: 'a changed source must not turn fields into nulls without an error',
    codes: ['ListForSingleField'],
    examples: { 'wrong/list-for-single': ['warning ListForSingleField'] },
  },
  {
    subject: 'a constant that is not a value of the enum',
    elsewhere: 'accepted; an error at the field',
    here: 'a warning; an error at the field',
    reason: 'the mistake is visible before the first call',
    codes: ['EnumValueUnknown'],
    examples: { 'wrong/unknown-enum-value': ['warning EnumValueUnknown'] },
  },
  {
    subject: 'a method that does not exist, or arguments that a method does not take',
    elsewhere: 'accepted; the value is always missing',
    here: 'a warning; the value is always missing, with a problem',
    reason: 'the schema registers as elsewhere, and the mistake is visible before the first call',
    examples: {
      'wrong/uncallable-methods': ['warning InvalidSelection', 'warning InvalidUrl'],
    },
  },
  {
    subject: 'the keys of a whole selection for a field that is a scalar (`selection: "done"`)',
    elsewhere: 'accepted; a nested selection is refused',
    here: 'a warning; a nested selection is refused',
    reason: 'the schema registers as elsewhere',
    codes: ['GroupSelectionIsNotObject'],
    examples: {
      'wrong/selection-for-scalar': ['warning GroupSelectionIsNotObject'],
      'wrong/group-for-scalar': ['error GroupSelectionIsNotObject'],
    },
  },
  {
    subject: 'an argument that does not exist, as a query parameter',
    elsewhere: 'refused',
    here: 'a warning: the parameter is never sent. In a URL, a header or a body it is refused as elsewhere',
    reason: 'published schemas rely on it',
    codes: ['InvalidUrlProperty'],
    examples: { 'wrong/undefined-argument-omitted': ['warning InvalidUrlProperty'] },
  },
  {
    subject: 'an argument that does not exist, or a key of the answer, that a method takes in a request',
    elsewhere: 'accepted; the method takes nothing',
    here: 'a warning; the method takes nothing',
    reason: 'the mistake is visible before the first call',
    codes: ['InvalidUrl', 'InvalidBody', 'InvalidHeader'],
    examples: {
      'wrong/undefined-argument-omitted': ['warning InvalidUrl', 'warning InvalidBody'],
    },
  },
  {
    subject: 'a whole `$config` or `$context` in a URL or a header',
    elsewhere: 'accepted; fails when it is called',
    here: 'a whole `$config` is refused as a whole `$env` is; a whole `$context` is accepted and fails when it is called',
    reason: 'settings are an object here',
    codes: ['InvalidUrl', 'InvalidHeader'],
    examples: { 'wrong/whole-variables': ['error InvalidUrl', 'error InvalidHeader'] },
  },
  {
    subject: 'a URL without a source that begins with a setting (`{$config.baseUrl}/books`)',
    elsewhere: 'refused (`RelativeConnectUrlWithoutSource`)',
    here: 'accepted where the setting is an absolute URL, else refused (`InvalidUrl`)',
    reason: 'the setting is known at registration, and its host is compared with the manifest',
    codes: ['InvalidUrl'],
    examples: { 'wrong/url-from-setting': ['error InvalidUrl'], 'right/url-begins-with-setting': [] },
  },
  {
    subject: '`$batch` in a selection',
    elsewhere: 'refused (`InvalidSelection`)',
    here: 'accepted; as the key of an item it is refused (`ConnectorsNonRootBatchKey`)',
    reason: 'the keys of the request are known when its answer is mapped',
    codes: ['ConnectorsNonRootBatchKey'],
    examples: {
      'right/batch-in-selection': [],
      'wrong/non-root-batch-key': ['error ConnectorsNonRootBatchKey'],
    },
  },
  {
    subject: 'an interface or a union before version 0.4',
    elsewhere: 'refused where it is defined',
    here: 'refused where a connector yields it',
    reason: 'types of other subgraphs may implement interfaces',
    codes: ['ConnectorsUnsupportedAbstractType'],
    examples: {
      'right/interface-not-yielded': [],
      'wrong/abstract-type-too-early': ['error ConnectorsUnsupportedAbstractType'],
    },
  },
  {
    subject: 'a call of an unknown method, or with wrong arguments',
    elsewhere: 'accepted; its result is missing, with a problem',
    here: 'a warning; its result is missing, with a problem',
    reason: 'the mistake is visible before the first call',
    codes: ['InvalidSelection'],
    examples: { 'wrong/uncallable-methods': ['warning InvalidSelection'] },
  },
  {
    subject: 'a `__typename` that is known only from the answer',
    elsewhere: 'refused: it must be a constant',
    here: 'a warning; the object has the type that the answer names',
    reason: 'sources that name the types of the schema need no mapping',
    codes: ['InvalidSelection'],
    examples: { 'wrong/abstract-type-from-answer': ['warning InvalidSelection'] },
  },
  {
    subject: 'a `@connect` without `http` whose selection, `isSuccess` or `errors` reads an answer',
    elsewhere: 'accepted; there is nothing to read',
    here: 'a warning; there is nothing to read',
    reason: 'the mistake is visible before the first call',
    codes: ['InvalidSelection', 'InvalidIsSuccess', 'InvalidErrorsMessage'],
    examples: {
      'wrong/without-http-unused': [
        ...(['warning InvalidSelection', 'warning InvalidIsSuccess'] as const),
        'warning InvalidErrorsMessage',
      ],
    },
  },
  {
    subject: '`@interfaceObject`',
    elsewhere: 'accepted by the latest versions, refused by earlier ones',
    here: 'refused, also where it is only imported, as `@context` and `@fromContext` are',
    reason: 'it adds fields to types that others own',
    codes: ['ConnectorsUnsupportedFederationDirective'],
    examples: { 'wrong/context-directive': ['error ConnectorsUnsupportedFederationDirective'] },
  },
  {
    subject: 'a feature of a later version of the connect spec',
    elsewhere: 'refused (`GraphQLError`: an unknown argument)',
    here: 'refused, with the version that has it',
    reason: 'the way out is a version, not a correction',
    codes: ['ConnectVersionTooOld'],
    examples: { 'wrong/newer-than-v0-1': ['error ConnectVersionTooOld'] },
  },
  {
    subject: '`@source` without its import',
    elsewhere: 'a warning (`NoSourceImport`) and an error for each use (`NoSourcesDefined`)',
    here: 'one error (`NoSourceImport`)',
    reason: 'one finding for one mistake',
    codes: ['NoSourceImport'],
    examples: { 'wrong/source-not-imported': ['error NoSourceImport'] },
  },
  {
    subject:
      'a type that the schema does not define, a directive that it does not import, a definition that exists twice',
    elsewhere: 'found by composition, not by the checks of connectors',
    here: 'refused by the checks, together with all other mistakes',
    reason: 'all findings at once',
    codes: ['MissingSchemaType', 'GraphQLError'],
    examples: {
      'wrong/missing-type': ['error MissingSchemaType'],
      'wrong/unknown-directive': ['error GraphQLError'],
      'wrong/defined-twice': ['error GraphQLError'],
    },
  },
  {
    subject:
      'calls per element of a list; a batch that is not used; a key of `$context` that the gateway does not supply',
    elsewhere: 'accepted',
    here: 'a warning; the first with the smallest query that shows it',
    reason: 'the number of calls is visible before the first one',
    codes: ['CallPerElement', 'BatchUnused', 'ContextKeyUnknown'],
    examples: {
      'wrong/call-per-element': ['warning CallPerElement'],
      'wrong/batch-unused': ['warning BatchUnused'],
      'wrong/unknown-context-key': ['warning ContextKeyUnknown'],
    },
  },
  {
    subject: '`$config` and `$env`',
    elsewhere: 'configured in the router; an unknown key is nothing',
    here: 'the settings of the manifest; an unknown key is refused at registration',
    reason: 'errors are found before the first call',
    codes: ['ConfigKeyUnknown'],
    examples: { 'wrong/unknown-setting': ['error ConfigKeyUnknown'] },
  },
  {
    subject:
      'the headers with which a client proves who it is (`authorization`, `cookie`, …), in `from` and `$request.headers`',
    elsewhere: 'passed on to the source',
    here: 'a warning; the value is always absent',
    reason: 'a source must not act with the rights of a client',
    codes: ['ClientHeaderWithheld'],
    examples: { 'wrong/header-withheld': ['warning ClientHeaderWithheld'] },
  },
  {
    subject: 'sources that speak XML',
    elsewhere: 'not supported',
    here: 'supported; a key with a namespace prefix is refused, because answers reach the selection without prefixes',
    reason: 'the key would always be missing',
    codes: ['PrefixedXmlKey'],
  },
  {
    subject: 'federation directives over what the gateway or another connector owns',
    elsewhere: 'accepted where the schemas compose',
    here: 'refused; see [what a connector may share](manifest.md)',
    reason: 'a connector must not change or take over what others own',
  },
  {
    subject: 'hosts, personal data and consent',
    elsewhere: 'not described',
    here: 'compared with the manifest; a host, a rule or a subject that is missing or unknown is refused',
    reason: 'hosts are fixed at registration, and personal data has a rule and a subject',
    codes: [
      ...['HostNotListed', 'PersonalFieldWithoutRule', 'SubjectMissing', 'SubjectUnknown'],
      ...['ConsentWithoutSubject', 'ManifestFieldUnknown'],
    ],
  },
];

/** Differences at run time. */
export const RUN_DIFFERENCES: readonly Difference[] = [
  {
    subject: 'the error of an unsuccessful answer',
    elsewhere: '`code: CONNECTOR_FETCH`, `connector { coordinate }`, the declared `message` unchanged',
    here: '`code` of [errors.md](errors.md), `connector` (its id), `operation` (the `id` of the directive, else its coordinate), `fault`, `retryable`; the declared `message` follows the public text of the code',
    reason: 'one failure contract for all sources',
  },
  {
    subject: '`errors.extensions` with `code`, `fault`, `retryable`, …',
    elsewhere: 'replaces the default',
    here: "the gateway's own values stay, all other keys are added",
    reason: 'front-ends rely on these keys',
  },
  {
    subject: 'a content type that is neither JSON nor `text/plain`, with a successful status',
    elsewhere: 'null, without an error',
    here: '`UPSTREAM_INVALID`, counted against the health of the source; the manifest may name further types that are read as JSON (`json.mediaTypes`)',
    reason:
      'a maintenance page is not data, and a changed source must not turn fields into nulls without an error',
  },
  {
    subject:
      'a text in the path that is empty, `.` or `..`, or that a server would read as other segments (`../x`, `x\\..`), or that has control characters',
    elsewhere: 'sent',
    here: '`BAD_USER_INPUT` at the field, which names the argument; nothing is sent. `12/QĐ-UBND` is one segment, `12%2FQ%C4%90-UBND`. Null is the empty string, as the spec requires',
    reason: "a value must not select another resource under the gateway's credentials",
  },
  {
    subject:
      'a text in a header with control characters, or with white space at an end; half a surrogate pair anywhere; characters that XML forbids',
    elsewhere: 'removed or replaced',
    here: '`BAD_USER_INPUT`; nothing is sent. Text outside ASCII is sent in a header as UTF-8',
    reason: 'the source would receive another value',
  },
  {
    subject:
      'null where the selection of a `@connect` has a sub-selection with constants (`author { __typename: $("A") }`)',
    elsewhere:
      'an object of the constants; a path without an alias (`a.b { c }`) makes the object around it null',
    here: 'null, without a problem; a path without an alias adds no keys',
    reason: 'a source that sends null has no object there, and the keys beside it are known all the same',
  },
  {
    subject:
      'an empty string in a mapping of XML, where the selection of a `@connect` has a sub-selection; any other scalar there',
    elsewhere: 'the scalar, which is no value of the type and becomes null',
    here: 'missing, so null; each missing key is a problem',
    reason: 'an empty XML element is no object, and a list may be empty',
  },
  {
    subject: 'texts that `->parseInt` reads, negative indexes of `->slice`, escapes in quoted texts',
    elsewhere: 'no white space; an index below 0 is 0; `\\t` is `t`, `\\u00e1` is `u00e1`',
    here: 'white space at the ends is ignored; an index below 0 counts from the end; the escapes of JSON',
    reason: 'values of XML have white space, and a JSON text that is copied into a mapping keeps its meaning',
  },
  {
    subject: 'a key with brackets before its colon (`page[size]: $args.first`)',
    elsewhere: 'needs quotes',
    here: 'accepted with and without quotes',
    reason: 'query strings of many APIs are written so',
  },
  {
    subject: 'numbers with an exponent (`1.5e2`)',
    elsewhere: 'not in the grammar',
    here: 'from 0.4, where any JSON value is a mapping; refused before',
    reason: 'a copied JSON value keeps its meaning',
  },
  {
    subject:
      'an unknown variable; `->as` and the extension methods in an earlier version, or without their link',
    elsewhere: 'a missing value at run time',
    here: 'refused, with the variable that was meant or the version or link that is required',
    reason: 'what a version lacks must not pass as portable',
  },
  {
    subject: 'redirects',
    elsewhere: 'followed or not, by configuration',
    here: 'never followed; an unsuccessful answer',
    reason: 'hosts are fixed at registration',
  },
];

// The static checks of a connector: runs every rule over one view of the connector and returns all findings.
// Errors refuse the connector; warnings do not.

import { type Diagnostic, isError } from '../../diagnostic.ts';
import type { ParsedConnector } from '../read/parse-texts.ts';
import { createReport, type Report, untilEnough } from '../read/report.ts';
import { checkAnswerRules } from './answers.ts';
import { checkBatchKeys, checkBatchVariables } from './batches.ts';
import { checkCallsPerElement } from './calls.ts';
import { checkComputed, checkConnectorIds, checkConnectPlaces } from './connects.ts';
import { createView } from './create-view.ts';
import { checkFederationDirectives, checkKnownDirectives, checkTypesExist } from './directives.ts';
import { checkEntityFields, checkTypesAreEntities } from './entities.ts';
import { checkHeaderCollisions, checkHeaderNames, checkWithheldHeaders } from './headers.ts';
import { checkDeclaredKeys, checkInferredKeys, checkKeysAreResolved } from './keys.ts';
import { checkNonNullFields } from './nullability.ts';

import { checkDuplicateSources, checkSourceNames, checkSourceReferences } from './sources.ts';
import { checkUnresolvedFields } from './unresolved.ts';
import { checkRequestShapes, checkUrlKind, checkUrlOrigins } from './urls.ts';
import { checkVariables } from './variables.ts';
import type { View } from './view.ts';

/** One rule: its subject, and the codes it may report. */
export interface Rule {
  readonly checks: string;
  readonly codes: readonly string[];
  /** True for a rule about what a whole connector resolves: another mistake would only be repeated by it. */
  readonly afterwards?: boolean;
  readonly run: (view: View, report: Report) => void;
}

export const RULES: readonly Rule[] = [
  { checks: 'names of sources', codes: ['InvalidSourceName'], run: checkSourceNames },
  { checks: 'one source per name', codes: ['DuplicateSourceName'], run: checkDuplicateSources },
  {
    checks: 'sources that connectors refer to',
    codes: ['SourceNameMismatch', 'NoSourcesDefined'],
    run: checkSourceReferences,
  },
  {
    checks: 'ids of connectors',
    codes: ['InvalidConnectorIdName', 'DuplicateIdName'],
    run: checkConnectorIds,
  },
  {
    checks: 'locations of @connect',
    codes: [
      'SubscriptionInConnectors',
      'ConnectOnRoot',
      'ConnectorsUnsupportedAbstractType',
      'ConnectVersionTooOld',
    ],
    run: checkConnectPlaces,
  },
  {
    checks: 'connectors without a request',
    codes: ['InvalidIsSuccess', 'InvalidErrorsMessage', 'InvalidSelection'],
    run: checkComputed,
  },
  {
    checks: 'a source or an absolute URL',
    codes: ['AbsoluteConnectUrlWithSource', 'RelativeConnectUrlWithoutSource'],
    run: checkUrlKind,
  },
  { checks: 'schemes and hosts', codes: ['InvalidUrl', 'InvalidUrlScheme'], run: checkUrlOrigins },
  {
    checks: 'values in URLs and headers',
    codes: ['InvalidUrl', 'InvalidHeader', 'InvalidUrlProperty'],
    run: checkRequestShapes,
  },
  { checks: 'names of headers', codes: ['InvalidHeader'], run: checkHeaderNames },
  { checks: 'headers of the client', codes: ['ClientHeaderWithheld'], run: checkWithheldHeaders },
  { checks: 'each header once', codes: ['HttpHeaderNameCollision'], run: checkHeaderCollisions },
  {
    checks: 'isSuccess and errors',
    codes: ['InvalidIsSuccess', 'InvalidErrorsMessage'],
    run: checkAnswerRules,
  },
  {
    checks: 'variables and what is read from them',
    codes: [
      ...[
        'UndefinedArgument',
        'UndefinedField',
        'UnsupportedVariableType',
        'ContextKeyUnknown',
        'InvalidUrl',
        'InvalidHeader',
      ],
      ...[
        'InvalidBody',
        'InvalidSelection',
        'InvalidUrlProperty',
        'InvalidIsSuccess',
        'InvalidErrorsMessage',
      ],
    ],
    run: checkVariables,
  },
  {
    checks: 'selections against types',
    codes: [
      ...[
        'SelectedFieldNotFound',
        'GroupSelectionIsNotObject',
        'GroupSelectionRequiredForObject',
        'CircularReference',
      ],
      ...['ConnectorsFieldWithArguments', 'ConnectorsUnsupportedAbstractType', 'InvalidSelection'],
      ...['EnumValueUnknown', 'ListForSingleField'],
    ],
    run: (view, report) => view.outputs().findings.forEach(report),
  },
  { checks: 'every field has a source', codes: ['ConnectorsUnresolvedField'], run: checkUnresolvedFields },
  {
    checks: 'entity fields of Query',
    codes: ['EntityNotOnRootQuery', 'EntityTypeInvalid', 'EntityResolverArgumentMismatch'],
    run: checkEntityFields,
  },
  { checks: 'connectors on types', codes: ['ConnectOnTypeMustBeEntity'], run: checkTypesAreEntities },
  { checks: 'declared keys', codes: ['ConnectorsCannotResolveKey'], run: checkDeclaredKeys },
  { checks: 'keys that connectors read', codes: ['ConnectorsCannotResolveKey'], run: checkInferredKeys },
  {
    checks: 'a connector per key',
    codes: ['MissingEntityConnector'],
    afterwards: true,
    run: checkKeysAreResolved,
  },
  { checks: 'variables of batches', codes: ['ConnectBatchAndThis', 'BatchUnused'], run: checkBatchVariables },
  {
    checks: 'keys in the items of batches',
    codes: ['ConnectorsBatchKeyNotInSelection', 'ConnectorsNonRootBatchKey'],
    afterwards: true,
    run: checkBatchKeys,
  },
  { checks: 'types that exist', codes: ['MissingSchemaType'], run: checkTypesExist },
  {
    checks: 'directives that are known',
    codes: ['GraphQLError', 'NoSourceImport'],
    run: checkKnownDirectives,
  },
  {
    checks: 'federation directives',
    codes: ['ConnectorsUnsupportedFederationDirective'],
    run: checkFederationDirectives,
  },
  { checks: 'nullable connector fields', codes: ['ConnectorFieldNonNull'], run: checkNonNullFields },
  { checks: 'calls per element of a list', codes: ['CallPerElement'], run: checkCallsPerElement },
];

/** The findings of the texts that could not be parsed and of the rules (see `MAX_FINDINGS`), in no particular order. */
export function checkConnector(parsed: ParsedConnector, view: View = createView(parsed)): Diagnostic[] {
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const report = createReport(parsed.schema.file, diagnostics);
  untilEnough(() => {
    for (const { afterwards, run } of RULES) if (afterwards !== true) run(view, report);
    if (diagnostics.some((row) => isError(row) && row.code !== 'ConnectorsUnresolvedField')) return;
    for (const { afterwards, run } of RULES) if (afterwards === true) run(view, report);
  });
  return diagnostics;
}

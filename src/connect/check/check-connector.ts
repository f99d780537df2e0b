// The static checks of a connector: every rule over one view of it. Called when a connector is compiled, and by the
// reader for a schema with structural mistakes. Finds everything at once; warnings refuse nothing.

import type { Diagnostic } from '../../diagnostic.ts';
import type { ParsedConnector } from '../read/parse-texts.ts';
import { createReport, type Report } from '../read/report.ts';
import { checkAnswerRules } from './answers.ts';
import { checkBatchKeys, checkBatchVariables } from './batches.ts';
import { checkCallsPerElement } from './calls.ts';
import { checkConnectorIds, checkConnectPlaces } from './connects.ts';
import { createView } from './create-view.ts';
import { checkFederationDirectives, checkKnownDirectives, checkTypesExist } from './directives.ts';
import { checkEntityFields, checkTypesAreEntities } from './entities.ts';
import { checkHeaderCollisions, checkHeaderNames } from './headers.ts';
import { checkDeclaredKeys, checkInferredKeys, checkKeysAreResolved } from './keys.ts';
import { checkNonNullFields } from './nullability.ts';
import { checkSelections } from './selections.ts';
import { checkDuplicateSources, checkSourceNames, checkSourceReferences } from './sources.ts';
import { checkUnresolvedFields } from './unresolved.ts';
import { checkRequestShapes, checkUrlKind, checkUrlOrigins } from './urls.ts';
import { checkVariables } from './variables.ts';
import type { View } from './view.ts';

/** One rule: what it holds a connector against, and the codes it may give. */
export interface Rule {
  readonly checks: string;
  readonly codes: readonly string[];
  readonly run: (view: View, report: Report) => void;
}

export const RULES: readonly Rule[] = [
  { checks: 'names of sources', codes: ['InvalidSourceName'], run: checkSourceNames },
  { checks: 'one source per name', codes: ['DuplicateSourceName'], run: checkDuplicateSources },
  {
    checks: 'sources that connectors name',
    codes: ['SourceNameMismatch', 'NoSourcesDefined'],
    run: checkSourceReferences,
  },
  {
    checks: 'ids of connectors',
    codes: ['InvalidConnectorIdName', 'DuplicateIdName'],
    run: checkConnectorIds,
  },
  {
    checks: 'places of @connect',
    codes: [
      'SubscriptionInConnectors',
      'ConnectOnRoot',
      'ConnectorsUnsupportedAbstractType',
      'ConnectVersionTooOld',
    ],
    run: checkConnectPlaces,
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
    run: checkSelections,
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
  { checks: 'a connector per key', codes: ['MissingEntityConnector'], run: checkKeysAreResolved },
  { checks: 'variables of batches', codes: ['ConnectBatchAndThis', 'BatchUnused'], run: checkBatchVariables },
  {
    checks: 'keys in the items of batches',
    codes: ['ConnectorsBatchKeyNotInSelection', 'ConnectorsNonRootBatchKey'],
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

/** All findings of the rules and of the texts that could not be read, in no particular order. */
export function checkConnector(parsed: ParsedConnector, view: View = createView(parsed)): Diagnostic[] {
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const report = createReport(parsed.schema.file, diagnostics);
  for (const { run } of RULES) run(view, report);
  return diagnostics;
}

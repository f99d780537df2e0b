// Builds one generation: the subgraphs composed into an executable schema, its resolvers, and the connectors bound to their
// fields. Either succeeds as a whole or throws with every reason.

import { type IExecutableSchemaDefinition, makeExecutableSchema } from '@graphql-tools/schema';
import { bindSchema } from '../connect/bind/bind-schema.ts';
import type { ReadConsents } from '../connect/bind/consent.ts';
import type { PurposeReaders } from '../connect/bind/entity-field.ts';
import type { CheckPurpose, StatedPurpose } from '../connect/bind/purpose.ts';
import type { Purpose } from '../connect/contract.ts';
import type { Operators } from '../operate/operators.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { RequestContext } from '../request/context.ts';
import { createAccess } from './access/access.ts';
import { readDataClasses } from './access/classes.ts';
import { readRequirements } from './access/requirements.ts';
import { composeSchema, parseComposed, parseCore, type SchemaFile } from './compose.ts';
import { readFieldWeights } from './cost/field-weights.ts';
import { readListSizes } from './cost/list-sizes.ts';
import { keepNumbersExact } from './exact-literals.ts';
import type { Generation } from './executor.ts';
import { createOperatorResolvers } from './operator-resolvers.ts';

export interface GenerationParts {
  readonly core: readonly SchemaFile[];
  /** Resolvers and scalars of the core schema. */
  readonly resolvers: NonNullable<IExecutableSchemaDefinition['resolvers']>;
  readonly connectors: readonly LiveConnector[];
  readonly purposes: PurposeReaders;
  /** Checks the purposes that callers state. Absent: none is accepted. */
  readonly checkPurpose?: ((stated: StatedPurpose, context: RequestContext) => Promise<Purpose>) | undefined;
  /** Reads consents, and resolves the fields by which persons give them. Absent: nobody has given any. */
  readonly consents?: ConsentParts | undefined;
  /** Absent: the core schema has no fields for operators. */
  readonly operators?: Operators | undefined;
  readonly onRetired: () => void;
  /** The unified schema, when these parts have been composed already. */
  readonly sdl?: string | undefined;
}

export interface ConsentParts {
  readonly read: ReadConsents;
  /** @param asking the fields that need consent, as `Type.field`, by connector */
  readonly resolversFor: (
    asking: ReadonlyMap<string, readonly string[]>,
  ) => Exclude<NonNullable<IExecutableSchemaDefinition['resolvers']>, readonly unknown[]>;
}

/** @throws DiagnosticsError when the subgraphs do not compose */
export function buildGeneration(parts: GenerationParts): Generation {
  const { core, resolvers, connectors, purposes, checkPurpose, consents, operators, onRetired, sdl } = parts;
  const compose = () =>
    composeSchema(
      core,
      connectors.map(({ compiled }) => compiled),
    );
  const schema = makeExecutableSchema({
    typeDefs: sdl === undefined ? compose().document : parseComposed(sdl),
    resolvers: [
      ...(Array.isArray(resolvers) ? resolvers : [resolvers]),
      {
        Query: {
          connectors: (_source: unknown, _args: unknown, { locale }: RequestContext) =>
            operators?.summaries(connectors, locale) ?? [],
        },
      },
      ...(operators === undefined ? [] : [createOperatorResolvers(connectors, operators)]),
      ...(consents === undefined ? [] : [consents.resolversFor(askingOf(connectors))]),
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  keepNumbersExact(schema, namesOf(resolvers));
  const connectorsAt = bindSchema(
    schema,
    connectors,
    purposes,
    checkPurpose as CheckPurpose | undefined,
    consents?.read,
  );
  const subgraphs = subgraphsOf(core, connectors);
  const byId = new Map(connectors.map((connector) => [connector.id, connector]));
  return {
    schema,
    connectorsAt,
    access: createAccess(readRequirements(subgraphs), readDataClasses(schema, connectors)),
    listSizes: readListSizes(subgraphs),
    fieldWeights: readFieldWeights(subgraphs),
    breakerOf: (id) => byId.get(id)?.guard.worstBreaker(),
    onRetired,
  };
}

/** Types with code: resolvers, or the functions of a scalar. */
const namesOf = (resolvers: GenerationParts['resolvers']): ReadonlySet<string> =>
  new Set((Array.isArray(resolvers) ? resolvers : [resolvers]).flatMap((each) => Object.keys(each)));

/** The connectors with fields that need consent. */
const askingOf = (connectors: readonly LiveConnector[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    connectors.flatMap(({ id, bound: { consent } }) =>
      consent === undefined
        ? []
        : [[id, [...consent.fields].map((name) => `${consent.type}.${name}`)] as const],
    ),
  );

const subgraphsOf = (core: readonly SchemaFile[], connectors: readonly LiveConnector[]) => [
  parseCore(core),
  ...connectors.map(({ compiled }) => compiled.schema.subgraph),
];

// A document made ready once: which connectors it asks, and how it runs. A document seen often is compiled by
// graphql-jit; until then, and where jit cannot, graphql-js runs it. Both give the same answer.

import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import { computeNeeds, type NeedsInfo } from '../connect/bind/needs.ts';
import { type Owner, ownerAt } from './owner.ts';

export interface Plan {
  /** Ids of the connectors that the operation's fields ask, in the order of the document. */
  readonly connectors: readonly string[];
  readonly run: (
    context: unknown,
    variables: Record<string, unknown> | undefined,
  ) => ExecutionResult | Promise<ExecutionResult>;
  /** Whose value stands at a path of the answer; undefined for the store's. Not for the hot path. */
  readonly ownerAt: (path: readonly (string | number)[]) => Owner | undefined;
  /** Which executor the next run uses. */
  readonly engine: () => 'graphql-js' | 'jit';
}

export interface PlanOptions {
  readonly schema: GraphQLSchema;
  readonly connectorsAt: ConnectorsAt;
  /** Runs before a document is compiled: compiling costs what a few hundred interpreted runs of a small query do. */
  readonly compileAfter: number;
}

export function createPlan(document: DocumentNode, operationName: string | null, options: PlanOptions): Plan {
  const { schema, connectorsAt, compileAfter } = options;
  const operation = getOperationAST(document, operationName) ?? null;
  let runs = 0;
  let compiled: Plan['run'] | undefined;
  let uncompilable = operation === null || operation.operation === 'subscription';

  const interpret: Plan['run'] = (context, variables) =>
    execute({ schema, document, operationName, contextValue: context, variableValues: variables ?? {} }) as
      | ExecutionResult
      | Promise<ExecutionResult>;

  const compile = (): Plan['run'] | undefined => {
    // jit gives no answer for @defer/@stream and a few abstract corners; it says so by returning a result.
    const query = compileQuery(schema, document as never, operationName ?? undefined, {
      resolverInfoEnricher: (input) => ({ needs: computeNeeds(input as unknown as NeedsInfo) }),
      disablingCapturingStackErrors: true,
    });
    if (!isCompiledQuery(query)) return undefined;
    return (context, variables) => {
      const result = query.query(undefined, context, variables ?? {});
      // Refused variables: nothing has run yet, and graphql-js says better what was expected.
      const refused =
        !(result instanceof Promise) && result.data === undefined && result.errors !== undefined;
      return refused ? interpret(context, variables) : result;
    };
  };

  return {
    connectors: operation === null ? [] : connectorsOf(schema, document, operation.name?.value, connectorsAt),
    ownerAt: (path) =>
      operation === null ? undefined : ownerAt(path, operation, document, schema, connectorsAt),
    engine: () => (compiled === undefined ? 'graphql-js' : 'jit'),
    run: (context, variables) => {
      if (compiled === undefined && !uncompilable && runs++ >= compileAfter) {
        compiled = compile();
        uncompilable = compiled === undefined;
      }
      return (compiled ?? interpret)(context, variables);
    },
  };
}

/** Walks the operation once; fragments are followed where they are spread. */
function connectorsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  name: string | undefined,
  connectorsAt: ConnectorsAt,
): readonly string[] {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const connectors = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      OperationDefinition: (node) => (name !== undefined && node.name?.value !== name ? false : undefined),
      Field(node: FieldNode) {
        const parent = typeInfo.getParentType();
        const returnType = typeInfo.getType();
        if (!isObjectType(parent) || returnType === null || returnType === undefined) return;
        const needs = computeNeeds({
          fieldNodes: [node],
          fragments,
          schema,
          returnType: returnType as never,
        });
        const type = getNamedType(returnType).name;
        for (const { connector } of connectorsAt(parent.name, node.name.value, type, needs)) {
          connectors.add(connector);
        }
      },
    }),
  );
  return [...connectors];
}

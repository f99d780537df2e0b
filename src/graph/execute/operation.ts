// One operation of a document with what its execution reads of the document, found once.

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

export interface SelectedOperation {
  readonly schema: GraphQLSchema;
  readonly definition: OperationDefinitionNode;
  /** Without a prototype: a fragment may have any name. */
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** Undefined where the document has no such operation, or several and no name was passed. */
export function selectOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
  schema: GraphQLSchema,
): SelectedOperation | undefined {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  let found: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operationName == null) {
      if (found !== undefined) return undefined;
      found = definition;
    } else if (definition.name?.value === operationName) found = definition;
  }
  return found === undefined ? undefined : { schema, definition: found, fragments };
}

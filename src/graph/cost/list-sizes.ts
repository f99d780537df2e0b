// How many elements a list has, as the subgraphs declare it by `@listSize` (federation 2.9), or by the usual names of the page
// argument. Composition removes the directive from the public schema, so it is read from the subgraphs themselves.

import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isListType,
  isNonNullType,
  Kind,
} from 'graphql';

/** What a field declares about the size of its list. */
export interface ListSize {
  /** Elements where no argument says how many. */
  readonly assumed: number;
  /** Arguments that set the number of elements; the largest counts. */
  readonly slicing: readonly string[];
  /** Fields of the returned object that hold the elements; empty: the field itself is the list. */
  readonly sized: readonly string[];
}

/** By coordinate, `Query.dossiers`. */
export type ListSizes = ReadonlyMap<string, ListSize>;

/** Elements of a list that declares nothing. */
export const ASSUMED_SIZE = 10;
/** Elements of a page whose size nobody states. */
const ASSUMED_PAGE = 100;

const PAGE_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'last', 'limit', 'pageSize']);
const PAGE_FIELDS = ['edges', 'nodes', 'items'];

/** @param subgraphs the documents of the core and of the connectors */
export function readListSizes(subgraphs: readonly DocumentNode[]): ListSizes {
  const sizes = new Map<string, ListSize>();
  for (const { definitions } of subgraphs) {
    for (const definition of definitions) {
      if (
        definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
        definition.kind !== Kind.OBJECT_TYPE_EXTENSION &&
        definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
      )
        continue;
      for (const { name, directives } of definition.fields ?? []) {
        const declared = directives?.find((directive) => LIST_SIZE.has(directive.name.value));
        if (declared !== undefined)
          sizes.set(`${definition.name.value}.${name.value}`, declaredSize(declared));
      }
    }
  }
  return sizes;
}

const LIST_SIZE: ReadonlySet<string> = new Set(['listSize', 'federation__listSize']);

function declaredSize({ arguments: args = [] }: ConstDirectiveNode): ListSize {
  const argument = (name: string) => args.find((arg) => arg.name.value === name)?.value;
  const texts = (name: string): string[] => {
    const value = argument(name);
    if (value?.kind !== Kind.LIST) return [];
    return value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
  };
  const assumed = argument('assumedSize');
  const slicing = texts('slicingArguments');
  return {
    assumed:
      assumed?.kind === Kind.INT ? Number(assumed.value) : slicing.length > 0 ? ASSUMED_PAGE : ASSUMED_SIZE,
    slicing,
    sized: texts('sizedFields'),
  };
}

/** Of a field that declares nothing: pages by the names of their arguments; undefined for a field that is no list or page. */
export function usualSize(field: GraphQLField<unknown, unknown>): ListSize | undefined {
  const slicing = field.args
    .filter(({ name, type }) => PAGE_ARGUMENTS.has(name) && isInt(type))
    .map(({ name }) => name);
  if (slicing.length > 0) {
    const isPage = listDepthOf(field.type) === 0;
    return { assumed: ASSUMED_PAGE, slicing, sized: isPage ? PAGE_FIELDS : [] };
  }
  return listDepthOf(field.type) > 0 ? UNDECLARED : undefined;
}

const UNDECLARED: ListSize = { assumed: ASSUMED_SIZE, slicing: [], sized: [] };

const isInt = (type: GraphQLInputType): boolean => getNamedType(type).name === 'Int';

export function listDepthOf(type: GraphQLField<unknown, unknown>['type']): number {
  if (isListType(type)) return 1 + listDepthOf(type.ofType);
  return isNonNullType(type) ? listDepthOf(type.ofType) : 0;
}

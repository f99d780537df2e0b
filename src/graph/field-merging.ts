// The validation rule "Field Selection Merging" (GraphQL specification, section 5.3.2): fields with the same response name must
// be mergeable. graphql-js compares all pairs of fields; this check groups them, so that its work is linear in the number
// of selections. Requires a document that is otherwise valid, and reports the first conflict.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getLocation,
  getNamedType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type ValueNode,
} from 'graphql';
import type { LocalizedText } from '../errors.ts';
import { type DocumentProblem, tooCostly } from './document-problem.ts';

/** A field where it is selected. */
interface Field {
  readonly node: FieldNode;
  readonly parent: GraphQLCompositeType;
  readonly type: GraphQLOutputType;
}

/** The fields of selection sets that are merged, by response name. */
type Merged = ReadonlyMap<string, readonly Field[]>;

interface Check {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fields collected so far. */
  visits: number;
}

/**
 * Limit of `Check.visits`. The limits of a document allow 5,000 selections, each collected twice; a field of an interface once
 * more for each object type that is selected beside it.
 */
const MAX_VISITS = 50_000;

/** The first pair of fields that cannot be merged, or a document whose check takes too many visits. */
export function mergeProblem(document: DocumentNode, schema: GraphQLSchema): DocumentProblem | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const check: Check = { schema, fragments, visits: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(definition.operation);
    if (root == null) continue;
    const merged = collect([[root, definition.selectionSet]], check);
    const problem = shapeProblem(merged, check) ?? identityProblem(merged, check);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** SameResponseShape: under one response name all values have one shape, whichever type the object has. */
function shapeProblem(merged: Merged, check: Check): DocumentProblem | undefined {
  if (check.visits > MAX_VISITS) return tooCostly(OVERLAPPING);
  for (const [name, fields] of merged) {
    // As graphql-js does, `__typename` is accepted beside any other type.
    const [first, ...others] = fields.filter(({ node }) => node.name.value !== TypeNameMetaFieldDef.name);
    if (first === undefined) continue;
    for (const other of others) {
      if (first.type !== other.type && !haveSameShape(first.type, other.type)) {
        const [a, b] = [String(first.type), String(other.type)];
        const reason = {
          vi: `có hai kiểu không hợp nhau "${a}" và "${b}"`,
          en: `they return conflicting types "${a}" and "${b}"`,
        };
        return conflict(name, reason, first, other);
      }
    }
    const problem = shapeProblem(collectBelow(fields, check), check);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** FieldsInSetCanMerge: fields that can apply to one object are the same field with the same arguments. */
function identityProblem(merged: Merged, check: Check): DocumentProblem | undefined {
  if (check.visits > MAX_VISITS) return tooCostly(OVERLAPPING);
  for (const [name, fields] of merged) {
    for (const overlapping of overlappingGroups(fields)) {
      const [first, ...others] = overlapping as readonly [Field, ...Field[]];
      const expected = others.length === 0 ? '' : argumentsOf(first.node);
      for (const other of others) {
        const [a, b] = [first.node.name.value, other.node.name.value];
        if (a !== b) {
          const reason = {
            vi: `"${a}" và "${b}" là hai trường khác nhau`,
            en: `"${a}" and "${b}" are different fields`,
          };
          return conflict(name, reason, first, other);
        }
        if (argumentsOf(other.node) !== expected) return conflict(name, DIFFERING_ARGUMENTS, first, other);
      }
      const problem = identityProblem(collectBelow(overlapping, check), check);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/**
 * Fields that can apply to the same object: those of each object type, together with those of all interfaces and unions. Two
 * object types never have an object in common.
 */
function overlappingGroups(fields: readonly Field[]): readonly (readonly Field[])[] {
  const [first] = fields;
  if (fields.every(({ parent }) => parent === first?.parent)) return [fields];
  const abstract = fields.filter(({ parent }) => !isObjectType(parent));
  const groups = new Map<GraphQLCompositeType, Field[]>();
  for (const field of fields) {
    if (!isObjectType(field.parent)) continue;
    const group = groups.get(field.parent);
    if (group === undefined) groups.set(field.parent, [...abstract, field]);
    else group.push(field);
  }
  return groups.size === 0 ? [abstract] : [...groups.values()];
}

function haveSameShape(a: GraphQLOutputType, b: GraphQLOutputType): boolean {
  if (isNonNullType(a) || isNonNullType(b))
    return isNonNullType(a) && isNonNullType(b) && haveSameShape(a.ofType, b.ofType);
  if (isListType(a) || isListType(b))
    return isListType(a) && isListType(b) && haveSameShape(a.ofType, b.ofType);
  return isLeafType(a) || isLeafType(b) ? a === b : true;
}

const collectBelow = (fields: readonly Field[], check: Check): Merged =>
  collect(
    fields.map(({ node, type }) => [getNamedType(type), node.selectionSet]),
    check,
  );

/** The fields of all these selection sets, through fragments; each fragment is expanded once. */
function collect(
  sets: readonly (readonly [type: unknown, set: SelectionSetNode | undefined])[],
  check: Check,
): Merged {
  const merged = new Map<string, Field[]>();
  const expanded = new Set<string>();
  const add = (parent: unknown, set: SelectionSetNode | undefined): void => {
    if (set === undefined || !isCompositeType(parent)) return;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const type = typeOf(selection, parent, check.schema);
        if (type === undefined) continue;
        check.visits++;
        const name = (selection.alias ?? selection.name).value;
        const fields = merged.get(name);
        if (fields === undefined) merged.set(name, [{ node: selection, parent, type }]);
        else fields.push({ node: selection, parent, type });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        add(condition === undefined ? parent : check.schema.getType(condition), selection.selectionSet);
      } else if (!expanded.has(selection.name.value)) {
        expanded.add(selection.name.value);
        const fragment = check.fragments.get(selection.name.value);
        add(check.schema.getType(fragment?.typeCondition.name.value ?? ''), fragment?.selectionSet);
      }
    }
  };
  for (const [type, set] of sets) add(type, set);
  return merged;
}

function typeOf(
  { name }: FieldNode,
  parent: GraphQLCompositeType,
  schema: GraphQLSchema,
): GraphQLOutputType | undefined {
  if (name.value === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef.type;
  if (parent === schema.getQueryType()) {
    if (name.value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef.type;
    if (name.value === TypeMetaFieldDef.name) return TypeMetaFieldDef.type;
  }
  return isUnionType(parent) ? undefined : parent.getFields()[name.value]?.type;
}

/** Equal for equal arguments; neither the order of arguments nor that of the fields of an input object counts. */
const argumentsOf = ({ arguments: given = [] }: FieldNode): string =>
  given.length === 0 ? '' : JSON.stringify(sorted(given));

const sorted = (named: readonly { readonly name: { readonly value: string }; readonly value: ValueNode }[]) =>
  named
    .map(({ name, value }) => [name.value, plain(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

function plain(value: ValueNode): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return [value.kind, value.name.value];
    case Kind.LIST:
      return [value.kind, value.values.map(plain)];
    case Kind.OBJECT:
      return [value.kind, sorted(value.fields)];
    case Kind.STRING:
      return [value.kind, value.value, value.block === true];
    case Kind.NULL:
      return [value.kind];
    default:
      return [value.kind, value.value];
  }
}

const conflict = (name: string, reason: LocalizedText, first: Field, other: Field): DocumentProblem => ({
  code: 'GRAPHQL_VALIDATION_FAILED',
  text: {
    vi: `Các trường "${name}" xung đột: ${reason.vi}. Nếu cần cả hai, hãy đặt bí danh khác nhau.`,
    en: `Fields "${name}" conflict because ${reason.en}. Use different aliases on the fields to fetch both if this was intentional.`,
  },
  locations: [first, other].flatMap(({ node: { loc } }) => (loc ? [getLocation(loc.source, loc.start)] : [])),
});

const DIFFERING_ARGUMENTS = { vi: 'đối số khác nhau', en: 'they have differing arguments' };

const OVERLAPPING = {
  vi: 'Quá nhiều trường trùng tên trên các kiểu khác nhau.',
  en: 'Too many fields share a name on different types.',
};

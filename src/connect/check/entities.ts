// Rules for `entity: true` fields and for `@connect` on a type: their return types, and that their inputs form a key.

import { Kind } from 'graphql';
import type { ParsedConnect } from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { type FieldInfo, printType, type TypeInfo } from '../read/types.ts';
import type { View } from './view.ts';

export function checkEntityFields(view: View, report: Report): void {
  const { types } = view;
  for (const connect of view.parsed.connects) {
    const { directive, coordinate } = connect;
    const field = view.fieldOf(connect);
    if (!directive.entity || field === undefined) continue;
    const at = directive.args.get('entity') ?? directive.node;
    if (directive.typeName !== types.query) {
      report({
        code: 'EntityNotOnRootQuery',
        at,
        coordinate,
        message: '`entity: true` is on a field that is not a field of Query.',
        found: coordinate,
        expected: `a field of ${types.query}`,
        wayOut: `Write a field of ${types.query} that takes the key as arguments, or move the @connect to the type ${field.typeName} and read $this.`,
      });
      continue;
    }
    const kind = types.all.get(field.typeName)?.kind;
    if (
      field.lists > 0 ||
      field.type.kind === Kind.NON_NULL_TYPE ||
      kind === undefined ||
      !OBJECTS.includes(kind)
    ) {
      report({
        code: 'EntityTypeInvalid',
        at: field.node.type,
        coordinate,
        message:
          'An `entity: true` field must return one nullable object: the entity with this key, or null.',
        found: printType(field.type),
        expected: kind === 'object' ? field.typeName : 'an object type, without [ ] and !',
        wayOut: 'Correct the type of the field, or omit `entity`.',
      });
      continue;
    }
    checkArguments(connect, field, view, report);
  }
}

const OBJECTS: readonly string[] = ['object', 'interface'];

function checkArguments({ coordinate }: ParsedConnect, field: FieldInfo, view: View, report: Report): void {
  const type = view.types.all.get(field.typeName) as TypeInfo;
  if (field.args.size === 0) {
    report({
      code: 'EntityResolverArgumentMismatch',
      at: field.node,
      coordinate,
      message: 'An `entity: true` field has no arguments, so it has no key to look up.',
      found: `${field.name}: ${printType(field.type)}`,
      expected: `the key fields of ${type.name} as arguments`,
      wayOut: `Write e.g. ${field.name}(${keyExample(type, view)}): ${type.name}.`,
    });
  }
  for (const arg of field.args.values()) {
    const mismatch = mismatchOf(arg, type, arg.name, view);
    if (mismatch === undefined) continue;
    report({
      code: 'EntityResolverArgumentMismatch',
      at: arg.node,
      coordinate: `${coordinate}(${arg.name}:)`,
      message: mismatch.isTyped
        ? `An argument of an \`entity: true\` field has a different type from the field of ${type.name}.`
        : `An argument of an \`entity: true\` field is not a field of ${type.name}.`,
      found: mismatch.found,
      expected: mismatch.expected,
      wayOut:
        'Give the argument the name and type of the key field; an argument that is not part of the key belongs on a field without `entity`.',
    });
  }
}

interface Mismatch {
  readonly found: string;
  readonly expected: string;
  readonly isTyped: boolean;
}

/** Compares an argument with the field of the same name, and an input object with the fields of an object. */
function mismatchOf(arg: FieldInfo, type: TypeInfo, path: string, view: View): Mismatch | undefined {
  const field = type.fields.get(arg.name);
  if (field === undefined) {
    const expected = `one of the fields ${[...type.fields.keys()].join(', ')}`;
    return { found: `${path}: ${printType(arg.type)}`, expected, isTyped: false };
  }
  const input = view.types.all.get(arg.typeName);
  const object = view.types.all.get(field.typeName);
  if (input?.kind === 'input' && object?.kind === 'object' && arg.lists === field.lists) {
    for (const inner of input.fields.values()) {
      const mismatch = mismatchOf(inner, object, `${path}.${inner.name}`, view);
      if (mismatch !== undefined) return mismatch;
    }
    return undefined;
  }
  if (arg.typeName === field.typeName && arg.lists === field.lists) return undefined;
  const expected = `${path}: ${printType(field.type)}, as in ${type.name}`;
  return { found: `${path}: ${printType(arg.type)}`, expected, isTyped: true };
}

function keyExample(type: TypeInfo, view: View): string {
  const name = view.keys(type.name)[0]?.tree?.keys().next().value ?? type.fields.keys().next().value ?? 'id';
  const field = type.fields.get(name);
  return `${name}: ${field?.typeName ?? 'ID'}!`;
}

export function checkTypesAreEntities(view: View, report: Report): void {
  for (const connect of view.parsed.connects) {
    const { directive, coordinate } = connect;
    const { typeName, fieldName, args, node } = directive;
    if (
      fieldName !== undefined ||
      view.types.isRoot(typeName) ||
      view.types.all.get(typeName)?.kind !== 'object'
    )
      continue;
    const entity = args.get('entity');
    if (entity?.kind === Kind.BOOLEAN && !entity.value) {
      report({
        code: 'ConnectOnTypeMustBeEntity',
        at: entity,
        coordinate,
        message: 'A @connect on a type always resolves the type as an entity.',
        found: 'entity: false',
        expected: 'entity: true, or nothing',
        wayOut: 'Omit `entity`, or move the @connect to a field.',
      });
    }
    if (!isParsed(connect)) continue;
    const reads = [...view.readsOf(connect, '$this'), ...view.readsOf(connect, '$batch')];
    if (reads.some((read) => read.path.length > 0)) continue;
    report({
      code: 'ConnectOnTypeMustBeEntity',
      at: node,
      coordinate,
      message: `The @connect on ${typeName} reads no key, so it would return the same object for every ${typeName}.`,
      found: 'neither $this.… nor $batch.…',
      expected: `the key of ${typeName} in the request, e.g. {$this.${keyExample(view.types.all.get(typeName) as TypeInfo, view).split(':')[0]}}`,
      wayOut: `Read the key in the URL or the body, or move the @connect to the field that returns ${typeName}.`,
    });
  }
}

/** True when every text that may read a key was parsed; otherwise a missing key may be in an unparsed text. */
export const isParsed = ({ url, selection, body, directive }: ParsedConnect): boolean =>
  (url !== undefined || directive.url === undefined) &&
  selection !== undefined &&
  (body !== undefined || directive.body === undefined);

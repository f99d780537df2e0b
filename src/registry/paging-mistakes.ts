// Mistakes in the paging of an operation, which only manifest and schema together show.
import type { TypeIndex } from '../connect/read/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { OperationPlace } from './argument-mistakes.ts';

type Mistake = Pick<Diagnostic, 'message' | 'found' | 'expected' | 'wayOut'>;

/** @returns undefined when the field can be a connection */
export function pagingMistake(
  { typeName, fieldName }: OperationPlace,
  { all, mutation }: TypeIndex,
): Mistake | undefined {
  const field = fieldName === undefined ? undefined : all.get(typeName)?.fields.get(fieldName);
  if (field === undefined || typeName === mutation) {
    return {
      message: 'Only a field that reads can be paged.',
      found: field === undefined ? `the type ${typeName}` : `a field of ${mutation}`,
      expected: 'a field with the arguments first and after',
      wayOut: 'Take paging away.',
    };
  }
  for (const [name, type] of ARGUMENTS) {
    const given = field.args.get(name);
    if (given?.typeName === type && given.lists === 0) continue;
    return {
      message: 'A paged field needs the arguments first and after.',
      found: given === undefined ? `no argument ${name}` : `${name} of another type`,
      expected: `${name}: ${type}`,
      wayOut: `Add first: Int and after: String to ${typeName}.${fieldName}.`,
    };
  }
  const fields = all.get(field.typeName)?.fields;
  const isConnection = fields?.has('pageInfo') === true && (fields.has('nodes') || fields.has('edges'));
  if (field.lists === 0 && isConnection) return undefined;
  return {
    message: 'A paged field needs the type of a connection.',
    found: field.lists > 0 ? `a list of ${field.typeName}` : field.typeName,
    expected: 'an object type with pageInfo, and nodes or edges',
    wayOut: 'Give the field a type such as ThingConnection { nodes: [Thing!]! pageInfo: ThingPageInfo! }.',
  };
}

const ARGUMENTS = [
  ['first', 'Int'],
  ['after', 'String'],
] as const;

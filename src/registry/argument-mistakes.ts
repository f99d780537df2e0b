// Mistakes in the bounds of arguments, which only manifest and schema together show: arguments that a field does not have, and bounds
// that no value of the argument's type can break.
import type { FieldInfo, TypeIndex } from '../connect/read/types.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Manifest } from '../manifest/manifest.ts';

type Bounds = Manifest['operations'][string]['arguments'][string];
type Mistake = Pick<Diagnostic, 'message' | 'found' | 'expected' | 'wayOut'>;

/** The operation's type and field; a `@connect` on a type has no field, and no arguments. */
export interface OperationPlace {
  readonly typeName: string;
  readonly fieldName: string | undefined;
}

/** @returns the mistake in the bounds of the argument at this path; `undefined` if the bounds are right */
export function argumentMistake(
  path: string,
  bounds: Bounds,
  { typeName, fieldName }: OperationPlace,
  types: TypeIndex,
): Mistake | undefined {
  const field = fieldName === undefined ? undefined : types.all.get(typeName)?.fields.get(fieldName);
  let known: ReadonlyMap<string, FieldInfo> = field?.args ?? new Map();
  let where = field === undefined ? typeName : `${typeName}.${fieldName}`;
  let argument: FieldInfo | undefined;
  for (const step of path.split('.')) {
    argument = known.get(step);
    if (argument === undefined) return unknown(path, step, where, known);
    where = argument.typeName;
    known = types.all.get(argument.typeName)?.fields ?? new Map();
  }
  return argument && misfit(argument, bounds, types);
}

function unknown(path: string, step: string, where: string, known: ReadonlyMap<string, FieldInfo>): Mistake {
  const names = [...known.keys()];
  return {
    message: `The manifest bounds an argument that ${where} does not have.`,
    found: step === path ? path : `${step} in ${path}`,
    expected: names.length === 0 ? `no bounds: ${where} has no arguments` : `one of ${names.join(', ')}`,
    wayOut: 'Correct the name, or take the bounds away.',
  };
}

const NUMBER = ['min', 'max'] as const;
const TEXT = ['minLength', 'maxLength', 'pattern'] as const;
const LIST = ['minItems', 'maxItems'] as const;

/** Which bounds a value of this type can break. A scalar of the schema's own may hold numbers and texts. */
function possibleBounds({ typeName, lists }: FieldInfo, types: TypeIndex): readonly string[] {
  const ofList = lists > 0 ? LIST : [];
  if (typeName === 'Int' || typeName === 'Float') return [...NUMBER, ...ofList];
  if (typeName === 'String' || typeName === 'ID') return [...TEXT, ...ofList];
  const kind = types.all.get(typeName)?.kind;
  if (typeName === 'Boolean' || kind === 'enum' || kind === 'input') return ofList;
  return [...NUMBER, ...TEXT, ...ofList];
}

function misfit(argument: FieldInfo, bounds: Bounds, types: TypeIndex): Mistake | undefined {
  const possible = possibleBounds(argument, types);
  const declared = Object.entries(bounds).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const wrong = declared.filter((name) => !possible.includes(name));
  if (wrong.length === 0) return undefined;
  const list = argument.lists > 0 ? 'a list of ' : '';
  return {
    message: 'The manifest bounds an argument in a way that its type cannot break.',
    found: `${wrong.join(', ')} for ${list}${argument.typeName}`,
    expected: possible.length === 0 ? 'no bounds' : `of ${possible.join(', ')}`,
    wayOut: 'Use bounds of the type; those of an input object stand at its fields, as a dotted path.',
  };
}

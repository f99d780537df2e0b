// Documents that a schema accepts, made from choices: fields, aliases, arguments, variables, conditions, fragments, several
// operations. Equal response keys always stand for the same field and arguments, so that nearly every document is valid.

import {
  type GraphQLArgument,
  GraphQLBoolean,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  GraphQLNonNull,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Choices } from './choices.ts';

export interface ADocument {
  readonly text: string;
  readonly operationNames: readonly string[];
  /** Values for the variables, several to choose from. */
  readonly variables: (choices: Choices) => Record<string, unknown>;
}

export interface DocumentOptions {
  /** Levels of selections. Default 4. */
  readonly depth?: number;
  /** Selections of one set. Default 5. */
  readonly width?: number;
  /** How many times in all a selection is made before only leaves follow. Default 60. */
  readonly size?: number;
  /** Literals of custom scalars by name, first the simplest. */
  readonly literals?: Readonly<Record<string, readonly string[]>>;
  /** Values of variables of custom scalars by name. */
  readonly values?: Readonly<Record<string, readonly unknown[]>>;
  /** Fields that are not selected. */
  readonly without?: (typeName: string, fieldName: string) => boolean;
}

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** As it is declared. */
  readonly declared: string;
}

const ALIASES = ['a', 'b', '__proto__', 'constructor', 'then', 'toJSON', 'valueOf', 'length', 'x'];

export function aDocument(schema: GraphQLSchema, choices: Choices, options: DocumentOptions = {}): ADocument {
  const { below, oneIn, pick } = choices;
  const { depth = 4, width = 5, size = 60, literals = {}, values = {}, without = () => false } = options;
  const variables: Variable[] = [];
  const fragments: { name: string; type: GraphQLCompositeType; text: string }[] = [];
  /** What each response key stands for. */
  const keys = new Map<string, string>();
  const selected: { readonly field: GraphQLField<unknown, unknown>; readonly start: string }[] = [];
  let selections = 0;

  // —— input ——

  const declare = (type: GraphQLInputType, defaultText: string | undefined): string => {
    const declared = `${type}${defaultText === undefined ? '' : ` = ${defaultText}`}`;
    const known = variables.filter((variable) => variable.declared === declared);
    if (known.length > 0 && !oneIn(3)) return `$${pick(known).name}`;
    const name = pick(['v', 'w', 'constructor']) + variables.length;
    variables.push({ name, type, declared });
    return `$${name}`;
  };

  /** A variable that may be used where `type` is expected. */
  const variableFor = (type: GraphQLInputType, hasDefault: boolean, level: number): string => {
    if (isNonNullType(type)) {
      // A nullable one is allowed where it or the position has a default.
      if (oneIn(3)) return declare(type.ofType, literalOf(type, level, false));
      if (hasDefault && oneIn(3)) return declare(type.ofType, undefined);
      return declare(type, oneIn(3) ? literalOf(type, level, false) : undefined);
    }
    return declare(type, oneIn(3) ? literalOf(type, level, false) : undefined);
  };

  const literalOf = (type: GraphQLInputType, level: number, mayVary = true, mayBeNull = true): string => {
    if (isNonNullType(type)) return literalOf(type.ofType, level, mayVary, false);
    if (mayBeNull && oneIn(6)) return 'null';
    if (isListType(type)) {
      const { ofType } = type;
      if (oneIn(5) && !isListType(isNonNullType(ofType) ? ofType.ofType : ofType)) {
        return literalOf(ofType, level - 1, false, false);
      }
      return `[${Array.from({ length: level > 0 ? below(3) : 0 }, () => inputText(ofType, level - 1, mayVary)).join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const all = Object.values(type.getFields());
      if (type.isOneOf) {
        const field = pick(all);
        return `{ ${field.name}: ${literalOf(field.type, 0, false, false)} }`;
      }
      const fields = all
        .filter(() => level > 0 && oneIn(2))
        .map(
          (field) =>
            `${field.name}: ${inputText(field.type, level - 1, mayVary, field.defaultValue !== undefined)}`,
        );
      return `{ ${fields.join(', ')} }`;
    }
    if (isEnumType(type)) return pick(type.getValues()).name;
    return pick(literals[type.name] ?? LITERALS[type.name] ?? ['"x"']);
  };

  const inputText = (type: GraphQLInputType, level: number, mayVary: boolean, hasDefault = false): string =>
    mayVary && oneIn(3) ? variableFor(type, hasDefault, level) : literalOf(type, level, mayVary);

  const argumentsText = (args: readonly GraphQLArgument[]): string => {
    const given = args
      .filter((arg) => (isNonNullType(arg.type) && arg.defaultValue === undefined) || oneIn(2))
      .map((arg) => `${arg.name}: ${inputText(arg.type, 2, true, arg.defaultValue !== undefined)}`);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  };

  const condition = (): string => {
    if (oneIn(3)) return pick(['true', 'false']);
    return oneIn(2)
      ? declare(new GraphQLNonNull(GraphQLBoolean), undefined)
      : declare(GraphQLBoolean, pick(['true', 'false']));
  };

  const directives = (): string => {
    let text = '';
    if (oneIn(7)) text += ` @include(if: ${condition()})`;
    if (oneIn(12)) text += ` @skip(if: ${condition()})`;
    return text;
  };

  // —— selections ——

  const keyOf = (what: string, name: string): string => {
    if (oneIn(4)) {
      const alias = pick(ALIASES);
      if ((keys.get(alias) ?? what) === what) {
        keys.set(alias, what);
        return `${alias}: `;
      }
    }
    if ((keys.get(name) ?? what) === what) {
      keys.set(name, what);
      return '';
    }
    for (let i = 1; ; i++) {
      const alias = `${name}_${i}`;
      if ((keys.get(alias) ?? what) === what) {
        keys.set(alias, what);
        return `${alias}: `;
      }
    }
  };

  const fieldText = (type: GraphQLCompositeType, level: number): string => {
    const all = isUnionType(type)
      ? []
      : Object.values(type.getFields()).filter((field) => !without(type.name, field.name));
    const leaves = all.filter((field) => !isCompositeType(getNamedType(field.type)));
    const open: readonly GraphQLField<unknown, unknown>[] = level > 1 && selections < size ? all : leaves;
    if (open.length === 0 || oneIn(12))
      return `${keyOf('__typename', '__typename')}__typename${directives()}`;
    const made = selected.filter((each) => open.includes(each.field));
    const again = made.length > 0 && oneIn(3) ? pick(made) : undefined;
    const field = again?.field ?? pick(open);
    const { start = newStart(field) } = again ?? {};
    const returned = getNamedType(field.type);
    const below = isCompositeType(returned) ? ` ${selectionSet(returned, level - 1)}` : '';
    return `${start}${directives()}${below}`;
  };

  /** A field with its key and arguments: remembered, so that it is selected again with other fields below it. */
  const newStart = (field: GraphQLField<unknown, unknown>): string => {
    const args = argumentsText(field.args);
    const start = `${keyOf(`${field.name}${args}: ${field.type}`, field.name)}${field.name}${args}`;
    selected.push({ field, start });
    return start;
  };

  const narrowed = (type: GraphQLCompositeType): GraphQLCompositeType => {
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const alike = Object.values(schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        isCompositeType(other) &&
        !other.name.startsWith('__') &&
        possible.some((each) => (isAbstractType(other) ? schema.isSubType(other, each) : other === each)),
    );
    return pick([type, ...alike]);
  };

  const fragmentFor = (type: GraphQLCompositeType, level: number): string => {
    const fitting = fragments.filter((fragment) => {
      const possible = isAbstractType(fragment.type)
        ? schema.getPossibleTypes(fragment.type)
        : [fragment.type];
      return possible.some((each) => each === type || (isAbstractType(type) && schema.isSubType(type, each)));
    });
    if (fitting.length > 0 && !oneIn(3)) return pick(fitting).name;
    const on = narrowed(type);
    const text = selectionSet(on, level);
    const name = `${pick(['F', 'on_', 'toString'])}${fragments.length}`;
    fragments.push({ name, type: on, text });
    return name;
  };

  const selectionSet = (type: GraphQLCompositeType, level: number): string => {
    const parts: string[] = [];
    const count = 1 + below(level === depth ? width + 4 : width);
    for (let i = 0; i < count; i++) {
      selections += 1;
      const kind = selections < size ? below(10) : 0;
      if (kind === 8) parts.push(`...${fragmentFor(type, level)}${directives()}`);
      else if (kind === 9) {
        const on = narrowed(type);
        const named = on === type && oneIn(2) ? '' : ` on ${on.name}`;
        parts.push(`...${named}${directives()} ${selectionSet(on, level)}`);
      } else parts.push(fieldText(type, level));
      // The same selection again: mostly under another condition.
      if (oneIn(8)) parts.push(parts.at(-1) as string);
    }
    return `{ ${parts.join(' ')} }`;
  };

  // —— operations ——

  const operations: { name: string; kind: string; text: string }[] = [];
  const count = 1 + (oneIn(4) ? 1 + below(2) : 0);
  for (let i = 0; i < count; i++) {
    const mutation = schema.getMutationType();
    const kind = mutation && oneIn(4) ? 'mutation' : 'query';
    const root = kind === 'mutation' ? mutation : schema.getQueryType();
    if (!isObjectType(root)) throw new Error('the schema has no query type');
    operations.push({ name: `Op${i}`, kind, text: selectionSet(root, depth) });
  }
  const declarations =
    variables.length === 0
      ? ''
      : `(${variables.map(({ name, declared }) => `$${name}: ${declared}`).join(', ')})`;
  const text = [
    ...operations.map(({ name, kind, text: body }) => `${kind} ${name}${declarations} ${body}`),
    ...fragments.map(({ name, type, text: body }) => `fragment ${name} on ${type.name} ${body}`),
  ].join('\n');

  return {
    text,
    operationNames: operations.map(({ name }) => name),
    variables: (chosen) =>
      Object.fromEntries(
        variables.flatMap(({ name, type }) =>
          chosen.oneIn(isNonNullType(type) ? 60 : 4) ? [] : [[name, inputOf(type, chosen, values, 2)]],
        ),
      ),
  };
}

const LITERALS: Readonly<Record<string, readonly string[]>> = {
  Int: ['1', '0', '-7', '2147483647'],
  Float: ['1', '1.5', '-2e3'],
  String: ['"s"', '""', '"""block"""', '"\\u1ea4"'],
  Boolean: ['true', 'false'],
  ID: ['"i"', '1'],
};

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1, 0, -7, 2147483647],
  Float: [1, 1.5],
  String: ['s', ''],
  Boolean: [true, false],
  ID: ['i', 1],
};

/** A value of a variable: mostly one that fits. */
function inputOf(
  type: GraphQLInputType,
  choices: Choices,
  values: Readonly<Record<string, readonly unknown[]>>,
  level: number,
): unknown {
  const { below, oneIn, pick } = choices;
  if (oneIn(200)) return pick<unknown>([{}, 'wrong', [], 1.5, true, null]);
  if (isNonNullType(type))
    return inputOf(type.ofType, choices, values, level) ?? inputOf(type.ofType, aFirstChoice, values, level);
  if (oneIn(5)) return null;
  if (isListType(type)) {
    return oneIn(6)
      ? inputOf(type.ofType, choices, values, level - 1)
      : Array.from({ length: level > 0 ? below(3) : 0 }, () =>
          inputOf(type.ofType, choices, values, level - 1),
        );
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? [pick(fields)] : fields.filter(() => level > 0 && oneIn(2));
    return Object.fromEntries(
      given.map((field) => [field.name, inputOf(field.type, choices, values, level - 1)]),
    );
  }
  if (isEnumType(type)) return pick(type.getValues()).name;
  return pick(values[type.name] ?? VALUES[type.name] ?? ['x']);
}

const aFirstChoice: Choices = { below: () => 0, oneIn: () => false, pick: ([first]) => first as never };

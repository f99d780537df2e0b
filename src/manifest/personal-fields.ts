// Which fields of a connector's schema are personal, by its manifest. Used to mask what `connector run` shows.

import type { ConnectorSchema } from '../connect/read/model.ts';
import { isPersonalClass, ruleOf } from './data-keys.ts';
import type { Manifest } from './manifest.ts';

export interface PersonalFields {
  /** Is the whole system one of personal data? */
  readonly all: boolean;
  /** Does it have any? */
  readonly some: boolean;
  /** Is this field, with everything below it, personal? */
  readonly isPersonal: (typeName: string, fieldName: string) => boolean;
  /** The type of a field, where it is an object of this schema. */
  readonly typeOf: (typeName: string, fieldName: string) => string | undefined;
}

export function readPersonalFields({ data }: Manifest, { types }: ConnectorSchema): PersonalFields {
  const all = isPersonalClass(data.classification);
  const classes = new Map(
    Object.entries(data.fields).map(([coordinate, rule]) => [coordinate, ruleOf(rule).classification]),
  );
  const typeOf = (typeName: string, fieldName: string): string | undefined => {
    const name = types.all.get(typeName)?.fields.get(fieldName)?.typeName;
    const kind = name === undefined ? undefined : types.all.get(name)?.kind;
    return kind === 'object' || kind === 'interface' || kind === 'union' ? name : undefined;
  };
  return {
    all,
    some: all || [...classes.values()].some(isPersonalClass),
    typeOf,
    isPersonal: (typeName, fieldName) => {
      const declared = classes.get(`${typeName}.${fieldName}`);
      if (declared !== undefined) return isPersonalClass(declared);
      // A leaf without a class has the class of its system; the fields of an object are judged one by one.
      return all && typeOf(typeName, fieldName) === undefined;
    },
  };
}

export interface SubjectData {
  /** `data.subject`: the field that says whose data a record is. */
  readonly subject: { readonly type: string; readonly field: string } | undefined;
  /** Is the whole system one of personal data? */
  readonly all: boolean;
  /** The fields of a type that are personal, or have personal fields below them. */
  readonly fieldsOf: (typeName: string) => ReadonlySet<string>;
}

/** What the audit trail needs; undefined for a connector without personal data. */
export function personalDataOf(manifest: Manifest, schema: ConnectorSchema): SubjectData | undefined {
  const fields = readPersonalFields(manifest, schema);
  if (!fields.some) return undefined;
  const [type = '', field = ''] = manifest.data.subject?.split('.') ?? [];
  const isPersonal = (typeName: string, name: string, above: readonly string[]): boolean => {
    if (fields.isPersonal(typeName, name)) return true;
    const below = fields.typeOf(typeName, name);
    if (below === undefined || above.includes(below)) return false;
    return namesOf(schema, below).some((each) => isPersonal(below, each, [...above, below]));
  };
  const known = new Map<string, ReadonlySet<string>>();
  return {
    subject: field === '' ? undefined : { type, field },
    all: fields.all,
    fieldsOf: (typeName) => {
      let found = known.get(typeName);
      if (found === undefined) {
        found = new Set(namesOf(schema, typeName).filter((name) => isPersonal(typeName, name, [typeName])));
        known.set(typeName, found);
      }
      return found;
    },
  };
}

const namesOf = ({ types }: ConnectorSchema, typeName: string): string[] => [
  ...(types.all.get(typeName)?.fields.keys() ?? []),
];

/** The texts and numbers of a value of a type that are personal. */
export function personalParts(
  value: unknown,
  typeName: string | undefined,
  fields: PersonalFields,
): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => personalParts(item, typeName, fields));
  if (typeof value !== 'object' || value === null || typeName === undefined) return fields.all ? [value] : [];
  return Object.entries(value).flatMap(([key, item]) =>
    fields.isPersonal(typeName, key) ? [item] : personalParts(item, fields.typeOf(typeName, key), fields),
  );
}

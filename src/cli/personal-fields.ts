// Which fields of a connector's schema are personal, by its manifest; and which keys of its answers they are read from.
// Used to mask what `connector run` shows.

import type { Entry, Expression, Mapping, Selection } from '../connect/mapping/index.ts';
import type { ConnectorSchema } from '../connect/read/model.ts';
import type { Manifest } from '../registry/manifest.ts';

export interface PersonalFields {
  /** Is the whole system one of personal data? */
  readonly all: boolean;
  /** Is this field, with everything below it, personal? */
  readonly isPersonal: (typeName: string, fieldName: string) => boolean;
  /** The type of a field, where it is an object of this schema. */
  readonly typeOf: (typeName: string, fieldName: string) => string | undefined;
}

const PERSONAL_CLASSES: ReadonlySet<unknown> = new Set(['personal', 'sensitive']);

export function readPersonalFields({ data }: Manifest, { types }: ConnectorSchema): PersonalFields {
  const all = PERSONAL_CLASSES.has(data.classification);
  const classOf = (coordinate: string): unknown => {
    const rule = data.fields?.[coordinate];
    return typeof rule === 'object' && rule !== null
      ? (rule as { classification?: unknown }).classification
      : rule;
  };
  const typeOf = (typeName: string, fieldName: string): string | undefined => {
    const name = types.all.get(typeName)?.fields.get(fieldName)?.typeName;
    const kind = name === undefined ? undefined : types.all.get(name)?.kind;
    return kind === 'object' || kind === 'interface' || kind === 'union' ? name : undefined;
  };
  return {
    all,
    typeOf,
    isPersonal: (typeName, fieldName) => {
      const declared = classOf(`${typeName}.${fieldName}`);
      if (declared !== undefined) return PERSONAL_CLASSES.has(declared);
      // A leaf that nobody classified has the class of its system; an object is looked into.
      return all && typeOf(typeName, fieldName) === undefined;
    },
  };
}

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

/** The last keys of every path that feeds a personal field: what stands below them in an answer is personal. */
export function personalKeys(
  mapping: Mapping,
  typeName: string | undefined,
  fields: PersonalFields,
): ReadonlySet<string> {
  const keys = new Set<string>();
  const entries = (selection: Selection, type: string | undefined) => {
    for (const entry of selection.entries) addEntry(entry, type);
  };
  const addEntry = (entry: Entry, type: string | undefined) => {
    if (entry.kind === 'named' && type !== undefined && fields.isPersonal(type, entry.key))
      collect(entry.value, keys);
    else if (entry.value.kind === 'selection') entries(entry.value, below(entry, type));
    else if (entry.value.kind === 'path' && entry.value.selection !== null) {
      entries(entry.value.selection, below(entry, type));
    }
  };
  const below = (entry: Entry, type: string | undefined): string | undefined =>
    entry.kind === 'merged' || type === undefined ? type : fields.typeOf(type, entry.key);
  const { body } = mapping;
  if (body.kind === 'selection') entries(body, typeName);
  else if (body.kind === 'path' && body.selection !== null) entries(body.selection, typeName);
  return keys;
}

/** The last key of each path in an expression. */
function collect(node: Expression | Selection, keys: Set<string>): void {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      const path = value as Partial<Extract<Expression, { kind: 'path' }>>;
      if (path.kind === 'path') {
        const last = path.steps?.findLast((step) => step.kind === 'key');
        if (last !== undefined && last.kind === 'key') keys.add(last.name);
        else if (path.head?.kind === 'key') keys.add(path.head.name);
      }
      Object.values(value).forEach(visit);
    }
  };
  visit(node);
}

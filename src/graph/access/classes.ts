// The class of data of every field that is not public: of the core by its table, of connectors by their manifests. Where two
// sources name a class for a field, the stricter one holds.

import type { GraphQLSchema } from 'graphql';
import type { ConnectorSchema } from '../../connect/read/model.ts';
import { CORE_DATA_CLASSES, type DataClass } from '../../dossiers/data-classes.ts';
import { isPersonalClass, ruleOf } from '../../manifest/data-keys.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { openWays } from './open-ways.ts';
import { strictest } from './policies.ts';

/** A connector, as far as classes depend on it. */
export interface ClassifiedConnector {
  readonly manifest: Pick<Manifest, 'data'>;
  readonly compiled: { readonly schema: Pick<ConnectorSchema, 'types' | 'connects' | 'federation'> };
}

export interface DataClasses {
  /** By coordinate. A field that is absent is public. */
  readonly at: ReadonlyMap<string, DataClass>;
  /** Fields that reach personal data past the row filter of the store. */
  readonly lookUps: ReadonlySet<string>;
}

export function readDataClasses(
  schema: GraphQLSchema,
  connectors: readonly ClassifiedConnector[],
): DataClasses {
  const at = new Map<string, DataClass>(Object.entries(CORE_DATA_CLASSES));
  const lookUps = new Set<string>();
  const add = (coordinate: string, of: DataClass): void => {
    const known = at.get(coordinate);
    at.set(coordinate, known === undefined ? of : strictest(known, of));
  };
  for (const { manifest, compiled } of connectors) {
    const { data } = manifest;
    const { schema: own } = compiled;
    for (const [coordinate, rule] of Object.entries(data.fields)) add(coordinate, ruleOf(rule));
    for (const coordinate of uncoveredLeaves(own, data.fields))
      add(coordinate, { classification: data.classification });
    const isPersonalSystem = isPersonalClass(data.classification) || data.purpose === 'required';
    for (const { typeName, fieldName } of own.connects) {
      if (isPersonalSystem && fieldName !== undefined && own.types.isRoot(typeName))
        lookUps.add(`${typeName}.${fieldName}`);
    }
  }
  const isPersonal = (coordinate: string): boolean => {
    const of = at.get(coordinate);
    return of !== undefined && isPersonalClass(of.classification);
  };
  return { at, lookUps: new Set([...lookUps, ...openWays(schema, isPersonal)]) };
}

/** Leaves that connectors supply and that no rule names or covers: they have the class of the whole system. */
function* uncoveredLeaves(
  { types, connects, federation }: ClassifiedConnector['compiled']['schema'],
  rules: Readonly<Record<string, unknown>>,
): Generator<string> {
  const open: string[] = [];
  const seen = new Set<string>();
  const enter = (typeName: string): void => {
    if (seen.has(typeName) || typeName === 'Provenance' || !types.all.has(typeName)) return;
    seen.add(typeName);
    open.push(typeName);
  };
  /** The coordinate of a leaf without a rule; otherwise the fields of its objects are visited. */
  const visit = (typeName: string, fieldName: string): string | undefined => {
    const field = types.all.get(typeName)?.fields.get(fieldName);
    const coordinate = `${typeName}.${fieldName}`;
    if (field === undefined || Object.hasOwn(rules, coordinate)) return undefined;
    if (field.directives.some(({ name }) => name.value === federation.external)) return undefined;
    const kind = types.all.get(field.typeName)?.kind;
    if (kind !== 'object' && kind !== 'interface' && kind !== 'union') return coordinate;
    enter(field.typeName);
    return undefined;
  };
  for (const { typeName, fieldName } of connects) {
    if (fieldName === undefined) enter(typeName);
    else {
      const leaf = visit(typeName, fieldName);
      if (leaf !== undefined) yield leaf;
    }
  }
  for (let typeName = open.pop(); typeName !== undefined; typeName = open.pop()) {
    const type = types.all.get(typeName);
    for (const name of type?.possible ?? []) enter(name);
    for (const fieldName of type?.fields.keys() ?? []) {
      const leaf = visit(typeName, fieldName);
      if (leaf !== undefined) yield leaf;
    }
  }
}

// What a field costs beyond its values, as the subgraphs declare it by `@cost` (federation 2.9). Composition removes the directive from
// the public schema, so it is read from the subgraphs themselves.

import { type DocumentNode, Kind } from 'graphql';

/** Units by coordinate, `Query.auditTrail`. */
export type FieldWeights = ReadonlyMap<string, number>;

const COST = new Set(['cost', 'federation__cost']);

/**
 * If several subgraphs declare a weight for a field, the largest counts. A weight that is not a positive number is ignored.
 * @param subgraphs the documents of the core and of the connectors
 */
export function readFieldWeights(subgraphs: readonly DocumentNode[]): FieldWeights {
  const weights = new Map<string, number>();
  for (const { definitions } of subgraphs) {
    for (const definition of definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION)
        continue;
      for (const { name, directives = [] } of definition.fields ?? []) {
        const declared = directives.find((directive) => COST.has(directive.name.value));
        const argument = declared?.arguments?.find((each) => each.name.value === 'weight')?.value;
        if (argument?.kind !== Kind.INT) continue;
        const coordinate = `${definition.name.value}.${name.value}`;
        const weight = Math.max(Number(argument.value), weights.get(coordinate) ?? 0);
        if (weight > 0 && Number.isFinite(weight)) weights.set(coordinate, weight);
      }
    }
  }
  return weights;
}

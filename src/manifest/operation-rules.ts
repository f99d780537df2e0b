// What a manifest declares about single operations beyond their schema, by the name of the operation: given to the compiler of the
// connector, so that the gateway, cases and `connector run` apply the same rules.
import type { Manifest } from './manifest.ts';

type Bounds = Manifest['operations'][string]['arguments'];
type Paging = NonNullable<Manifest['operations'][string]['paging']>;

export interface OperationRules {
  /** By operation, then by path of the argument. Operations without bounds are absent. */
  readonly argumentBounds: ReadonlyMap<string, Bounds>;
  /** By operation. */
  readonly paging: ReadonlyMap<string, Paging>;
}

export function operationRulesOf({ operations }: Pick<Manifest, 'operations'>): OperationRules {
  const argumentBounds = new Map<string, Bounds>();
  const paging = new Map<string, Paging>();
  for (const [name, own] of Object.entries(operations)) {
    if (Object.keys(own.arguments).length > 0) argumentBounds.set(name, own.arguments);
    if (own.paging !== undefined) paging.set(name, own.paging);
  }
  return { argumentBounds, paging };
}

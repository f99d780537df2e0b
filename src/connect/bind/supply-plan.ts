// Which suppliers a selection needs, and in which order they are preferred; decided once per field node of a document.

import type { Needs } from './needs.ts';
import type { Supplier } from './suppliers.ts';

/** What a selection needs from the suppliers of a type; computed once per field node of a document. */
export interface SupplyPlan {
  /** Supplied fields that are selected, or that selected fields with their own `@connect` read from their parent. */
  readonly names: readonly string[];
  readonly selectsProvenance: boolean;
  readonly suppliers: readonly Supplier[];
}

export interface EntityType {
  readonly typeName: string;
  /** Every field name of the type in the unified schema. */
  readonly fields: ReadonlySet<string>;
  /** For fields with their own `@connect`: the fields of the parent that their requests read. */
  readonly readByField: ReadonlyMap<string, readonly string[]>;
  /** Suppliers of fields with a resolver of their own that another field or supplier reads. Default: none. */
  readonly fieldSuppliers?: readonly Supplier[] | undefined;
}

/** A batch does not wait for entities that may themselves wait for it: suppliers that require fields of each other. */
export function withoutCircularWaits(suppliers: readonly Supplier[]): readonly Supplier[] {
  const reaches = (from: Supplier, to: Supplier, seen: Set<Supplier>): boolean =>
    suppliers.some((next) => {
      if (seen.has(next) || !from.required.values().some((name) => next.supplies.has(name))) return false;
      seen.add(next);
      return next === to || reaches(next, to, seen);
    });
  return suppliers.map((supplier) =>
    supplier.expect !== undefined && reaches(supplier, supplier, new Set())
      ? { ...supplier, expect: undefined }
      : supplier,
  );
}

/** By field: the fields that are read to resolve it, by its own `@connect` or by every supplier of it (`@requires`). */
export function fieldsReadFirst(
  { readByField, fields }: EntityType,
  suppliers: readonly Supplier[],
): EntityType['readByField'] {
  if (suppliers.every(({ required }) => required.size === 0)) return readByField;
  const first = new Map(readByField);
  for (const name of fields) {
    const serving = suppliers.filter(({ supplies, isOfField }) => supplies.has(name) && !isOfField);
    if (serving.length === 0 || serving.some(({ required }) => required.size === 0)) continue;
    const required = serving.flatMap((supplier) => [...supplier.required]);
    first.set(name, [...new Set([...(readByField.get(name) ?? []), ...required])]);
  }
  return first;
}

export function planSupply(
  readFirst: EntityType['readByField'],
  suppliers: readonly Supplier[],
  needs: Needs,
): SupplyPlan {
  const names = new Set<string>();
  const reads = new Set<string>();
  const add = (name: string) => {
    if (names.has(name)) return;
    names.add(name);
    for (const read of readFirst.get(name) ?? []) {
      reads.add(read);
      add(read);
    }
  };
  for (const name of needs.names) add(name);
  const serves = ({ supplies, isOfField }: Supplier, name: string): boolean =>
    supplies.has(name) && (!isOfField || reads.has(name));
  const supplied = [...names].filter((name) => suppliers.some((supplier) => serves(supplier, name)));
  const selectsProvenance = needs.names.has('provenance');
  const serving = suppliers
    .filter((supplier) => supplied.some((name) => serves(supplier, name)))
    .toSorted((a, b) => rankOf(a, supplied) - rankOf(b, supplied));
  const usual = suppliers.filter(({ isOfField }) => !isOfField);
  return {
    names: supplied,
    selectsProvenance,
    suppliers: serving.length === 0 && selectsProvenance ? usual.slice(0, 1) : serving,
  };
}

/** Suppliers of all names come first; between equals, batch operations do. */
const rankOf = ({ supplies, operation }: Supplier, names: readonly string[]): number =>
  (names.every((name) => supplies.has(name)) ? 0 : 2) + (operation.batchSize === undefined ? 1 : 0);

// A field plan under the access rules: a refused field throws in place of its resolver, a masked one shows its value masked.

import { GraphQLScalarType } from 'graphql';
import type { GatewayError } from '../../errors.ts';
import { type Mask, maskLeaf, maskObject } from '../../masks.ts';
import type { FieldAccess } from '../access/access.ts';
import { serialize } from './leaves.ts';
import type { FieldPlan } from './model.ts';
import type { LeafValue, ValueType } from './value-types.ts';

/** @param refusedBelow the refusal of a field of which nothing may be seen */
export function applyAccess(
  plan: FieldPlan,
  access: FieldAccess | undefined,
  refusedBelow: () => GatewayError | undefined,
): FieldPlan {
  const error = access?.kind === 'refused' ? access.error : refusedBelow();
  if (error !== undefined) {
    return {
      ...plan,
      isPlainLeaf: false,
      resolve: () => {
        throw error;
      },
    };
  }
  if (access?.kind !== 'masked') return plan;
  const { mask } = access;
  const type = maskedType(plan.type, mask);
  return isLeaf(type) ? { ...plan, type } : { ...plan, isPlainLeaf: false, resolve: masking(plan, mask) };
}

/** The type with leaves that serialize to masked values. */
function maskedType(type: ValueType, mask: Mask): ValueType {
  if (type.kind === 'list') return { ...type, item: maskedType(type.item, mask) };
  return type.kind === 'leaf' ? maskedLeaf(type, mask) : type;
}

const maskedLeaf = (leaf: LeafValue, mask: Mask): LeafValue => ({
  ...leaf,
  unchanged: 'none',
  type: new GraphQLScalarType({
    name: leaf.type.name,
    serialize: (value) => maskLeaf(mask, serialize(leaf, value)),
  }),
});

const isLeaf = (type: ValueType): boolean =>
  type.kind === 'list' ? isLeaf(type.item) : type.kind === 'leaf';

/** Masks objects, alone or in lists, after the field's own resolver or property. */
function masking({ resolve, name }: FieldPlan, mask: Mask): FieldPlan['resolve'] {
  const masked = (value: unknown): unknown => {
    if (value instanceof Error) return value;
    if (value instanceof Promise) return value.then(masked);
    return Array.isArray(value) ? value.map(masked) : maskObject(mask, value);
  };
  return (source, args, context, info) =>
    masked(
      resolve === undefined
        ? (source as Readonly<Record<string, unknown>>)[name]
        : resolve(source, args, context, info),
    );
}

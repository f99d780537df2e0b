// The keys of `connector.yaml` for ownership: what a connector shares with others (docs/ownership.md).
import { z } from 'zod';
import { about } from '../manifest-keys.ts';

const coordinate = z
  .string()
  .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, 'a type of the schema, or a field as Type.field');

export const ownershipKeys = {
  shares: z
    .record(z.string().min(1), z.array(coordinate).min(1))
    .default({})
    .meta(
      about(
        'What another connector may supply as well, by its id: a field as `Type.field`, or a type with all its fields. Both manifests name it for each other; otherwise a field has one owner.',
        { 'tax-authority': ['Enterprise.legalName', 'Address'] },
      ),
    ),
};

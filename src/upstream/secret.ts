// Secrets by reference: a function that reads the secret at the moment of use, so that a rotated secret needs no restart.
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import { innerSchema, type Reference } from '../manifest-keys.ts';
import { compileReferences, type ReferenceSources, SecretReferenceError } from '../references.ts';
import { type CredentialValue, compileValue } from './credential-value.ts';

/** @throws GatewayError UPSTREAM_UNAUTHORIZED when a reference cannot be resolved: the fault is the gateway's, not the source's */
export type Secret = () => string;

/** Declared values with every reference compiled. */
export type Settled<T> = T extends Reference
  ? Secret
  : T extends z.core.$brand<'CredentialValue'>
    ? CredentialValue
    : T extends readonly (infer Item)[]
      ? readonly Settled<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: Settled<T[Key]> }
        : T;

export function compileSecret(text: string, references: ReferenceSources): Secret {
  const read = compileReferences(text, references);
  return () => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SecretReferenceError)) throw error;
      throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: error.message });
    }
  };
}

/** Compiles the references of a value that its schema has accepted. */
export const settle = <S extends z.ZodType>(
  schema: S,
  value: z.output<S>,
  references: ReferenceSources,
): Settled<z.output<S>> => settleValue(schema, value, references) as Settled<z.output<S>>;

function settleValue(schema: z.ZodType, value: unknown, references: ReferenceSources): unknown {
  const inner = innerSchema(schema);
  if (typeof value === 'string') {
    return inner.meta()?.reference === true ? compileSecret(value, references) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (inner.meta()?.credentialValue === true) {
    return compileValue(value as Parameters<typeof compileValue>[0], (text) =>
      compileSecret(text, references),
    );
  }
  if (inner instanceof z.ZodUnion) {
    const member = (inner.options as readonly z.ZodType[]).find((one) => one.safeParse(value).success);
    return member === undefined ? value : settleValue(member, value, references);
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => settleValue(inner.element as z.ZodType, item, references));
  }
  const schemaOf = (key: string): z.ZodType | undefined =>
    inner instanceof z.ZodObject
      ? (inner.shape as Record<string, z.ZodType>)[key]
      : inner instanceof z.ZodRecord
        ? (inner.valueType as z.ZodType)
        : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const own = schemaOf(key);
      return [key, own === undefined ? item : settleValue(own, item, references)];
    }),
  );
}

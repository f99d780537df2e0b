// What the suites of credential and signature kinds share: the example of a kind, with references whose values the test sets.
import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import { innerSchema } from '../../src/manifest-keys.ts';
import { REFERENCE, type ReferenceSources } from '../../src/references.ts';

export interface AKind {
  /** The example in docs/manifest.md. */
  readonly declared: { readonly type: string } & Readonly<Record<string, unknown>>;
  readonly references: ReferenceSources;
  /** The values of the references now. */
  readonly secrets: () => string[];
  /** Gives every reference another value. */
  readonly rotate: () => void;
  /** Takes the values of all references away. */
  readonly lose: () => void;
}

export function aKind(schema: z.ZodObject): AKind {
  const secrets = new Map<string, string>();
  const makers = new Map<string, (keys: Keys) => string>();
  const replaced = (value: unknown, key: z.ZodType | undefined): unknown => {
    const inner = key && innerSchema(key);
    if (typeof value === 'string' && REFERENCE.test(value)) {
      const name = `REFERENCE_${makers.size}`;
      const pem = key?.meta()?.pem;
      makers.set(name, (keys) =>
        pem === 'private key'
          ? keys.privateKey
          : pem === 'public key'
            ? keys.publicKey
            : `SECRET-${name}-${keys.round}`,
      );
      return `\${env:${name}}`;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => replaced(item, undefined));
    const keyOf = (name: string): z.ZodType | undefined =>
      inner instanceof z.ZodObject
        ? (inner.shape as Record<string, z.ZodType>)[name]
        : inner instanceof z.ZodRecord
          ? (inner.valueType as z.ZodType)
          : undefined;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, replaced(item, keyOf(name))]),
    );
  };
  const declared = replaced(schema.meta()?.example, schema) as AKind['declared'];
  let round = 0;
  const rotate = (): void => {
    const keys = someKeys(++round);
    for (const [name, make] of makers) secrets.set(name, make(keys));
  };
  rotate();
  return {
    declared,
    references: { readEnv: (name) => secrets.get(name) },
    secrets: () => [...secrets.values()],
    rotate,
    lose: () => secrets.clear(),
  };
}

interface Keys {
  readonly round: number;
  readonly privateKey: string;
  readonly publicKey: string;
}

const someKeys = (round: number): Keys => ({
  round,
  ...generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }),
});

// The specification of an upstream for tests and benches: declared as in a manifest, with the manifest's defaults. A function stands
// for a secret: it becomes a reference, and is called whenever the reference is read.
import type { ReferenceSources } from '../../src/references.ts';
import { buildUpstreamSpec } from '../../src/registry/upstream-spec.ts';
import { settle } from '../../src/upstream/secret.ts';
import { type MessageSignature, messageSignatureSchema } from '../../src/upstream/signing/http-message.ts';
import { type DeclaredValueSigning, signingSchema } from '../../src/upstream/signing/kinds.ts';
import { createSigner, type Signer } from '../../src/upstream/signing/signer.ts';
import type { UpstreamSpec } from '../../src/upstream/spec.ts';
import { aManifest, type ManifestInput } from '../a-manifest.ts';

type WithFunctions<T> = T extends string
  ? string extends T
    ? T | (() => string)
    : T
  : T extends readonly (infer Item)[]
    ? readonly WithFunctions<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: WithFunctions<T[Key]> }
      : T;

type Declared = Pick<
  ManifestInput,
  | 'credentials'
  | 'signing'
  | 'messageSignature'
  | 'soap'
  | 'xml'
  | 'json'
  | 'csv'
  | 'fixedWidth'
  | 'unwrap'
  | 'xroad'
  | 'outcome'
  | 'tls'
>;

export type DeclaredCredentials = WithFunctions<NonNullable<ManifestInput['credentials']>>;
export type DeclaredSigning = WithFunctions<NonNullable<ManifestInput['signing']>>;
export type DeclaredMessageSignature = WithFunctions<NonNullable<ManifestInput['messageSignature']>>;

/** Parts that are not declared in this form are values of the specification itself, not held to the manifest's ranges. */
export type SpecParts = WithFunctions<Partial<Declared>> &
  Partial<Pick<UpstreamSpec, 'protocol' | 'hosts' | 'compression' | 'http2' | 'connectionMaxAgeMs'>> & {
    readonly limits?: Partial<UpstreamSpec['limits']>;
    readonly probe?: Omit<UpstreamSpec['probe'], 'credentials'> & { readonly credentials?: boolean };
  };

export function anUpstreamSpec({ protocol, limits, probe, ...parts }: SpecParts = {}): UpstreamSpec {
  const { hosts = ['127.0.0.1'], compression = true, http2 = false, connectionMaxAgeMs, ...declared } = parts;
  const { value, references } = withReferences(declared);
  const spec = buildUpstreamSpec(
    aManifest({ ...(value as Partial<Declared>), ...(protocol && { protocol }) }),
    'http://127.0.0.1:9',
    references,
  );
  return {
    ...spec,
    hosts,
    compression,
    http2,
    connectionMaxAgeMs: connectionMaxAgeMs ?? spec.connectionMaxAgeMs,
    limits: { ...spec.limits, ...limits },
    probe: { ...spec.probe, ...probe },
  };
}

export function aSigner(declared: DeclaredSigning): Signer {
  const { value, references } = withReferences(declared);
  return createSigner(signingSchema.parse(value) as DeclaredValueSigning, references);
}

export function aMessageSignature(declared: DeclaredMessageSignature): MessageSignature {
  const { value, references } = withReferences(declared);
  return settle(messageSignatureSchema, messageSignatureSchema.parse(value), references);
}

function withReferences(declared: unknown): { value: unknown; references: ReferenceSources } {
  const secrets = new Map<string, () => string>();
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'function') {
      const name = `SECRET_${secrets.size}`;
      secrets.set(name, value as () => string);
      return `\${env:${name}}`;
    }
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
  };
  return { value: replaced(declared), references: { readEnv: (name) => secrets.get(name)?.() } };
}

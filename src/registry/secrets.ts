// References in a manifest, `${env:NAME}` and `${file:/path}`: read at the moment of use, so that a rotated secret
// needs no restart. Called while a manifest becomes an upstream spec.

import { readFileSync } from 'node:fs';

/** A text that holds at least one reference. */
export const REFERENCE = /\$\{(env|file):[^}]+\}/;

const REFERENCES = /\$\{(env|file):([^}]+)\}/g;

export interface ReferenceSources {
  /** The environment, then what a running simulator offers for demonstration. */
  readonly readEnv: (name: string) => string | undefined;
}

/** Thrown where a reference leads nowhere; names the reference, never a value. */
export class SecretReferenceError extends Error {
  override readonly name = 'SecretReferenceError';
}

/** The text with its references replaced. @throws SecretReferenceError */
export function resolveReferences(text: string, sources: ReferenceSources): string {
  return text.replace(REFERENCES, (_whole, kind: string, name: string) => {
    if (kind === 'env') {
      // `${env:NAME:-default}` as in a shell; only settings that are not secret use the default.
      const [key = '', fallback] = name.split(':-', 2);
      const value = sources.readEnv(key) ?? fallback;
      if (value === undefined) throw new SecretReferenceError(`the environment variable ${key} is not set`);
      return value;
    }
    try {
      return readFileSync(name, 'utf8').trimEnd();
    } catch {
      throw new SecretReferenceError(`the file ${name} cannot be read`);
    }
  });
}

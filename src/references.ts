// References in configuration, `${env:NAME}` and `${file:/path}`: parsed once, resolved at each use, so that a rotated secret needs
// no restart.

import { readFileSync } from 'node:fs';

/** A text that contains at least one reference. */
export const REFERENCE = /\$\{(env|file):[^{}]+\}/;

const REFERENCES = /\$\{(env|file):([^{}]+)\}/g;

/** How long the content of a file is used before the file is read again, ms. */
const FILE_TTL_MS = 1000;

export interface ReferenceSources {
  /** Reads the environment, then the values that running simulators supply. */
  readonly readEnv: (name: string) => string | undefined;
}

/** Thrown when a reference cannot be resolved. The message names the reference, never a value. */
export class SecretReferenceError extends Error {
  override readonly name = 'SecretReferenceError';
}

/** A setting as messages show it: its references without their defaults; of a text without one, no user and password. */
export const shownSetting = (declared: string): string =>
  declared
    .replace(REFERENCES, (_, kind: string, name: string) => `\${${kind}:${name.split(':-', 1)[0]}}`)
    .replace(/\/\/[^\s/?#@]*@/, '//');

/** The names of the environment variables that a text refers to. */
export const referencedVariables = (text: string): string[] =>
  [...text.matchAll(REFERENCES)].flatMap(([, kind, name = '']) =>
    kind === 'env' ? [nameAndDefault(name)[0]] : [],
  );

/** The text with its references replaced. @throws SecretReferenceError */
export const resolveReferences = (text: string, sources: ReferenceSources): string =>
  compileReferences(text, sources)();

/** The same as a function, for values used by every call. The function throws SecretReferenceError. */
export function compileReferences(text: string, sources: ReferenceSources): () => string {
  const parts: (() => string)[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCES)) {
    if (match.index > end) parts.push(constant(text.slice(end, match.index)));
    end = match.index + match[0].length;
    const [, kind, name = ''] = match;
    parts.push(kind === 'env' ? fromEnvironment(name, sources) : fromFile(name));
  }
  if (end < text.length) parts.push(constant(text.slice(end)));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return () => {
    let value = '';
    for (const part of parts) value += part();
    return value;
  };
}

const constant = (text: string) => () => text;

function fromEnvironment(reference: string, { readEnv }: ReferenceSources): () => string {
  const [name, fallback] = nameAndDefault(reference);
  return () => {
    const value = readEnv(name) ?? fallback;
    if (value === undefined) throw new SecretReferenceError(`the environment variable ${name} is not set`);
    return value;
  };
}

/** `${env:NAME:-default}` as in a shell; only settings that are not secret use the default. */
function nameAndDefault(reference: string): readonly [name: string, fallback: string | undefined] {
  const [name = '', fallback] = reference.split(':-', 2);
  return [name, fallback];
}

function fromFile(path: string): () => string {
  let value = '';
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - readAt < FILE_TTL_MS) return value;
    try {
      value = readFileSync(path, 'utf8').trimEnd();
    } catch {
      throw new SecretReferenceError(`the file ${path} cannot be read`);
    }
    readAt = now;
    return value;
  };
}

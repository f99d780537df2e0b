// Mistakes in the values of a manifest that its schema does not find: malformed references, and a base URL that no call can use.

import type { ValueFault } from './yaml-file.ts';
import { brokenReference, meantReference } from './yaml-hints.ts';
import type { YamlPath } from './yaml-places.ts';

export function manifestFaults(value: unknown): readonly ValueFault[] {
  const broken = textsIn(value).flatMap(([path, text]) => referenceFault(path, text) ?? []);
  const base = broken.some(({ path }) => path.join('.') === 'source.baseUrl')
    ? undefined
    : baseUrlFault(value);
  return base === undefined ? broken : [...broken, base];
}

function textsIn(value: unknown, path: YamlPath = []): (readonly [YamlPath, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

/** Elements of the SOAP header may be `${header:name}`, a header of the request. */
const isSoapHeader =
  ([first, second]: YamlPath) =>
  (part: string): boolean =>
    first === 'soap' && second === 'headers' && /^\$\{header:[^{}\s]+\}$/.test(part);

/** A text with a part that looks like a reference would be sent as it is. */
function referenceFault(path: YamlPath, text: string): ValueFault | undefined {
  const part =
    brokenReference(text, isSoapHeader(path)) ??
    (text.includes('${') || meantReference(text) === undefined ? undefined : text);
  if (part === undefined) return undefined;
  const kind = /^\$\{([A-Za-z]{1,12}):/.exec(part)?.[1];
  const meant = meantReference(part);
  return {
    path,
    message: 'The value looks like a reference, but does not have the form of one.',
    found:
      kind !== undefined && kind !== 'env' && kind !== 'file'
        ? `a reference of the kind "${kind}"`
        : 'a reference in another form',
    expected: '${env:NAME}, ${env:NAME:-default} or ${file:/path}',
    wayOut: meant === undefined ? 'Write the reference in one of these forms.' : `Write ${meant}.`,
  };
}

/** A base URL with its references replaced by their defaults; a reference without a default is checked where it has a value. */
function baseUrlFault(value: unknown): ValueFault | undefined {
  const text = (value as { source?: { baseUrl?: unknown } } | null)?.source?.baseUrl;
  if (typeof text !== 'string' || text === '') return undefined;
  const [whole, fallback] = /^\$\{(?:env|file):[^{}]*?(?::-([^{}]*))?\}/.exec(text) ?? [];
  if (whole !== undefined && fallback === undefined) return undefined;
  const url = text.replaceAll(/\$\{(?:env|file):[^{}]*?(?::-([^{}]*))?\}/g, (_, given = 'x') => given);
  if (isBaseUrl(url)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1];
  return {
    path: ['source', 'baseUrl'],
    ...NO_BASE_URL,
    // Another URL may contain a password.
    found:
      scheme === undefined || url.startsWith(`${scheme}:/`) === false
        ? 'a text that does not begin with http:// or https://'
        : `a URL that begins with ${url.slice(0, scheme.length + 3)}`,
  };
}

export const NO_BASE_URL = {
  message: 'The base URL of the source is not one that can be called.',
  expected: 'a URL with http or https and a host',
  wayOut: 'For example baseUrl: https://registry.example/v1.',
} as const;

/** Whether calls can be made below a URL. */
export const isBaseUrl = (url: string): boolean => /^https?:\/\/[^/\s]/i.test(url) && URL.canParse(url);

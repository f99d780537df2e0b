// Secrets that someone has written into a connector folder in plain: defaults of references, values beside secret names, user and
// password in URLs, keys in headers of the schema. Findings name the place and never the value.

import type { ConnectorSchema, HeaderRule, Text } from '../connect/read/model.ts';
import { placeOf } from '../connect/read/values.ts';
import { type Diagnostic, firstFindings } from '../diagnostic.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Names under which a secret stands; a name that ends with `Url`, `Name`, `At` or `Id` describes one. */
const SECRET_NAME =
  /(pass(word|wd|phrase|code)?|pwd|secret|token|api[-_]?key|secret[-_]?key|access[-_]?key|private[-_]?key|auth[-_]?key|client[-_]?key|subscription[-_]?key|credential|authorization|cookie|mat[-_]?khau)$/i;

/** Forms that only secrets have. */
const SECRET_FORM =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{8,1000}\.[\w-]{8}|\b(sk|rk)_(live|test)_\w{8,}|\bgh[pousr]_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abprs]-[\w-]{10,}/;

/** User and password, or a user alone, before the host. */
const USER_INFO = /:\/\/[^\s/?#@]+@/;

const REFERENCE = /\$\{(?:env|file|header):([^{}]+)\}/g;

/** Default of `${env:NAME:-default}`. */
const defaultsOf = (text: string): string[] =>
  [...text.matchAll(REFERENCE)].flatMap(([, inner = '']) => {
    const at = inner.indexOf(':-');
    return at === -1 || at + 2 === inner.length ? [] : [inner.slice(at + 2)];
  });

/** What is written beside the references: a scheme before a value is no part of the secret. */
const literalOf = (text: string): string =>
  text.replace(REFERENCE, '').replace(/^\s*([A-Za-z][\w.-]{0,20}(\s+|:\s*|=))?$/, '');

/** Keys of a manifest whose values are references to secrets, whatever their name is. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  ...['password', 'secret', 'token', 'clientSecret', 'key', 'passphrase', 'apiKey', 'value'],
]);

const SECRET_SECTIONS: ReadonlySet<string> = new Set(['credentials', 'signing', 'messageSignature', 'tls']);

export function clearTextSecrets(
  manifest: Manifest,
  schema: ConnectorSchema,
  file: string,
): readonly Diagnostic[] {
  return [
    ...firstFindings(file, inManifest(manifest, file)),
    ...firstFindings(schema.file, inSchema(schema)),
  ];
}

// —— the manifest ——

function inManifest(manifest: Manifest, file: string): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const report = (path: readonly string[], fault: Fault): void => {
    findings.push({ code: 'SecretInClearText', file, coordinate: path.join('.'), concealed: true, ...fault });
  };
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string') {
      const fault = faultOf(value, path);
      if (fault !== undefined) report(path, fault);
    } else if (typeof value === 'number' && isSecretPlace(path) && !SECRET_SECTIONS.has(path[0] ?? '')) {
      report(path, IN_PLAIN);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    }
  };
  visit(manifest, []);
  manifest.env.forEach((name, index) => {
    if (!SECRET_NAME.test(name)) return;
    findings.push({
      code: 'SecretInEnv',
      severity: 'warning',
      file,
      coordinate: `env.${index}`,
      message:
        'Mappings read the variable as a value that is not a secret: it may appear in keys of caches and in `connector run`.',
      found: name,
      expected: 'a variable without a secret',
      wayOut: 'Use `credentials`, which mask their values, and remove the variable here.',
    });
  });
  return findings;
}

type Fault = Pick<Diagnostic, 'message' | 'found' | 'expected' | 'wayOut'>;

const IN_PLAIN: Fault = {
  message: 'A secret stands in the manifest in plain.',
  found: 'a value that is not shown',
  expected: 'a reference: ${env:NAME} or ${file:/path}',
  wayOut:
    'Move the value out of the manifest, refer to it, and replace the secret: everybody who can read the folder knows it.',
};

const IN_CONFIG: Fault = {
  ...IN_PLAIN,
  expected: 'settings that are no secrets',
  wayOut: 'Remove the setting, use `credentials` with a reference, and replace the secret.',
};

const IN_DEFAULT: Fault = {
  ...IN_PLAIN,
  message: 'The default of a reference to a secret is a secret in plain.',
  found: 'a default that is not shown',
  expected: 'a reference without a default: ${env:NAME}',
  wayOut: 'Remove the default. Where the variable is missing, the connector reports it.',
};

const IN_URL: Fault = {
  message: 'A URL contains a user or a password.',
  found: 'text before @ that is not shown',
  expected: 'a URL without user and password',
  wayOut: 'Remove it from the URL and use `credentials: { type: basic }` with references.',
};

function faultOf(text: string, path: readonly string[]): Fault | undefined {
  if (USER_INFO.test(text)) return IN_URL;
  if (SECRET_FORM.test(text)) return path[0] === 'config' ? IN_CONFIG : IN_PLAIN;
  if (!isSecretPlace(path)) return undefined;
  if (defaultsOf(text).length > 0) return IN_DEFAULT;
  if (path[0] === 'config') return text === '' ? undefined : IN_CONFIG;
  return literalOf(text) === '' ? undefined : IN_PLAIN;
}

/** Does the value at this place of a manifest stand for a secret? */
function isSecretPlace(path: readonly string[]): boolean {
  const [section = '', second = ''] = path;
  const name = path.at(-1) ?? '';
  if (section === 'config' || (section === 'soap' && second === 'headers'))
    return path.slice(1).some((key) => SECRET_NAME.test(key));
  if (!SECRET_SECTIONS.has(section)) return false;
  if (['body', 'fields', 'headers'].includes(second)) return path.length > 2 && SECRET_NAME.test(name);
  if (second === 'value' || second === 'token' || second === 'key') return path.length === 2;
  return path.length === 2 && SECRET_KEYS.has(name);
}

// —— the schema ——

function inSchema(schema: ConnectorSchema): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const report = (text: Text | HeaderRule, coordinate: string, what: string, wayOut: string): void => {
    findings.push({
      code: 'SecretInClearText',
      file: schema.file,
      ...placeOf(text.node as never),
      coordinate,
      concealed: true,
      message: `A secret stands in the schema in plain: ${what}.`,
      found: 'a value that is not shown',
      expected: '`credentials` in connector.yaml with a reference',
      wayOut,
    });
  };
  const remove = 'Remove it from the schema, use `credentials` with a reference, and replace the secret.';
  const urls = [
    ...schema.sources.map(({ baseURL, name }) => [baseURL, `@source(name: "${name}")`] as const),
    ...schema.connects.flatMap(({ url, coordinate }) =>
      url === undefined ? [] : [[url, coordinate] as const],
    ),
  ];
  for (const [text, coordinate] of urls) {
    if (USER_INFO.test(text.value)) report(text, coordinate, 'user or password in a URL', remove);
    else {
      const query = text.value.slice(text.value.indexOf('?') + 1 || text.value.length);
      const pairs = query.split('&').map((pair) => pair.split('=', 2));
      if (pairs.some(([name = '', value = '']) => SECRET_NAME.test(name.trim()) && isLiteral(value)))
        report(text, coordinate, 'a key in the query of a URL', remove);
    }
  }
  const parts = [
    ...schema.sources.map((source) => ({
      ...source,
      coordinate: `@source(name: "${source.name}")`,
      body: undefined,
    })),
    ...schema.connects,
  ];
  for (const { headers, coordinate, body, queryParams, path } of parts) {
    for (const rule of headers) {
      const value = rule.value?.value;
      if (value === undefined) continue;
      const isSecret = SECRET_NAME.test(rule.name) && isLiteral(value.replace(/^\s*\w+\s+(?=\S)/, ''));
      if (isSecret || SECRET_FORM.test(value)) report(rule, coordinate, `the header ${rule.name}`, remove);
    }
    for (const text of [body, queryParams, path]) {
      if (text !== undefined && (PLAIN_IN_MAPPING.test(text.value) || SECRET_FORM.test(text.value)))
        report(text, coordinate, 'a constant beside a name such as password', remove);
    }
  }
  return findings;
}

/** A text without an expression. */
const isLiteral = (value: string): boolean => value.trim() !== '' && !value.includes('{');

/** `password: "…"` and `password: $("…")`. */
const PLAIN_IN_MAPPING =
  /\b(pass(word|wd|phrase)?|pwd|client_?secret|secret|api_?key|access_?key|private_?key|token|mat_?khau)"?\s*:\s*(\$\(\s*)?["'][^"'{}\s][^"']*["']/i;

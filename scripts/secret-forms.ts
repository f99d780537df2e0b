// The forms of secrets that `secret-scan.ts` looks for in the files of the repository. Finds kinds and lines, and never returns a value.

export type SecretKind =
  | 'private-key'
  | 'token'
  | 'jwt'
  | 'url-password'
  | 'assigned-secret'
  | 'bearer-token';

export interface Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: SecretKind;
}

export const KINDS: Readonly<Record<SecretKind, { readonly found: string; readonly wayOut: string }>> = {
  'private-key': {
    found: 'a private key in PEM',
    wayOut: 'Keep the key outside the repository and refer to it by ${file:/run/secrets/…}.',
  },
  token: {
    found: 'a token of a known service',
    wayOut: 'Revoke the token at that service, and refer to a new one by ${env:NAME}.',
  },
  jwt: {
    found: 'a JSON Web Token',
    wayOut:
      'Revoke it where it was issued. Tests sign their tokens while they run: test/request/identity/an-issuer.ts.',
  },
  'url-password': {
    found: 'a URL with a name and a password before the host',
    wayOut: 'Refer to the whole URL by ${env:NAME}, or write "password" as its password in an example.',
  },
  'assigned-secret': {
    found: 'a random text as the value of a secret',
    wayOut:
      'Refer to it by ${env:NAME} or ${file:/path}. In an example write words, e.g. a-secret-of-the-tests.',
  },
  'bearer-token': {
    found: 'an Authorization value with a random text',
    wayOut:
      'Read the token from the environment. In an example write words, e.g. Bearer a-token-of-the-tests.',
  },
};

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----\s*\\?n?\s*[A-Za-z0-9+/=]{16}/g;
const TOKEN =
  /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_\w{22,}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{36}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|xox[abeoprs]-[\w-]{10,}|[rs]k_live_[A-Za-z0-9]{16,}|SG\.[\w-]{22}\.[\w-]{43})/g;
const JWT = /\beyJ[\w-]{10,}\.(?:eyJ[\w-]{2,}|[\w-]{40,})\.[\w-]*/g;
const URL_PASSWORD =
  /[a-z][a-z0-9+-]{1,20}:\/\/[^\s/@:"'`<>${}()[\]\\]{1,100}:([^\s/@"'`<>()[\]\\]{1,200})@/gi;
const ASSIGNED =
  /(?:password|passwd|passphrase|secret|token|credentials?|(?:api|private|signing|access|audit|encryption)[-_]?key)["']?[ \t]{0,3}[:=][ \t]{0,3}(["'`]?)([^\s"'`,;{}()<>]{12,500})\1/gi;
/** In files of settings any text counts that is no reference and no placeholder. */
const SET =
  /^[ \t-]*["']?[\w.-]*(?:password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key)["']?[ \t]{0,3}[:=][ \t]{0,3}["']?([^\s"'#${}[\]]{6,500})["']?[ \t]*$/gim;
const BEARER = /\b(?:Bearer|Basic) ([\w.~+/=-]{16,500})/g;

/** Words that examples have in place of a password. */
const PLACEHOLDER = /^(?:password|passwort|secret|pass|pw|p|\*+|x+|…|\.{3}|changeme|\$\{.*|\$\w+|%s)$/i;

/** Bits per character, by how often each occurs. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Words in `kebab-case`, `snake_case`, `camelCase` and dotted paths. */
const WORDS =
  /^(?:[a-z]+|[A-Z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,4}|\d{1,4})(?:[-_./:]+(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,4}|[A-Z]+|\d{1,4}))*$/;

/** Whether a text is made by chance and not of words: digits among letters, or capitals among small letters, all mixed. */
function isRandom(text: string): boolean {
  if (text.length < 12 || text.includes('${') || WORDS.test(text)) return false;
  if (!/^[\w.~+/=:!@#$%^&*-]+$/.test(text) || !/\d/.test(text) || !/[a-z]/i.test(text)) return false;
  const isHex = /^[0-9a-f-]+$/i.test(text);
  return isHex ? text.length >= 24 && entropyOf(text) >= 2.8 : entropyOf(text) >= 3.3;
}

interface Rule {
  readonly kind: SecretKind;
  readonly form: RegExp;
  readonly isSecret?: (match: RegExpExecArray, file: string) => boolean;
  /** Files to look in. Default: all. */
  readonly files?: RegExp;
}

const CODE = /\.(?:[cm]?[jt]sx?|graphql)$/;

const RULES: readonly Rule[] = [
  { kind: 'private-key', form: PRIVATE_KEY },
  { kind: 'token', form: TOKEN },
  { kind: 'jwt', form: JWT },
  { kind: 'url-password', form: URL_PASSWORD, isSecret: ([, password = '']) => !PLACEHOLDER.test(password) },
  {
    kind: 'assigned-secret',
    form: ASSIGNED,
    // Without quotes code has an expression.
    isSecret: ([, quote = '', value = ''], file) => (quote !== '' || !CODE.test(file)) && isRandom(value),
    files: /\.(?:ya?ml|json|jsonc|[cm]?[jt]sx?|md|env|ini|toml|sh|graphql)$|(?:^|\/)\.env/,
  },
  {
    kind: 'assigned-secret',
    form: SET,
    isSecret: ([, value = '']) => !PLACEHOLDER.test(value) && !isRandom(value),
    files: /\.(?:ya?ml|env|ini|toml)$|(?:^|\/)\.env/,
  },
  { kind: 'bearer-token', form: BEARER, isSecret: ([, value = '']) => isRandom(value) },
];

/** The secrets of one file, in the order of its lines. */
export function findSecrets(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  for (const { kind, form, isSecret, files } of RULES) {
    if (files?.test(file) === false) continue;
    form.lastIndex = 0;
    for (let match = form.exec(text); match !== null; match = form.exec(text)) {
      if (isSecret?.(match, file) ?? true) findings.push({ file, line: lineAt(text, match.index), kind });
    }
  }
  return findings.sort((a, b) => a.line - b.line);
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

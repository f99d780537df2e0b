// Reads header and claims of a JWT before anything is verified. Guarantees bounded input, plain JSON objects, and no member that
// occurs twice: two readers of one token must not see different values.

import { refused } from './refusals.ts';

/** Longest token, characters. Tokens of people with many claims have about 3,000. */
export const MAX_TOKEN = 8_192;

export type Members = Readonly<Record<string, unknown>>;

export interface TokenParts {
  readonly header: Members;
  readonly claims: Members;
}

const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** A text with another form is an opaque token. */
export const isJwt = (token: string): boolean => JWT.test(token);

/** `b64token` of RFC 6750. */
const OPAQUE = /^[A-Za-z0-9._~+/-]+=*$/;
const PADDED_JWT = /^[^.]*\.[^.]*\.[^.]*=$/;

/** Can an issuer have given this token? Not one with the parts of a JWT and the `=` that a JWT never has. */
export const canBeOpaque = (token: string): boolean => OPAQUE.test(token) && !PADDED_JWT.test(token);

/** @throws GatewayError UNAUTHENTICATED */
export function readParts(token: string): TokenParts {
  const [header = '', claims = ''] = token.split('.', 2);
  return { header: membersOf(header), claims: membersOf(claims) };
}

function membersOf(part: string): Members {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, 'base64url'));
  } catch {
    throw refused('MALFORMED');
  }
  const value = parseObject(text);
  if (value === undefined) throw refused('MALFORMED');
  return value;
}

/** The object that a JSON text holds; `undefined` for anything else, and where an object in it repeats a member. */
export function parseObject(text: string): Members | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMembers(value)) return undefined;
  // Outside of strings, each colon belongs to one member; the parser keeps the last of equal members.
  const written = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  return written === countMembers(value) ? value : undefined;
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const held = Object.values(value);
  let count = Array.isArray(value) ? 0 : held.length;
  for (const one of held) count += countMembers(one);
  return count;
}

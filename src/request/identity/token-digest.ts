// The digest under which a token is remembered: a dump of memory or a log of keys shows no token.

import { hash } from 'node:crypto';

/** SHA-256, base64url: 43 characters for any text. */
export const digestOf = (token: string): string => hash('sha256', token, 'base64url');

// How a source may want to know who calls: one shape per scheme, as a manifest has settled it. Part of the spec that
// `contract.ts` puts together; `credentials/` has a file for each.

import type { Secret } from './secret.ts';

/** No credentials are sent. */
export interface NoCredentials {
  readonly type: 'none';
}

export interface BasicCredentials {
  readonly type: 'basic';
  readonly user: Secret;
  readonly password: Secret;
}

/** A static secret in a named header, e.g. an API key. */
export interface HeaderCredentials {
  readonly type: 'header';
  /** Any case; sent in lower case. */
  readonly name: string;
  readonly value: Secret;
}

export interface BearerCredentials {
  readonly type: 'bearer';
  readonly token: Secret;
}

/** A static secret in the query, e.g. an API key. The URL then is a secret too, and is never logged. */
export interface QueryCredentials {
  readonly type: 'query';
  readonly name: string;
  readonly value: Secret;
}

/** A header with the base64 of a JSON object of secrets (LGSP: `lgspaccesstoken` of AccessKey, SecretKey, AppName, …). */
export interface JsonHeaderCredentials {
  readonly type: 'jsonHeader';
  readonly name: string;
  /** In this order. */
  readonly fields: Readonly<Record<string, Secret>>;
}

/** OAuth2 client credentials, WSO2 style: Basic of `clientId:clientSecret` and a form body. */
export interface OAuth2ClientCredentials {
  readonly type: 'oauth2ClientCredentials';
  /** Absolute URL of the token endpoint; its host must be in `hosts`. */
  readonly url: string;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  readonly scope?: string | undefined;
  /** Header that carries the token. Default `authorization` with `Bearer `; any other header carries the bare token. */
  readonly header?: string | undefined;
  /** Limit of the token request itself, in ms. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** How long before its expiry a token is refreshed, in ms. Default 30000, and at most a fifth of the token's life. */
  readonly refreshBeforeMs?: number | undefined;
}

/** A JSON login whose answer holds a session token. */
export interface LoginCredentials {
  readonly type: 'login';
  /** Absolute URL of the login endpoint; its host must be in `hosts`. */
  readonly url: string;
  /** The JSON body: names and secret values. */
  readonly body: Readonly<Record<string, Secret>>;
  /** Dotted path of the token in the answer. */
  readonly tokenAt: string;
  /** Headers of the login request, e.g. `dstcode`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Header that carries the bare token. */
  readonly header?: string | undefined;
  /** Top-level field of the body that carries it, e.g. `session`. */
  readonly bodyField?: string | undefined;
  /** Query parameters and the dotted paths of their values in the login's answer. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Life of a token in ms when the source does not say. Default: until a 401. */
  readonly expiresInMs?: number | undefined;
  /** Limit of the login request itself, in ms. Default 5000. */
  readonly timeoutMs?: number | undefined;
}

export type TimestampFormat = 'epochMs' | 'epochSeconds' | 'yyyyMMddHHmmss';

/** NDXP's scheme for the population SOAP service: Basic of `user:SHA256hex(serviceUrl + user + timestamp + secret)`. */
export interface TimestampedBasicCredentials {
  readonly type: 'timestampedBasic';
  readonly user: Secret;
  readonly secret: Secret;
  readonly apiKey?: Secret | undefined;
  /** The URL that is hashed. Default: the request's own, without its query. */
  readonly serviceUrl?: string | undefined;
  /** Default `epochMs`; `yyyyMMddHHmmss` is Vietnam time. */
  readonly timestampFormat?: TimestampFormat | undefined;
}

/** Keys and passwords are agreed for a time. */
export interface Validity {
  /** Epoch ms. For operators; nothing is refused by it. */
  readonly validUntil?: number | undefined;
}

export type Credentials = Validity & CredentialKind;

export type CredentialKind =
  | NoCredentials
  | BasicCredentials
  | BearerCredentials
  | HeaderCredentials
  | QueryCredentials
  | JsonHeaderCredentials
  | OAuth2ClientCredentials
  | LoginCredentials
  | TimestampedBasicCredentials;

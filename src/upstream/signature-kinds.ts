// How a request may be signed: one shape per scheme, as a manifest has settled it. Part of the spec that `contract.ts`
// puts together; `signing/` has a file for each.

import type { Secret } from './secret.ts';

/** `HEX` is upper-case hex. */
export type SignatureEncoding = 'hex' | 'HEX' | 'base64';

interface SignaturePlace {
  /** Name of the top-level body field, the header or the query parameter that receives the signature. */
  readonly into: string;
  /** Default `body`. */
  readonly place?: 'body' | 'header' | 'query' | undefined;
  /** Default `hex`; of an RSA signature `base64`. */
  readonly encoding?: SignatureEncoding | undefined;
}

export interface JoinedFields {
  /** Dotted paths in the body (without a body: names in the query), in the order of the text. A missing or null field is empty. */
  readonly fields: readonly string[];
  readonly separator: string;
  /** Text before the first field, without a separator. */
  readonly prefix?: string | undefined;
}

/** A plain digest over joined fields and the secret (national payment platform 1.0.6). */
export interface JoinedDigestSigning extends SignaturePlace, JoinedFields {
  readonly type: 'joinedDigest';
  readonly algorithm: 'sha256' | 'sha512' | 'sha1' | 'md5';
  readonly secret: Secret;
  /** Default `last`. */
  readonly secretAt?: 'first' | 'last' | undefined;
}

/** An HMAC over joined fields, the secret as key (KeyPay, VNPay querydr, ViettelPay). */
export interface JoinedHmacSigning extends SignaturePlace, JoinedFields {
  readonly type: 'joinedHmac';
  readonly algorithm: 'sha256' | 'sha512' | 'sha1';
  readonly secret: Secret;
}

/** An HMAC over all values as a form sorted by name, without empty ones (VNPay 2.1.0). */
export interface SortedHmacSigning extends SignaturePlace {
  readonly type: 'sortedHmac';
  readonly algorithm: 'sha256' | 'sha512' | 'sha1';
  readonly secret: Secret;
  /** Further names that are not signed, e.g. `vnp_SecureHashType`. */
  readonly leaveOut?: readonly string[] | undefined;
}

/** RSA PKCS#1 v1.5 with SHA-256 over joined fields (MyVNPost). Keys in PEM form. */
export interface RsaSigning extends SignaturePlace, JoinedFields {
  readonly type: 'rsaSha256';
  /** To sign. */
  readonly privateKey?: Secret | undefined;
  /** To verify. */
  readonly publicKey?: Secret | undefined;
}

export type Signing = JoinedDigestSigning | JoinedHmacSigning | SortedHmacSigning | RsaSigning;

/** HTTP Message Signatures (RFC 9421) of every request. */
export interface MessageSignature {
  readonly algorithm: 'ed25519' | 'rsa-pss-sha512' | 'hmac-sha256';
  readonly keyId: string;
  /** A private key in PEM form; for `hmac-sha256` the shared key's bytes as base64. */
  readonly key: Secret;
  /** Header names and `@method`, `@target-uri`, `@request-target`, `@authority`, `@scheme`, `@path`, `@query`, in this order.
   * `content-digest` and `date` are made when they are covered. */
  readonly components: readonly string[];
  /** Name of the signature in its headers. Default `sig1`. */
  readonly label?: string | undefined;
  /** Is `alg` among the parameters? Default true. */
  readonly nameAlgorithm?: boolean | undefined;
}

// A signature over parts of a request: method, host, path, query, headers, time, nonce, body. `upstream.ts` calls `begin` before the
// body is encoded and `seal` when everything that is covered is what will be sent, once per attempt.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import type { ReferenceSources } from '../../references.ts';
import type { UpstreamRequest } from '../contract.ts';
import { compilePath } from '../read-path.ts';
import { settle } from '../secret.ts';
import { compileByteSeal } from './algorithms.ts';
import { type DeclaredRequestParts, requestPartsSchema } from './request-parts-keys.ts';
import { sortedQuery } from './sorted-query.ts';
import { formatTimestamp } from './timestamps.ts';

/** What an attempt sends, as far as it is known when the signature is made. */
export interface MessageParts {
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names; each character of a value is a byte. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's value. */
  readonly body: unknown;
  /** The encoded body; `undefined` without a body, and for a signature that goes into the body. */
  readonly payload: string | Uint8Array | undefined;
}

/** The request of an attempt with its time and nonce. */
export interface BegunRequest {
  readonly request: UpstreamRequest;
  readonly timestamp: string;
  readonly nonce: string;
}

export interface RequestSigner {
  readonly place: 'header' | 'query' | 'body';
  /** Creates time and nonce of an attempt, and writes them where they are declared. */
  begin(request: UpstreamRequest, nowMs: number): BegunRequest;
  /** The digest of the body, where a header carries it; called before `seal`. */
  digestHeaders(payload: MessageParts['payload']): Readonly<Record<string, string>> | undefined;
  /**
   * The value for `into`.
   * @throws GatewayError UPSTREAM_UNAUTHORIZED when the key cannot be used; INTERNAL_SERVER_ERROR when a covered header is not there;
   * BAD_USER_INPUT when a covered field contains the text between the parts
   */
  seal(begun: BegunRequest, message: MessageParts): string;
  /** Name of the header (lower case), query parameter or field that receives the signature. */
  readonly into: string;
}

/** Text as bytes: each character of the result is one byte. */
type Binary = string;

type PartReader = (message: MessageParts, begun: BegunRequest) => Binary;

export function createRequestSigner(
  declared: DeclaredRequestParts,
  references: ReferenceSources,
): RequestSigner {
  const settings = settle(requestPartsSchema, declared, references);
  const { timestamp, nonce, digest, place, encoding } = settings;
  const seal = compileByteSeal({
    algorithm: settings.algorithm,
    key: settings.key,
    keyForm: settings.keyForm ?? 'text',
    ecdsaForm: settings.ecdsaForm ?? 'der',
    name: 'signing.key',
  });
  const digestOf = (payload: MessageParts['payload']): string =>
    encode(
      createHash(digest.algorithm)
        .update(payload ?? '')
        .digest(),
      digest.encoding,
    );
  const join = binary(settings.join);
  const readers = settings.over.map((part) => readerOf(part as Part, settings.join, digestOf));
  const digestHeader = digest.into?.toLowerCase();

  return {
    place,
    into: place === 'header' ? settings.into.toLowerCase() : settings.into,

    begin: (request, nowMs) => {
      const time = timestamp === undefined ? '' : formatTimestamp(nowMs, timestamp.format);
      const once = nonce === undefined ? '' : newNonce(nonce.format);
      let marked = request;
      if (timestamp?.into !== undefined) marked = withValue(marked, timestamp.into, timestamp.place, time);
      if (nonce?.into !== undefined) marked = withValue(marked, nonce.into, nonce.place, once);
      return { request: marked, timestamp: time, nonce: once };
    },

    digestHeaders: (payload) =>
      digestHeader === undefined ? undefined : { [digestHeader]: digest.prefix + digestOf(payload) },

    seal: (begun, message) => {
      let base = '';
      for (let i = 0; i < readers.length; i++) {
        if (i > 0) base += join;
        base += (readers[i] as PartReader)(message, begun);
      }
      const signature = encode(seal(Buffer.from(base, 'latin1')), encoding);
      return settings
        .value()
        .replace(/\{(signature|timestamp|nonce)\}/g, (_, name: 'signature' | 'timestamp' | 'nonce') =>
          name === 'signature' ? signature : begun[name],
        );
    },
  };
}

type Part =
  | 'method'
  | 'host'
  | 'path'
  | 'query'
  | 'sortedQuery'
  | 'timestamp'
  | 'nonce'
  | 'body'
  | 'bodyDigest'
  | { readonly header: string; readonly prefix: string; readonly optional: boolean }
  | { readonly field: string }
  | { readonly text: () => string };

function readerOf(
  part: Part,
  separator: string,
  digestOf: (payload: MessageParts['payload']) => string,
): PartReader {
  if (typeof part === 'object') {
    if ('header' in part) return headerReader(part);
    if ('field' in part) return fieldReader(part.field, separator);
    return () => binary(part.text());
  }
  switch (part) {
    case 'method':
      return ({ method }) => method.toUpperCase();
    case 'host':
      return ({ origin }) => new URL(origin).host;
    case 'path':
      return ({ path }) => pathOf(path);
    case 'query':
      return ({ path }) => queryOf(path);
    case 'sortedQuery':
      return ({ path }) => sortedQuery(queryOf(path));
    case 'timestamp':
      return (_, begun) => begun.timestamp;
    case 'nonce':
      return (_, begun) => begun.nonce;
    case 'body':
      return ({ payload }) =>
        payload === undefined
          ? ''
          : typeof payload === 'string'
            ? binary(payload)
            : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1');
    case 'bodyDigest':
      return ({ payload }) => digestOf(payload);
  }
}

function headerReader({ header, prefix, optional }: Extract<Part, { header: string }>): PartReader {
  const name = header.toLowerCase();
  const before = binary(prefix);
  return ({ headers, origin, payload }) => {
    const value =
      headers[name] ??
      (name === 'host'
        ? new URL(origin).host
        : name === 'content-length' && payload !== undefined
          ? String(Buffer.byteLength(payload))
          : undefined);
    if (value !== undefined) return before + value.trim();
    if (optional) return before;
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `the signature covers the header "${name}", which this request does not have; take it out of signing.over, or mark it \`optional: true\``,
    });
  };
}

/** @throws GatewayError BAD_USER_INPUT when the field contains the separator: the signature would fit another message, too */
function fieldReader(field: string, separator: string): PartReader {
  const read = compilePath(field);
  return ({ body }) => {
    const value = read(body);
    if (value === undefined || value === null) return '';
    if (isComposite(value)) {
      throw new GatewayError('INTERNAL_SERVER_ERROR', {
        detail: `signed field ${field} must be text, a number or a boolean; found an object; sign its parts by dotted paths`,
      });
    }
    const text = String(value);
    if (separator !== '' && text.includes(separator)) {
      throw new GatewayError('BAD_USER_INPUT', {
        detail: `signed field ${field} contains the text of signing.join, which would shift the parts after it; send it without`,
        reason: {
          vi: `${field} chứa ký tự không được phép.`,
          en: `${field} contains a character that is not allowed there.`,
        },
      });
    }
    return binary(text);
  };
}

/** Also matches control characters, which are rare. */
const MAYBE_BEYOND_ASCII = /[^\t\n\r -~]/;

const binary = (text: string): Binary =>
  MAYBE_BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;

function pathOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

function queryOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? '' : path.slice(query + 1);
}

function newNonce(format: 'uuid' | 'hex' | 'base64'): string {
  return format === 'uuid' ? randomUUID() : randomBytes(16).toString(format);
}

function encode(bytes: Buffer, encoding: 'hex' | 'HEX' | 'base64' | 'base64url'): string {
  return encoding === 'HEX' ? bytes.toString('hex').toUpperCase() : bytes.toString(encoding);
}

/** A copy of the request with a value in a header, the query or at the top level of the body. */
function withValue(
  request: UpstreamRequest,
  name: string,
  place: RequestSigner['place'],
  value: string,
): UpstreamRequest {
  if (place === 'header') return { ...request, headers: { ...request.headers, [name.toLowerCase()]: value } };
  if (place === 'query') return { ...request, path: withParameter(request.path, name, value) };
  return { ...request, body: withField(request.body, name, value) };
}

export function withParameter(path: string, name: string, value: string): string {
  const mark = path.includes('?') ? '&' : '?';
  return `${path}${mark}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

/** @throws GatewayError INTERNAL_SERVER_ERROR when the body is not an object */
export function withField(body: unknown, name: string, value: string): Record<string, unknown> {
  if (body === undefined) return { [name]: value };
  if (isComposite(body) && !Array.isArray(body)) return { ...(body as object), [name]: value };
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: `signing writes "${name}" into the body, which must be an object; found ${body === null ? 'null' : Array.isArray(body) ? 'a list' : typeof body}`,
  });
}

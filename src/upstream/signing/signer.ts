// Step "sign" of an attempt: adds a signature over values of the request to its body, header or query, before encoding. The same
// declaration verifies a signed message that arrives (a callback).
import { GatewayError } from '../../errors.ts';
import type { ReferenceSources } from '../../references.ts';
import type { UpstreamRequest } from '../contract.ts';
import { compilePath } from '../read-path.ts';
import { compileSignature, type DeclaredValueSigning } from './kinds.ts';

export interface Signer {
  /**
   * @returns a copy of the request with its signature. It covers the values of the body or, without a body, those of the query.
   * @throws GatewayError BAD_USER_INPUT when a field contains the separator: the signature would cover another message.
   */
  apply(request: UpstreamRequest): UpstreamRequest;
  /** A copy of the body with the signature in it. @throws GatewayError as `apply` */
  sign(body: unknown): unknown;
  /**
   * Compares the signature with the values in constant time.
   * @param signature default: the one in the body
   */
  verify(body: unknown, signature?: string): boolean;
}

export function createSigner(declared: DeclaredValueSigning, references: ReferenceSources): Signer {
  const { into, place } = declared;
  const { textOf, seal } = compileSignature(declared, references);
  const readSignature = compilePath(into);
  const header = into.toLowerCase();

  const sign = (body: unknown): Record<string, unknown> => {
    const values = valuesOf(body);
    return { ...values, [into]: seal.make(textOf(values)) };
  };

  return {
    sign,
    apply: (request) => {
      if (place === 'body') return { ...request, body: sign(request.body) };
      const signature = seal.make(textOf(valuesOf(request.body ?? queryOf(request.path))));
      if (place === 'header') {
        return { ...request, headers: { ...request.headers, [header]: signature } };
      }
      const mark = request.path.includes('?') ? '&' : '?';
      const path = `${request.path}${mark}${encodeURIComponent(into)}=${encodeURIComponent(signature)}`;
      return { ...request, path };
    },
    verify: (body, signature) => {
      const found = signature ?? readSignature(body);
      if (typeof found !== 'string') return false;
      let text: string;
      try {
        text = textOf(valuesOf(body));
      } catch (error) {
        // A separator inside a field, or no fields: these are not the values that were signed.
        if (error instanceof GatewayError) return false;
        throw error;
      }
      return seal.fits(text, found);
    },
  };
}

function valuesOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: `signing needs a body that is an object; found ${body === null ? 'null' : Array.isArray(body) ? 'a list' : typeof body}`,
  });
}

function queryOf(path: string): Record<string, string> {
  const query = path.indexOf('?');
  return query < 0 ? {} : Object.fromEntries(new URLSearchParams(path.slice(query + 1)));
}

// Step "sign" of an attempt: a signature over values of the request, put where the source looks for it. `upstream.ts` applies it
// before encoding; whoever receives a signed message (a callback) verifies with the same declaration.
// A declaration is a text (`joined-fields.ts`, `sorted-form.ts`) and a seal over it (`seal.ts`).
import { GatewayError } from '../../errors.ts';
import type { Signing, UpstreamRequest } from '../contract.ts';
import { compilePath } from '../read-path.ts';
import { compileJoinedFields } from './joined-fields.ts';
import { createSeal } from './seal.ts';
import { compileSortedForm } from './sorted-form.ts';

export interface Signer {
  /**
   * The request with its signature in body, header or query; the given one is not changed. Signed are the values of the body, or,
   * without a body, those of the query.
   * @throws GatewayError BAD_USER_INPUT when a field holds the separator (it would shift the fields and sign another message).
   */
  apply(request: UpstreamRequest): UpstreamRequest;
  /** A copy of the body with the signature in it. @throws GatewayError as `apply` */
  sign(body: unknown): unknown;
  /**
   * Does the signature fit the values? Compared in constant time.
   * @param signature default: the one in the body
   */
  verify(body: unknown, signature?: string): boolean;
}

export function createSigner(signing: Signing): Signer {
  const { into, place = 'body' } = signing;
  const textOf = signing.type === 'sortedHmac' ? compileSortedForm(signing) : compileJoinedFields(signing);
  const seal = createSeal(signing);
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
        // A separator inside a field, or no fields at all: whatever was signed, it was not these values.
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

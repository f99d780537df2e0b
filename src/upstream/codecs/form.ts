// Form bodies: `application/x-www-form-urlencoded` with nested objects as `a[b]` and lists as `a[0]`.
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import { unsendable, wellFormed } from './unsendable.ts';

/**
 * Null and undefined fields are omitted.
 * @throws GatewayError INTERNAL_SERVER_ERROR when the body is not an object: a form has named fields. BAD_USER_INPUT for a text that UTF-8
 * cannot carry.
 */
export function encodeForm(body: unknown): string {
  if (!isComposite(body) || Array.isArray(body)) {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `a form body must be an object; found ${body === null ? 'null' : Array.isArray(body) ? 'a list' : typeof body}`,
    });
  }
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) append(form, name, value);
  return form.toString();
}

function append(form: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) value.forEach((item, i) => void append(form, `${name}[${i}]`, item));
  else if (isComposite(value)) {
    for (const [key, inner] of Object.entries(value)) {
      // Such a key, which may come from input, would become another field.
      if (/[[\]]/.test(key)) throw unsendable('a key below a field of a form contains a square bracket');
      append(form, `${name}[${key}]`, inner);
    }
  } else form.append(wellFormed(name), wellFormed(String(value)));
}

// The text of a signature over all values, sorted by name and written as a form. The signer compiles it once.
// Source: VNPay 2.1.0: without the signature's own fields and empty values, space as `+`.
import { GatewayError } from '../../errors.ts';
import type { SortedHmacSigning } from '../contract.ts';

/** @throws GatewayError INTERNAL_SERVER_ERROR for a value that is a list or an object: a form has none. */
export function compileSortedForm({
  into,
  leaveOut = [],
}: SortedHmacSigning): (values: Readonly<Record<string, unknown>>) => string {
  const out = new Set([into, ...leaveOut]);
  return (values) => {
    const form = new URLSearchParams();
    for (const name of Object.keys(values).sort()) {
      const value = values[name];
      if (out.has(name) || value === undefined || value === null || value === '') continue;
      if (typeof value === 'object') {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail: `signed value ${name} must be text, a number or a boolean; found an object or a list`,
        });
      }
      form.append(name, String(value));
    }
    return form.toString();
  };
}

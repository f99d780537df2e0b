// The text of a signature over fields in a declared order with a separator between them. The signer compiles it once.
// Sources: national payment platform 1.0.6 (MaXacThuc), KeyPay, VNPay's querydr, MyVNPost's webhook.
import { GatewayError } from '../../errors.ts';
import type { JoinedFields } from '../contract.ts';
import { compilePath } from '../read-path.ts';

/** Missing and null fields are the empty text. @throws GatewayError BAD_USER_INPUT when a field holds the separator. */
export function compileJoinedFields({
  fields,
  separator,
  prefix = '',
}: JoinedFields): (values: unknown) => string {
  const readers = fields.map(compilePath);
  return (values) => {
    let joined = prefix;
    for (let i = 0; i < readers.length; i++) {
      const field = fields[i] as string;
      const text = asText(readers[i]?.(values), field);
      if (separator !== '' && text.includes(separator)) throw separatorInside(field, separator);
      joined += i === 0 ? text : separator + text;
    }
    return joined;
  };
}

function asText(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `signed field ${field} must be text, a number or a boolean; found an object; sign its parts by dotted paths`,
    });
  }
  return String(value);
}

const separatorInside = (field: string, separator: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    detail: `signed field ${field} holds the separator "${separator}", which would shift the fields after it; send it without`,
    reason: `${field} must not contain "${separator}".`,
  });

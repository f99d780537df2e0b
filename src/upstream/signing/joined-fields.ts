// The text of a signature over fields in a declared order, with a separator between them.
// Sources: national payment platform 1.0.6 (MaXacThuc), KeyPay, VNPay's querydr, MyVNPost's webhook.
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import { about, text } from '../../manifest-keys.ts';
import { compilePath } from '../read-path.ts';

export const joinedFields = {
  fields: z
    .array(text)
    .min(1)
    .meta(
      about(
        'Dotted paths in the body, in the order of the text; without a body, names in the query. A missing or null field is empty.',
        ['merchantId', 'orderId', 'amount'],
      ),
    ),
  separator: z.string().meta(about('Text between the fields; no field may contain it.', '|')),
  prefix: z.string().default('').meta(about('Text before the first field, without a separator.', '')),
};

interface JoinedFields {
  readonly fields: readonly string[];
  readonly separator: string;
  readonly prefix: string;
}

/** @throws GatewayError BAD_USER_INPUT when a field contains the separator */
export function compileJoinedFields({
  fields,
  separator,
  prefix,
}: JoinedFields): (values: unknown) => string {
  const readers = fields.map(compilePath);
  return (values) => {
    let joined = prefix;
    for (let i = 0; i < readers.length; i++) {
      const field = fields[i] as string;
      const value = asText(readers[i]?.(values), field);
      if (separator !== '' && value.includes(separator)) throw separatorInside(field, separator);
      joined += i === 0 ? value : separator + value;
    }
    return joined;
  };
}

function asText(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (isComposite(value)) {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `signed field ${field} must be text, a number or a boolean; found an object; sign its parts by dotted paths`,
    });
  }
  return String(value);
}

const separatorInside = (field: string, separator: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    detail: `signed field ${field} contains the separator "${separator}", which would shift the fields after it; send it without`,
    reason: {
      vi: `${field} không được chứa "${separator}".`,
      en: `${field} must not contain "${separator}".`,
    },
  });

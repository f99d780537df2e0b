// The public error for a value that a request cannot hold. It names the argument, field or header that the value comes from,
// and never the value.

import { GatewayError, isGatewayError, type LocalizedText } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import type { VariableUse } from '../mapping/index.ts';
import type { Operation } from './operation.ts';
import type { TemplateValueError } from './template.ts';

/** BAD_USER_INPUT for a value of the caller or of a record; INTERNAL_SERVER_ERROR for one of the gateway's own settings. */
export function valueError(
  error: TemplateValueError,
  { connector, name }: Pick<Operation, 'connector' | 'name'>,
): GatewayError {
  const detail = `no request could be built: ${error.message}`;
  const origin = originOf(error.uses);
  if (origin === undefined) {
    return new GatewayError('INTERNAL_SERVER_ERROR', { detail, connector, operation: name });
  }
  const { expected } = error;
  const reason = {
    vi: `${origin.vi}: cần ${expected.vi}.`,
    en: `${origin.en}: expected ${expected.en}.`,
  };
  return new GatewayError('BAD_USER_INPUT', { detail, connector, operation: name, reason });
}

/**
 * The error of a call, with the argument that holds a character which the request could not carry, where there is one. Codecs
 * know the text only, not where it comes from.
 */
export function namingArgument(error: unknown, args: unknown): unknown {
  if (!isGatewayError(error) || error.code !== 'BAD_USER_INPUT') return error;
  const path = pathOfUnsendable(args, '');
  const { reason } = error;
  if (path === undefined || path === '' || reason?.en.startsWith('Argument ') === true) return error;
  return error.amend({
    reason: {
      vi: `Đối số "${path}": ${reason?.vi ?? 'có ký tự không gửi được.'}`,
      en: `Argument "${path}": ${reason?.en ?? 'a character cannot be sent.'}`,
    },
  });
}

/** The path of the first text with a character that some format forbids: a control, or half a surrogate pair. */
function pathOfUnsendable(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return UNSENDABLE.test(value) || !value.isWellFormed() ? path : undefined;
  if (!isComposite(value)) return undefined;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    const place = isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const found = pathOfUnsendable(item, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that XML 1.0 forbids
const UNSENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function originOf(uses: readonly VariableUse[]): LocalizedText | undefined {
  for (const { variables, vi, en } of ORIGINS) {
    const names = uses
      .filter(({ variable }) => variables.includes(variable))
      .map(({ path }) => `"${path.join('.')}"`);
    if (names.length > 0) return { vi: `${vi} ${names.join(', ')}`, en: `${en} ${names.join(', ')}` };
  }
  return undefined;
}

/** In order of precedence: where a value comes from an argument and a setting, the argument is the one that changed. */
const ORIGINS: readonly {
  readonly variables: readonly string[];
  readonly vi: string;
  readonly en: string;
}[] = [
  { variables: ['$args'], vi: 'Đối số', en: 'Argument' },
  { variables: ['$this', '$batch'], vi: 'Trường', en: 'Field' },
  { variables: ['$request'], vi: 'Yêu cầu', en: 'Request' },
];

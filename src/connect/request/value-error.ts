// The public error for a value that a request cannot hold. It names the argument, field or header that the value comes from,
// and never the value.

import { GatewayError, type LocalizedText } from '../../errors.ts';
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

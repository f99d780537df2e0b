// The texts of findings about variables: where a variable cannot be used, and what to use instead.

import {
  CODE_OF,
  type ParsedConnect,
  type ParsedMapping,
  type ParsedSource,
  type Role,
} from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import type { VariableRead } from './variable-uses.ts';

/** Variables that are known when a connector is registered. */
export const SETTING_VARIABLES = ['$config', '$env'];

/** Variables of an answer, besides its body. */
const ANSWER_VARIABLES: readonly string[] = ['$status', '$response'];

export interface VariableReporter {
  readonly misplaced: (read: VariableRead, usable: readonly string[]) => void;
  readonly at: (
    code: string,
    start: number,
    text: Omit<Parameters<Report>[0], 'code' | 'at' | 'coordinate'>,
  ) => void;
}

export function createVariableReporter(
  parsed: ParsedSource | ParsedConnect,
  mapping: ParsedMapping,
  report: Report,
): VariableReporter {
  const { coordinate } = parsed;
  const at: VariableReporter['at'] = (code, start, text) =>
    report({ code, at: { text: mapping.text, offset: mapping.offset + start }, coordinate, ...text });
  const where = (usable: readonly string[]) =>
    `${usable === SETTING_VARIABLES && mapping.role === 'url' ? 'the host of a URL' : WHERE[mapping.role]}${'baseURL' in parsed ? ' of a source' : ''}`;
  const isComputed = !('baseURL' in parsed) && parsed.directive.url === undefined;
  return {
    at,
    misplaced: (read, usable) => {
      if (isComputed && ANSWER_VARIABLES.includes(read.variable)) {
        at(CODE_OF[mapping.role], read.start, {
          message: `${read.variable} has no value: a @connect without \`http\` has no answer.`,
          found: read.variable,
          expected: `one of ${usable.filter((name) => name !== '$').join(', ')}`,
          wayOut: 'Add `http` with a method and its URL, or compute the value from variables and constants.',
        });
        return;
      }
      const isInput = read.variable === '$';
      const found = isInput ? read.path.map((key) => key.name).join('.') || '$' : read.variable;
      at(CODE_OF[mapping.role], read.start, {
        // Other runtimes do not look at what a method takes: it takes nothing there, and nothing here.
        ...(isInput && read.intoMethod === true && read.path.length > 0 && { severity: 'warning' }),
        message: isInput
          ? `No answer exists when ${where(usable)} is built, so ${found === '$' ? '$ has no value' : `"${found}" cannot be read`}.`
          : `${read.variable} cannot be used in ${where(usable)}.`,
        found,
        expected: `one of ${usable.join(', ')}`,
        wayOut:
          usable === SETTING_VARIABLES
            ? FIXED_ORIGIN
            : (WAY_OUT[read.variable] ?? `Use one of ${usable.join(', ')}.`),
      });
    },
  };
}

const WHERE: Readonly<Record<Role, string>> = {
  baseURL: 'the base URL',
  url: 'a URL',
  header: 'a header',
  body: '`body`',
  path: '`path`',
  queryParams: '`queryParams`',
  isSuccess: '`isSuccess`',
  message: '`errors.message`',
  extensions: '`errors.extensions`',
  selection: 'the selection',
};

const FIXED_ORIGIN = 'Scheme and host are fixed when the connector is registered: take them from $config.';

const WAY_OUT: Readonly<Record<string, string>> = {
  $: 'Begin with a variable, e.g. $args.id or $this.id.',
  $args:
    'A type and a source have no arguments: read $this on a type, or move the @connect to the field with the arguments.',
  $this:
    'There is no parent object here: move the @connect to a type or to a field of an object type, or read $args.',
  $batch: 'Only a @connect on a type can use $batch: move the @connect to the type.',
  $status: 'No answer exists when the request is built: use $status in `selection`, `isSuccess` or `errors`.',
  $response:
    'No answer exists when the request is built: use $response in `selection`, `isSuccess` or `errors`.',
};

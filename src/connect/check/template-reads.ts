// What a URL or a header may read: one value, and no list or object.

import { CODE_OF, type ParsedMapping } from '../read/parse-texts.ts';
import { type FieldInfo, printType } from '../read/types.ts';
import type { VariableReporter } from './variable-findings.ts';
import type { VariableRead } from './variable-uses.ts';
import type { View } from './view.ts';

/** Variables that are objects with this many keys of their own before their values: `$env.NAME`, `$request.headers.name`. */
const KEYS_BEFORE_VALUES: Readonly<Record<string, number>> = {
  $args: 1,
  $this: 1,
  $config: 1,
  $env: 1,
  $request: 2,
  $response: 2,
};

const EXAMPLE_READS: Readonly<Record<string, string>> = {
  $env: '$env.NAME',
  $request: "$request.headers.'x-name'->first",
  $batch: '$batch.id->joinNotNull(",")',
};

/** A template takes one value: a variable that is an object, alone in an expression, fails every call. */
export function checkWhole(read: VariableRead, mapping: ParsedMapping, reporter: VariableReporter): boolean {
  if (!isTemplate(mapping) || !isWholeExpression(mapping)) return false;
  if (read.path.length >= (KEYS_BEFORE_VALUES[read.variable] ?? 0)) return false;
  const written = [read.variable, ...read.path.map((key) => key.name)].join('.');
  reporter.at(CODE_OF[mapping.role], read.start, {
    message: `An object cannot be used in ${placeNameOf(mapping)}.`,
    found: written,
    expected: 'a string, a number or a boolean',
    wayOut: `Read one of its values, e.g. ${EXAMPLE_READS[read.variable] ?? `${read.variable}.name`}.`,
  });
  return true;
}

const isTemplate = ({ role }: ParsedMapping): boolean =>
  role === 'url' || role === 'header' || role === 'baseURL';

/** True when an expression of a template is a path alone, so that its value is what is sent. */
function isWholeExpression({ tree: { body } }: ParsedMapping): boolean {
  return (
    body.kind === 'path' && body.selection === null && body.steps.every((step) => step.kind !== 'method')
  );
}

const placeNameOf = ({ role }: ParsedMapping): string => (role === 'header' ? 'a header' : 'a URL');

/** A URL or header takes a single value: a list or an object fails every call, unless it is null. */
export function checkInTemplate(
  field: FieldInfo,
  outerLists: number,
  read: VariableRead,
  mapping: ParsedMapping,
  view: View,
  reporter: VariableReporter,
): void {
  if (!isTemplate(mapping) || !isWholeExpression(mapping)) return;
  const kind = view.types.all.get(field.typeName)?.kind;
  const isObject = kind === 'input' || kind === 'object';
  const isList = field.lists + outerLists > 0;
  if (!isList && !isObject) return;
  const variable = [read.variable, ...read.path.map((key) => key.name)].join('.');
  reporter.at(CODE_OF[mapping.role], read.start, {
    message: `${isList ? 'A list' : 'An object'} cannot be used in ${placeNameOf(mapping)}.`,
    found: `${variable}: ${outerLists > 0 ? 'a list of ' : ''}${printType(field.type)}`,
    expected: 'a string, a number or a boolean',
    wayOut: isList
      ? `Write {${variable}->joinNotNull(",")}, or repeat it as a query parameter with \`queryParams\`.`
      : 'Read one of the fields of the object.',
  });
}

// Rules for variables: where each may be used, and that the fields `$args`, `$this` and `$batch` read exist in the
// schema.

import { nearestName } from '../mapping/syntax-error.ts';
import {
  CODE_OF,
  mappingsOf,
  type ParsedConnect,
  type ParsedMapping,
  type ParsedSource,
  type Role,
} from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { BUILT_IN_SCALARS, type FieldInfo, printType } from '../read/types.ts';
import { createVariableReporter, SETTING_VARIABLES, type VariableReporter } from './variable-findings.ts';
import type { VariableRead } from './variable-uses.ts';
import type { View } from './view.ts';

const REQUEST_VARIABLES = ['$context', '$request', ...SETTING_VARIABLES];
const ANSWER_VARIABLES = ['$', '$status', '$response'];
/** Roles whose mappings run on an answer. */
const ANSWER_ROLES: ReadonlySet<Role> = new Set(['selection', 'isSuccess', 'message', 'extensions']);

/** The keys of `$context` that this gateway supplies; other runtimes fill it from their own plugins. */
const CONTEXT_KEYS: ReadonlySet<string> = new Set(['actor', 'purpose', 'request', 'call']);

export function checkVariables(view: View, report: Report): void {
  for (const parsed of [...view.parsed.sources, ...view.parsed.connects]) {
    for (const mapping of mappingsOf(parsed)) {
      const usable = usableIn(parsed, mapping, view);
      for (const read of view.reads(mapping)) {
        if (read.derived === true) continue;
        const reporter = createVariableReporter(parsed, mapping, report);
        if (usable.includes(read.variable)) checkRead(read, parsed, mapping, view, reporter);
        else reporter.misplaced(read, usable);
      }
    }
  }
}

function usableIn(
  parsed: ParsedSource | ParsedConnect,
  { role, offset, text }: ParsedMapping,
  view: View,
): string[] {
  if (role === 'baseURL') return SETTING_VARIABLES;
  if (role === 'url' && isInOrigin(text.value, offset)) return SETTING_VARIABLES;
  const isComputed = !('baseURL' in parsed) && parsed.directive.url === undefined;
  // What a computed selection reads from `$` is always missing: `checkComputed` warns.
  const usable = isComputed ? ['$'] : ANSWER_ROLES.has(role) ? [...ANSWER_VARIABLES] : [];
  if ('baseURL' in parsed) return [...usable, ...REQUEST_VARIABLES];
  const { fieldName, typeName } = parsed.directive;
  if (fieldName === undefined) usable.push('$this', '$batch');
  else {
    usable.push('$args');
    if (!view.types.isRoot(typeName)) usable.push('$this');
  }
  return [...usable, ...REQUEST_VARIABLES];
}

/** True when an expression at this offset of an absolute URL is part of its scheme or host. */
function isInOrigin(url: string, offset: number): boolean {
  const before = url.slice(0, offset - 1).trim();
  return before === ''
    ? url.trim().startsWith('{') && /^\s*\{[^}]*\}\s*:\/\//.test(url)
    : /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i.test(before);
}

// —— the path of a read ——

function checkRead(
  read: VariableRead,
  parsed: ParsedSource | ParsedConnect,
  mapping: ParsedMapping,
  view: View,
  reporter: VariableReporter,
): void {
  const [first] = read.path;
  if (read.variable === '$request' || read.variable === '$response') {
    if (first === undefined || first.name === 'headers') return;
    reporter.at(CODE_OF[mapping.role], first.start, {
      message: `${read.variable} has only headers.`,
      found: `${read.variable}.${first.name}`,
      expected: `${read.variable}.headers`,
      wayOut: `Write ${read.variable}.headers.'name'->first.`,
    });
  } else if (read.variable === '$context') {
    if (first === undefined || CONTEXT_KEYS.has(first.name)) return;
    reporter.at('ContextKeyUnknown', first.start, {
      message: 'This gateway does not supply this key of $context; it is missing in every request.',
      found: `$context.${first.name}`,
      expected: [...CONTEXT_KEYS].map((key) => `$context.${key}`).join(', '),
      wayOut: 'Read one of these, or a setting of the manifest as $config.',
    });
  } else if (!('baseURL' in parsed)) {
    if (read.variable === '$args') checkArguments(read, parsed, mapping, view, reporter);
    else if (read.variable === '$this' || read.variable === '$batch')
      checkFields(read, parsed, mapping, view, reporter);
  }
}

function checkArguments(
  read: VariableRead,
  connect: ParsedConnect,
  mapping: ParsedMapping,
  view: View,
  reporter: VariableReporter,
): void {
  const args = view.fieldOf(connect)?.args ?? new Map<string, FieldInfo>();
  const [first, ...rest] = read.path;
  if (first === undefined) return;
  const arg = args.get(first.name);
  if (arg === undefined) {
    const near = nearestName(first.name, args.keys());
    reporter.at('UndefinedArgument', first.start, {
      message: `The field has no argument "${first.name}".`,
      found: `$args.${first.name}`,
      expected:
        args.size === 0
          ? `arguments on ${connect.coordinate}`
          : [...args.keys()].map((name) => `$args.${name}`).join(', '),
      wayOut:
        near === undefined
          ? `Add the argument to ${connect.coordinate}, or read another.`
          : `Did you mean $args.${near}?`,
    });
    return;
  }
  const end = follow(arg, rest, `$args.${first.name}`, view, reporter);
  if (end !== undefined) checkInTemplate(end, read, mapping, view, reporter);
}

function checkFields(
  read: VariableRead,
  connect: ParsedConnect,
  mapping: ParsedMapping,
  view: View,
  reporter: VariableReporter,
): void {
  const type = view.types.all.get(connect.directive.typeName);
  const [first, ...rest] = read.path;
  if (type === undefined || first === undefined) return;
  const field = type.fields.get(first.name);
  if (field === undefined) {
    reporter.at(
      'UndefinedField',
      first.start,
      undefinedField(`${read.variable}.${first.name}`, first.name, type.name, type.fields.keys()),
    );
    return;
  }
  const end = follow(field, rest, `${read.variable}.${first.name}`, view, reporter);
  if (end !== undefined && read.variable === '$this') checkInTemplate(end, read, mapping, view, reporter);
}

/** The field at the end of the path; `undefined` after a finding, or where the path enters a custom scalar. */
function follow(
  start: FieldInfo,
  path: VariableRead['path'],
  prefix: string,
  view: View,
  reporter: VariableReporter,
): FieldInfo | undefined {
  let field = start;
  let written = prefix;
  for (const key of path) {
    written += `.${key.name}`;
    const type = view.types.all.get(field.typeName);
    if (type?.kind === 'union' || type?.kind === 'interface') {
      reporter.at('UnsupportedVariableType', key.start, {
        message: `A variable reads through ${field.typeName}, whose objects may have several types.`,
        found: written,
        expected: 'a path through object types, input types and lists',
        wayOut: `Read "${key.name}" from a field of an object type, or pass the whole value.`,
      });
      return undefined;
    }
    if (type?.kind === 'scalar' || (type === undefined && !BUILT_IN_SCALARS.has(field.typeName)))
      return undefined;
    const next = type?.fields.get(key.name);
    if (next === undefined) {
      reporter.at(
        'UndefinedField',
        key.start,
        undefinedField(written, key.name, field.typeName, type?.fields.keys() ?? []),
      );
      return undefined;
    }
    field = next;
  }
  return field;
}

function undefinedField(written: string, name: string, typeName: string, fields: Iterable<string>) {
  const known = [...fields];
  const near = nearestName(name, known);
  return {
    message:
      known.length === 0 ? `${typeName} has no fields to read.` : `${typeName} has no field "${name}".`,
    found: written,
    expected: known.length === 0 ? 'the value itself' : known.join(', '),
    wayOut:
      near !== undefined
        ? `Did you mean "${near}"?`
        : known.length === 0
          ? `Remove ".${name}".`
          : `Add the field to ${typeName}, or read another.`,
  };
}

/** A URL or header takes a single value: a list or an object fails every call, unless it is null. */
function checkInTemplate(
  field: FieldInfo,
  read: VariableRead,
  mapping: ParsedMapping,
  view: View,
  reporter: VariableReporter,
): void {
  if (mapping.role !== 'url' && mapping.role !== 'header') return;
  const { body } = mapping.tree;
  const isWhole =
    body.kind === 'path' && body.selection === null && body.steps.every((step) => step.kind !== 'method');
  const kind = view.types.all.get(field.typeName)?.kind;
  const isObject = kind === 'input' || kind === 'object';
  if (!isWhole || (field.lists === 0 && !isObject)) return;
  const variable = [read.variable, ...read.path.map((key) => key.name)].join('.');
  reporter.at(CODE_OF[mapping.role], read.start, {
    severity: 'warning',
    message: `${field.lists > 0 ? 'A list' : 'An object'} cannot be used in ${mapping.role === 'header' ? 'a header' : 'a URL'}: every call with a value fails.`,
    found: `${variable}: ${printType(field.type)}`,
    expected: 'a string, a number or a boolean',
    wayOut:
      field.lists > 0
        ? `Write {${variable}->joinNotNull(",")}, or repeat it as a query parameter with \`queryParams\`.`
        : 'Read one of the fields of the object.',
  });
}

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
import { BUILT_IN_SCALARS, type FieldInfo } from '../read/types.ts';
import { checkInTemplate, checkWhole } from './template-reads.ts';
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
  if (checkWhole(read, mapping, reporter)) return;
  const [first, second] = read.path;
  if (read.variable === '$request' || read.variable === '$response') {
    if (first === undefined || first.name === 'headers') return;
    reporter.at(CODE_OF[mapping.role], first.start, {
      message: `${read.variable} has only headers.`,
      found: `${read.variable}.${first.name}`,
      expected: `${read.variable}.headers`,
      wayOut: `Write ${read.variable}.headers.'name'->first.`,
    });
  } else if (read.variable === '$env' || read.variable === '$status') {
    // An environment variable is a text, a status a number: neither has keys.
    const key = read.variable === '$env' ? second : first;
    if (key === undefined || mapping.role === 'selection') return;
    const value = read.variable === '$env' ? `$env.${first?.name}` : '$status';
    reporter.at(CODE_OF[mapping.role], key.start, {
      message: `${value} is ${read.variable === '$env' ? 'a text' : 'a number'} and has no fields.`,
      found: `${value}.${key.name}`,
      expected: value,
      wayOut: `Remove ".${key.name}".`,
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

/** In a request, an unknown name has the code of the text; in a selection, the code of the name. */
const codeOf = (mapping: ParsedMapping, inSelection: string): string =>
  mapping.role === 'selection' ? inSelection : CODE_OF[mapping.role];

/**
 * An argument that does not exist leaves nothing where it is read. A query parameter is then omitted, a sub-selection lacks
 * a key, and a method decides itself: other runtimes accept this, so it is a warning. Everywhere else it is an error.
 */
const severityOf = (read: VariableRead, mapping: ParsedMapping): { severity?: 'warning' } =>
  mapping.role === 'queryParams' || (read.intoMethod === true && mapping.role !== 'selection')
    ? { severity: 'warning' }
    : {};

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
    reporter.at(codeOf(mapping, 'UndefinedArgument'), first.start, {
      ...severityOf(read, mapping),
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
  const end = follow(arg, rest, { written: `$args.${first.name}`, read, mapping, view, reporter });
  if (end !== undefined) checkInTemplate(end, 0, read, mapping, view, reporter);
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
      codeOf(mapping, 'UndefinedField'),
      first.start,
      undefinedField(`${read.variable}.${first.name}`, first.name, type.name, type.fields.keys()),
    );
    return;
  }
  const end = follow(field, rest, {
    written: `${read.variable}.${first.name}`,
    read,
    mapping,
    view,
    reporter,
  });
  if (end !== undefined)
    checkInTemplate(end, read.variable === '$batch' ? 1 : 0, read, mapping, view, reporter);
}

interface Following {
  /** The variable and its first key. */
  readonly written: string;
  readonly read: VariableRead;
  readonly mapping: ParsedMapping;
  readonly view: View;
  readonly reporter: VariableReporter;
}

/** The field at the end of the path; `undefined` after a finding, or where the path enters a custom scalar. */
function follow(
  start: FieldInfo,
  path: VariableRead['path'],
  { written: prefix, read, mapping, view, reporter }: Following,
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
      reporter.at(codeOf(mapping, 'UndefinedField'), key.start, {
        ...(read.variable === '$args' ? severityOf(read, mapping) : {}),
        ...undefinedField(written, key.name, field.typeName, type?.fields.keys() ?? []),
      });
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

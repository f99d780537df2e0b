// Rules of variables: where each may be used, and that what `$args`, `$this` and `$batch` read exists in the schema.

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
import type { VariableRead } from './variable-uses.ts';
import type { View } from './view.ts';

const ALWAYS = ['$config', '$env'];
const PER_REQUEST = ['$context', '$request', ...ALWAYS];
const ANSWER = ['$', '$status', '$response'];
const ANSWERED: ReadonlySet<Role> = new Set(['selection', 'isSuccess', 'message', 'extensions']);

/** What `$context` holds here; other runtimes fill it from their own plugins. */
const CONTEXT: ReadonlySet<string> = new Set(['actor', 'purpose', 'request', 'call']);

export function checkVariables(view: View, report: Report): void {
  for (const parsed of [...view.parsed.sources, ...view.parsed.connects]) {
    for (const mapping of mappingsOf(parsed)) {
      const usable = usableIn(parsed, mapping, view);
      for (const read of view.reads(mapping)) {
        if (read.derived === true) continue;
        const say = createSay(parsed, mapping, report);
        if (usable.includes(read.variable)) checkRead(read, parsed, mapping, view, say);
        else say.misplaced(read, usable);
      }
    }
  }
}

function usableIn(
  parsed: ParsedSource | ParsedConnect,
  { role, offset, text }: ParsedMapping,
  view: View,
): string[] {
  if (role === 'baseURL') return ALWAYS;
  if (role === 'url' && isInOrigin(text.value, offset)) return ALWAYS;
  const usable = ANSWERED.has(role) ? [...ANSWER] : [];
  if ('baseURL' in parsed) return [...usable, ...PER_REQUEST];
  const { fieldName, typeName } = parsed.directive;
  if (fieldName === undefined) usable.push('$this', '$batch');
  else {
    usable.push('$args');
    if (!view.types.isRoot(typeName)) usable.push('$this');
  }
  return [...usable, ...PER_REQUEST];
}

/** Is an expression at this offset of an absolute URL part of its scheme or host? */
function isInOrigin(url: string, offset: number): boolean {
  const before = url.slice(0, offset - 1).trim();
  return before === ''
    ? url.trim().startsWith('{') && /^\s*\{[^}]*\}\s*:\/\//.test(url)
    : /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i.test(before);
}

// —— what a read may say ——

interface Say {
  readonly misplaced: (read: VariableRead, usable: readonly string[]) => void;
  readonly at: (
    code: string,
    start: number,
    text: Omit<Parameters<Report>[0], 'code' | 'at' | 'coordinate'>,
  ) => void;
}

function createSay(parsed: ParsedSource | ParsedConnect, mapping: ParsedMapping, report: Report): Say {
  const { coordinate } = parsed;
  const at: Say['at'] = (code, start, text) =>
    report({ code, at: { text: mapping.text, offset: mapping.offset + start }, coordinate, ...text });
  const where = (usable: readonly string[]) =>
    `${usable === ALWAYS && mapping.role === 'url' ? 'the host of a URL' : WHERE[mapping.role]}${'baseURL' in parsed ? ' of a source' : ''}`;
  return {
    at,
    misplaced: (read, usable) => {
      const isInput = read.variable === '$';
      const found = isInput ? read.path.map((key) => key.name).join('.') || '$' : read.variable;
      at(CODE_OF[mapping.role], read.start, {
        message: isInput
          ? `There is no answer yet when ${where(usable)} is built, so ${found === '$' ? '$ is nothing' : `"${found}" cannot be read`}.`
          : `${read.variable} cannot be used in ${where(usable)}.`,
        found,
        expected: `one of ${usable.join(', ')}`,
        wayOut: usable === ALWAYS ? FIXED : (WAY_OUT[read.variable] ?? `Use one of ${usable.join(', ')}.`),
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

const FIXED = 'Scheme and host are fixed when the connector is registered: take them from $config.';

const WAY_OUT: Readonly<Record<string, string>> = {
  $: 'Begin with a variable, e.g. $args.id or $this.id.',
  $args:
    'A type and a source have no arguments: read $this on a type, or put the @connect on the field that has them.',
  $this:
    'There is no parent object here: put the @connect on a type or on a field of an object, or read $args.',
  $batch: 'Keys are gathered for a type only: put the @connect on the type.',
  $status:
    'There is no answer yet when the request is built: use it in `selection`, `isSuccess` or `errors`.',
  $response:
    'There is no answer yet when the request is built: use it in `selection`, `isSuccess` or `errors`.',
};

// —— what is read from a variable ——

function checkRead(
  read: VariableRead,
  parsed: ParsedSource | ParsedConnect,
  mapping: ParsedMapping,
  view: View,
  say: Say,
): void {
  const [first] = read.path;
  if (read.variable === '$request' || read.variable === '$response') {
    if (first === undefined || first.name === 'headers') return;
    say.at(CODE_OF[mapping.role], first.start, {
      message: `${read.variable} has only headers.`,
      found: `${read.variable}.${first.name}`,
      expected: `${read.variable}.headers`,
      wayOut: `Write ${read.variable}.headers.'name'->first.`,
    });
  } else if (read.variable === '$context') {
    if (first === undefined || CONTEXT.has(first.name)) return;
    say.at('ContextKeyUnknown', first.start, {
      severity: 'warning',
      message: 'This gateway does not supply the key of $context; it is missing in every request.',
      found: `$context.${first.name}`,
      expected: [...CONTEXT].map((key) => `$context.${key}`).join(', '),
      wayOut: 'Read one of these, or a setting of the manifest as $config.',
    });
  } else if (!('baseURL' in parsed)) {
    if (read.variable === '$args') checkArguments(read, parsed, mapping, view, say);
    else if (read.variable === '$this' || read.variable === '$batch')
      checkFields(read, parsed, mapping, view, say);
  }
}

function checkArguments(
  read: VariableRead,
  connect: ParsedConnect,
  mapping: ParsedMapping,
  view: View,
  say: Say,
): void {
  const args = view.fieldOf(connect)?.args ?? new Map<string, FieldInfo>();
  const [first, ...rest] = read.path;
  if (first === undefined) return;
  const arg = args.get(first.name);
  if (arg === undefined) {
    const near = nearestName(first.name, args.keys());
    say.at('UndefinedArgument', first.start, {
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
  const end = follow(arg, rest, `$args.${first.name}`, view, say);
  if (end !== undefined) checkInTemplate(end, read, mapping, view, say);
}

function checkFields(
  read: VariableRead,
  connect: ParsedConnect,
  mapping: ParsedMapping,
  view: View,
  say: Say,
): void {
  const type = view.types.all.get(connect.directive.typeName);
  const [first, ...rest] = read.path;
  if (type === undefined || first === undefined) return;
  const field = type.fields.get(first.name);
  if (field === undefined) {
    say.at(
      'UndefinedField',
      first.start,
      undefinedField(`${read.variable}.${first.name}`, first.name, type.name, type.fields.keys()),
    );
    return;
  }
  const end = follow(field, rest, `${read.variable}.${first.name}`, view, say);
  if (end !== undefined && read.variable === '$this') checkInTemplate(end, read, mapping, view, say);
}

/** The field at the end of the path, or `undefined` after a finding or where the schema says no more. */
function follow(
  start: FieldInfo,
  path: VariableRead['path'],
  prefix: string,
  view: View,
  say: Say,
): FieldInfo | undefined {
  let field = start;
  let written = prefix;
  for (const key of path) {
    written += `.${key.name}`;
    const type = view.types.all.get(field.typeName);
    if (type?.kind === 'union' || type?.kind === 'interface') {
      say.at('UnsupportedVariableType', key.start, {
        message: `A variable reads through ${field.typeName}, whose objects may be of several types.`,
        found: written,
        expected: 'a path through object types, input types and lists',
        wayOut: `Take "${key.name}" from a field of an object type, or pass the whole value on.`,
      });
      return undefined;
    }
    if (type?.kind === 'scalar' || (type === undefined && !BUILT_IN_SCALARS.has(field.typeName)))
      return undefined;
    const next = type?.fields.get(key.name);
    if (next === undefined) {
      say.at(
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
          ? `Leave ".${name}" out.`
          : `Add the field to ${typeName}, or read another.`,
  };
}

/** A list or an object where a URL or header wants one value fails at every call, unless it is null. */
function checkInTemplate(
  field: FieldInfo,
  read: VariableRead,
  mapping: ParsedMapping,
  view: View,
  say: Say,
): void {
  if (mapping.role !== 'url' && mapping.role !== 'header') return;
  const { body } = mapping.tree;
  const isWhole =
    body.kind === 'path' && body.selection === null && body.steps.every((step) => step.kind !== 'method');
  const kind = view.types.all.get(field.typeName)?.kind;
  const isObject = kind === 'input' || kind === 'object';
  if (!isWhole || (field.lists === 0 && !isObject)) return;
  const variable = [read.variable, ...read.path.map((key) => key.name)].join('.');
  say.at(CODE_OF[mapping.role], read.start, {
    severity: 'warning',
    message: `${field.lists > 0 ? 'A list' : 'An object'} cannot stand in ${mapping.role === 'header' ? 'a header' : 'a URL'}: every call with a value fails.`,
    found: `${variable}: ${printType(field.type)}`,
    expected: 'a text, a number or a boolean',
    wayOut:
      field.lists > 0
        ? `Write {${variable}->joinNotNull(",")}, or repeat it as a query parameter with \`queryParams\`.`
        : 'Read one of its fields.',
  });
}

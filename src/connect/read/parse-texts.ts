// Parses every template and mapping of a connector schema once; the checks and the compiler share the trees. A text
// that cannot be parsed is reported with its position and is absent from the result. A source's texts are parsed once
// for the source, not for each of its connectors.

import type { Diagnostic } from '../../diagnostic.ts';
import { type Mapping, MappingSyntaxError, parseExpression, parseSelection } from '../mapping/index.ts';
import { compileTemplate, type LanguageOptions, type TemplatePart } from '../request/template.ts';
import type {
  ConnectDirective,
  ConnectorSchema,
  HeaderRule,
  RequestRules,
  SourceDirective,
  Text,
} from './model.ts';
import { createReport, untilEnough } from './report.ts';

/** The purpose of a text; decides which variables it may use and which code its errors have. */
export type Role =
  | 'baseURL'
  | 'url'
  | 'header'
  | 'body'
  | 'path'
  | 'queryParams'
  | 'isSuccess'
  | 'message'
  | 'extensions'
  | 'selection';

/** The code of the spec for an error in a text of this role. */
export const CODE_OF: Readonly<Record<Role, string>> = {
  baseURL: 'InvalidUrl',
  url: 'InvalidUrl',
  header: 'InvalidHeader',
  body: 'InvalidBody',
  path: 'InvalidUrlProperty',
  queryParams: 'InvalidUrlProperty',
  isSuccess: 'InvalidIsSuccess',
  message: 'InvalidErrorsMessage',
  extensions: 'InvalidErrorsMessage',
  selection: 'InvalidSelection',
};

/** One expression or mapping: its tree, and its offset within its text. */
export interface ParsedMapping {
  readonly role: Role;
  readonly text: Text;
  readonly tree: Mapping;
  /** Offset of the tree's source in the value of the text: 0 except for an expression in a template. */
  readonly offset: number;
}

export interface ParsedTemplate {
  readonly text: Text;
  readonly parts: readonly TemplatePart[];
  readonly expressions: readonly ParsedMapping[];
}

export interface ParsedRules {
  readonly headers: readonly { readonly rule: HeaderRule; readonly template: ParsedTemplate | undefined }[];
  readonly path: ParsedMapping | undefined;
  readonly queryParams: ParsedMapping | undefined;
  readonly isSuccess: ParsedMapping | undefined;
  readonly message: ParsedMapping | undefined;
  readonly extensions: ParsedMapping | undefined;
}

export interface ParsedSource extends ParsedRules {
  readonly directive: SourceDirective;
  readonly coordinate: string;
  readonly baseURL: ParsedTemplate | undefined;
}

export interface ParsedConnect extends ParsedRules {
  readonly directive: ConnectDirective;
  readonly coordinate: string;
  readonly source: ParsedSource | undefined;
  readonly url: ParsedTemplate | undefined;
  readonly body: ParsedMapping | undefined;
  readonly selection: ParsedMapping | undefined;
}

export interface ParsedConnector {
  readonly schema: ConnectorSchema;
  readonly sources: readonly ParsedSource[];
  readonly connects: readonly ParsedConnect[];
  /** One finding per text that cannot be parsed. */
  readonly diagnostics: readonly Diagnostic[];
}

export function parseTexts(schema: ConnectorSchema): ParsedConnector {
  const diagnostics: Diagnostic[] = [];
  const parser = createTextParser(schema, diagnostics);
  const sources = schema.sources.map((directive): ParsedSource => {
    const coordinate = `@source(name: "${directive.name}")`;
    const baseURL = parser.template(directive.baseURL, 'baseURL', coordinate);
    return { directive, coordinate, baseURL, ...parseRules(directive, coordinate, parser) };
  });
  const byName = new Map(sources.toReversed().map((source) => [source.directive.name, source]));
  const connects = schema.connects.map((directive): ParsedConnect => {
    const { coordinate } = directive;
    return {
      directive,
      coordinate,
      source: directive.source === undefined ? undefined : byName.get(directive.source),
      url: directive.url && parser.template(directive.url, 'url', coordinate),
      body: parser.mapping(directive.body, 'body', coordinate),
      selection: parser.mapping(directive.selection, 'selection', coordinate),
      ...parseRules(directive, coordinate, parser),
    };
  });
  return { schema, sources, connects, diagnostics };
}

function parseRules(rules: RequestRules, coordinate: string, parser: TextParser): ParsedRules {
  return {
    headers: rules.headers.map((rule) => ({
      rule,
      template: rule.value && parser.template(rule.value, 'header', coordinate),
    })),
    path: parser.mapping(rules.path, 'path', coordinate),
    queryParams: parser.mapping(rules.queryParams, 'queryParams', coordinate),
    isSuccess: parser.mapping(rules.isSuccess, 'isSuccess', coordinate),
    message: parser.mapping(rules.errors?.message, 'message', coordinate),
    extensions: parser.mapping(rules.errors?.extensions, 'extensions', coordinate),
  };
}

/** Every mapping and template expression of a source or a connector. */
export function* mappingsOf(parsed: ParsedSource | ParsedConnect): Generator<ParsedMapping> {
  if ('baseURL' in parsed) yield* parsed.baseURL?.expressions ?? [];
  else {
    yield* parsed.url?.expressions ?? [];
    if (parsed.body !== undefined) yield parsed.body;
    if (parsed.selection !== undefined) yield parsed.selection;
  }
  for (const { template } of parsed.headers) yield* template?.expressions ?? [];
  for (const mapping of [
    parsed.path,
    parsed.queryParams,
    parsed.isSuccess,
    parsed.message,
    parsed.extensions,
  ]) {
    if (mapping !== undefined) yield mapping;
  }
}

/** The advice for a syntax error without a hint from the parser. */
function wayOutOf(expected: string, found: string): string {
  if (found === '"="') return 'Compare with a method: $status->eq(200).';
  if (found.startsWith('the end')) return `Add ${expected}.`;
  return `Write ${expected} here, or remove ${found}.`;
}

interface TextParser {
  readonly mapping: (text: Text | undefined, role: Role, coordinate: string) => ParsedMapping | undefined;
  readonly template: (text: Text, role: Role, coordinate: string) => ParsedTemplate | undefined;
}

const SUBJECTS: Readonly<Record<Role, string>> = {
  baseURL: 'The base URL',
  url: 'The URL',
  header: 'The value of the header',
  body: '`body`',
  path: '`path`',
  queryParams: '`queryParams`',
  isSuccess: '`isSuccess`',
  message: '`errors.message`',
  extensions: '`errors.extensions`',
  selection: 'The selection',
};

const EXAMPLES: Readonly<Record<Role, string>> = {
  baseURL: 'a URL',
  url: 'a URL',
  header: 'a value',
  body: 'a mapping, e.g. "id: $args.id"',
  path: 'a list of path segments, e.g. $(["v1", $args.id])',
  queryParams: 'an object of parameters, e.g. "page: $args.page"',
  isSuccess: 'a condition, e.g. "$status->eq(200)"',
  message: 'a text, e.g. "error.message"',
  extensions: 'an object, e.g. "code: error.code"',
  selection: 'a mapping to the fields, e.g. "id name"; or "$" for the whole answer',
};

function createTextParser(schema: ConnectorSchema, diagnostics: Diagnostic[]): TextParser {
  const { version, extensions } = schema.links;
  const language: LanguageOptions = { version, extensions };
  const report = createReport(schema.file, diagnostics);
  const attempt = <T>(text: Text, role: Role, coordinate: string, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof MappingSyntaxError)) throw error;
      const { expected, found, hint, position } = error;
      untilEnough(() =>
        report({
          code: CODE_OF[role],
          at: { text, offset: position },
          coordinate,
          message: `${SUBJECTS[role]} cannot be parsed.`,
          found,
          expected,
          wayOut: hint === undefined ? wayOutOf(expected, found) : /[.?]$/.test(hint) ? hint : `${hint}.`,
        }),
      );
      return undefined;
    }
  };
  const reportWarnings = ({ role, text, tree, offset }: ParsedMapping, coordinate: string): void => {
    for (const { expected, found, hint, position } of tree.warnings ?? []) {
      untilEnough(() =>
        report({
          code: CODE_OF[role],
          severity: 'warning',
          at: { text, offset: offset + position },
          coordinate,
          message: `${SUBJECTS[role]} calls a method whose result is always missing.`,
          found,
          expected,
          wayOut: hint === undefined ? wayOutOf(expected, found) : /[.?]$/.test(hint) ? hint : `${hint}.`,
        }),
      );
    }
  };
  const reportEmpty = (text: Text, role: Role, coordinate: string) =>
    untilEnough(() =>
      report({
        code: CODE_OF[role],
        at: text.node,
        coordinate,
        message: `${SUBJECTS[role]} is empty.`,
        found: JSON.stringify(text.value),
        expected: EXAMPLES[role],
        wayOut:
          role === 'selection'
            ? 'Map values of the answer to fields.'
            : 'Write a mapping, or omit the argument.',
      }),
    );
  return {
    mapping: (text, role, coordinate) => {
      const tree = text && attempt(text, role, coordinate, () => parseSelection(text.value, language));
      if (text === undefined || tree === undefined) return undefined;
      if (tree.body.kind === 'selection' && tree.body.entries.length === 0) {
        reportEmpty(text, role, coordinate);
        return undefined;
      }
      const mapping = { role, text, tree, offset: 0 };
      reportWarnings(mapping, coordinate);
      return mapping;
    },
    template: (text, role, coordinate) =>
      attempt(text, role, coordinate, () => {
        const parts = compileTemplate(text.value, language);
        const expressions = parts.flatMap((part): ParsedMapping[] =>
          part.mapping === undefined
            ? []
            : [{ role, text, tree: parseExpression(part.source, language), offset: part.start + 1 }],
        );
        for (const expression of expressions) reportWarnings(expression, coordinate);
        return { text, parts, expressions };
      }),
  };
}

// Parser of mappings and selections. Accepts the language of connect 0.1 to 0.4 and throws MappingSyntaxError only.

import type { Entry, Mapping, MappingVersion, Selection } from './ast.ts';
import { checkMethods } from './check-methods.ts';
import { createExpressionReader } from './parse-expressions.ts';
import { createScanner, type Scanner } from './scan.ts';
import { MappingSyntaxError } from './syntax-error.ts';

export interface ParseOptions {
  /** The connect spec version of the subgraph's `@link`. */
  readonly version: MappingVersion;
  /** True when the subgraph links the extension namespace (`specs.lienthong.example/mapping`). */
  readonly extensions: boolean;
}

/**
 * Parses a mapping (`selection`, `body`, `isSuccess`, `errors.*`, `path`, `queryParams`). As in the spec, a call of an
 * unknown method, or with wrong arguments, is no error: its result is missing (`warnings`).
 * @throws MappingSyntaxError
 */
export const parseSelection = (source: string, options: ParseOptions): Mapping =>
  parseAndCheck(source, options, (parser) => parser.mapping());

/**
 * Parses a single expression: the content of `{…}` in a template.
 * @throws MappingSyntaxError
 */
export const parseExpression = (source: string, options: ParseOptions): Mapping =>
  parseAndCheck(source, options, (parser) => parser.expressionMapping());

function parseAndCheck(source: string, options: ParseOptions, read: (parser: Parser) => Mapping): Mapping {
  const mapping = read(createParser(createScanner(source), options.version));
  const faults = checkMethods(mapping, options);
  const error = faults.find((fault) => !fault.isWarning);
  if (error !== undefined) throw new MappingSyntaxError(source, error);
  return faults.length === 0 ? mapping : { ...mapping, warnings: faults };
}

/** True for `author` and `author { name }`, which keep their key. */
function isSingleKey({ body }: Mapping): boolean {
  return (
    body.kind === 'path' && body.head.kind === 'key' && body.steps.every((step) => step.kind === 'optional')
  );
}

interface Parser {
  mapping(): Mapping;
  expressionMapping(): Mapping;
}

function createParser(scan: Scanner, version: MappingVersion): Parser {
  const reader = createExpressionReader(scan, version, () => selection());
  const { supports, nested, expression, path, tail, refuseChain, atStepOrChain, key, separator } = reader;

  // ── mappings ──────────────────────────────────────────────────────────────
  const mapping = (): Mapping => {
    scan.skip();
    if (supports('0.4')) return anyMapping(scan.at);
    if (scan.peek('{') || scan.peek('[') || scan.atNumber()) {
      scan.fail(
        'a key or a path',
        'Write a literal as $( … ), or link connect v0.4, which allows bare literals',
      );
    }
    return namedMapping(scan.at);
  };

  const namedMapping = (start: number): Mapping => {
    const entries = entriesUntil(() => scan.atEnd(), 'a key, a path or the end of the mapping', 'its end');
    return mappingOf(entries, start);
  };

  const mappingOf = (entries: Entry[], start: number): Mapping => {
    const [only] = entries;
    if (entries.length === 1 && only?.kind === 'merged' && !only.spread) {
      return { kind: 'mapping', body: only.value, start, end: only.end };
    }
    for (const entry of entries) requireNames(entry);
    return {
      kind: 'mapping',
      body: { kind: 'selection', entries, start, end: scan.at },
      start,
      end: scan.at,
    };
  };

  /** A mapping of 0.4: an expression, unless it is a single key, or named entries. */
  const anyMapping = (start: number): Mapping => {
    const braced = attempt(() => (scan.peek('{') ? wholeSelection(start) : undefined));
    if (!(braced instanceof MappingSyntaxError) && braced !== undefined) return braced;
    scan.at = start;
    const whole = attempt(expressionMapping);
    if (!(whole instanceof MappingSyntaxError) && !isSingleKey(whole)) return whole;
    scan.at = start;
    const named = attempt(() => namedMapping(start));
    if (!(named instanceof MappingSyntaxError)) return named;
    // The failure that came furthest explains most.
    throw whole instanceof MappingSyntaxError && whole.position > named.position ? whole : named;
  };

  /** `{ … }` as the whole mapping: the braces change nothing. Undefined when steps or a fallback follow. */
  const wholeSelection = (start: number): Mapping | undefined => {
    const braced = nested(bracedEntries);
    scan.skip();
    return scan.atEnd() ? mappingOf([...braced.entries], start) : undefined;
  };

  const attempt = <T>(read: () => T): T | MappingSyntaxError => {
    try {
      return read();
    } catch (error) {
      if (error instanceof MappingSyntaxError) return error;
      throw error;
    }
  };

  const expressionMapping = (): Mapping => {
    scan.skip();
    const body = expression();
    scan.skip();
    if (!scan.atEnd()) scan.fail('the end of the expression');
    return { kind: 'mapping', body, start: body.start, end: body.end };
  };

  // ── selections ────────────────────────────────────────────────────────────
  const selection = (): Selection =>
    nested(() => {
      const braced = bracedEntries();
      for (const entry of braced.entries) requireNames(entry);
      return braced;
    });

  const bracedEntries = (): Selection => {
    const start = scan.at;
    scan.expect('{');
    const entries = entriesUntil(() => scan.peek('}'), 'a key, a path or "}"', '"}"');
    scan.expect('}');
    return { kind: 'selection', entries, start, end: scan.at };
  };

  const entriesUntil = (atClose: () => boolean, expected: string, close: string): Entry[] => {
    const entries: Entry[] = [];
    const separate = separator({ atClose, close, items: 'keys' });
    for (;;) {
      scan.skip();
      if (atClose()) return entries;
      entries.push(entry(expected));
      if (supports('0.4')) separate();
    }
  };

  const entry = (expected: string): Entry => {
    const start = scan.at;
    if (scan.accept('...')) {
      if (!supports('0.4')) {
        scan.fail(
          'a key or a path',
          'Spreads need connect v0.4 or later; select the keys of the path instead ("path { a b }")',
          start,
        );
      }
      scan.skip();
      const value = expression();
      return { kind: 'merged', spread: true, value, start, end: value.end };
    }
    if (scan.atIdentifier() || scan.atQuote()) {
      const isQuoted = scan.atQuote();
      const name = key();
      const keyEnd = scan.at;
      // As in the query strings of many APIs: `page[size]: $args.first`.
      const brackets = isQuoted ? '' : scan.brackets();
      scan.skip();
      if (scan.accept(':')) return aliased(name + brackets, start);
      return keyEntry(name, start, keyEnd);
    }
    if (!scan.peek('$') && !scan.peek('@')) scan.fail(expected, separatorHint());
    const value = path(true);
    refuseChain();
    return { kind: 'merged', spread: false, value, start, end: value.end };
  };

  const separatorHint = (): string | undefined =>
    scan.peek(',')
      ? 'Separate the keys of a selection by white space, not by commas'
      : scan.peek('??') || scan.peek('?!')
        ? supports('0.3')
          ? 'Write a fallback as $( a ?? b )'
          : 'Fallbacks need connect v0.3 or later'
        : scan.peek('[') || scan.peek('-')
          ? 'Write a key with other characters than letters, digits and "_" in quotes, such as "page[size]"'
          : undefined;

  const aliased = (name: string, start: number): Entry => {
    scan.skip();
    if (scan.peek('{')) {
      const group = selection();
      const end = scan.at;
      scan.skip();
      if (!atStepOrChain()) {
        scan.at = end;
        return { kind: 'named', key: name, aliased: true, value: group, start, end };
      }
      if (!supports('0.4')) scan.fail('the next key', 'Write steps on an object as $( { … } )');
      scan.at = group.start;
    }
    if (!supports('0.4') && (scan.peek('[') || scan.atNumber())) {
      scan.fail('a path or "{"', 'Write a literal as $( … )');
    }
    const value = supports('0.4') ? expression() : path(true);
    return { kind: 'named', key: name, aliased: true, value, start, end: value.end };
  };

  const keyEntry = (name: string, start: number, keyEnd: number): Entry => {
    const value = tail({ kind: 'key', name, start, end: keyEnd }, start);
    // `email?` keeps the key `email`: the mark only makes the value optional.
    if (value.steps.every((step) => step.kind === 'optional')) {
      return { kind: 'named', key: name, aliased: false, value, start, end: value.end };
    }
    refuseChain();
    return { kind: 'merged', spread: false, value, start, end: value.end };
  };

  const requireNames = (entry: Entry): void => {
    if (entry.kind !== 'merged' || entry.spread) return;
    if (entry.value.kind === 'path' && entry.value.selection !== null) return;
    const spread = supports('0.4') ? ', spread it ("... path")' : '';
    scan.fail(
      'a named value',
      `Name the path ("name: path")${spread} or select keys of it ("path { a b }")`,
      entry.start,
    );
  };

  return { mapping, expressionMapping };
}

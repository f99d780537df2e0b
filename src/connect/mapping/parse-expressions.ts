// Parser of expressions, literals and paths. Each function starts at the first character of its construct and ends
// after the last.

import type {
  ArrayLiteral,
  Chain,
  Expression,
  Head,
  Literal,
  MappingVersion,
  MethodStep,
  ObjectLiteral,
  Path,
  Property,
  Selection,
  Step,
} from './ast.ts';
import type { ExpressionReader, SeparatorRules } from './expression-reader.ts';
import { objectOf } from './parse-objects.ts';
import type { Scanner } from './scan.ts';

// Far beyond what an author writes: these bounds keep hostile text from exhausting the stack.
const MAX_DEPTH = 60;
const MAX_STEPS = 60;

/** @param selection reads the `{ … }` after a path */
export function createExpressionReader(
  scan: Scanner,
  version: MappingVersion,
  selection: () => Selection,
): ExpressionReader {
  const supports = (needed: MappingVersion): boolean => version >= needed;
  let depth = 0;

  const nested = <T>(read: () => T): T => {
    if (++depth > MAX_DEPTH) scan.fail(`at most ${MAX_DEPTH} levels of nesting`, 'Split the mapping');
    try {
      return read();
    } finally {
      depth--;
    }
  };

  // From 0.4 on, the items of a list are all separated by commas, or all by white space.
  const separator = ({ atClose, close, items }: SeparatorRules): (() => void) => {
    let style: 'commas' | 'spaces' | undefined;
    return () => {
      scan.skip();
      if (scan.peek(',')) {
        if (style === 'spaces') {
          scan.fail(
            `the next of the ${items}, or ${close}`,
            `The ${items} before it are separated by white space: separate all of them by commas, or none`,
          );
        }
        style = 'commas';
        scan.accept(',');
      } else if (!atClose()) {
        if (style === 'commas') {
          scan.fail(
            `"," or ${close}`,
            `The ${items} before it are separated by commas: separate all of them by commas, or none`,
          );
        }
        style = 'spaces';
      }
    };
  };

  // ── expressions ───────────────────────────────────────────────────────────
  const expression = (): Expression => nested(() => chain(operand()));

  const refuseChain = (): void => {
    const end = scan.at;
    scan.skip();
    if (scan.peek('??') || scan.peek('?!')) scan.fail('the next key', 'Write a fallback as $( a ?? b )');
    scan.at = end;
  };

  const atStepOrChain = (): boolean =>
    (scan.peek('.') && !scan.peek('...')) || scan.peek('->') || scan.peek('?');

  const chain = (first: Expression): Expression => {
    const operands = [first];
    let operator: Chain['operator'] | undefined;
    for (;;) {
      const end = scan.at;
      scan.skip();
      const next = scan.peek('??') ? '??' : scan.peek('?!') ? '?!' : undefined;
      if (next === undefined) {
        scan.at = end;
        break;
      }
      if (!supports('0.3')) scan.fail('the end of the value', 'Fallbacks need connect v0.3 or later');
      if (operator !== undefined && operator !== next) {
        scan.fail(`"${operator}"`, 'One chain has one operator: put the other in $( … )');
      }
      operator = next;
      scan.at += 2;
      scan.skip();
      operands.push(operand());
    }
    if (operator === undefined) return first;
    return { kind: 'chain', operator, operands, start: first.start, end: scan.at };
  };

  const operand = (): Expression => {
    const start = scan.at;
    const value = literal();
    if (value === undefined) return keyOrPath(start);
    const end = scan.at;
    scan.skip();
    // A text or word with a selection is a key: `"sold to" { name }`.
    const isKey = value.kind === 'literal' && typeof value.value !== 'number' && scan.peek('{');
    if (isKey && supports('0.4')) {
      scan.at = start;
      return path(true);
    }
    if (!atStepOrChain() || scan.peek('??') || scan.peek('?!')) {
      scan.at = end;
      return value;
    }
    return tail({ kind: 'value', value, start, end }, start);
  };

  const keyOrPath = (start: number): Path => {
    const value = path(false);
    if (value.head.kind === 'key' && value.steps.length === 0 && !supports('0.3')) {
      scan.fail(
        'a value or a path',
        `Write $.${value.head.name}: in an expression a key by itself needs connect v0.3 or later`,
        start,
      );
    }
    return value;
  };

  const literal = (): Literal | ObjectLiteral | ArrayLiteral | undefined => {
    const start = scan.at;
    if (scan.peek('{')) return nested(object);
    if (scan.peek('[')) return nested(array);
    const value = (() => {
      if (scan.atQuote()) return scan.string();
      if (scan.atNumber()) return scan.number(supports('0.4'));
      if (!scan.atIdentifier()) return undefined;
      const name = scan.identifier('a value');
      if (name === 'true') return true;
      if (name === 'false') return false;
      if (name === 'null') return null;
      scan.at = start;
      return undefined;
    })();
    return value === undefined ? undefined : { kind: 'literal', value, start, end: scan.at };
  };

  const object = (): ObjectLiteral => {
    // From 0.4 on, an object is written as a selection is.
    if (supports('0.4')) return objectOf(selection());
    const start = scan.at;
    scan.expect('{');
    const properties: Property[] = [];
    for (;;) {
      scan.skip();
      if (scan.accept('}')) return { kind: 'object', properties, start, end: scan.at };
      properties.push(property());
      scan.skip();
      if (!scan.accept(',') && !scan.peek('}')) scan.fail('"," or "}"');
    }
  };

  const property = (): Property => {
    const start = scan.at;
    if (scan.peek('...')) scan.fail('a key', 'Spreads need connect v0.4 or later', start);
    const name = key('a key or "}"');
    scan.skip();
    if (!scan.accept(':')) {
      scan.fail('":"', `Write ${name}: $.${name}, or link connect v0.4, which allows keys without values`);
    }
    scan.skip();
    const value = expression();
    return { kind: 'property', key: name, value, start, end: value.end };
  };

  const array = (): ArrayLiteral => {
    const start = scan.at;
    scan.expect('[');
    const items = supports('0.4') ? separatedItems() : list(']');
    return { kind: 'array', items, start, end: scan.at };
  };

  const separatedItems = (): Expression[] => {
    const items: Expression[] = [];
    const separate = separator({ atClose: () => scan.peek(']'), close: '"]"', items: 'elements' });
    for (;;) {
      scan.skip();
      if (scan.accept(']')) return items;
      items.push(expression());
      separate();
    }
  };

  const list = (close: ']' | ')'): Expression[] => {
    const items: Expression[] = [];
    for (;;) {
      scan.skip();
      if (scan.accept(close)) return items;
      items.push(expression());
      scan.skip();
      if (!scan.accept(',') && !scan.peek(close)) scan.fail(`"," or "${close}"`);
    }
  };

  // ── paths ─────────────────────────────────────────────────────────────────
  const path = (quotesAreKeys: boolean): Path => {
    const start = scan.at;
    return tail(head(quotesAreKeys), start);
  };

  const head = (quotesAreKeys: boolean): Head => {
    const start = scan.at;
    if (scan.accept('@')) return { kind: 'at', start, end: scan.at };
    if (scan.accept('$(')) {
      scan.skip();
      const inner = expression();
      scan.skip();
      scan.expect(')');
      return { kind: 'group', expression: inner, start, end: scan.at };
    }
    if (scan.accept('$')) {
      const name = scan.atIdentifier() ? scan.identifier('a variable') : '';
      return { kind: 'variable', name: `$${name}`, start, end: scan.at };
    }
    if (scan.atIdentifier() || (quotesAreKeys && scan.atQuote())) {
      return { kind: 'key', name: key(), start, end: scan.at };
    }
    return scan.fail(quotesAreKeys ? 'a path' : 'a value or a path');
  };

  const tail = (first: Head, start: number): Path => {
    const steps: Step[] = [];
    let end = scan.at;
    for (;;) {
      scan.skip();
      const next = step();
      if (next === undefined) break;
      if (next.kind === 'optional' && steps.at(-1)?.kind === 'optional') {
        scan.fail('the next step', 'One "?" is enough', next.start);
      }
      if (steps.push(next) > MAX_STEPS)
        scan.fail(`at most ${MAX_STEPS} steps in a path`, 'Split the mapping');
      end = scan.at;
    }
    const literalOnly = first.kind === 'value' && steps.length === 0;
    const inner = scan.peek('{') && !literalOnly ? selection() : null;
    if (inner === null) scan.at = end;
    return { kind: 'path', head: first, steps, selection: inner, start, end: scan.at };
  };

  const step = (): Step | undefined => {
    const start = scan.at;
    if (scan.peek('...')) return undefined;
    if (scan.accept('.')) {
      scan.skip();
      return { kind: 'key', name: key('a key after "."'), start, end: scan.at };
    }
    if (scan.accept('->')) return method(start);
    if (!scan.peek('?') || scan.peek('??') || scan.peek('?!')) return undefined;
    if (!supports('0.3')) scan.fail('the next step', 'The optional mark "?" needs connect v0.3 or later');
    scan.accept('?');
    return { kind: 'optional', start, end: scan.at };
  };

  const method = (start: number): MethodStep => {
    scan.skip();
    const name = scan.identifier('the name of a method after "->"');
    let end = scan.at;
    scan.skip();
    let args: Expression[] = [];
    if (scan.accept('(')) {
      args = list(')');
      end = scan.at;
    }
    scan.at = end;
    return { kind: 'method', name, args, start, end };
  };

  const key = (expected = 'a key'): string => (scan.atQuote() ? scan.string() : scan.identifier(expected));

  return { supports, nested, expression, path, tail, refuseChain, atStepOrChain, key, separator };
}

// Texts for YAML that cannot be parsed. The parser's own messages name its internal terms and point behind the mistake; these name
// what a person typed and how to write it, at the place of the mistake.

import { type Document, isScalar, type Node, visit, type YAMLParseError } from 'yaml';

/** A mistake in a YAML text. */
export interface YamlFault {
  readonly message: string;
  readonly found: string;
  readonly expected: string;
  readonly wayOut: string;
  /** Offset into the text. */
  readonly offset: number;
}

/** Mistakes after which the parser continues with the structure that was meant. */
const LOCAL: ReadonlySet<string> = new Set(['BAD_SCALAR_START', 'BAD_DQ_ESCAPE', 'TAB_AS_INDENT']);

/** The mistakes of a text, up to the first after which the parser guesses: whatever it reports then is its consequence. */
export function syntaxFaults(text: string, document: Document.Parsed): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  const lines = new Set<number>();
  for (const error of document.errors) {
    const fault = faultOf(error, text, document);
    const line = lineStart(text, fault.offset);
    if (!lines.has(line)) faults.push(fault);
    lines.add(line);
    if (!LOCAL.has(error.code)) break;
  }
  return faults;
}

function faultOf(error: YAMLParseError, text: string, document: Document.Parsed): YamlFault {
  const [at] = error.pos;
  if (error.code === 'RESOURCE_EXHAUSTION' || error.message.startsWith('Maximum call stack'))
    return tooDeep(at);
  const quote = openQuote(text, document, at);
  if (quote !== undefined) return quote;
  const bracket = openBracket(text, document, at);
  if (bracket !== undefined) return bracket;
  return (FAULTS[error.code] ?? otherFault)(text, Math.min(at, lastCharacter(text)), error.message);
}

type FaultAt = (text: string, offset: number, message: string) => YamlFault;

const FAULTS: Readonly<Record<string, FaultAt>> = {
  TAB_AS_INDENT: (_, offset) => ({
    message: 'The line is indented with a tab.',
    found: 'a tab',
    expected: 'spaces: two for each level',
    wayOut: 'Replace the tabs at the beginning of lines by spaces.',
    offset,
  }),
  BAD_INDENT: badIndent,
  UNEXPECTED_TOKEN: (text, offset, message) =>
    /at node end/.test(message) ? textAfterValue(text, offset) : otherFault(text, offset, message),
  BAD_SCALAR_START: (text, offset) => ({
    message: `A text begins with ${characterAt(text, offset)}, which is reserved in YAML.`,
    found: characterAt(text, offset),
    expected: 'the text in quotes',
    wayOut: 'Put the text in quotes: "…".',
    offset,
  }),
  BAD_DQ_ESCAPE: (text, offset) => ({
    message: 'In double quotes a backslash begins an escape sequence, and YAML does not have this one.',
    found: printed(text.slice(offset, offset + 2)),
    expected: 'a backslash as \\\\, or single quotes',
    wayOut: "Put the text in single quotes: '…'.",
    offset,
  }),
  BLOCK_AS_IMPLICIT_KEY: (text, offset) => ({
    message: 'A text contains a colon with a space after it, which separates a key from its value.',
    found: 'a second colon on the line',
    expected: 'one key on a line, or the text in quotes',
    wayOut: `Put the text in quotes: ${keyOn(text, offset) ?? 'key'}: "…".`,
    offset,
  }),
  MISSING_CHAR: missingCharacter,
  MULTILINE_IMPLICIT_KEY: missingCharacter,
  MULTIPLE_DOCS: (_, offset) => ({
    message: 'The file has a second document.',
    found: '---',
    expected: 'one document in the file',
    wayOut: 'Move what follows to a file of its own, or remove it.',
    offset,
  }),
  BAD_ALIAS: (_, offset) => ({
    message: 'An alias (*name) or an anchor (&name) has no name.',
    found: '* or & without a name',
    expected: 'a name after it, or the text in quotes',
    wayOut: 'Put a text that begins with * or & in quotes.',
    offset,
  }),
  BAD_DIRECTIVE: (_, offset) => ({
    message: 'A line begins with %, which introduces a directive of YAML.',
    found: '% at the beginning of a line',
    expected: '`key: value`',
    wayOut: 'Remove the line, or put a text that begins with % in quotes.',
    offset,
  }),
};

/** A line at a column at which no key can stand. */
function badIndent(text: string, offset: number, message: string): YamlFault {
  const start = lineStart(text, offset);
  const own = indentAt(text, start);
  const before = lineBefore(text, start);
  if (before === undefined) return otherFault(text, offset, message);
  return {
    message: 'The line is indented differently from the keys around it.',
    found: spaces(own),
    expected: `${spaces(before)}, as the line before it, or those of a section above`,
    wayOut: 'Indent all keys of a section by the same number of spaces.',
    offset: start + own,
  };
}

const spaces = (count: number): string => (count === 1 ? '1 space' : `${count} spaces`);

/** A line without a colon, or with one that no space follows. */
function missingCharacter(text: string, offset: number, message: string): YamlFault {
  const start = lineStart(text, offset);
  const line = lineAt(text, start);
  const [, name, sign] = /^\s*(?:- )?([A-Za-z][\w.-]*)\s*([:=])\s*\S/.exec(line) ?? [];
  if (name === undefined || sign === undefined) return otherFault(text, offset, message);
  return {
    message: sign === ':' ? 'No space follows the colon of a key.' : 'A key is followed by an equals sign.',
    found: `${name}${sign}…`,
    expected: `${name}: …`,
    wayOut:
      sign === ':' ? 'Write a space after the colon.' : 'Write a colon and a space in place of the sign.',
    offset: start + indentAt(text, start),
  };
}

const textAfterValue = (text: string, offset: number): YamlFault => ({
  message: 'Text follows a value on its line.',
  found: `${characterAt(text, offset)} after the value`,
  expected: 'the end of the line',
  wayOut: 'Remove it, or put the whole value in quotes. Lines of YAML do not end with a comma.',
  offset,
});

const otherFault: FaultAt = (text, offset) => ({
  message: 'The line is not a key with its value.',
  found: offset >= text.length ? 'the end of the file' : `${characterAt(text, offset)} at this place`,
  expected: '`key: value`, or `- value` in a list',
  wayOut: 'Correct this line or the one before it. A text with special characters stands in quotes.',
  offset,
});

const tooDeep = (offset: number): YamlFault => ({
  message: 'Maps and lists are nested too deeply.',
  found: 'more levels than can be read',
  expected: 'at most 64 levels',
  wayOut: 'Remove levels.',
  offset,
});

// —— what was opened and not closed ——

type Ranged = Node & { readonly range: readonly [start: number, end: number, nodeEnd: number] };

/** The text in quotes that has no closing quote, or closes on a later line only because another text opens there. */
function openQuote(text: string, document: Document.Parsed, at: number): YamlFault | undefined {
  const scalar = lastBefore(document, at, (node, [start, end]) => {
    if (!isScalar(node) || !/^QUOTE/.test(String(node.type))) return false;
    const source = text.slice(start, end);
    return source.length < 2 || source.at(-1) !== source[0] || (source.includes('\n') && at <= end + 2);
  });
  if (scalar === undefined) return undefined;
  const [start] = scalar.range;
  const quote = characterAt(text, start);
  return {
    message: 'A text in quotes is not closed on its line.',
    found: `${quote} without a second one`,
    expected: `${quote} at the end of the text`,
    wayOut: 'Close the quotes, or remove the first one.',
    offset: start,
  };
}

/** The list or map in brackets that has no closing bracket. */
function openBracket(text: string, document: Document.Parsed, at: number): YamlFault | undefined {
  const collection = lastBefore(document, at, (node, [start, end]) => {
    const opening = text[start] ?? '';
    if ((node as { flow?: boolean }).flow !== true || !'[{'.includes(opening)) return false;
    return text.slice(start, end).trimEnd().at(-1) !== CLOSING[opening];
  });
  if (collection === undefined) return undefined;
  const [start] = collection.range;
  const opening = text[start] as string;
  return {
    message: `A ${opening === '[' ? 'list' : 'map'} in brackets is not closed.`,
    found: `${opening} without ${CLOSING[opening]}`,
    expected: `${CLOSING[opening]} at its end`,
    wayOut: 'Close it. Items stand between commas; further lines of it are indented more than its key.',
    offset: start,
  };
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** The last node that begins before an offset and for which the test holds. */
function lastBefore(
  document: Document.Parsed,
  at: number,
  test: (node: Node, range: Ranged['range']) => boolean,
): Ranged | undefined {
  let last: Ranged | undefined;
  visit(document, {
    Node: (_, node) => {
      const range = node.range;
      if (range != null && range[0] <= at && test(node, range)) last = node as Ranged;
    },
  });
  return last;
}

// —— lines ——

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end);
}

const indentAt = (text: string, start: number): number =>
  /^[ \t]*/.exec(lineAt(text, start))?.[0].length ?? 0;

/** The indentation of the last line before this one that is neither empty nor a comment. */
function lineBefore(text: string, start: number): number | undefined {
  for (let at = start; at > 0; ) {
    at = lineStart(text, at - 1);
    if (!/^\s*(#|$)/.test(lineAt(text, at))) return indentAt(text, at);
  }
  return undefined;
}

const keyOn = (text: string, offset: number): string | undefined =>
  /^\s*(?:- )?([A-Za-z][\w.-]*):/.exec(lineAt(text, lineStart(text, offset)))?.[1];

const lastCharacter = (text: string): number => Math.max(0, text.trimEnd().length - 1);

const characterAt = (text: string, offset: number): string =>
  printed(String.fromCodePoint(text.codePointAt(offset) ?? 0x20));

/** Quotes and blanks are named: they cannot be seen between quotes. */
function printed(characters: string): string {
  if (characters === '"') return 'a double quote';
  if (characters === "'") return 'a single quote';
  return /^\s*$/.test(characters) ? 'a space' : `"${characters}"`;
}

// The error that the parser of the mapping language throws: position, what was expected, what was found, and the line
// with a caret.

export interface SyntaxFault {
  /** Offset into the source, 0 to its length. */
  readonly position: number;
  readonly expected: string;
  readonly found: string;
  /** How the author can correct it. */
  readonly hint?: string | undefined;
  /** True when the mapping can run: the result of the method is always missing. */
  readonly isWarning?: boolean;
}

/** A mapping cannot be parsed. `line` and `column` count from 1; `frame` is the line with a caret below it. */
export class MappingSyntaxError extends Error {
  override readonly name = 'MappingSyntaxError';
  readonly position: number;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;
  readonly hint: string | undefined;
  readonly frame: string;

  constructor(source: string, fault: SyntaxFault) {
    const before = source.slice(0, fault.position);
    const line = before.split('\n').length;
    const lineStart = before.lastIndexOf('\n') + 1;
    const column = fault.position - lineStart + 1;
    const frame = frameOf(source, lineStart, column);
    const hint = fault.hint === undefined ? '' : `. ${fault.hint}`;
    super(
      `Mapping, line ${line}, column ${column}: expected ${fault.expected}, found ${fault.found}${hint}\n${frame}`,
    );
    this.position = fault.position;
    this.line = line;
    this.column = column;
    this.expected = fault.expected;
    this.found = fault.found;
    this.hint = fault.hint;
    this.frame = frame;
  }
}

export const isMappingSyntaxError = (value: unknown): value is MappingSyntaxError =>
  value instanceof MappingSyntaxError;

// A long line is cut around the caret, so that the message stays readable.
const FRAME_WIDTH = 100;

function frameOf(source: string, lineStart: number, column: number): string {
  const newline = source.indexOf('\n', lineStart);
  const whole = source.slice(lineStart, newline === -1 ? source.length : newline).replace(/\r$/, '');
  const from = Math.max(0, column - 1 - FRAME_WIDTH / 2);
  const text = whole.slice(from, from + FRAME_WIDTH).replaceAll('\t', ' ');
  return `  ${text}\n  ${' '.repeat(column - 1 - from)}^`;
}

/** Names that are compared: every finding on an unknown name costs this much. */
const MAX_COMPARED = 1000;

/**
 * The most similar of the first 1,000 `names`: at most two edits away, or a third of the length of a longer name.
 * Undefined when no name is that similar.
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  // Long names are not typing errors, and the work grows with the square of the length.
  if (name.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  let compared = 0;
  for (const candidate of names) {
    if (++compared > MAX_COMPARED) break;
    const distance = editDistance(name.toLowerCase(), candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

const MAX_LENGTH = 40;

/** The number of edits from `a` to `b` in lower case; any number from `limit` on when there are that many. */
function editDistance(a: string, name: string, limit: number): number {
  if (Math.abs(a.length - name.length) > Math.min(5, limit - 1)) return limit;
  const b = name.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const edits = Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      next.push(edits);
      if (edits < least) least = edits;
    }
    if (least >= limit) return limit;
    row = next;
  }
  return row[b.length] as number;
}

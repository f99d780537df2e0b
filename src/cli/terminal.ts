// The output of the commands: two streams, and the styles of the first. Styles are plain text unless stdout is a terminal that may
// show colours. Guarantees that the only control characters written are line breaks, tabs and the sequences of the styles.

import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { printableText } from '../printable.ts';

export interface Terminal {
  /** Writes lines to stdout. */
  readonly print: (text: string) => void;
  /** Writes lines to stderr. */
  readonly printError: (text: string) => void;
  readonly style: Style;
}

/** Each function returns text for `print` and `printError` only. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly place: (text: string) => string;
}

/** The part of `process` that a terminal requires. */
export interface Streams {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const ESC = '\u001b';

/** @param noColor value of the variable NO_COLOR; any value disables colours (https://no-color.org) */
export function createTerminal({ stdout, stderr }: Streams, noColor: string | undefined): Terminal {
  const coloured = stdout.isTTY === true && noColor === undefined;
  // Stands for the ESC of a style until the text is written. Text from outside cannot contain it.
  const styleMark = `{${randomUUID()}}`;
  const toOutput = (text: string): string => `${printableText(text).replaceAll(styleMark, ESC)}\n`;
  return {
    print: (text) => void stdout.write(toOutput(text)),
    printError: (text) => void stderr.write(toOutput(text)),
    style: coloured ? createColouredStyle(styleMark) : PLAIN,
  };
}

function createColouredStyle(styleMark: string): Style {
  const as = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, printableText(text), { validateStream: false }).replaceAll(ESC, styleMark);
  return {
    strong: as('bold'),
    faint: as('dim'),
    good: as('green'),
    warn: as('yellow'),
    bad: as('red'),
    place: as('cyan'),
  };
}

const same = (text: string): string => text;

const PLAIN: Style = { strong: same, faint: same, good: same, warn: same, bad: same, place: same };

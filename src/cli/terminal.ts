// What the commands write to: two streams and the styles of the first. Made by `main.ts` for the process and by tests;
// styles are plain text unless a person looks at a terminal that may show colours.

import { styleText } from 'node:util';

export interface Terminal {
  /** Writes lines to stdout. */
  readonly print: (text: string) => void;
  /** Writes lines to stderr. */
  readonly complain: (text: string) => void;
  readonly style: Style;
}

export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly place: (text: string) => string;
}

/** What of `process` a terminal needs. */
export interface Streams {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** @param noColor the variable NO_COLOR; any text switches colours off (no-color.org) */
export function createTerminal({ stdout, stderr }: Streams, noColor: string | undefined): Terminal {
  const coloured = stdout.isTTY === true && noColor === undefined;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    style: coloured ? COLOURED : PLAIN,
  };
}

const as = (format: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(format, text, { validateStream: false });

const COLOURED: Style = {
  strong: as('bold'),
  faint: as('dim'),
  good: as('green'),
  warn: as('yellow'),
  bad: as('red'),
  place: as('cyan'),
};

const same = (text: string): string => text;

const PLAIN: Style = { strong: same, faint: same, good: same, warn: same, bad: same, place: same };

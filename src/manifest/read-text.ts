// Reads the text files of a connector. Their sizes are limited, because the cost of reading, checking and compiling a
// connector grows with them.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Diagnostic, DiagnosticsError } from '../diagnostic.ts';

interface TextFileKind {
  readonly maxBytes: number;
  readonly wayOut: string;
}

/** The largest manifest of this repository has 3 kB, the largest schema 8 kB; a schema of 500 fields has 45 kB. */
export const TEXT_FILES = {
  manifest: {
    maxBytes: 131_072,
    wayOut: 'Remove what is not a key of the manifest, or split the connector into several.',
  },
  schema: {
    maxBytes: 524_288,
    wayOut: 'Split the connector into several: types can be extended by key from another connector.',
  },
  case: { maxBytes: 1_048_576, wayOut: 'Shorten the recorded answer to what the case is about.' },
} as const satisfies Readonly<Record<string, TextFileKind>>;

/**
 * @param file the name in findings
 * @throws DiagnosticsError when it is too large, a symbolic link or no regular file; the error of the file system when it cannot be opened
 */
export async function readTextFile(
  path: string,
  file: string,
  { maxBytes, wayOut }: TextFileKind,
): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ELOOP'
      ? new DiagnosticsError([symbolicLink(file)])
      : error;
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notAFile(file);
    if (stats.size > maxBytes) throw tooLarge(file, stats.size, maxBytes, wayOut);
    const bytes = await handle.readFile();
    // The file may have grown since.
    if (bytes.length > maxBytes) throw tooLarge(file, bytes.length, maxBytes, wayOut);
    return bytes.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** A link could make a connector of a file that nobody has reviewed, or show a file of the machine in a finding. */
export const symbolicLink = (file: string): Diagnostic => ({
  code: 'SymbolicLink',
  message: 'A connector folder holds no symbolic links; this one has not been followed.',
  file,
  found: 'a symbolic link',
  expected: 'a file or a folder',
  wayOut: 'Replace the link with what it points to.',
});

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en')} bytes`;

const tooLarge = (file: string, found: number, expected: number, wayOut: string): DiagnosticsError =>
  new DiagnosticsError([
    {
      code: 'FileTooLarge',
      message: 'The file is too large and has not been read.',
      file,
      found: inBytes(found),
      expected: `at most ${inBytes(expected)}`,
      wayOut,
    },
  ]);

const notAFile = (file: string): DiagnosticsError =>
  new DiagnosticsError([
    {
      code: 'NotAFile',
      message: 'A text file is expected.',
      file,
      found: 'a folder or a device',
      expected: 'a regular file',
      wayOut: 'Replace it with a file.',
    },
  ]);

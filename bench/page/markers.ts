// Writes the results of a bench into a document, between two markers.

import { readFile, writeFile } from 'node:fs/promises';

/** @throws Error when the document has lost its markers */
export async function writeBetween(
  document: URL,
  { begin, end }: { readonly begin: string; readonly end: string },
  body: string,
): Promise<void> {
  const text = await readFile(document, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${document.pathname} has lost its markers`);
  await writeFile(document, `${text.slice(0, from + begin.length)}\n\n${body}\n${text.slice(to)}`);
}

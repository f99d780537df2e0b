// Codec of `csv` and `fixed-width` sources: JSON in requests, tables in answers. A table becomes a list of objects whose values are
// text as it was sent (`001`). Every row has the columns of the table: a ragged row makes the answer invalid. Messages name rows and
// columns by their position, never by their text. Each character is read once.
import { GatewayError } from '../../errors.ts';
import type { FormatSpec } from '../contract.ts';
import type { Codec, Decoded } from './contract.ts';
import { createJsonCodec } from './json.ts';
import { CharsetError, decodeText, mediaType, shownType } from './text.ts';

/** Thrown for a text that is no table. Contains no upstream text. */
class TableError extends Error {
  override readonly name = 'TableError';
}

type Row = Readonly<Record<string, string>>;
type ReadTable = (text: string) => readonly Row[];

/** What sources send tables as, besides types of their own such as `text/x-csv`. */
const TYPES: ReadonlySet<string> = new Set([
  'text/csv',
  'application/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/octet-stream',
  'application/vnd.ms-excel',
]);

/** @throws GatewayError INTERNAL_SERVER_ERROR for `fixed-width` without its columns */
export const createTableCodec = (spec: FormatSpec): Codec =>
  spec.protocol === 'csv'
    ? tableCodec(spec, 'CSV', spec.csv.charset, compileCsv(spec.csv))
    : tableCodec(spec, 'lines of fixed width', spec.fixedWidth?.charset, compileLines(spec.fixedWidth));

function tableCodec(
  { limits }: FormatSpec,
  expected: string,
  charset: string | undefined,
  read: ReadTable,
): Codec {
  const { contentType, encode } = createJsonCodec({
    protocol: 'json',
    maxDepth: limits.maxDepth,
    mediaTypes: [],
  });
  return {
    headers: { accept: 'text/csv, text/plain;q=0.9, */*;q=0.1' },
    contentType,
    encode,
    decode: ({ status, headers, bytes }): Decoded => {
      if (status === 204 || bytes.length === 0) return { body: null };
      const type = mediaType(headers['content-type']);
      if (type !== undefined && !TYPES.has(type)) {
        return { body: null, invalid: `expected ${expected}, found ${shownType(type)}` };
      }
      try {
        return { body: read(decodeText(bytes, headers['content-type'], () => charset)) };
      } catch (error) {
        if (!(error instanceof CharsetError || error instanceof TableError)) throw error;
        return { body: null, invalid: error.message };
      }
    },
  };
}

// —— CSV (RFC 4180) ——

function compileCsv({ delimiter, quote, header, columns }: FormatSpec['csv']): ReadTable {
  return (text) => {
    const rows = readRows(text, delimiter, quote);
    const names = header ? namesOf(rows.next().value) : (columns ?? []);
    if (header && columns !== undefined) assertColumns(names, columns);
    const list: Row[] = [];
    let number = header ? 1 : 0;
    for (const fields of rows) {
      number++;
      if (fields.length !== names.length) {
        throw new TableError(`expected ${names.length} fields in row ${number}, found ${fields.length}`);
      }
      const row: Record<string, string> = {};
      for (let i = 0; i < names.length; i++) row[names[i] as string] = fields[i] as string;
      list.push(row);
    }
    return list;
  };
}

function namesOf(fields: readonly string[] | undefined): readonly string[] {
  const names = (fields ?? []).map((name) => name.trim());
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    // A row is a plain object.
    if (name === '' || name === '__proto__')
      throw new TableError(`expected a name in column ${i + 1} of the header`);
    if (seen.has(name))
      throw new TableError(`expected another name in column ${i + 1} of the header, found one twice`);
    seen.add(name);
  }
  return names;
}

function assertColumns(names: readonly string[], columns: readonly string[]): void {
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new TableError(`expected the column ${missing[0]} in the header, found none`);
}

/** Rows end with CRLF, LF or CR. Line breaks behind the last row are no rows. */
function* readRows(text: string, delimiter: string, quote: string): Generator<readonly string[], undefined> {
  let end = text.length;
  while (end > 0 && isBreak(text.charCodeAt(end - 1))) end--;
  let at = 0;
  for (let row = 1; at < end || (row === 1 && end > 0); row++) {
    const fields: string[] = [];
    for (;;) {
      const place = `row ${row}, field ${fields.length + 1}`;
      if (text[at] === quote) {
        let value = '';
        let from = at + 1;
        for (;;) {
          const close = text.indexOf(quote, from);
          if (close < 0 || close >= end)
            throw new TableError(`expected a closing quote in ${place}, found none`);
          value += text.slice(from, close);
          at = close + 1;
          if (text[at] !== quote) break;
          value += quote;
          from = at + 1;
        }
        fields.push(value);
        if (at < end && text[at] !== delimiter && !isBreak(text.charCodeAt(at))) {
          throw new TableError(
            `expected a delimiter after the closing quote in ${place}, found another character`,
          );
        }
      } else {
        const from = at;
        while (at < end && text[at] !== delimiter && !isBreak(text.charCodeAt(at))) {
          if (text[at] === quote) throw new TableError(`expected quotes around the whole of ${place}`);
          at++;
        }
        fields.push(text.slice(from, at));
      }
      if (at >= end || text[at] !== delimiter) break;
      at++;
    }
    if (at < end) at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    yield fields;
  }
  return undefined;
}

const isBreak = (code: number): boolean => code === 10 || code === 13;

// —— fixed width ——

function compileLines(spec: FormatSpec['fixedWidth']): ReadTable {
  if (spec === undefined) {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: 'protocol fixed-width requires `fixedWidth` with the columns in the manifest; found none',
    });
  }
  const { columns } = spec;
  const width = columns.reduce((sum, column) => sum + column.length, 0);
  return (text) => {
    const lines = text.split(/\r\n|\r|\n/);
    while (lines.at(-1) === '') lines.pop();
    return lines.map((line, index) => {
      // Widths count characters, not UTF-16 units.
      const characters = /[\ud800-\udfff]/.test(line) ? Array.from(line) : line;
      const found = characters.length;
      if (found !== width) {
        throw new TableError(`expected ${width} characters in line ${index + 1}, found ${found}`);
      }
      const row: Record<string, string> = {};
      let from = 0;
      for (const { name, length } of columns) {
        const part = characters.slice(from, from + length);
        row[name] = (typeof part === 'string' ? part : part.join('')).trim();
        from += length;
      }
      return row;
    });
  };
}

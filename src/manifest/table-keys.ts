// The keys of `connector.yaml` for answers that are tables: CSV, and lines of fixed width.
import { z } from 'zod';
import { about, text } from '../manifest-keys.ts';

const columnName = text.refine((name) => name !== '__proto__', 'another name');
const charset = z
  .string()
  .refine((name) => {
    try {
      return new TextDecoder(name) !== undefined;
    } catch {
      return false;
    }
  }, 'a charset of the WHATWG Encoding Standard, such as windows-1258')
  .optional()
  .meta(about('Charset of answers that name none.', 'windows-1258', { whenAbsent: 'UTF-8' }));
const oneCharacter = z.string().regex(/^[^\r\n\ud800-\udfff]$/, 'one character');

export const csv = z
  .strictObject({
    delimiter: oneCharacter.default(',').meta(about('Character between the fields of a row.', ';')),
    quote: oneCharacter
      .default('"')
      .meta(about('Character around fields that contain delimiters, quotes or line breaks.', "'")),
    header: z
      .boolean()
      .default(true)
      .meta(about('Whether the first row has the names of the columns.', false)),
    columns: z
      .array(columnName)
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'different names')
      .optional()
      .meta(
        about(
          'Names of the columns, in their order. With a header: names that it must have, in any order.',
          ['code', 'name'],
          { whenAbsent: 'those of the header' },
        ),
      ),
    charset,
  })
  .refine(({ delimiter, quote }) => delimiter !== quote, 'delimiter and quote must differ')
  .refine(({ header, columns }) => header || columns !== undefined, 'without a header, columns are required')
  .prefault({})
  .meta(
    about(
      'Tables by RFC 4180, with `protocol: csv`. A row with another number of fields makes the answer invalid.',
      {
        delimiter: ';',
        columns: ['code', 'name'],
      },
    ),
  );

export const fixedWidth = z
  .strictObject({
    columns: z
      .array(
        z
          .strictObject({
            name: columnName.meta(about('Name of the column.', 'code')),
            length: z
              .number()
              .int()
              .min(1)
              .max(10_000)
              .meta(about('Width.', 12, { unit: 'characters' })),
          })
          .meta(about('One column.', { name: 'code', length: 12 })),
      )
      .min(1)
      .refine(
        (all) => new Set(all.map(({ name }) => name)).size === all.length,
        'columns with different names',
      )
      .meta(
        about('The columns of a line, in their order. Spaces around a value are left out.', [
          { name: 'code', length: 12 },
        ]),
      ),
    charset,
  })
  .optional()
  .meta(
    about(
      'Lines of fixed width. Required with `protocol: fixed-width`. A line of another length makes the answer invalid.',
      { columns: [{ name: 'code', length: 12 }] },
      { whenAbsent: 'the source does not send such lines' },
    ),
  );

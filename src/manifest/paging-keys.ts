// The keys of `connector.yaml` for fields that are pages of a list: how the source counts, and in which words.
import { z } from 'zod';
import { about, text } from '../manifest-keys.ts';

/** Parameter of the position, where the manifest names none. */
const POSITIONS = { offset: 'offset', page: 'page', cursor: 'cursor', link: 'page' } as const;

export const paging = z
  .strictObject({
    style: z
      .enum(['offset', 'page', 'cursor', 'link'])
      .meta(
        about(
          'How the source finds a page. `offset`: by the number of items before it. `page`: by the number of the page. `cursor`: by a text that the answer before names. `link`: by a parameter of the `next` URL of the `Link` header.',
          'page',
        ),
      ),
    position: text.optional().meta(
      about('Parameter of the position.', 'page', {
        whenAbsent: '`offset`, `page` or `cursor` by the style; with `link` `page`',
      }),
    ),
    size: text.optional().meta(
      about('Parameter of the number of items.', 'limit', {
        whenAbsent: 'all pages of the source have `maxSize` items',
      }),
    ),
    maxSize: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .meta(
        about(
          'Items of a page of the source at most, as it really serves them; also the largest `first`. A page that is shorter than asked for is the last, unless there is a total.',
          100,
          { unit: 'items' },
        ),
      ),
    defaultFirst: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .meta(
        about('Items of a page when the caller gives no `first`; at most `maxSize`.', 20, { unit: 'items' }),
      ),
    firstPage: z
      .number()
      .int()
      .min(0)
      .max(1)
      .default(1)
      .meta(about("Number of the source's first page, with style `page`.", 0, { unit: 'pages' })),
    in: z
      .enum(['query', 'body'])
      .default('query')
      .meta(about('Where the parameters are. In a body, their names are dotted paths.', 'query')),
    next: text.optional().meta(
      about('Dotted path of the cursor of the next page in the answer, with style `cursor`.', 'meta.next', {
        whenAbsent: 'required with style `cursor`',
      }),
    ),
    total: text.optional().meta(
      about('Dotted path of the number of items of the whole list in the answer.', 'meta.total', {
        whenAbsent: 'the source does not count its list',
      }),
    ),
    totalHeader: text.optional().meta(
      about('Header with the number of items of the whole list.', 'X-Total-Count', {
        whenAbsent: 'the source has no such header',
      }),
    ),
  })
  .refine(({ style, next }) => (style === 'cursor') === (next !== undefined), {
    message: 'next belongs to style cursor, which needs it',
    path: ['next'],
  })
  .refine(({ total, totalHeader }) => total === undefined || totalHeader === undefined, {
    message: 'total and totalHeader exclude each other',
    path: ['totalHeader'],
  })
  .transform((own) => ({ ...own, position: own.position ?? POSITIONS[own.style] }))
  .optional()
  .meta(
    about(
      'Makes a Relay connection of a field with the arguments `first` and `after`. The selection maps `nodes`, `edges { node }` or both; the gateway gives position and size to the source, and fills `edges`, `nodes`, `pageInfo` and `totalCount`.',
      { style: 'page', size: 'limit', maxSize: 100, total: 'meta.total' },
      { whenAbsent: 'the field is not paged' },
    ),
  );

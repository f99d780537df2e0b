// The keys of `connector.yaml` for what the arguments of an operation may be, beyond their types.
import { z } from 'zod';
import { compileLinearPattern, PatternError } from '../linear-pattern.ts';
import { about, text } from '../manifest-keys.ts';

/** Characters of a text that a pattern is matched against at most, unless `maxLength` is given. */
const PATTERN_MAX_LENGTH = 1000;

// Beyond it, doubles are no longer exact.
const bound = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const count = z.number().int().min(0).max(1_000_000);

const pattern = text.superRefine((source, context) => {
  try {
    compileLinearPattern(source);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    context.addIssue({
      code: 'custom',
      message: `${error.message}. docs/manifest.md describes what is possible`,
    });
  }
});

const bounds = z
  .strictObject({
    min: bound
      .optional()
      .meta(about('Smallest number.', 1, { unit: 'as the argument', whenAbsent: 'not limited' })),
    max: bound
      .optional()
      .meta(about('Largest number.', 500, { unit: 'as the argument', whenAbsent: 'not limited' })),
    minLength: count
      .optional()
      .meta(about('Fewest characters of a text.', 1, { unit: 'characters', whenAbsent: 'not limited' })),
    maxLength: count.optional().meta(
      about('Most characters of a text.', 50, {
        unit: 'characters',
        whenAbsent: `not limited; with a \`pattern\` ${PATTERN_MAX_LENGTH}`,
      }),
    ),
    pattern: pattern
      .optional()
      .meta(
        about(
          'Regular expression of JavaScript (flag `u`) that the whole text matches. Matched in linear time: without look-around, backreferences, word boundaries and inner anchors.',
          '[A-Z]{2}[0-9]{6}',
          { whenAbsent: 'any text' },
        ),
      ),
    minItems: count
      .optional()
      .meta(about('Fewest items of a list.', 1, { unit: 'items', whenAbsent: 'not limited' })),
    maxItems: count
      .optional()
      .meta(about('Most items of a list.', 100, { unit: 'items', whenAbsent: 'not limited' })),
  })
  .refine((own) => Object.values(own).some((value) => value !== undefined), 'at least one bound')
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, 'min must not be over max')
  .refine(
    ({ minLength = 0, maxLength }) => maxLength === undefined || minLength <= maxLength,
    'minLength must not be over maxLength',
  )
  .refine(
    ({ minItems = 0, maxItems }) => maxItems === undefined || minItems <= maxItems,
    'minItems must not be over maxItems',
  )
  .refine(
    ({ pattern, maxLength = 0 }) => pattern === undefined || maxLength <= 10_000,
    'with a pattern, maxLength must not be over 10000',
  )
  // A pattern costs a step per character and state.
  .transform((own) => ({
    ...own,
    maxLength: own.maxLength ?? (own.pattern === undefined ? undefined : PATTERN_MAX_LENGTH),
  }))
  .meta(
    about('Bounds of one argument. In a list, numbers and texts are bounded one by one.', {
      max: 500,
    }),
  );

export const argumentBounds = z
  .record(text, bounds)
  // Bounds have defaults of their own.
  .prefault({})
  .meta(
    about(
      'What the arguments may be, beyond their types: by the name of the argument, or by a dotted path into an input object. A value beyond its bounds is refused with BAD_USER_INPUT, and nothing is sent.',
      { limit: { min: 1, max: 500 }, 'input.plate': { pattern: '[0-9]{2}[A-Z][0-9]{5}' } },
    ),
  );

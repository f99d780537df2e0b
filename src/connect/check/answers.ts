// Rules for `isSuccess` and `errors`: the kind of value each mapping yields. Syntax errors are found by the parser.

import type { Shape } from '../mapping/index.ts';
import { CODE_OF, type ParsedMapping } from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { sourceText } from './key-position.ts';
import { firstOf } from './urls.ts';
import type { View } from './view.ts';

interface Expectation {
  readonly matches: (shape: Shape) => boolean;
  readonly subject: string;
  readonly expected: string;
  readonly wayOut: string;
}

const isNull = (shape: Shape): boolean => shape.kind === 'scalar' && shape.type === 'null';

const IS_SUCCESS: Expectation = {
  matches: (shape) =>
    shape.kind === 'unknown' || (shape.kind === 'scalar' && (shape.type === 'boolean' || isNull(shape))),
  subject: '`isSuccess`',
  expected: 'true or false',
  wayOut: 'Compare: $status->eq(200), or $.code->in(["00", "01"]).',
};

const MESSAGE: Expectation = {
  matches: (shape) => shape.kind === 'unknown' || shape.kind === 'scalar',
  subject: '`errors.message`',
  expected: 'a string',
  wayOut: 'Select the value that describes the error, e.g. $.error.message.',
};

const EXTENSIONS: Expectation = {
  matches: (shape) => shape.kind === 'unknown' || shape.kind === 'object' || isNull(shape),
  subject: '`errors.extensions`',
  expected: 'an object, e.g. "code: $.error.code"',
  wayOut: 'Name each value: `name: value`.',
};

export function checkAnswerRules(view: View, report: Report): void {
  const check = (mapping: ParsedMapping | undefined, coordinate: string, expectation: Expectation) => {
    if (mapping === undefined) return;
    const wrong = firstOf(view.shape(mapping), (shape) => !expectation.matches(shape));
    if (wrong === undefined) return;
    report({
      code: CODE_OF[mapping.role],
      at: { text: mapping.text, offset: wrong.range[0] },
      coordinate,
      message: `${expectation.subject} does not yield ${expectation.expected.split(',')[0]}.`,
      found: sourceText(mapping.text.value, wrong.range),
      expected: expectation.expected,
      wayOut: expectation.wayOut,
    });
  };
  for (const { isSuccess, message, extensions, coordinate } of [
    ...view.parsed.sources,
    ...view.parsed.connects,
  ]) {
    check(isSuccess, coordinate, IS_SUCCESS);
    check(message, coordinate, MESSAGE);
    check(extensions, coordinate, EXTENSIONS);
  }
}

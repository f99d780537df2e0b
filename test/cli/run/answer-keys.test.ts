// Which parts of an answer are personal and which may be shown, by the selection that reads them.
import { describe, expect, it } from 'vitest';
import { answerKeys, pathKey } from '../../../src/cli/run/answer-keys.ts';
import { parseSelection } from '../../../src/connect/mapping/index.ts';
import type { PersonalFields } from '../../../src/manifest/personal-fields.ts';

/** `who` is personal on every type; every object field has a type of its name. */
const fields: PersonalFields = {
  all: false,
  some: true,
  isPersonal: (_type, field) => field === 'who',
  typeOf: (_type, field) => field,
};

function keysOf(selection: string) {
  const { personal, plain } = answerKeys(
    parseSelection(selection, { version: '0.3', extensions: true }),
    'T',
    fields,
  );
  return { personal: [...personal], plain: [...plain].map((key) => key.replaceAll(pathKey(['', '']), '.')) };
}

describe('answer keys', () => {
  it.each([
    ['a b: c.d', [], ['a', 'c.d']],
    ['$.data { a: b.c who: d.e }', ['e'], ['data.b.c']],
    ['$.text->jsonParse { a: b }', [], ['text.b']],
    ['list: $($.items ?? null)->list { a who: n { x y } }', ['n', 'x', 'y'], ['items.a']],
    ['g: { a who: b->personName }', ['b'], ['a']],
    ['a: b->match(["1", $.c.d], [@, @])', [], ['b', 'c.d']],
    ['$.a->entries { key value }', [], []],
    ['a: $args.x b: $("1") c: $([d, { e: f }])', [], ['d', 'f']],
    ['$.a.b', [], ['a.b']],
  ])('%s', (selection, personal, plain) => {
    expect(keysOf(selection)).toEqual({ personal, plain });
  });
});

// Random mappings (as text) and random inputs that fit them often enough to be interesting. Synthetic throughout.

import fc from 'fast-check';

// Few names, so that selections and inputs meet; two that every object inherits, one that needs quotes.
const KEYS = ['a', 'b', 'c', 'd', 'list', 'constructor', '__proto__', 'two words'];
const quoted = (key: string): string => (/^\w+$/.test(key) ? key : JSON.stringify(key));

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, 2, -1, 1.5, '', 'a', 'b', '1', '20240229', 'Nguyễn'),
);

/** A JSON value over the same keys. `__proto__` is an own key of it, as JSON.parse makes it. */
export const inputs: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 6 })
      .map((pairs) =>
        JSON.parse(`{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`),
      ),
  ),
})).value;

export const variables = fc.record({ args: inputs, this: inputs }, { requiredKeys: [] });

// An alias, since an interface has no index signature, which `letrec` wants.
type Texts = {
  selection: string;
  entry: string;
  path: string;
  head: string;
  step: string;
  method: string;
  expression: string;
  operand: string;
};

const key = fc.constantFrom(...KEYS.map(quoted));
const literal = fc.constantFrom(
  'null',
  'true',
  'false',
  '0',
  '-1',
  '2.5',
  '.5',
  '6.',
  '"a"',
  "'b'",
  '"x\\n\\u0041"',
);

const NO_ARGUMENTS = [
  'toString jsonStringify jsonParse typeof not size first last entries keys values parseInt trim trimStart trimEnd',
  'keysToCamelCase keysToCamelCaseDeep partialDate nfc upper personName list',
]
  .join(' ')
  .split(' ');
const ONE_ARGUMENT =
  'echo eq ne gt gte lt lte add sub mul div mod get slice contains has map filter find and or in joinNotNull pad'.split(
    ' ',
  );

const texts = (version: '0.3' | '0.4'): { [K in keyof Texts]: fc.Arbitrary<string> } =>
  fc.letrec<Texts>((tie) => {
    const expression = tie('expression');
    const args = fc.array(expression, { minLength: 1, maxLength: 2 }).map((list) => list.join(', '));
    const pair = fc.tuple(fc.oneof(fc.constant('@'), literal, expression), expression);
    return {
      selection: fc.array(tie('entry'), { maxLength: 4 }).map((list) => `{ ${list.join(' ')} }`),
      entry: fc.oneof(
        { maxDepth: 3 },
        key,
        fc.tuple(key, tie('selection')).map(([k, s]) => `${k} ${s}`),
        fc.tuple(key, tie('path')).map(([k, p]) => `${k}: ${p}`),
        fc.tuple(key, tie('selection')).map(([k, s]) => `${k}: ${s}`),
        ...(version === '0.4' ? [tie('path').map((p) => `... ${p.startsWith('"') ? `$.${p}` : p}`)] : []),
        fc
          .tuple(fc.constantFrom('$', '@', '$args', 'a.b', '$.c'), tie('selection'))
          .map(([h, s]) => `${h} ${s}`),
        ...(version === '0.4' ? [fc.tuple(key, expression).map(([k, e]) => `${k}: ${e}`)] : []),
      ),
      path: fc
        .tuple(tie('head'), fc.array(tie('step'), { maxLength: 3 }), fc.option(tie('selection'), { freq: 3 }))
        .map(
          ([head, steps, selection]) =>
            `${head}${steps.join('')}${selection === null ? '' : ` ${selection}`}`,
        ),
      head: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('$', '@', 'a', 'b', 'c', 'list', '$args', '$this', '$.a', '$.list'),
        expression.map((e) => `$(${e})`),
      ),
      step: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        key.map((k) => `.${k}`),
        fc.constantFrom('?.a', '?->first'),
        tie('method').map((m) => `->${m}`),
      ),
      method: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(...NO_ARGUMENTS),
        fc.constantFrom('date("yyyyMMdd")', 'formatDate("dd/MM/yyyy HH:mm:ss")'),
        fc.tuple(fc.constantFrom(...ONE_ARGUMENT), expression).map(([m, e]) => `${m}(${e})`),
        fc.tuple(fc.constantFrom('add', 'mul', 'and', 'or'), args).map(([m, a]) => `${m}(${a})`),
        fc.tuple(expression, expression).map(([a, b]) => `slice(${a}, ${b})`),
        expression.map((e) => `parseInt(${e})`),
        fc.array(expression, { maxLength: 3 }).map((l) => `in([${l.join(', ')}])`),
        fc
          .array(pair, { minLength: 1, maxLength: 3 })
          .map((l) => `match(${l.map((p) => `[${p.join(', ')}]`).join(', ')})`),
        fc.tuple(expression, key).map(([e, k]) => `as($v, ${e})->echo($v.${k})`),
        key.map((k) => `as($w)->map([@, $w.${k}])`),
      ),
      expression: fc.oneof(
        { maxDepth: 3 },
        tie('operand'),
        fc
          .tuple(fc.constantFrom('??', '?!'), fc.array(tie('operand'), { minLength: 2, maxLength: 3 }))
          .map(([operator, list]) => list.join(` ${operator} `)),
      ),
      operand: fc.oneof(
        { maxDepth: 3 },
        literal,
        fc.constantFrom('$', '@', 'a', '$args.a', '@.b', '$this'),
        tie('path').map((p) => (p.startsWith('"') ? `$.${p}` : p)),
        fc.array(expression, { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
        fc
          .array(fc.tuple(key, expression), { maxLength: 3 })
          .map((l) => `{ ${l.map((p) => p.join(': ')).join(', ')} }`),
        fc.tuple(literal, tie('step')).map(([l, s]) => `${l}${s}`),
      ),
    };
  });

/** Texts of whole selections: named keys, or one bare path. */
export function selectionTexts(version: '0.3' | '0.4'): fc.Arbitrary<string> {
  const { entry, path } = texts(version);
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(entry, { maxLength: 5 }).map((l) => l.join('\n')) },
    { weight: 1, arbitrary: path },
  );
}

export const expressionTexts = (version: '0.3' | '0.4'): fc.Arbitrary<string> => texts(version).expression;

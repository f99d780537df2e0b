// Every message that graphql-js can report about a document or its variables has a text in both languages, with the names and
// without the values. A new graphql-js with other messages fails here.

import fc from 'fast-check';
import {
  buildSchema,
  type GraphQLError,
  type GraphQLScalarType,
  getVariableValues,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { graphqlText } from '../../src/graph/graphql-texts.ts';

const schema = buildSchema(`
  scalar Code
  enum Level { LOW HIGH }
  input In { a: Int!, b: String, level: Level, more: In, list: [Int!] }
  input One @oneOf { a: Int, b: Int }
  interface Node { id: ID! }
  type Item implements Node { id: ID!, name: String, item(id: ID!): Item }
  type Other implements Node { id: ID! }
  type Query { item(id: ID!): Item, node: Node, list(in: In, code: Code, one: One, n: Int, f: Float, s: String, b: Boolean, level: Level): [Item] }
`);
Object.assign(schema.getType('Code') as GraphQLScalarType, {
  parseValue: (value: unknown) => {
    if (value === 'broken') throw new TypeError('s3cret');
    throw new GatewayError('BAD_USER_INPUT', {
      reason: { vi: 'Code: cần mã.', en: 'Code: expected a code.' },
    });
  },
});
const code = schema.getType('Code') as GraphQLScalarType;
code.parseLiteral = (node) => code.parseValue('value' in node ? node.value : null);

describe('validation', () => {
  /** Rule, document, Vietnamese, English. */
  const CASES: [rule: string, document: string, vi: string, en: string][] = [
    [
      'ExecutableDefinitionsRule',
      'type A { a: Int }',
      'Định nghĩa "A" không thực thi được.',
      'The "A" definition is not executable.',
    ],
    [
      'ExecutableDefinitionsRule',
      'schema { query: A }',
      'Định nghĩa schema không thực thi được.',
      'The schema definition is not executable.',
    ],
    [
      'UniqueOperationNamesRule',
      'query A { node { id } } query A { node { id } }',
      'Có nhiều thao tác cùng tên "A".',
      'There can be only one operation named "A".',
    ],
    [
      'LoneAnonymousOperationRule',
      '{ node { id } } query B { node { id } }',
      'Thao tác không tên phải là thao tác duy nhất.',
      'This anonymous operation must be the only defined operation.',
    ],
    [
      'KnownTypeNamesRule',
      '{ node { ... on Itm { id } } }',
      'Không có kiểu "Itm". Có phải "Item", "ID", "In" hoặc "Int"?',
      'Unknown type "Itm". Did you mean "Item", "ID", "In", or "Int"?',
    ],
    [
      'KnownTypeNamesRule',
      'query ($a: Xyzzy) { node { id } }',
      'Không có kiểu "Xyzzy".',
      'Unknown type "Xyzzy".',
    ],
    [
      'FragmentsOnCompositeTypesRule',
      '{ node { ... on Int { id } } }',
      'Fragment phải đặt trên kiểu đối tượng, interface hoặc union, không phải "Int".',
      'Fragment cannot condition on non composite type "Int".',
    ],
    [
      'FragmentsOnCompositeTypesRule',
      'fragment F on Int { id }',
      'Fragment "F" phải đặt trên kiểu đối tượng, interface hoặc union, không phải "Int".',
      'Fragment "F" cannot condition on non composite type "Int".',
    ],
    [
      'VariablesAreInputTypesRule',
      'query ($a: Item) { node { id } }',
      'Biến "$a" không thể có kiểu "Item": không phải kiểu đầu vào.',
      'Variable "$a" cannot be non-input type "Item".',
    ],
    [
      'ScalarLeafsRule',
      '{ node { id { x } } }',
      'Trường "id" có kiểu "ID!", không có trường con để chọn.',
      'Field "id" must not have a selection since type "ID!" has no subfields.',
    ],
    [
      'ScalarLeafsRule',
      '{ node }',
      'Trường "node" có kiểu "Node": phải chọn trường con. Có phải "node { ... }"?',
      'Field "node" of type "Node" must have a selection of subfields. Did you mean "node { ... }"?',
    ],
    [
      'FieldsOnCorrectTypeRule',
      '{ nod { id } }',
      'Kiểu "Query" không có trường "nod". Có phải "node"?',
      'Cannot query field "nod" on type "Query". Did you mean "node"?',
    ],
    [
      'FieldsOnCorrectTypeRule',
      '{ node { name } }',
      'Kiểu "Node" không có trường "name". Có phải "Item"?',
      'Cannot query field "name" on type "Node". Did you mean to use an inline fragment on "Item"?',
    ],
    [
      'UniqueFragmentNamesRule',
      'fragment F on Item { id } fragment F on Item { id }',
      'Có nhiều fragment cùng tên "F".',
      'There can be only one fragment named "F".',
    ],
    ['KnownFragmentNamesRule', '{ node { ...G } }', 'Không có fragment "G".', 'Unknown fragment "G".'],
    [
      'NoUnusedFragmentsRule',
      '{ node { id } } fragment F on Item { id }',
      'Fragment "F" không được dùng.',
      'Fragment "F" is never used.',
    ],
    [
      'PossibleFragmentSpreadsRule',
      '{ item(id: 1) { ... on Other { id } } }',
      'Không thể đặt fragment ở đây: đối tượng kiểu "Item" không bao giờ có kiểu "Other".',
      'Fragment cannot be spread here as objects of type "Item" can never be of type "Other".',
    ],
    [
      'PossibleFragmentSpreadsRule',
      '{ item(id: 1) { ...F } } fragment F on Other { id }',
      'Không thể đặt fragment "F" ở đây: đối tượng kiểu "Item" không bao giờ có kiểu "Other".',
      'Fragment "F" cannot be spread here as objects of type "Item" can never be of type "Other".',
    ],
    [
      'NoFragmentCyclesRule',
      'fragment F on Item { ...F }',
      'Fragment "F" chứa chính nó.',
      'Cannot spread fragment "F" within itself.',
    ],
    [
      'NoFragmentCyclesRule',
      'fragment F on Item { ...G } fragment G on Item { ...F }',
      'Fragment "F" chứa chính nó, qua "G".',
      'Cannot spread fragment "F" within itself via "G".',
    ],
    [
      'UniqueVariableNamesRule',
      'query ($a: Int, $a: Int) { node { id } }',
      'Có nhiều biến cùng tên "$a".',
      'There can be only one variable named "$a".',
    ],
    [
      'NoUndefinedVariablesRule',
      '{ item(id: $a) { id } }',
      'Biến "$a" chưa được khai báo.',
      'Variable "$a" is not defined.',
    ],
    [
      'NoUndefinedVariablesRule',
      'query Q { item(id: $a) { id } }',
      'Thao tác "Q" không khai báo biến "$a".',
      'Variable "$a" is not defined by operation "Q".',
    ],
    [
      'NoUnusedVariablesRule',
      'query ($a: Int) { node { id } }',
      'Biến "$a" không được dùng.',
      'Variable "$a" is never used.',
    ],
    [
      'NoUnusedVariablesRule',
      'query Q($a: Int) { node { id } }',
      'Thao tác "Q" không dùng biến "$a".',
      'Variable "$a" is never used in operation "Q".',
    ],
    ['KnownDirectivesRule', '{ node @a { id } }', 'Không có directive "@a".', 'Unknown directive "@a".'],
    [
      'KnownDirectivesRule',
      '{ node @deprecated { id } }',
      'Không được đặt directive "@deprecated" ở FIELD.',
      'Directive "@deprecated" may not be used on FIELD.',
    ],
    [
      'UniqueDirectivesPerLocationRule',
      '{ node @skip(if: true) @skip(if: true) { id } }',
      'Directive "@skip" chỉ được đặt một lần ở chỗ này.',
      'The directive "@skip" can only be used once at this location.',
    ],
    [
      'KnownArgumentNamesRule',
      '{ item(ix: 1) { id } }',
      'Trường "Query.item" không có đối số "ix". Có phải "id"?',
      'Unknown argument "ix" on field "Query.item". Did you mean "id"?',
    ],
    [
      'KnownArgumentNamesRule',
      '{ node @skip(iff: true) { id } }',
      'Directive "@skip" không có đối số "iff". Có phải "if"?',
      'Unknown argument "iff" on directive "@skip". Did you mean "if"?',
    ],
    [
      'UniqueArgumentNamesRule',
      '{ item(id: 1, id: 1) { id } }',
      'Có nhiều đối số cùng tên "id".',
      'There can be only one argument named "id".',
    ],
    [
      'UniqueInputFieldNamesRule',
      '{ list(in: { a: 1, a: 1 }) { id } }',
      'Có nhiều trường đầu vào cùng tên "a".',
      'There can be only one input field named "a".',
    ],
    [
      'ProvidedRequiredArgumentsRule',
      '{ item { id } }',
      '"item" cần đối số "id" kiểu "ID!".',
      'Field "item" argument "id" of type "ID!" is required, but it was not provided.',
    ],
    [
      'ProvidedRequiredArgumentsRule',
      '{ node @skip { id } }',
      '"@skip" cần đối số "if" kiểu "Boolean!".',
      'Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.',
    ],
    [
      'VariablesInAllowedPositionRule',
      'query ($a: Int) { item(id: $a) { id } }',
      'Biến "$a" có kiểu "Int", ở đây cần kiểu "ID!".',
      'Variable "$a" of type "Int" used in position expecting type "ID!".',
    ],
    [
      'VariablesInAllowedPositionRule',
      'query ($a: Int) { list(one: { a: $a }) { id } }',
      'Biến "$a" có kiểu "Int", phải khác null để dùng cho "One".',
      'Variable "$a" is of type "Int" but must be non-nullable to be used for OneOf Input Object "One".',
    ],
    [
      'MaxIntrospectionDepthRule',
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
      'Truy vấn lược đồ lồng nhau quá sâu.',
      'Maximum introspection depth exceeded',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ item(id: null) { id } }',
      'Cần giá trị kiểu "ID!", gặp null.',
      'Expected value of type "ID!", found null.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(in: "001099") { id } }',
      'Cần giá trị kiểu "In".',
      'Expected value of type "In".',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(in: {}) { id } }',
      'Thiếu trường đầu vào "In.a", kiểu "Int!".',
      'Field "In.a" of required type "Int!" was not provided.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(in: { a: 1, c: 1 }) { id } }',
      'Kiểu "In" không có trường đầu vào "c". Có phải "a" hoặc "b"?',
      'Field "c" is not defined by type "In". Did you mean "a" or "b"?',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(one: { a: 1, b: 2 }) { id } }',
      '"One" cần đúng một trường.',
      'OneOf Input Object "One" must specify exactly one key.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(one: { a: null }) { id } }',
      'Trường đầu vào "One.a" phải khác null.',
      'Field "One.a" must be non-null.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(n: "001099") { id } }',
      'Int chỉ nhận số nguyên.',
      'Int cannot represent a non-integer value.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(n: 9001099000) { id } }',
      'Int chỉ nhận số nguyên 32 bit có dấu.',
      'Int cannot represent a value outside 32-bit signed integers.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(f: "001099") { id } }',
      'Float chỉ nhận số.',
      'Float cannot represent a non-numeric value.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(s: 1001099) { id } }',
      'String chỉ nhận chuỗi.',
      'String cannot represent a non-string value.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(b: "001099") { id } }',
      'Boolean chỉ nhận true hoặc false.',
      'Boolean cannot represent a non-boolean value.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ item(id: 1001.099) { id } }',
      'ID chỉ nhận chuỗi hoặc số nguyên.',
      'ID cannot represent a value that is neither a string nor an integer.',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(level: HIG) { id } }',
      'Giá trị không có trong enum "Level". Có phải "HIGH"?',
      'The value does not exist in enum "Level". Did you mean the enum value "HIGH"?',
    ],
    [
      'ValuesOfCorrectTypeRule',
      '{ list(level: "001099") { id } }',
      'Enum "Level" cần tên của một giá trị.',
      'Enum "Level" cannot represent a value that is not the name of an enum value.',
    ],
    ['ValuesOfCorrectTypeRule', '{ list(code: "001099") { id } }', 'Code: cần mã.', 'Code: expected a code.'],
  ];

  it.each(CASES)('%s · %s · then a text in both languages', (name, document, vi, en) => {
    const rule = specifiedRules.find((each) => each.name === name);
    const errors = validate(schema, parse(document), rule ? [rule] : []);
    expect(errors.map(graphqlText)).toContainEqual({ vi, en });
    expect(JSON.stringify(errors.map(graphqlText))).not.toMatch(/001|099|9001/);
  });

  it('the rules of graphql-js · compared with the cases above · then none is missing', () => {
    // The first is replaced by our own check; the second needs a subscription type, which no schema here has.
    const others = [OverlappingFieldsCanBeMergedRule, SingleFieldSubscriptionsRule];
    const names = specifiedRules.filter((rule) => !others.includes(rule)).map((rule) => rule.name);
    expect([...new Set(CASES.map(([name]) => name))].sort()).toEqual(names.sort());
  });

  it('more errors than are listed · then the last says so', () => {
    const errors = validate(schema, parse(`{ ${Array.from({ length: 200 }, (_, i) => `x${i}`).join(' ')} }`));
    expect(graphqlText(errors.at(-1) as GraphQLError)?.vi).toBe('Còn lỗi khác, không liệt kê thêm.');
  });

  it('a scalar that throws something else · then no text', () => {
    const [error] = validate(schema, parse('{ list(code: "broken") { id } }'));
    expect(graphqlText(error as GraphQLError)).toBeUndefined();
  });
});

describe('syntax', () => {
  it.each([
    ['{ a', 'Sai cú pháp: cần Name, gặp <EOF>.', 'Syntax Error: Expected Name, found <EOF>.'],
    ['{ a(b: "001099" }', 'Sai cú pháp: cần Name, gặp "}".', 'Syntax Error: Expected Name, found "}".'],
    ['{ "001099" }', 'Sai cú pháp: cần Name, gặp String.', 'Syntax Error: Expected Name, found String.'],
    [
      '{ """001099""" }',
      'Sai cú pháp: cần Name, gặp BlockString.',
      'Syntax Error: Expected Name, found BlockString.',
    ],
    ['{ 1001099 }', 'Sai cú pháp: cần Name, gặp Int.', 'Syntax Error: Expected Name, found Int.'],
    ['a', 'Sai cú pháp: gặp Name "a" không đúng chỗ.', 'Syntax Error: Unexpected Name "a".'],
    ['{ a(b: ?) }', 'Sai cú pháp: gặp ký tự không hợp lệ: "?".', 'Syntax Error: Unexpected character: "?".'],
    [
      "{ a(b: 'c') }",
      'Sai cú pháp: gặp dấu nháy đơn (\'); chuỗi viết trong dấu nháy kép (").',
      'Syntax Error: Unexpected single quote character (\'), did you mean to use a double quote (")?',
    ],
    [
      'query ($a: Int = $b) { a }',
      'Sai cú pháp: không được dùng biến "$b" trong giá trị hằng.',
      'Syntax Error: Unexpected variable "$b" in constant value.',
    ],
    ['{ a(b: "c', 'Sai cú pháp: chuỗi chưa được đóng.', 'Syntax Error: Unterminated string.'],
    [
      '{ a(b: 00) }',
      'Sai cú pháp: số viết không đúng, gặp "0".',
      'Syntax Error: Invalid number, unexpected digit after 0: "0".',
    ],
    [
      '{ a(b: 1.) }',
      'Sai cú pháp: số viết không đúng, gặp ")".',
      'Syntax Error: Invalid number, expected digit but got: ")".',
    ],
    [
      '{ a(b: "\uD800") }',
      'Sai cú pháp: trong chuỗi có ký tự không hợp lệ: U+D800.',
      'Syntax Error: Invalid character within String: U+D800.',
    ],
    [
      '{ a(b: "\\u00xy") }',
      'Sai cú pháp: mã thoát Unicode trong chuỗi không hợp lệ.',
      'Syntax Error: Invalid Unicode escape sequence.',
    ],
    [
      '{ a(b: "\\q") }',
      'Sai cú pháp: mã thoát trong chuỗi không hợp lệ.',
      'Syntax Error: Invalid character escape sequence.',
    ],
    [
      '"about" { a }',
      'Sai cú pháp: không được có phần mô tả ở đây.',
      'Syntax Error: Unexpected description, descriptions are not supported on shorthand queries.',
    ],
    [
      'a a a a a a a a a a a',
      'Sai cú pháp: gặp Name "a" không đúng chỗ.',
      'Syntax Error: Unexpected Name "a".',
    ],
    [
      `{ ${'a '.repeat(10)} }`,
      'Sai cú pháp: câu truy vấn có hơn 10 token.',
      'Syntax Error: The document contains more than 10 tokens.',
    ],
  ])('%s · then a text in both languages', (document, vi, en) => {
    const error = (() => {
      try {
        parse(document, { maxTokens: 10 });
      } catch (thrown) {
        return thrown as GraphQLError;
      }
      throw new Error('this is no syntax error');
    })();
    expect(graphqlText(error)).toEqual({ vi, en });
  });
});

describe('variables', () => {
  const errorsOf = (definitions: string, variables: Record<string, unknown>) => {
    const {
      definitions: [operation],
    } = parse(`query (${definitions}) { node { id } }`);
    const nodes = (operation as OperationDefinitionNode).variableDefinitions ?? [];
    return getVariableValues(schema, nodes, variables, { maxErrors: 50 }).errors ?? [];
  };

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      '$a: Int!',
      {},
      'Thiếu biến "$a", kiểu "Int!".',
      'Variable "$a" of required type "Int!" was not provided.',
    ],
    [
      '$a: Int!',
      { a: null },
      'Biến "$a" có kiểu "Int!", phải khác null.',
      'Variable "$a" of non-null type "Int!" must not be null.',
    ],
    [
      '$a: Int',
      { a: '001099' },
      'Biến "$a" có giá trị không hợp lệ: Int chỉ nhận số nguyên.',
      'Variable "$a" has an invalid value: Int cannot represent a non-integer value.',
    ],
    [
      '$a: In',
      { a: { a: 1, more: { a: 1, list: [1, '001099'] } } },
      'Biến "$a" có giá trị không hợp lệ tại "a.more.list[1]": Int chỉ nhận số nguyên.',
      'Variable "$a" has an invalid value at "a.more.list[1]": Int cannot represent a non-integer value.',
    ],
    [
      '$a: In',
      { a: { a: null } },
      'Biến "$a" có giá trị không hợp lệ tại "a.a": Kiểu "Int!" phải khác null.',
      'Variable "$a" has an invalid value at "a.a": Expected non-nullable type "Int!" not to be null.',
    ],
    [
      '$a: In',
      { a: {} },
      'Biến "$a" có giá trị không hợp lệ: Thiếu trường đầu vào "a", kiểu "Int!".',
      'Variable "$a" has an invalid value: Field "a" of required type "Int!" was not provided.',
    ],
    [
      '$a: In',
      { a: '001099; x at "y"' },
      'Biến "$a" có giá trị không hợp lệ: Cần một đối tượng kiểu "In".',
      'Variable "$a" has an invalid value: Expected type "In" to be an object.',
    ],
    [
      '$a: In',
      { a: { a: 1, c: '001099' } },
      'Biến "$a" có giá trị không hợp lệ: Kiểu "In" không có trường đầu vào "c". Có phải "a" hoặc "b"?',
      'Variable "$a" has an invalid value: Field "c" is not defined by type "In". Did you mean "a" or "b"?',
    ],
    [
      '$a: One',
      { a: { a: 1, b: 2 } },
      'Biến "$a" có giá trị không hợp lệ: "One" cần đúng một trường.',
      'Variable "$a" has an invalid value: Exactly one key must be specified for OneOf type "One".',
    ],
    [
      '$a: Level',
      { a: '001099' },
      'Biến "$a" có giá trị không hợp lệ: Giá trị không có trong enum "Level".',
      'Variable "$a" has an invalid value: The value does not exist in enum "Level".',
    ],
    [
      '$a: Level',
      { a: 1001099 },
      'Biến "$a" có giá trị không hợp lệ: Enum "Level" cần tên của một giá trị.',
      'Variable "$a" has an invalid value: Enum "Level" cannot represent a value that is not the name of an enum value.',
    ],
    [
      '$a: ID',
      { a: { b: '001099' } },
      'Biến "$a" có giá trị không hợp lệ: ID chỉ nhận chuỗi hoặc số nguyên.',
      'Variable "$a" has an invalid value: ID cannot represent a value that is neither a string nor an integer.',
    ],
    [
      '$a: Code',
      { a: '001099' },
      'Biến "$a" có giá trị không hợp lệ: Code: cần mã.',
      'Variable "$a" has an invalid value: Code: expected a code.',
    ],
    [
      '$a: Code',
      { a: 'broken' },
      'Biến "$a" có giá trị không hợp lệ.',
      'Variable "$a" has an invalid value.',
    ],
  ])('%s · %j · then a text in both languages', (definitions, variables, vi, en) => {
    expect(errorsOf(definitions, variables).map(graphqlText)).toEqual([{ vi, en }]);
  });

  it('more errors than are listed · then the last says so', () => {
    const errors = errorsOf('$a: [Int]', { a: Array.from({ length: 60 }, () => 'x') });
    expect(graphqlText(errors.at(-1) as GraphQLError)?.en).toBe('Too many errors in variables.');
  });

  it('any value · for any type · then a text that does not contain it', () => {
    const MARK = 'xq7';
    fc.assert(
      fc.property(
        fc.constantFrom(
          'Int',
          'Float',
          'Boolean',
          'ID',
          'Level',
          'In',
          'One',
          'Code',
          '[Int!]!',
          '[[Level]]',
        ),
        fc.oneof(
          fc.string().map((text) => `${text}${MARK}; at "${MARK}"`),
          fc
            .jsonValue()
            .map((value) => ({ [MARK]: value }))
            .map(({ [MARK]: value }) => [value, MARK]),
          fc.string().map((text) => ({ b: `${MARK}". Did you mean "${text}"?` })),
        ),
        (type, value) => {
          for (const error of errorsOf(`$v: ${type}`, { v: value })) {
            const text = graphqlText(error);
            expect(text?.vi).toMatch(/^Biến "\$v"/);
            expect(text?.en).toMatch(/^Variable "\$v"/);
            expect(JSON.stringify(text)).not.toContain(MARK);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

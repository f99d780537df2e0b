// What a document selects: found through aliases and fragments, never denied where it may be asked for.
import { type FieldNode, type FragmentDefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createSelects, type SelectionInfo, selectsNow } from '../../src/dossiers/selects.ts';

function anInfo(document: string): SelectionInfo {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  let fieldNodes: FieldNode[] = [];
  for (const definition of parse(document).definitions) {
    if (definition.kind === 'FragmentDefinition') fragments[definition.name.value] = definition;
    if (definition.kind === 'OperationDefinition') {
      fieldNodes = definition.selectionSet.selections.filter((selection) => selection.kind === 'Field');
    }
  }
  return { fieldNodes, fragments };
}

const payments = (document: string): boolean => createSelects()(anInfo(document), 'edges.node.payments');

test.each([
  ['plainly', '{ dossiers { edges { node { payments { reference } } } } }'],
  ['under other names', '{ d: dossiers { e: edges { n: node { p: payments { reference } } } } }'],
  [
    'in an inline fragment',
    '{ dossiers { edges { ... on DossierEdge { node { ... { payments { reference } } } } } } }',
  ],
  [
    'in fragments of fragments',
    `{ dossiers { ...A } } fragment A on DossierConnection { edges { ...B } }
     fragment B on DossierEdge { node { code ...C } } fragment C on Dossier { payments { reference } }`,
  ],
  [
    'with @include',
    'query ($p: Boolean!) { dossiers { edges { node { payments @include(if: $p) { reference } } } } }',
  ],
  ['with @skip', '{ dossiers { edges { node { payments @skip(if: true) { reference } } } } }'],
  [
    'in the second of two edges',
    '{ dossiers { edges { cursor } edges { node { code } node { payments { reference } } } } }',
  ],
  [
    'in the second of two merged fields',
    '{ dossiers { pageInfo { endCursor } } dossiers { edges { node { payments { reference } } } } }',
  ],
])('payments selected %s · asked · then yes', (_how, document) => expect(payments(document)).toBe(true));

test.each([
  ['not at all', '{ dossiers { edges { node { code } } } }'],
  ['only by alias', '{ dossiers { edges { node { payments: deliveries { trackingCode } } } } }'],
  ['only elsewhere', '{ dossiers { edges { node { applicant { payments } } } payments { reference } } }'],
  [
    'in a fragment that is not used',
    '{ dossiers { edges { node { code } } } } fragment C on Dossier { payments { reference } }',
  ],
])('payments selected %s · asked · then no', (_how, document) => expect(payments(document)).toBe(false));

test('the same document again · read · then the result is cached, per path', () => {
  const selects = createSelects();
  const info = anInfo('{ dossiers { edges { node { payments { reference } } } } }');
  for (let i = 0; i < 2; i++) {
    expect(selects(info, 'edges.node.payments')).toBe(true);
    expect(selects(info, 'edges.node.deliveries')).toBe(false);
    expect(selects(info, 'pageInfo')).toBe(false);
  }
});

test('spreads that double 30 levels deep · read · then answered at once, each fragment visited once', () => {
  const fragments = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on DossierConnection { ...F${i + 1} ...F${i + 1} }`,
  );
  const document = `{ dossiers { ...F0 } } ${fragments.join(' ')} fragment F30 on DossierConnection { pageInfo { endCursor } }`;
  expect(payments(document)).toBe(false);
});

test.each<[string, string, boolean]>([
  ['plainly', '{ d { a { p } } }', true],
  ['included', '{ d { a @include(if: $yes) { p @skip(if: $no) } } }', true],
  ['skipped', '{ d { a { p @skip(if: true) } } }', false],
  ['not included by a variable', '{ d { a { p @include(if: $no) } } }', false],
  ['not included by a variable without a value', '{ d { a { p @include(if: $none) } } }', false],
  ['below what is skipped', '{ d { a @skip(if: $yes) { p } } }', false],
  [
    'in a fragment that is not spread',
    '{ d { ...F @include(if: false) } } fragment F on D { a { p } }',
    false,
  ],
  ['once skipped and once not', '{ d { a { p @skip(if: true) } ...F } } fragment F on D { a { p } }', true],
  ['in an inline fragment that is skipped', '{ d { ... @skip(if: $yes) { a { p } } } }', false],
])('a field · %s · then selected in this request or not', (_, document, expected) => {
  const info = { ...anInfo(document), variableValues: { yes: true, no: false } };
  expect(selectsNow(info, 'a.p')).toBe(expected);
});

// Keys with a prefix in the mappings of a source that speaks XML. Answers are keyed by local name, so that such a key finds nothing;
// in a request a prefix would stand for no namespace.

import type { Diagnostic } from '../../diagnostic.ts';
import type { Expression, Mapping, Selection } from '../mapping/index.ts';
import { mappingsOf, type ParsedConnector, type ParsedMapping } from '../read/parse-texts.ts';
import { createReport, type Report, untilEnough } from '../read/report.ts';

/** Returns one error for each key with a prefix. */
export function checkPrefixedKeys({ schema, sources, connects }: ParsedConnector): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report = createReport(schema.file, diagnostics);
  untilEnough(() => {
    for (const part of [...sources, ...connects]) {
      for (const mapping of mappingsOf(part)) checkMapping(mapping, part.coordinate, report);
    }
  });
  return diagnostics;
}

function checkMapping({ role, text, tree, offset }: ParsedMapping, coordinate: string, report: Report): void {
  for (const { name, start } of prefixedKeys(tree)) {
    const local = localPart(name);
    report({
      code: 'PrefixedXmlKey',
      at: { text, offset: offset + start },
      coordinate,
      message:
        role === 'body'
          ? 'A key of an XML body has a prefix; elements are in the namespace that the manifest gives.'
          : 'A key has a prefix, and answers in XML are keyed by local name: it is never found.',
      found: name,
      expected: local,
      wayOut: `Write ${/^@?[\p{L}_][\w-]*$/u.test(local) && !local.startsWith('@') ? local : JSON.stringify(local)}, without the prefix.`,
    });
  }
}

/** `ns:Name` is `Name`, `@xsi:type` is `@type`. */
const localPart = (name: string): string =>
  (name.startsWith('@') ? '@' : '') + name.slice(name.lastIndexOf(':') + 1);

interface Key {
  readonly name: string;
  readonly start: number;
}

/** Keys of paths and of object literals; an alias is a field of the schema, and keys of variables are not from an answer. */
function* prefixedKeys(tree: Mapping): Generator<Key> {
  for (const key of keysIn(tree.body)) if (/^@?[^:\s/]+:[^:\s/]+$/.test(key.name)) yield key;
}

function* keysIn(node: Selection | Expression): Generator<Key> {
  if (node.kind === 'selection') {
    for (const { value } of node.entries) yield* keysIn(value);
  } else if (node.kind === 'object') {
    for (const property of node.properties) {
      if (property.kind === 'property') yield { name: property.key, start: property.start };
      yield* keysIn(property.value);
    }
  } else if (node.kind === 'array') {
    for (const item of node.items) yield* keysIn(item);
  } else if (node.kind === 'chain') {
    for (const operand of node.operands) yield* keysIn(operand);
  } else if (node.kind === 'path') {
    const { head, steps, selection } = node;
    const isOfAnswer = head.kind !== 'variable' || head.name === '$';
    if (head.kind === 'key') yield head;
    if (head.kind === 'group') yield* keysIn(head.expression);
    if (head.kind === 'value') yield* keysIn(head.value);
    for (const step of steps) {
      if (step.kind === 'key' && isOfAnswer) yield { name: step.name, start: step.start };
      if (step.kind === 'method') for (const arg of step.args) yield* keysIn(arg);
    }
    if (selection !== null) yield* keysIn(selection);
  }
}

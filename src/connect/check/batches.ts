// Rules for `$batch`: it excludes `$this`, and every item of the answer carries its key, taken from the answer.

import type { Shape } from '../mapping/index.ts';
import type { ParsedConnect, ParsedMapping } from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { type KeyTree, keyTreeOf } from './key-fields.ts';
import { keyPosition, sourceText } from './key-position.ts';
import type { View } from './view.ts';

export function checkBatchVariables(view: View, report: Report): void {
  for (const connect of view.parsed.connects) {
    const { directive, coordinate } = connect;
    const batch = view.readsOf(connect, '$batch');
    const node = directive.args.get('batch');
    if (node !== undefined && batch.length === 0) {
      report({
        code: 'BatchUnused',
        at: node,
        coordinate,
        message: '`batch` is set, but the connector does not use $batch: it makes one call per key.',
        found: 'batch without $batch',
        expected: '$batch in the URL or the body, e.g. body: "ids: $batch.id"',
        wayOut:
          directive.fieldName === undefined
            ? 'Read the keys from $batch, or remove `batch`.'
            : 'Remove `batch`: it applies to a @connect on a type only.',
      });
    }
    if (directive.fieldName !== undefined || batch.length === 0) continue;
    if (view.readsOf(connect, '$this').length === 0) continue;
    report({
      code: 'ConnectBatchAndThis',
      at: directive.node,
      coordinate,
      message: 'A connector uses both $batch and $this.',
      found: '$batch, which holds many objects, and $this, which holds one',
      expected: 'one of the two',
      wayOut:
        'Read everything from $batch (a list of key objects), or use $this alone and make one call per object.',
    });
  }
}

export function checkBatchKeys(view: View, report: Report): void {
  for (const connect of view.parsed.connects) {
    const { directive, selection } = connect;
    if (directive.fieldName !== undefined || selection === undefined) continue;
    const all = view.readsOf(connect, '$batch').filter((read) => read.path.length > 0);
    const identifying = view.keyReadsOf(connect).filter((read) => all.includes(read));
    const reads = identifying.length === 0 ? all : identifying;
    if (reads.length === 0) continue;
    for (const item of itemsOf(view.shape(selection)))
      checkItem(keyTreeOf(reads), item, '', { connect, selection, view, report });
  }
}

interface Context {
  readonly connect: ParsedConnect;
  readonly selection: ParsedMapping;
  readonly view: View;
  readonly report: Report;
}

function checkItem(
  keys: KeyTree,
  item: Extract<Shape, { kind: 'object' }>,
  prefix: string,
  context: Context,
): void {
  const { connect, selection, report } = context;
  for (const [name, below] of keys) {
    const value = item.fields.get(name);
    if (value === undefined) {
      if (item.open) continue;
      report({
        code: 'ConnectorsBatchKeyNotInSelection',
        at: { text: selection.text, offset: item.range[0] },
        coordinate: connect.coordinate,
        message:
          'The selection of a batch does not yield a key that the request reads, so items cannot be matched.',
        found: `no "${prefix}${name}" in the selection`,
        expected: `"${prefix}${name}" in each item, as in $batch.${prefix}${name}`,
        wayOut: `Add the key to the selection: ${name}, or ${name}: <its path in the answer>.`,
      });
      continue;
    }
    if (below.size > 0) {
      for (const inner of itemsOf(value)) checkItem(below, inner, `${prefix}${name}.`, context);
    } else if (connect.directive.url !== undefined && !isFromAnswer(name, value, context)) {
      report({
        code: 'ConnectorsNonRootBatchKey',
        at: { text: selection.text, offset: keyPosition(selection.tree, name, value.range[0]) },
        coordinate: connect.coordinate,
        message: 'The key of an item does not come from the answer, so items cannot be matched.',
        found: sourceText(selection.text.value, value.range),
        expected: `a value of the answer for "${prefix}${name}"`,
        wayOut: `Map the key from the item itself: ${name}: <its path in the answer>.`,
      });
    }
  }
}

/** True when anything in the entry of this key reads from the answer. */
function isFromAnswer(name: string, value: Shape, { selection, view }: Context): boolean {
  const start = keyPosition(selection.tree, name, value.range[0]);
  const end = Math.max(value.range[1], start + name.length);
  return view.reads(selection).some((read) => {
    const at = read.path.at(-1)?.start ?? read.start;
    const place = read.derived === true ? read.start : at;
    return read.variable === '$' && place >= start && place <= end;
  });
}

function itemsOf(shape: Shape): Extract<Shape, { kind: 'object' }>[] {
  const items: Extract<Shape, { kind: 'object' }>[] = [];
  const entered = new Set<Shape>();
  const enter = (part: Shape): void => {
    if (entered.has(part)) return;
    entered.add(part);
    if (part.kind === 'choice') part.options.forEach(enter);
    else if (part.kind === 'list') enter(part.item);
    else if (part.kind === 'object') items.push(part);
  };
  enter(shape);
  return items;
}

// How a repeated type or field differs from its owner's: exactly, since composition would publish the weaker of the two.

import type { Element, Field, SubgraphType } from './read-subgraph.ts';

/** Directives of federation that change nothing about an element of another owner by themselves; `check-*.ts` decide on the rest. */
export const neutral = {
  onType: new Set(['key', 'extends', 'external', 'shareable']),
  onField: new Set(['external', 'shareable', 'requires', 'provides']),
} as const satisfies Record<string, ReadonlySet<string>>;

export interface Difference {
  /** Composition has a code of its own for a field of another type. */
  readonly code?: 'FIELD_TYPE_MISMATCH';
  readonly element: Element;
  /** `undefined` when the owner does not have it. */
  readonly ownedElement: Element | undefined;
  readonly found: string;
  readonly expected: string;
}

/** Everything that differs, descriptions and the directives of the two elements themselves aside. */
export function differencesOf(element: SubgraphType | Field, owned: SubgraphType | Field): Difference[] {
  return 'type' in element && 'type' in owned
    ? ofFields(element, owned)
    : ofTypes(element as SubgraphType, owned as SubgraphType);
}

function ofFields(field: Field, owned: Field): Difference[] {
  const differ = (found: string, expected: string): Difference => ({
    element: field,
    ownedElement: owned,
    found,
    expected,
  });
  const found: Difference[] = [];
  if (field.type !== owned.type)
    found.push({ ...differ(field.type, owned.type), code: 'FIELD_TYPE_MISMATCH' });
  if (field.defaultValue !== owned.defaultValue) found.push(differ(defaultText(field), defaultText(owned)));
  return [...found, ...ofParts(field, owned, field.args, owned.args, 'argument', ofFields)];
}

const defaultText = ({ defaultValue }: Field): string =>
  defaultValue === undefined ? 'no default' : `the default ${defaultValue}`;

function ofTypes(type: SubgraphType, owned: SubgraphType): Difference[] {
  const what = type.kind === 'input' ? 'input field' : 'field';
  return [
    ...ofParts(type, owned, type.fields, owned.fields, what, ofFields),
    ...ofParts(type, owned, type.values, owned.values, 'value', () => []),
    ...ofNames(type, owned, type.members, owned.members, ' | '),
    ...ofNames(type, owned, type.interfaces, owned.interfaces, ' & '),
  ];
}

/** Parts by name: neither more nor fewer, each with the directives of its counterpart. */
function ofParts<T extends Element>(
  element: Element,
  owned: Element,
  parts: ReadonlyMap<string, T>,
  ownedParts: ReadonlyMap<string, T>,
  what: string,
  compare: (part: T, ownedPart: T) => Difference[],
): Difference[] {
  const found: Difference[] = [];
  for (const [name, part] of parts) {
    const counterpart = ownedParts.get(name);
    if (counterpart === undefined) {
      const expected = `no ${what} of this name`;
      found.push({ element: part, ownedElement: undefined, found: `a new ${what} ${name}`, expected });
      continue;
    }
    const extra = part.directives.find(
      ({ text }) => !counterpart.directives.some((one) => one.text === text),
    );
    if (extra !== undefined)
      found.push({
        element: part,
        ownedElement: counterpart,
        found: extra.text,
        expected: 'no such directive here',
      });
    found.push(...compare(part, counterpart));
  }
  const missing = [...ownedParts.keys()].filter((name) => !parts.has(name));
  if (missing.length > 0) {
    const [first = ''] = missing;
    const names = missing.join(', ');
    found.push({
      element,
      ownedElement: ownedParts.get(first) ?? owned,
      found: `no ${what} ${names}`,
      expected: `the ${what}${missing.length > 1 ? 's' : ''} ${names}, too`,
    });
  }
  return found;
}

function ofNames(
  element: Element,
  ownedElement: Element,
  names: ReadonlySet<string>,
  owned: ReadonlySet<string>,
  separator: string,
): Difference[] {
  const text = (set: ReadonlySet<string>): string => [...set].sort().join(separator) || 'none';
  return text(names) === text(owned)
    ? []
    : [{ element, ownedElement, found: text(names), expected: text(owned) }];
}

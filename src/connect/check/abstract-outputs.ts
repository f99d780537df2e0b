// Compares a selection with an interface or union (connect v0.4): each object must carry a constant `__typename`.
// Connectors of earlier versions may not yield abstract types at all.

import { casesOf, type Shape } from '../mapping/index.ts';
import { linkVersion } from '../read/arguments.ts';
import type { TypeInfo } from '../read/types.ts';
import * as mismatch from './mismatches.ts';
import { type OutputPosition, placeOf, type Walk } from './walk.ts';

export function compareAbstract(
  shape: Exclude<Shape, { kind: 'choice' | 'list' }>,
  type: TypeInfo,
  position: OutputPosition,
  walk: Walk,
): void {
  const { view } = walk;
  const candidates = [...type.possible].flatMap((name) => view.types.all.get(name) ?? []);
  const { version } = view.schema.links;
  if (version < '0.4') {
    walk.report({
      code: 'ConnectorsUnsupportedAbstractType',
      at: type.node,
      coordinate: type.name,
      message: `A connector yields ${type.kind === 'union' ? 'a union' : 'an interface'}, which connect v${version} does not support.`,
      found: `${position.coordinate} yields ${type.name}`,
      expected: 'an object type, or connect v0.4',
      wayOut: `${linkVersion('0.4')}, or define one object type with the fields of all.`,
    });
    for (const candidate of candidates) walk.markOpen(candidate.name);
    return;
  }
  const report = (found: string, severity: 'error' | 'warning' = 'error') =>
    walk.report({
      code: 'InvalidSelection',
      severity,
      at: placeOf((shape.kind === 'object' ? shape.fields.get('__typename') : undefined) ?? shape, position),
      coordinate: position.coordinate,
      message:
        severity === 'error'
          ? `The selection does not state which type of ${type.name} each object has.`
          : `The type of ${type.name} is taken from the answer; this works here, other runtimes require a constant.`,
      found,
      expected: `a constant: ${candidates.map((candidate) => `"${candidate.name}"`).join(' or ')}`,
      wayOut: 'Write ->match with one case per type, each with its own __typename: "…" and fields.',
    });
  if (shape.kind !== 'object') {
    walk.report(
      mismatch.groupRequired(position, placeOf(shape, position), type.name, [
        '__typename',
        ...fieldNames(type, candidates),
      ]),
    );
    for (const candidate of candidates) walk.markOpen(candidate.name);
    return;
  }
  const typename = shape.fields.get('__typename');
  const names = literalsOf(typename);
  const unknown = names?.filter((name) => !type.possible.has(name)) ?? [];
  if (typename === undefined || unknown.length > 0) {
    report(
      unknown.length > 0 ? `__typename: ${unknown.map((name) => `"${name}"`).join(', ')}` : 'no __typename',
    );
    for (const candidate of candidates) walk.markOpen(candidate.name);
    return;
  }
  if (names === undefined) report('a __typename that is known only from the answer', 'warning');
  const chosen =
    names === undefined ? candidates : candidates.filter((candidate) => names.includes(candidate.name));
  const [first, ...others] = chosen;
  if (first === undefined) return;
  if (others.length === 0) walk.compareFields(shape, first, position);
  else compareUndecided(shape, chosen, position, walk);
}

/** Compares an object that may have several types: each key must be a field of at least one of them. */
function compareUndecided(
  shape: Extract<Shape, { kind: 'object' }>,
  types: readonly TypeInfo[],
  position: OutputPosition,
  walk: Walk,
): void {
  for (const [index, type] of types.entries()) {
    const elsewhere = types.filter((_, other) => other !== index);
    const fields = new Map(
      [...shape.fields].filter(
        ([key]) => type.fields.has(key) || (index === 0 && !elsewhere.some((other) => other.fields.has(key))),
      ),
    );
    walk.compareFields({ ...shape, fields }, type, position);
  }
}

/** The string constants a shape consists of, or `undefined` when it may be anything else. */
function literalsOf(shape: Shape | undefined): string[] | undefined {
  const literals = new Set<string>();
  for (const one of shape === undefined ? [] : casesOf(shape)) {
    if (one.kind !== 'scalar' || typeof one.value !== 'string') return undefined;
    literals.add(one.value);
  }
  return shape === undefined ? undefined : [...literals];
}

const fieldNames = (type: TypeInfo, candidates: readonly TypeInfo[]): string[] =>
  type.fields.size > 0 ? [...type.fields.keys()] : [...(candidates[0]?.fields.keys() ?? [])];

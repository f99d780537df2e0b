// Interfaces and unions that a selection yields (connect v0.4): each object says by a constant `__typename` what it is.
// Before v0.4 the type itself is refused. Called by `outputs.ts`.

import type { Shape } from '../mapping/index.ts';
import { linkVersion } from '../read/arguments.ts';
import type { TypeInfo } from '../read/types.ts';
import * as mismatch from './mismatches.ts';
import { placeOf, type Spot, type Walk } from './walk.ts';

export function fitAbstract(
  shape: Exclude<Shape, { kind: 'choice' | 'list' }>,
  type: TypeInfo,
  spot: Spot,
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
      message: `A connector yields ${type.kind === 'union' ? 'a union' : 'an interface'}, which connect v${version} does not know.`,
      found: `${spot.coordinate} yields ${type.name}`,
      expected: 'an object type, or connect v0.4',
      wayOut: `${linkVersion('0.4').replace(', or do without it.', '')}, or write one object type with the fields of all.`,
    });
    for (const candidate of candidates) walk.open(candidate.name);
    return;
  }
  const report = (found: string, severity: 'error' | 'warning' = 'error') =>
    walk.report({
      code: 'InvalidSelection',
      severity,
      at: placeOf((shape.kind === 'object' ? shape.fields.get('__typename') : undefined) ?? shape, spot),
      coordinate: spot.coordinate,
      message:
        severity === 'error'
          ? `The selection does not say which type of ${type.name} each object is.`
          : `The answer says which type of ${type.name} each object is; it works here, other runtimes want a constant.`,
      found,
      expected: `a constant: ${candidates.map((candidate) => `"${candidate.name}"`).join(' or ')}`,
      wayOut: 'Write ->match with one case per type, each with its own __typename: "…" and fields.',
    });
  if (shape.kind !== 'object') {
    walk.report(
      mismatch.groupRequired(spot, placeOf(shape, spot), type.name, [
        '__typename',
        ...fieldNames(type, candidates),
      ]),
    );
    for (const candidate of candidates) walk.open(candidate.name);
    return;
  }
  const said = shape.fields.get('__typename');
  const names = literalsOf(said);
  const unknown = names?.filter((name) => !type.possible.has(name)) ?? [];
  if (said === undefined || unknown.length > 0) {
    report(
      unknown.length > 0 ? `__typename: ${unknown.map((name) => `"${name}"`).join(', ')}` : 'no __typename',
    );
    for (const candidate of candidates) walk.open(candidate.name);
    return;
  }
  if (names === undefined) report('a __typename that is known only from the answer', 'warning');
  const chosen =
    names === undefined ? candidates : candidates.filter((candidate) => names.includes(candidate.name));
  const [first, ...others] = chosen;
  if (first === undefined) return;
  if (others.length === 0) walk.fitFields(shape, first, spot);
  else fitUndecided(shape, chosen, spot, walk);
}

/** One object that may be of several types: a key needs to be a field of one of them. */
function fitUndecided(
  shape: Extract<Shape, { kind: 'object' }>,
  types: readonly TypeInfo[],
  spot: Spot,
  walk: Walk,
): void {
  for (const [index, type] of types.entries()) {
    const elsewhere = types.filter((_, other) => other !== index);
    const fields = new Map(
      [...shape.fields].filter(
        ([key]) => type.fields.has(key) || (index === 0 && !elsewhere.some((other) => other.fields.has(key))),
      ),
    );
    walk.fitFields({ ...shape, fields }, type, spot);
  }
}

/** The constants that a shape is, or `undefined` when it may be anything else. */
function literalsOf(shape: Shape | undefined): string[] | undefined {
  if (shape === undefined) return undefined;
  if (shape.kind === 'scalar') return typeof shape.value === 'string' ? [shape.value] : undefined;
  if (shape.kind !== 'choice') return undefined;
  const all = shape.options.map(literalsOf);
  return all.includes(undefined) ? undefined : [...new Set((all as string[][]).flat())];
}

const fieldNames = (type: TypeInfo, candidates: readonly TypeInfo[]): string[] =>
  type.fields.size > 0 ? [...type.fields.keys()] : [...(candidates[0]?.fields.keys() ?? [])];

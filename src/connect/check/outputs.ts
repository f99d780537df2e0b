// Compares the output shape of every selection with its type. One walk yields both the mismatches and the set of
// resolved fields, from which `unresolved.ts` reports.

import { MAX_FINDINGS } from '../../diagnostic.ts';
import type { Shape } from '../mapping/index.ts';
import type { ParsedConnect } from '../read/parse-texts.ts';
import { EnoughFindings, type Finding, untilEnough } from '../read/report.ts';
import { BUILT_IN_SCALARS, printType, type TypeInfo } from '../read/types.ts';
import { compareAbstract } from './abstract-outputs.ts';
import { CODES } from './codes.ts';
import { keyPosition, sourceText } from './key-position.ts';
import * as mismatch from './mismatches.ts';
import type { Outputs, View } from './view.ts';
import { type OutputPosition, placeOf, type Walk } from './walk.ts';

export function compareOutputs(view: View): Outputs {
  const findings: Finding[] = [];
  let errors = 0;
  const resolved = new Map<string, Map<string, Set<string>>>();
  const open = new Set<string>();
  const { types } = view;
  const isNew = createPlaces();
  const connected = new Set(view.parsed.connects.map((connect) => connect.coordinate));

  const walk: Walk = {
    view,
    report: (finding) => {
      findings.push(finding);
      if ((finding.severity ?? CODES[finding.code]?.severity) === 'error' && ++errors > MAX_FINDINGS)
        throw new EnoughFindings();
    },
    resolve: (type, field, connect) => {
      const fields = getOrMake(resolved, type.name, () => new Map<string, Set<string>>());
      getOrMake(fields, field, () => new Set<string>()).add(connect);
    },
    markOpen: (typeName) => open.add(typeName),
    compare: (shape, position) => {
      if (shape.kind === 'choice') {
        if (isNew(shape.options, position))
          for (const option of withoutNulls(shape.options)) walk.compare(option, position);
      } else if (shape.kind === 'list') compareList(shape, position);
      else compareSingle(shape, position);
    },
    compareFields: (shape, type, position) => {
      const enclosingTypes = [...position.enclosingTypes, type.name];
      for (const [key, value] of shape.fields) {
        if (key === '__typename') continue;
        const field = type.fields.get(key);
        const coordinate = `${type.name}.${key}`;
        const at = () => ({
          text: position.mapping.text,
          offset: keyPosition(position.mapping.tree, key, value.range[0]),
        });
        if (field === undefined) {
          walk.report(mismatch.fieldNotFound(type, key, position, at()));
          continue;
        }
        walk.resolve(type, key, position.connect);
        if (field.args.size > 0 && !connected.has(coordinate)) {
          walk.report(mismatch.fieldWithArguments(coordinate, [...field.args.keys()], at()));
        }
        const { typeName, lists } = field;
        walk.compare(value, { ...position, coordinate, typeName, lists, enclosingTypes });
      }
      if (shape.open) walk.markOpen(type.name);
    },
  };

  const compareList = (shape: Extract<Shape, { kind: 'list' }>, position: OutputPosition) => {
    const { typeName, lists } = position;
    const type = types.all.get(typeName);
    if (type === undefined ? !BUILT_IN_SCALARS.has(typeName) : type.kind === 'scalar') return;
    if (lists === 0) walk.report(mismatch.listForSingle(position, placeOf(shape, position)));
    walk.compare(shape.item, { ...position, lists: Math.max(0, lists - 1) });
  };

  const compareSingle = (shape: Exclude<Shape, { kind: 'choice' | 'list' }>, position: OutputPosition) => {
    if (shape.kind === 'object' && !isNew(shape.fields, position)) return;
    const type = types.all.get(position.typeName);
    const kind = type?.kind ?? (BUILT_IN_SCALARS.has(position.typeName) ? 'built-in' : undefined);
    if (kind === undefined || kind === 'scalar' || (shape.kind === 'scalar' && shape.type === 'null')) return;
    if (kind === 'built-in' || kind === 'enum') {
      if (shape.kind === 'object')
        walk.report(mismatch.groupForScalar(position, placeOf(shape, position), [...shape.fields.keys()]));
      else if (type !== undefined && shape.kind === 'scalar' && shape.value !== undefined)
        compareEnum(shape.value, type, position, shape);
      return;
    }
    if (type === undefined) return;
    if (type.kind === 'interface' || type.kind === 'union') compareAbstract(shape, type, position, walk);
    else if (shape.kind !== 'object') {
      const at = placeOf(shape, position);
      walk.report(mismatch.groupRequired(position, at, textAt(shape, position), [...type.fields.keys()]));
      walk.markOpen(type.name);
    } else {
      checkCircularReference(shape, type, position);
      walk.compareFields(shape, type, position);
    }
  };

  const compareEnum = (
    value: string | number | boolean | null,
    type: TypeInfo,
    position: OutputPosition,
    shape: Shape,
  ) => {
    if (typeof value === 'string' && type.values.has(value)) return;
    walk.report(mismatch.enumValueUnknown(value, type, position, placeOf(shape, position)));
  };

  const checkCircularReference = (
    shape: Extract<Shape, { kind: 'object' }>,
    type: TypeInfo,
    position: OutputPosition,
  ) => {
    if (!position.enclosingTypes.includes(type.name)) return;
    walk.report(mismatch.circularReference(type.name, position, placeOf(shape, position)));
  };

  untilEnough(() => {
    for (const connect of view.parsed.connects) startWalk(connect, walk);
  });
  return { findings, resolved, open };
}

/**
 * Tells whether a part of a shape is compared with a type for the first time. Mappings can use a value many times
 * (`->echo({ a: @, b: @ })`), so that its shape occurs at more places than the mapping has characters.
 */
function createPlaces(): (part: object, position: OutputPosition) => boolean {
  const places = new WeakMap<object, Set<string>>();
  return (part, { typeName, lists, enclosingTypes }) => {
    const place = `${typeName} ${lists} ${enclosingTypes.includes(typeName)}`;
    const known = places.get(part);
    if (known?.has(place) === true) return false;
    if (known === undefined) places.set(part, new Set([place]));
    else known.add(place);
    return true;
  };
}

function startWalk(connect: ParsedConnect, walk: Walk): void {
  const { view } = walk;
  const { selection: mapping, coordinate, directive } = connect;
  const { typeName, fieldName } = directive;
  const type = view.types.all.get(typeName);
  const field = view.fieldOf(connect);
  if (mapping === undefined || type === undefined || type.kind !== 'object') return;
  const shape = view.shape(mapping);
  if (fieldName !== undefined && field !== undefined) {
    const isRoot = view.types.isRoot(typeName);
    walk.resolve(type, fieldName, coordinate);
    if (!isRoot && field.typeName === typeName) {
      walk.report(mismatch.selfReference(coordinate, printType(field.type), directive.node));
    }
    const enclosingTypes = isRoot || field.typeName === typeName ? [] : [typeName];
    walk.compare(shape, {
      mapping,
      connect: coordinate,
      coordinate,
      typeName: field.typeName,
      lists: field.lists,
      enclosingTypes,
    });
  } else if (fieldName === undefined && !view.types.isRoot(typeName)) {
    const lists = view.readsOf(connect, '$batch').length > 0 ? 1 : 0;
    walk.compare(shape, { mapping, connect: coordinate, coordinate, typeName, lists, enclosingTypes: [] });
  }
}

/** A case that spreads null makes the whole object null, so it needs no `__typename` as the other cases do. */
function withoutNulls(options: readonly Shape[]): readonly Shape[] {
  const hasTypename = (shape: Shape) => shape.kind === 'object' && shape.fields.has('__typename');
  if (!options.some(hasTypename)) return options;
  return options.filter((shape) => hasTypename(shape) || shape.kind !== 'object' || !shape.optional);
}

const textAt = (shape: Shape, { mapping }: OutputPosition): string =>
  sourceText(mapping.text.value, shape.range);

function getOrMake<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

// What every selection yields, held against the type it yields it for. One walk over the output shapes gives both the
// mismatches and the fields that are resolved; the rules of `selections.ts` and `unresolved.ts` report from it.

import type { Shape } from '../mapping/index.ts';
import type { ParsedConnect } from '../read/parse-texts.ts';
import type { Finding } from '../read/report.ts';
import { BUILT_IN_SCALARS, printType, type TypeInfo } from '../read/types.ts';
import { fitAbstract } from './abstract-outputs.ts';
import { keyPosition, sourceText } from './key-position.ts';
import * as mismatch from './mismatches.ts';
import type { Outputs, View } from './view.ts';
import { placeOf, type Spot, type Walk } from './walk.ts';

export function compareOutputs(view: View): Outputs {
  const findings: Finding[] = [];
  const resolved = new Map<string, Map<string, Set<string>>>();
  const open = new Set<string>();
  const { types } = view;
  const connected = new Set(view.parsed.connects.map((connect) => connect.coordinate));

  const walk: Walk = {
    view,
    report: (finding) => findings.push(finding),
    resolve: (type, field, connect) => {
      const fields = getOrMake(resolved, type.name, () => new Map<string, Set<string>>());
      getOrMake(fields, field, () => new Set<string>()).add(connect);
    },
    open: (typeName) => open.add(typeName),
    fit: (shape, spot) => {
      if (shape.kind === 'choice') for (const option of withoutNulls(shape.options)) walk.fit(option, spot);
      else if (shape.kind === 'list') fitList(shape, spot);
      else fitOne(shape, spot);
    },
    fitFields: (shape, type, spot) => {
      const around = [...spot.around, type.name];
      for (const [key, value] of shape.fields) {
        if (key === '__typename') continue;
        const field = type.fields.get(key);
        const coordinate = `${type.name}.${key}`;
        const at = () => ({
          text: spot.mapping.text,
          offset: keyPosition(spot.mapping.tree, key, value.range[0]),
        });
        if (field === undefined) {
          walk.report(mismatch.fieldNotFound(type, key, spot, at()));
          continue;
        }
        walk.resolve(type, key, spot.connect);
        if (field.args.size > 0 && !connected.has(coordinate)) {
          walk.report(mismatch.fieldWithArguments(coordinate, [...field.args.keys()], at()));
        }
        walk.fit(value, { ...spot, coordinate, typeName: field.typeName, lists: field.lists, around });
      }
      if (shape.open) walk.open(type.name);
    },
  };

  const fitList = (shape: Extract<Shape, { kind: 'list' }>, spot: Spot) => {
    const type = types.all.get(spot.typeName);
    if (type === undefined ? !BUILT_IN_SCALARS.has(spot.typeName) : type.kind === 'scalar') return;
    if (spot.lists === 0) walk.report(mismatch.listForSingle(spot, placeOf(shape, spot)));
    walk.fit(shape.item, { ...spot, lists: Math.max(0, spot.lists - 1) });
  };

  const fitOne = (shape: Exclude<Shape, { kind: 'choice' | 'list' }>, spot: Spot) => {
    const type = types.all.get(spot.typeName);
    const kind = type?.kind ?? (BUILT_IN_SCALARS.has(spot.typeName) ? 'built-in' : undefined);
    if (kind === undefined || kind === 'scalar' || (shape.kind === 'scalar' && shape.type === 'null')) return;
    if (kind === 'built-in' || kind === 'enum') {
      if (shape.kind === 'object')
        walk.report(mismatch.groupForScalar(spot, placeOf(shape, spot), [...shape.fields.keys()]));
      else if (type !== undefined && shape.kind === 'scalar' && shape.value !== undefined)
        fitEnum(shape.value, type, spot, shape);
      return;
    }
    if (type === undefined) return;
    if (type.kind === 'interface' || type.kind === 'union') fitAbstract(shape, type, spot, walk);
    else if (shape.kind !== 'object') {
      walk.report(
        mismatch.groupRequired(spot, placeOf(shape, spot), textAt(shape, spot), [...type.fields.keys()]),
      );
      walk.open(type.name);
    } else {
      checkCircle(shape, type, spot);
      walk.fitFields(shape, type, spot);
    }
  };

  const fitEnum = (value: string | number | boolean | null, type: TypeInfo, spot: Spot, shape: Shape) => {
    if (typeof value === 'string' && type.values.has(value)) return;
    walk.report(mismatch.enumValueUnknown(value, type, spot, placeOf(shape, spot)));
  };

  /** Other runtimes refuse a type inside itself. A bare reference works here, so it is only said. */
  const checkCircle = (shape: Extract<Shape, { kind: 'object' }>, type: TypeInfo, spot: Spot) => {
    if (!spot.around.includes(type.name)) return;
    const keys = view.keyNames(type.name);
    const isReference = [...shape.fields.keys()].every((name) => keys.has(name));
    walk.report(mismatch.circularReference(type.name, spot, placeOf(shape, spot), isReference));
  };

  for (const connect of view.parsed.connects) startWalk(connect, walk);
  return { findings, resolved, open };
}

function startWalk(connect: ParsedConnect, walk: Walk): void {
  const { view } = walk;
  const { selection: mapping, coordinate, directive } = connect;
  const { typeName, fieldName } = directive;
  const type = view.types.all.get(typeName);
  const field = view.fieldOf(connect);
  if (mapping === undefined || type === undefined || type.kind !== 'object') return;
  if (mapping.tree.body.kind === 'selection' && mapping.tree.body.entries.length === 0) {
    walk.report(mismatch.emptySelection(coordinate, mapping.text));
    return;
  }
  const shape = view.shape(mapping);
  if (fieldName !== undefined && field !== undefined) {
    const isRoot = view.types.isRoot(typeName);
    walk.resolve(type, fieldName, coordinate);
    if (!isRoot && field.typeName === typeName) {
      walk.report(mismatch.directCircle(coordinate, printType(field.type), directive.node));
    }
    const around = isRoot || field.typeName === typeName ? [] : [typeName];
    walk.fit(shape, {
      mapping,
      connect: coordinate,
      coordinate,
      typeName: field.typeName,
      lists: field.lists,
      around,
    });
  } else if (fieldName === undefined && !view.types.isRoot(typeName)) {
    const lists = view.readsOf(connect, '$batch').length > 0 ? 1 : 0;
    walk.fit(shape, { mapping, connect: coordinate, coordinate, typeName, lists, around: [] });
  }
}

/** A case that spreads null makes the whole object null: it need not say its type as the other cases do. */
function withoutNulls(options: readonly Shape[]): readonly Shape[] {
  const saysType = (shape: Shape) => shape.kind === 'object' && shape.fields.has('__typename');
  if (!options.some(saysType)) return options;
  return options.filter((shape) => saysType(shape) || shape.kind !== 'object' || !shape.optional);
}

const textAt = (shape: Shape, { mapping }: Spot): string => sourceText(mapping.text.value, shape.range);

function getOrMake<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

// The interface of the walk in `outputs.ts`, for the functions that take part in it.

import type { Shape } from '../mapping/index.ts';
import type { ParsedMapping } from '../read/parse-texts.ts';
import type { Finding } from '../read/report.ts';
import type { TypeInfo } from '../read/types.ts';
import type { View } from './view.ts';

/** The position of a shape in the output of a selection. */
export interface OutputPosition {
  readonly mapping: ParsedMapping;
  /** Coordinate of the connector that the selection belongs to. */
  readonly connect: string;
  /** The field, or the type for a connector on a type. */
  readonly coordinate: string;
  readonly typeName: string;
  /** Number of lists still expected around the type. */
  readonly lists: number;
  /** The types that enclose this one in the same answer, outermost first. */
  readonly enclosingTypes: readonly string[];
}

export interface Walk {
  readonly view: View;
  readonly report: (finding: Finding) => void;
  readonly resolve: (type: TypeInfo, field: string, connect: string) => void;
  /** Records that a type may receive keys that are known only from an answer. */
  readonly markOpen: (typeName: string) => void;
  readonly compare: (shape: Shape, position: OutputPosition) => void;
  /** Compares the fields of an object with those of one type. */
  readonly compareFields: (
    shape: Extract<Shape, { kind: 'object' }>,
    type: TypeInfo,
    position: OutputPosition,
  ) => void;
}

export const placeOf = (shape: Shape, { mapping }: OutputPosition) => ({
  text: mapping.text,
  offset: shape.range[0],
});

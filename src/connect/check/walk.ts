// The walk of `outputs.ts` over the output shapes of a connector, as the functions that share it see it.

import type { Shape } from '../mapping/index.ts';
import type { ParsedMapping } from '../read/parse-texts.ts';
import type { Finding } from '../read/report.ts';
import type { TypeInfo } from '../read/types.ts';
import type { View } from './view.ts';

/** Where in the walk a shape stands. */
export interface Spot {
  readonly mapping: ParsedMapping;
  /** Coordinate of the connector whose selection it is. */
  readonly connect: string;
  /** The field, or the type for a connector on it. */
  readonly coordinate: string;
  readonly typeName: string;
  /** Lists that are still to come around the type. */
  readonly lists: number;
  /** Types around this one in the same answer. */
  readonly around: readonly string[];
}

export interface Walk {
  readonly view: View;
  readonly report: (finding: Finding) => void;
  readonly resolve: (type: TypeInfo, field: string, connect: string) => void;
  readonly open: (typeName: string) => void;
  readonly fit: (shape: Shape, spot: Spot) => void;
  /** Fits the fields of an object of one type. */
  readonly fitFields: (shape: Extract<Shape, { kind: 'object' }>, type: TypeInfo, spot: Spot) => void;
}

export const placeOf = (shape: Shape, { mapping }: Spot) => ({ text: mapping.text, offset: shape.range[0] });

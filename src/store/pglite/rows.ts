// Rows of PGlite as objects, with the same values as those of a PostgreSQL server (open-postgres.ts).
import { instantFromText } from '../engine.ts';
import type { Rows } from './protocol.ts';

type ReadText = (text: string) => unknown;

/** By the number of the column's type. Every other type stays a text. */
const READERS = new Map<number, ReadText>([
  // bool
  [16, (text) => text === 't' || text === 'true'],
  // int8, int2, int4, oid: ids and amounts in đồng stay below 2^53.
  [20, Number],
  [21, Number],
  [23, Number],
  [26, Number],
  // json, jsonb
  [114, JSON.parse],
  [3802, JSON.parse],
  // float4, float8
  [700, Number],
  [701, Number],
  // timestamptz
  [1184, instantFromText],
]);

export function objectsOf<Row>({ names, types, rows }: Rows): Row[] {
  const readers = types.map((type) => READERS.get(type));
  return rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const text = row[i] as string | null;
      const read = readers[i];
      object[names[i] as string] = text === null || read === undefined ? text : read(text);
    }
    return object as Row;
  });
}

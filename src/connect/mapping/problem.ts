// Problems that a mapping reports while it runs: values that are missing or of the wrong kind. A problem does not fail
// the mapping. Messages name keys and kinds, never values, which may be personal data.

export interface MappingProblem {
  readonly message: string;
  /**
   * Path of the value in the input: keys, list indexes from 0, and `->method` for the result of a method. The path of
   * a variable begins with its name.
   */
  readonly path: readonly (string | number)[];
  /** Offsets into the mapping's source, end exclusive. */
  readonly range: readonly [start: number, end: number];
}

/** Receives problems; `null` creates none. */
export type Sink = MappingProblem[] | null;

/** The constant part of the problems of one construct. Negative numbers in `path` are placeholders of list indexes. */
export interface Site {
  readonly path: readonly (string | number)[];
  readonly range: readonly [start: number, end: number];
  /** `->name` of the method, or the key that is read. */
  readonly label: string;
}

/** The kind of a JSON value, as messages name it. */
export function kindName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** Reports that a method cannot use its input. Returns missing. */
export function reportInvalid(sink: Sink, site: Site, text: string): undefined {
  if (sink !== null)
    sink.push({ message: `${site.label}: ${text}`, path: [...site.path], range: site.range });
  return undefined;
}

/** Reports that a key is missing in `holder`. Returns missing. */
export function reportMissing(sink: Sink, site: Site, holder: unknown): undefined {
  if (sink !== null) {
    const message = `"${site.label}" was not found in ${kindName(holder)}`;
    sink.push({ message, path: [...site.path], range: site.range });
  }
  return undefined;
}

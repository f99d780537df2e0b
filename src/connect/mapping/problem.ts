// What a mapping reports while it runs: values that are missing or of the wrong kind. Drift signals, not failures.
// Messages name kinds and keys, never values: a value may be personal.

export interface MappingProblem {
  readonly message: string;
  /**
   * From the input (or from a variable, then its name comes first) to the place: keys, list indexes from 0,
   * and `->method` where the value is a method's.
   */
  readonly path: readonly (string | number)[];
  /** Offsets into the mapping's source, end exclusive. */
  readonly range: readonly [start: number, end: number];
}

/** Where problems go; `null` when nobody listens, and then none is made. */
export type Sink = MappingProblem[] | null;

/** The fixed part of a problem at one place of a mapping. Negative numbers in `path` stand for list indexes. */
export interface Site {
  readonly path: readonly (string | number)[];
  readonly range: readonly [start: number, end: number];
  /** `->name` of the method that reports, or the key that was read. */
  readonly label: string;
}

/** The kind of a JSON value in the words of a message. */
export function kindName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** Reports that a method cannot use what it was given, and yields missing. */
export function refuse(sink: Sink, site: Site, text: string): undefined {
  if (sink !== null)
    sink.push({ message: `${site.label}: ${text}`, path: [...site.path], range: site.range });
  return undefined;
}

/** Reports that a key is missing in `holder`, and yields missing. */
export function missing(sink: Sink, site: Site, holder: unknown): undefined {
  if (sink !== null) {
    const message = `"${site.label}" was not found in ${kindName(holder)}`;
    sink.push({ message, path: [...site.path], range: site.range });
  }
  return undefined;
}

// Finds the smallest query that reaches a type through a list, by breadth-first search over the fields of a schema.
// Linear in the number of fields; serves both a connector's own schema and the composed schema.

export interface PathField {
  readonly name: string;
  readonly typeName: string;
  readonly lists: number;
  /** Printed arguments of the smallest query: `(id: …)`, `(first: 100)`, or the empty string. */
  readonly args: string;
}

export interface PathGraph {
  readonly query: string;
  /** Fields of an object or interface; empty for other types. */
  readonly fieldsOf: (typeName: string) => Iterable<PathField>;
  /** Possible object types of an interface or a union. */
  readonly possible: (typeName: string) => Iterable<string>;
}

export interface ListPath {
  /** Fields from Query down to the type; `on` is the type condition of a field of one possible type. */
  readonly steps: readonly (PathField & { readonly on?: string | undefined })[];
  /** Number of lists along the path. */
  readonly lists: number;
}

interface Visit {
  readonly typeName: string;
  readonly step: (PathField & { readonly on?: string | undefined }) | undefined;
  readonly lists: number;
  readonly from: Visit | undefined;
}

/** Searches the whole graph once; the result returns the shortest path to a type that passes at least one list. */
export function listPaths(graph: PathGraph): (typeName: string) => ListPath | undefined {
  const plain = new Set<string>();
  const listed = new Map<string, Visit>();
  const queue: Visit[] = [{ typeName: graph.query, step: undefined, lists: 0, from: undefined }];
  for (let head = 0; head < queue.length; head++) {
    const visit = queue[head] as Visit;
    const enter = (typeName: string, on: string | undefined) => {
      for (const field of graph.fieldsOf(typeName)) {
        const lists = visit.lists + field.lists;
        const next: Visit = { typeName: field.typeName, step: { ...field, on }, lists, from: visit };
        if (lists > 0) {
          if (listed.has(field.typeName)) continue;
          listed.set(field.typeName, next);
        } else {
          if (plain.has(field.typeName)) continue;
          plain.add(field.typeName);
        }
        queue.push(next);
      }
    };
    enter(visit.typeName, undefined);
    for (const name of graph.possible(visit.typeName)) {
      if (visit.lists > 0 && !listed.has(name)) listed.set(name, visit);
      enter(name, name);
    }
  }
  return (typeName) => {
    let visit = listed.get(typeName);
    if (visit === undefined) return undefined;
    const { lists } = visit;
    const steps: NonNullable<Visit['step']>[] = [];
    for (; visit?.step !== undefined; visit = visit.from) steps.unshift(visit.step);
    return { steps, lists };
  };
}

/** `{ dossiers(first: 100) { edges { node { applicant { fullName } } } } }` */
export function printQuery({ steps }: ListPath, last: string): string {
  let text = last;
  for (const { name, args, on } of steps.toReversed()) {
    text = `${name}${args} { ${text} }`;
    if (on !== undefined) text = `... on ${on} { ${text} }`;
  }
  return `{ ${text} }`;
}

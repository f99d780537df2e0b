// Lists the output keys of a mapping, each with its expression, its value and the problems of its part of the selection.
// Uses the result of the mapping; nothing is evaluated again.

import type {
  Entry,
  Expression,
  Mapping,
  MappingProblem,
  MappingProblems,
  Selection,
} from '../../connect/mapping/index.ts';
import type { PersonalFields } from '../../manifest/personal-fields.ts';

export interface MappingStep {
  /** 0 for the keys of the result itself. */
  readonly depth: number;
  /** The output key; `…` when keys are merged into the parent object. */
  readonly key: string;
  /** The expression as written, without its sub-selection, on one line. */
  readonly source: string;
  /** One value, or one per item within a list; `undefined` when the key has steps of its own below. */
  readonly values: readonly unknown[] | undefined;
  /** True within a list, where there are several values. */
  readonly many: boolean;
  readonly isPersonal: boolean;
  readonly problems: readonly MappingProblem[];
}

export interface StepsInput {
  readonly mapping: Mapping;
  /** The source text of the mapping. */
  readonly text: string;
  readonly value: unknown;
  readonly problems: MappingProblems;
  /** The object type that the mapping returns, if it is a type of the schema. */
  readonly typeName: string | undefined;
  readonly fields: PersonalFields;
  /** Whether a result that is not an object is personal. */
  readonly isPersonal: boolean;
}

export function mappingSteps(input: StepsInput): MappingStep[] {
  const { mapping, text, value, fields } = input;
  const steps: MappingStep[] = [];
  // A problem is reported once, at the innermost key whose expression contains it.
  const left = new Set(input.problems.described);
  const take = ({ start, end }: { start: number; end: number }) => {
    const own = [...left].filter(({ range }) => range[0] >= start && range[1] <= end);
    for (const problem of own) left.delete(problem);
    return own;
  };
  const sourceOf = (start: number, end: number) => text.slice(start, end).replace(/\s+/g, ' ').trim();

  const walk = (selection: Selection, parents: Parents, typeName: string | undefined, depth: number) => {
    for (const entry of selection.entries) addEntry(entry, parents, typeName, depth);
  };

  const addEntry = (entry: Entry, parents: Parents, typeName: string | undefined, depth: number) => {
    const inner = selectionOf(entry.value);
    const source = sourceOf(entry.value.start, inner === undefined ? entry.value.end : inner.start);
    const named = entry.kind === 'named';
    const key = named ? entry.key : '…';
    const isPersonal = named && typeName !== undefined && fields.isPersonal(typeName, key);
    const values = named ? parents.items.map((parent) => own(parent, key)) : undefined;
    // Nothing was mapped below a missing value.
    const isAbsent = values?.every((item) => item === null || item === undefined) === true;
    const below = isAbsent ? undefined : inner;
    const index = steps.length;
    steps.push({
      depth,
      key,
      source,
      many: parents.many,
      isPersonal,
      values: below === undefined ? values : undefined,
      problems: [],
    });
    if (below !== undefined) {
      const next = values === undefined ? parents : parentsOf(values, parents.many);
      const type = !named || typeName === undefined ? typeName : fields.typeOf(typeName, key);
      const personalBelow = steps.length;
      walk(below, next, type, depth + 1);
      if (isPersonal) markPersonal(steps, personalBelow);
    }
    const problems = take(entry);
    if (problems.length > 0) steps[index] = { ...(steps[index] as MappingStep), problems };
  };

  const { body } = mapping;
  const inner = selectionOf(body);
  if (inner === undefined) {
    const { isPersonal } = input;
    const source = sourceOf(body.start, body.end);
    return [
      { depth: 0, key: '(value)', source, values: [value], many: false, isPersonal, problems: take(mapping) },
    ];
  }
  const many = Array.isArray(value);
  const head = sourceOf(body.start, inner.start);
  if (head !== '')
    steps.push({
      depth: 0,
      key: '…',
      source: head,
      values: undefined,
      many: false,
      isPersonal: false,
      problems: [],
    });
  walk(inner, parentsOf([value], many), input.typeName, head === '' ? 0 : 1);
  const first = steps[0];
  if (left.size > 0 && first !== undefined) steps[0] = { ...first, problems: [...first.problems, ...left] };
  return steps;
}

interface Parents {
  readonly items: readonly unknown[];
  readonly many: boolean;
}

const parentsOf = (values: readonly unknown[], many: boolean): Parents => ({
  items: values.flat(Number.POSITIVE_INFINITY).filter((item) => typeof item === 'object' && item !== null),
  many: many || values.some(Array.isArray),
});

function markPersonal(steps: MappingStep[], from: number): void {
  for (let i = from; i < steps.length; i++) steps[i] = { ...(steps[i] as MappingStep), isPersonal: true };
}

function selectionOf(node: Expression | Selection): Selection | undefined {
  if (node.kind === 'selection') return node;
  return node.kind === 'path' && node.selection !== null ? node.selection : undefined;
}

const own = (parent: unknown, key: string): unknown =>
  Object.hasOwn(parent as object, key) ? (parent as Record<string, unknown>)[key] : undefined;

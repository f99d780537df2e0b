// A mapping taken apart: each output key with its expression, its value and the problems that its part of the selection
// reported. `connector run` shows the list; nothing is evaluated again.

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
  /** The output key; `…` where keys are merged into the object above. */
  readonly key: string;
  /** The expression as written, without its sub-selection, on one line. */
  readonly source: string;
  /** One value, or one per item where a list stands above; `undefined` for what has its own steps below. */
  readonly values: readonly unknown[] | undefined;
  /** True when a list stands above, so that `values` are several. */
  readonly many: boolean;
  readonly isPersonal: boolean;
  readonly problems: readonly MappingProblem[];
}

export interface StepsInput {
  readonly mapping: Mapping;
  /** The text that the mapping was parsed from. */
  readonly text: string;
  readonly value: unknown;
  readonly problems: MappingProblems;
  /** The object type that the mapping yields, where it is one of the schema. */
  readonly typeName: string | undefined;
  readonly fields: PersonalFields;
  /** For a bare value: is it personal? */
  readonly isPersonal: boolean;
}

export function mappingSteps(input: StepsInput): MappingStep[] {
  const { mapping, text, value, fields } = input;
  const steps: MappingStep[] = [];
  // A problem is told once, at the innermost key that holds it.
  const left = new Set(input.problems.described);
  const take = ({ start, end }: { start: number; end: number }) => {
    const own = [...left].filter(({ range }) => range[0] >= start && range[1] <= end);
    for (const problem of own) left.delete(problem);
    return own;
  };
  const sourceOf = (start: number, end: number) => text.slice(start, end).replace(/\s+/g, ' ').trim();

  const walk = (selection: Selection, holders: Holders, typeName: string | undefined, depth: number) => {
    for (const entry of selection.entries) addEntry(entry, holders, typeName, depth);
  };

  const addEntry = (entry: Entry, holders: Holders, typeName: string | undefined, depth: number) => {
    const inner = selectionOf(entry.value);
    const source = sourceOf(entry.value.start, inner === undefined ? entry.value.end : inner.start);
    const named = entry.kind === 'named';
    const key = named ? entry.key : '…';
    const isPersonal = named && typeName !== undefined && fields.isPersonal(typeName, key);
    const values = named ? holders.items.map((holder) => own(holder, key)) : undefined;
    // Below a value that is not there nothing was mapped.
    const isAbsent = values?.every((one) => one === null || one === undefined) === true;
    const below = isAbsent ? undefined : inner;
    const index = steps.length;
    steps.push({
      depth,
      key,
      source,
      many: holders.many,
      isPersonal,
      values: below === undefined ? values : undefined,
      problems: [],
    });
    if (below !== undefined) {
      const next = values === undefined ? holders : holdersOf(values, holders.many);
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
  walk(inner, holdersOf([value], many), input.typeName, head === '' ? 0 : 1);
  const first = steps[0];
  if (left.size > 0 && first !== undefined) steps[0] = { ...first, problems: [...first.problems, ...left] };
  return steps;
}

interface Holders {
  readonly items: readonly unknown[];
  readonly many: boolean;
}

const holdersOf = (values: readonly unknown[], many: boolean): Holders => ({
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

const own = (holder: unknown, key: string): unknown =>
  Object.hasOwn(holder as object, key) ? (holder as Record<string, unknown>)[key] : undefined;

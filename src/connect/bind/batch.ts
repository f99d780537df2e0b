// `$batch`: collects the keys of a whole request, splits them at `maxSize`, makes one call per chunk and matches each
// item of the answer to its key. A chunk that fails rejects its own keys only.

import DataLoader from 'dataloader';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { MappingProblem, MappingProblems } from '../mapping/index.ts';
import type { Operation } from '../request/operation.ts';
import { type BoundConnector, createCall, type Fact, requestState } from './call.ts';

type KeyObject = Readonly<Record<string, unknown>>;
export interface BatchedCall {
  readonly load: (key: KeyObject, purpose: Purpose | undefined, context: ConnectContext) => Promise<Fact>;
  /** States that a key will follow: the batches of the request wait until the returned function is called. */
  readonly expect: (context: ConnectContext) => () => void;
}

/** The paths that the request reads from `$batch`: the key by which items of the answer are matched. */
function batchKeyPaths(operation: Operation): readonly (readonly string[])[] {
  const paths = operation.uses.filter(({ variable, path }) => variable === '$batch' && path.length > 0);
  return [...new Map(paths.map(({ path }) => [path.join('.'), path])).values()];
}

export function createBatchedCall(operation: Operation, connector: BoundConnector): BatchedCall {
  const call = createCall(operation, connector);
  const paths = batchKeyPaths(operation);
  const identifying = paths.filter(([first]) => !operation.required.has(first ?? ''));
  const textOf = compileKeyText(identifying.length === 0 ? paths : identifying);
  const inputTextOf = identifying.length === paths.length ? textOf : compileKeyText(paths);
  const maxBatchSize = operation.batchSize ?? 1;
  const usesPurpose =
    connector.identifiesCase === true ||
    operation.uses.some((use) => use.variable === '$context' && use.path[0] === 'purpose');

  /** Unrequested and duplicate items indicate that the source has changed: reported once per batch, without values. */
  const report = (unrequested: number, duplicates: number) => {
    const problems = [];
    if (unrequested > 0) problems.push(problemOf(`${unrequested} items of the batch were not requested`));
    if (duplicates > 0) problems.push(problemOf(`${duplicates} items of the batch were duplicates`));
    if (problems.length > 0) connector.onProblems?.(operation, allOf(problems));
  };

  const load = async (keys: readonly KeyObject[], purpose: Purpose | undefined, context: ConnectContext) => {
    const fact = await call({ batch: keys.map((key) => pick(key, paths)) }, purpose, context);
    const requested = new Set(keys.map(textOf));
    const items = new Map<string, unknown>();
    let unrequested = 0;
    let duplicates = 0;
    for (const item of Array.isArray(fact.value) ? fact.value : []) {
      const text = textOf(item);
      if (!requested.has(text)) unrequested += 1;
      else if (items.has(text)) duplicates += 1;
      else items.set(text, item);
    }
    report(unrequested, duplicates);
    if (!Array.isArray(fact.value) && fact.value !== null && fact.value !== undefined) {
      connector.onProblems?.(operation, allOf([problemOf('the selection of a batch must yield a list')]));
    }
    return keys.map((key) => ({ ...fact, value: items.get(textOf(key)) ?? null }));
  };

  const gateOf = (context: ConnectContext): BatchGate => requestState(context, load, createBatchGate);
  const waits = operation.required.size > 0;

  const loadOne: BatchedCall['load'] = (key, purpose, context) => {
    const loaders = requestState(context, call, () => new Map<string, DataLoader<KeyObject, Fact, string>>());
    const scope =
      (usesPurpose || connector.purpose?.required === true) && purpose !== undefined
        ? `${purpose.dossier}\u0000${purpose.procedure}`
        : '';
    let loader = loaders.get(scope);
    if (loader === undefined) {
      loader = new DataLoader((keys: readonly KeyObject[]) => load(keys, purpose, context), {
        maxBatchSize,
        cacheKeyFn: inputTextOf,
        ...(waits && { batchScheduleFn: gateOf(context).schedule }),
      });
      loaders.set(scope, loader);
    }
    return loader.load(key);
  };
  return { load: loadOne, expect: (context) => gateOf(context).expect() };
}

interface BatchGate {
  readonly expect: () => () => void;
  /** Dispatches a batch when no further key is expected. */
  readonly schedule: (dispatch: () => void) => void;
}

function createBatchGate(): BatchGate {
  let expected = 0;
  let waiting: (() => void)[] = [];
  // After the promises that have settled: their reactions may load further keys. The same moment as DataLoader's own.
  const soon = (run: () => void) => void Promise.resolve().then(() => process.nextTick(run));
  const release = () => {
    if (expected > 0) return;
    const ready = waiting;
    waiting = [];
    for (const dispatch of ready) dispatch();
  };
  return {
    expect: () => {
      expected += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        expected -= 1;
        if (expected === 0) soon(release);
      };
    },
    schedule: (dispatch) => {
      waiting.push(dispatch);
      if (expected === 0) soon(release);
    },
  };
}

const allOf = (problems: MappingProblem[]): MappingProblems => ({
  count: problems.length,
  described: problems,
});

const problemOf = (message: string): MappingProblem => ({ message, path: [], range: [0, 0] });

/** Compiles a function that returns a key as text; the number `1` and the `ID` `"1"` are the same key. */
function compileKeyText(paths: readonly (readonly string[])[]): (item: unknown) => string {
  const [only] = paths;
  if (paths.length === 1 && only?.length === 1) {
    const field = only[0] as string;
    return (item) => scalarText((item as KeyObject | null)?.[field]);
  }
  return (item) => JSON.stringify(paths.map((path) => scalarText(read(item, path))));
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);

function read(item: unknown, path: readonly string[]): unknown {
  let value = item;
  for (const step of path) value = (value as KeyObject | null | undefined)?.[step];
  return value;
}

/** Copies the key fields only, with their nesting, so that no other field of the entity is sent. */
function pick(key: KeyObject, paths: readonly (readonly string[])[]): KeyObject {
  const picked: Record<string, unknown> = {};
  for (const path of paths) {
    let at = picked;
    for (const step of path.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[path.at(-1) as string] = read(key, path);
  }
  return picked;
}

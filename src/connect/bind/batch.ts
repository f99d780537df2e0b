// `$batch`: the keys of a whole request gathered, cut at `maxSize`, asked, and each item matched to its key.
// Errors are values per key: a chunk that fails, fails its own keys only.

import DataLoader from 'dataloader';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { MappingProblem } from '../mapping/index.ts';
import type { Operation } from '../request/operation.ts';
import { type BoundConnector, createCall, type Fact, requestState } from './call.ts';

export type KeyObject = Readonly<Record<string, unknown>>;
export type AskByKey = (
  key: KeyObject,
  purpose: Purpose | undefined,
  context: ConnectContext,
) => Promise<Fact>;

/** Paths of the key that the request reads from `$batch`; items of the answer are matched by them. */
export function batchKeyPaths(operation: Operation): readonly (readonly string[])[] {
  const paths = operation.uses.filter(({ variable, path }) => variable === '$batch' && path.length > 0);
  return [...new Map(paths.map(({ path }) => [path.join('.'), path])).values()];
}

export function createBatchAsk(operation: Operation, connector: BoundConnector): AskByKey {
  const call = createCall(operation, connector);
  const paths = batchKeyPaths(operation);
  const textOf = compileKeyText(paths);
  const maxBatchSize = operation.batchSize ?? 1;
  const usesPurpose =
    connector.namesCase === true ||
    operation.uses.some((use) => use.variable === '$context' && use.path[0] === 'purpose');

  /** Items that nobody asked for, or that come twice, are a sign of drift: told once per batch, without a value. */
  const report = (strangers: number, twice: number) => {
    const problems = [];
    if (strangers > 0) problems.push(aProblem(`${strangers} items of the batch were not asked for`));
    if (twice > 0) problems.push(aProblem(`${twice} items of the batch came twice`));
    if (problems.length > 0) connector.onProblems?.(operation, problems);
  };

  const load = async (keys: readonly KeyObject[], purpose: Purpose | undefined, context: ConnectContext) => {
    const fact = await call({ batch: keys.map((key) => pick(key, paths)) }, purpose, context);
    const asked = new Set(keys.map(textOf));
    const items = new Map<string, unknown>();
    let strangers = 0;
    let twice = 0;
    for (const item of Array.isArray(fact.value) ? fact.value : []) {
      const text = textOf(item);
      if (!asked.has(text)) strangers += 1;
      else if (items.has(text)) twice += 1;
      else items.set(text, item);
    }
    report(strangers, twice);
    if (!Array.isArray(fact.value) && fact.value !== null && fact.value !== undefined) {
      connector.onProblems?.(operation, [aProblem('the selection of a batch must give a list')]);
    }
    return keys.map((key) => ({ ...fact, value: items.get(textOf(key)) ?? null }));
  };

  return (key, purpose, context) => {
    const loaders = requestState(context, call, () => new Map<string, DataLoader<KeyObject, Fact, string>>());
    const scope = usesPurpose && purpose !== undefined ? `${purpose.dossier}\u0000${purpose.procedure}` : '';
    let loader = loaders.get(scope);
    if (loader === undefined) {
      loader = new DataLoader((keys: readonly KeyObject[]) => load(keys, purpose, context), {
        maxBatchSize,
        cacheKeyFn: textOf,
      });
      loaders.set(scope, loader);
    }
    return loader.load(key);
  };
}

const aProblem = (message: string): MappingProblem => ({ message, path: [], range: [0, 0] });

/** The key as text: `1` of a number and `"1"` of an `ID` are the same key. */
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

/** The key alone, nested as it is: what else an entity knows does not leave. */
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

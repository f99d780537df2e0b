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

/** The key fields that the request reads from `$batch`; items of the answer are matched by them. */
export const batchKeyFields = (operation: Operation): readonly string[] => [
  ...new Set(operation.uses.filter((use) => use.variable === '$batch').map((use) => use.path[0] ?? '')),
];

export function createBatchAsk(operation: Operation, connector: BoundConnector): AskByKey {
  const call = createCall(operation, connector);
  const fields = batchKeyFields(operation);
  const textOf = (item: unknown): string =>
    JSON.stringify(fields.map((field) => (item as Record<string, unknown> | null)?.[field] ?? null));
  const maxBatchSize = operation.batchSize ?? 1;
  const usesPurpose = operation.uses.some((use) => use.variable === '$context' && use.path[0] === 'purpose');

  /** Items that nobody asked for, or that come twice, are a sign of drift: told once per batch, without a value. */
  const report = (strangers: number, twice: number) => {
    const problems = [];
    if (strangers > 0) problems.push(aProblem(`${strangers} items of the batch were not asked for`));
    if (twice > 0) problems.push(aProblem(`${twice} items of the batch came twice`));
    if (problems.length > 0) connector.onProblems?.(operation, problems);
  };

  const load = async (keys: readonly KeyObject[], purpose: Purpose | undefined, context: ConnectContext) => {
    const fact = await call({ batch: keys.map((key) => pick(key, fields)) }, purpose, context);
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

const pick = (key: KeyObject, fields: readonly string[]): KeyObject =>
  Object.fromEntries(fields.map((field) => [field, key[field]]));

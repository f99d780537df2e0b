// `$batch`: the keys of a whole request gathered, cut at `maxSize`, asked, and each item matched to its key.
// Errors are values per key: a chunk that fails, fails its own keys only.

import DataLoader from 'dataloader';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { Operation } from '../request/operation.ts';
import { type BoundConnector, createCall, type Fact, requestState } from './call.ts';

export type KeyObject = Readonly<Record<string, unknown>>;
export type AskByKey = (key: KeyObject, purpose: Purpose | undefined, context: ConnectContext) => Promise<Fact>;

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

  const load = async (keys: readonly KeyObject[], purpose: Purpose | undefined, context: ConnectContext) => {
    const fact = await call({ batch: keys.map((key) => pick(key, fields)) }, purpose, context);
    const items = new Map<string, unknown>();
    for (const item of Array.isArray(fact.value) ? fact.value : []) {
      const text = textOf(item);
      if (!items.has(text)) items.set(text, item);
    }
    return keys.map((key) => ({ ...fact, value: items.get(textOf(key)) ?? null }));
  };

  return (key, purpose, context) => {
    const loaders = requestState(context, call, () => new Map<string, DataLoader<KeyObject, Fact, string>>());
    const scope = usesPurpose && purpose !== undefined ? `${purpose.dossier}\u0000${purpose.procedure}` : '';
    let loader = loaders.get(scope);
    if (loader === undefined) {
      loader = new DataLoader((keys: readonly KeyObject[]) => load(keys, purpose, context), { maxBatchSize, cacheKeyFn: textOf });
      loaders.set(scope, loader);
    }
    return loader.load(key);
  };
}

const pick = (key: KeyObject, fields: readonly string[]): KeyObject =>
  Object.fromEntries(fields.map((field) => [field, key[field]]));

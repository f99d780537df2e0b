// What the issuer remembers between two steps of a sign-in, in memory: sessions and refresh tokens do not outlive the process.

import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

const MAX_ENTRIES = 10_000;

/** @returns what makes the adapter of one kind of entry; all share the memory */
export function createMemory(): (kind: string) => Adapter {
  const entries = new LRUCache<string, AdapterPayload>({ max: MAX_ENTRIES });
  const byGrant = new LRUCache<string, Set<string>>({ max: MAX_ENTRIES });
  return (kind) => {
    const keyOf = (id: string): string => `${kind}:${id}`;
    const second = (name: string, value: string): string => `${kind}/${name}:${value}`;
    return {
      upsert: async (id, payload, expiresIn) => {
        const ttl = expiresIn !== undefined && expiresIn > 0 ? { ttl: expiresIn * 1000 } : {};
        entries.set(keyOf(id), payload, ttl);
        if (payload.uid !== undefined) entries.set(second('uid', payload.uid), payload, ttl);
        if (payload.userCode !== undefined) entries.set(second('code', payload.userCode), payload, ttl);
        if (payload.grantId !== undefined) {
          const of = byGrant.get(payload.grantId) ?? new Set();
          byGrant.set(payload.grantId, of.add(keyOf(id)));
        }
      },
      find: async (id) => entries.get(keyOf(id)),
      findByUid: async (uid) => entries.get(second('uid', uid)),
      findByUserCode: async (code) => entries.get(second('code', code)),
      consume: async (id) => {
        const found = entries.get(keyOf(id));
        // The entry is the one under its other keys, too.
        if (found !== undefined) found.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        const found = entries.get(keyOf(id));
        entries.delete(keyOf(id));
        if (found?.uid !== undefined) entries.delete(second('uid', found.uid));
      },
      revokeByGrantId: async (grantId) => {
        for (const key of byGrant.get(grantId) ?? []) entries.delete(key);
        byGrant.delete(grantId);
      },
    };
  };
}

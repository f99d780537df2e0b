// The provenance of an object: the system and the age of the oldest answer that it was made from.

import type { Fact } from './call.ts';

/** The `Provenance` type of the schema. */
export interface Provenance {
  readonly connector: string;
  readonly source: string | null;
  readonly fetchedAt: string;
  readonly ageMs: number;
  readonly freshness: Fact['freshness'];
}

/** The largest `Int` of GraphQL, about 24.8 days: a cached answer may be older. */
const MAX_AGE_MS = 2 ** 31 - 1;

/** The provenance of the oldest fact: an object is as fresh as its stalest part. What is computed has none. */
export function provenanceOf(facts: readonly Fact[]): Provenance | null {
  let oldest: Fact | undefined;
  for (const fact of facts) {
    if (fact.isComputed !== true && (oldest === undefined || fact.fetchedAt < oldest.fetchedAt))
      oldest = fact;
  }
  if (oldest === undefined) return null;
  return {
    connector: oldest.connector,
    source: oldest.source ?? null,
    fetchedAt: new Date(oldest.fetchedAt).toISOString(),
    ageMs: Math.min(Math.max(0, Date.now() - oldest.fetchedAt), MAX_AGE_MS),
    freshness: oldest.freshness,
  };
}

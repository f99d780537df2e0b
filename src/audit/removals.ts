// The stub that retention leaves in the place of a day: it is signed, and verification goes on over it.

import type { Signature } from './keys.ts';
import type { AuditQuery } from './statements.ts';

export interface Removal extends Signature {
  readonly day: string;
  readonly removedAt: number;
  readonly records: number;
  /** Digests of the roots that covered the day. */
  readonly roots: readonly string[];
}

export const removalText = ({ day, removedAt, records, roots }: Omit<Removal, keyof Signature>): string =>
  JSON.stringify(['lienthong-audit-removal/1', day, removedAt, records, roots]);

export async function readRemovals(query: AuditQuery): Promise<Removal[]> {
  const rows = JSON.parse((await query('removals', [])) ?? '[]') as [
    string,
    number,
    number,
    string,
    string,
    string,
  ][];
  return rows.map(([day, removedAt, records, roots, key, signature]) => ({
    day,
    removedAt,
    records,
    roots: parseRoots(roots),
    key,
    signature,
  }));
}

function parseRoots(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}

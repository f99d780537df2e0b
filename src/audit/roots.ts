// The daily root: one signed record over the heads of all chains of a day, joined in a Merkle tree, that also holds the digest of
// the root before it. Chains whose records arrive after their day was sealed get a further root.

import type { AuditKeys, Signature } from './keys.ts';
import { dayOf, digestOf, headText } from './record.ts';
import type { AuditQuery } from './statements.ts';

/** `[chain, seq, hash]` */
export type SealedChain = readonly [chain: string, seq: number, hash: string];

export interface Root extends Signature {
  readonly number: number;
  readonly day: string;
  readonly sealedAt: number;
  readonly chains: readonly SealedChain[];
  readonly merkle: string;
  /** Digest of the root before it; empty for the first. */
  readonly previous: string;
}

type RootRow = readonly [number, string, number, string, string, string, string, string];

export const rootText = (root: Omit<Root, keyof Signature>): string =>
  JSON.stringify([
    'lienthong-audit-root/1',
    root.number,
    root.day,
    root.sealedAt,
    root.chains,
    root.merkle,
    root.previous,
  ]);

/** By which the next root and the first record of a chain refer to a root. */
export const digestOfRoot = (root: Root): string =>
  digestOf(JSON.stringify([rootText(root), root.key, root.signature]));

/** RFC 9162, section 2.1: leaves and nodes have prefixes of their own; the tree is split at the largest power of two. */
export function merkleRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return digestOf('');
  if (leaves.length === 1) return digestOf(`0 ${leaves[0]}`);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return digestOf(`1 ${merkleRoot(leaves.slice(0, split))} ${merkleRoot(leaves.slice(split))}`);
}

export const merkleOf = (day: string, chains: readonly SealedChain[]): string =>
  merkleRoot(chains.map(([chain, seq, hash]) => headText(day, chain, seq, hash)));

export async function readRoots(query: AuditQuery): Promise<Root[]> {
  const rows = JSON.parse((await query('roots', [])) ?? '[]') as RootRow[];
  return rows.map(([number, day, sealedAt, chains, merkle, previous, key, signature]) => ({
    number,
    day,
    sealedAt,
    chains: parseChains(chains),
    merkle,
    previous,
    key,
    signature,
  }));
}

/** What somebody has written into the column may be anything: it then proves nothing. */
function parseChains(text: string): SealedChain[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Time after midnight in which other gateways ship what they recorded before it. */
const GRACE_MS = 10 * 60_000;

/** Seals every day that has ended. @returns the roots made. @throws GatewayError STORE_UNAVAILABLE */
export async function sealDays(query: AuditQuery, keys: AuditKeys, now: number): Promise<Root[]> {
  const found = JSON.parse((await query('unsealed', [dayOf(now - GRACE_MS)])) ?? '[]') as HeadRow[];
  const byDay = Map.groupBy(
    found.filter(([day, chain, seq, hash, mac]) => keys.isMac(headText(day, chain, seq, hash), mac)),
    ([day]) => day,
  );
  if (byDay.size === 0) return [];
  const last = (await readRoots(query)).at(-1);
  let number = last?.number ?? 0;
  let previous = last === undefined ? '' : digestOfRoot(last);
  const made: Root[] = [];
  for (const [day, heads] of byDay) {
    const chains = heads.map(([, chain, seq, hash]): SealedChain => [chain, seq, hash]);
    number += 1;
    const unsigned = { number, day, sealedAt: now, chains, merkle: merkleOf(day, chains), previous };
    const root: Root = { ...unsigned, ...keys.sign(rootText(unsigned)) };
    const { key, signature } = root;
    // Another gateway may have made the root of this number in between: the statement then fails, and the next turn finds its root.
    await query('seal', [number, day, now, JSON.stringify(chains), root.merkle, previous, key, signature]);
    previous = digestOfRoot(root);
    made.push(root);
  }
  return made;
}

type HeadRow = readonly [day: string, chain: string, seq: number, hash: string, mac: string];

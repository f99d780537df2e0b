// Verification: reads the whole trail, or the days of a period, and finds every change, removal, exchange, truncation, insertion and
// replayed day. Names the first wrong record of each chain. Reads in parts, so that memory does not grow with the trail.

import type { AuditKeys } from './keys.ts';
import { AT, digestOf, genesisOf, headText, type RecordRow } from './record.ts';
import { readRemovals, removalText } from './removals.ts';
import { digestOfRoot, merkleOf, type Root, readRoots, rootText, type SealedChain } from './roots.ts';
import type { AuditQuery } from './statements.ts';

/** What is wrong, and where. */
export interface Finding {
  readonly day: string;
  /** Null where the finding is about the day. */
  readonly chain: string | null;
  /** The first wrong record; null where it is about the chain. */
  readonly seq: number | null;
  readonly found: string;
  readonly expected: string;
}

export interface Verified {
  readonly records: number;
  readonly chains: number;
  readonly days: number;
  readonly roots: number;
  /** Days that retention has removed, with their proofs. */
  readonly removed: number;
  /** Days that have ended and have no root yet. */
  readonly unsealed: readonly string[];
  /** Roots and heads that no key at hand can check. */
  readonly unchecked: number;
  readonly findings: readonly Finding[];
}

export interface Period {
  /** First and last day, `2026-06-09`. */
  readonly from: string;
  readonly to: string;
}

export const ALL_DAYS: Period = { from: '0000-00-00', to: '9999-99-99' };
const ROWS_AT_ONCE = 5_000;

type HeadRow = readonly [
  day: string,
  chain: string,
  seq: number,
  hash: string,
  mac: string,
  root: number | null,
  beyond: number,
];

/** @param onRecords called with the records of each part, in order, for exports. @throws what `query` throws */
export async function verifyTrail(
  query: AuditQuery,
  keys: AuditKeys,
  period: Period = ALL_DAYS,
  onRecords: (rows: readonly RecordRow[]) => void | Promise<void> = () => {},
): Promise<Verified> {
  const findings: Finding[] = [];
  const report = (
    day: string,
    chain: string | null,
    seq: number | null,
    found: string,
    expected: string,
  ): void => void findings.push({ day, chain, seq, found, expected });
  let unchecked = 0;
  const isIn = (day: string): boolean => day >= period.from && day <= period.to;

  // heads, before the roots: a day that is sealed meanwhile is then covered by a root
  const heads = await readHeads(query, period);
  const roots = await readRoots(query);
  const removals = await readRemovals(query);
  const removed = new Map(removals.map((each) => [each.day, each]));

  // roots
  const sealed = new Map<string, SealedChain>();
  const digests = new Set<string>();
  let previous = '';
  for (const [index, root] of roots.entries()) {
    const problem = problemOfRoot(root, index, previous, keys);
    if (problem === 'UNCHECKED') unchecked += 1;
    else if (problem !== undefined)
      report(root.day, null, null, `root ${root.number}: ${problem}`, 'a root as it was signed');
    previous = digestOfRoot(root);
    digests.add(previous);
    for (const chain of root.chains) sealed.set(`${root.day} ${chain[0]}`, chain);
  }

  // removals
  for (const { day, ...rest } of removals) {
    const isSigned = keys.isSigned(removalText({ day, ...rest }), rest);
    if (isSigned === undefined) unchecked += 1;
    else if (!isSigned)
      report(day, null, null, 'a removal that was not signed', 'a removal by "lienthong audit retention"');
    const own = roots.filter((root) => root.day === day).map(digestOfRoot);
    if (isSigned !== false && JSON.stringify(own) !== JSON.stringify(rest.roots))
      report(day, null, null, 'other roots than the removal names', 'the roots of the removed day');
  }

  // chains
  let records = 0;
  const known = new Set<string>();
  const beforeHeads = new Set<string>();
  for (const head of heads) {
    const [day, chain, seq, hash, mac] = head;
    const key = `${day} ${chain}`;
    known.add(key);
    beforeHeads.add(day);
    if (removed.has(day)) report(day, chain, null, 'records of a day that was removed', 'none');
    if (!keys.isMac(headText(day, chain, seq, hash), mac))
      report(day, chain, seq, 'a head that was not made with AUDIT_KEY', 'the head as the gateway wrote it');
    const root = sealed.get(key);
    if (root !== undefined && (root[1] > seq || (root[1] === seq && root[2] !== hash)))
      report(
        day,
        chain,
        Math.min(seq, root[1]) + (root[1] > seq ? 1 : 0),
        `the chain ends at ${seq}`,
        `${root[1]} and the digest of its root`,
      );
    const checked = await verifyChain(query, head, root, digests, onRecords);
    records += checked.records;
    if (checked.finding !== undefined) findings.push(checked.finding);
  }
  for (const [key, [chain, seq]] of sealed) {
    const day = key.slice(0, 10);
    if (isIn(day) && !known.has(key) && !removed.has(day))
      report(day, chain, 0, 'no records', `the ${seq + 1} records that the root covers`);
  }
  const headless = JSON.parse((await query('headless', [period.from, period.to])) ?? '[]') as [
    string,
    string,
    number,
  ][];
  for (const [day, chain, count] of headless)
    report(day, chain, 0, `${count} records of a chain without a head`, 'a chain that a gateway wrote');

  const latest = heads.at(-1)?.[0] ?? '';
  const unsealed = [
    ...new Set(heads.flatMap(([day, , , , , root]) => (root === null && day < latest ? [day] : []))),
  ];
  const days = new Set([...beforeHeads, ...headless.map(([day]) => day)]).size;
  return {
    records,
    chains: heads.length,
    days,
    roots: roots.length,
    removed: removals.length,
    unsealed,
    unchecked,
    findings,
  };
}

async function readHeads(query: AuditQuery, { from, to }: Period): Promise<HeadRow[]> {
  return JSON.parse((await query('heads', [from, to])) ?? '[]') as HeadRow[];
}

function problemOfRoot(
  root: Root,
  index: number,
  previous: string,
  keys: AuditKeys,
): string | 'UNCHECKED' | undefined {
  if (root.number !== index + 1) return `stands in place ${index + 1}`;
  if (root.previous !== previous) return 'does not follow the root before it';
  if (root.merkle !== merkleOf(root.day, root.chains)) return 'other chains than its Merkle root covers';
  const isSigned = keys.isSigned(rootText(root), root);
  if (isSigned === undefined) return 'UNCHECKED';
  return isSigned ? undefined : 'its signature is not right';
}

interface CheckedChain {
  readonly records: number;
  readonly finding?: Finding;
}

/** Follows a chain from its genesis to its head. Ends at the first wrong record. */
async function verifyChain(
  query: AuditQuery,
  [day, chain, last, hash, , , beyond]: HeadRow,
  sealed: SealedChain | undefined,
  roots: ReadonlySet<string>,
  onRecords: (rows: readonly RecordRow[]) => void | Promise<void>,
): Promise<CheckedChain> {
  let previous = genesisOf(day, chain);
  let next = 0;
  const wrong = (seq: number, found: string, expected: string): CheckedChain => ({
    records: next,
    finding: { day, chain, seq, found, expected },
  });
  const read = (after: number): Promise<string | null> =>
    query('records', [day, chain, after, last, ROWS_AT_ONCE]);
  let ahead = read(-1);
  while (next <= last) {
    const text = await ahead;
    const rows = JSON.parse(text ?? '[]') as RecordRow[];
    // The database reads on while these are checked.
    ahead = next + ROWS_AT_ONCE <= last ? read(next + ROWS_AT_ONCE - 1) : Promise.resolve(null);
    ahead.catch(() => {});
    if (rows.length === 0) return wrong(next, 'no record', `records up to ${last}`);
    for (const row of rows) {
      if (row[AT.seq] !== next) return wrong(next, `record ${row[AT.seq]} in its place`, `record ${next}`);
      if (row[AT.previous] !== previous)
        return wrong(next, 'it does not follow the record before it', 'the digest of that record');
      // One stringification of the whole row is cheaper than a copy without its digest.
      const whole = JSON.stringify(row);
      const stored = row[AT.hash] as string;
      const digest = digestOf(`${whole.slice(0, whole.length - stored.length - 4)}]`);
      if (digest !== stored)
        return wrong(next, 'another content than its digest proves', 'the record as it was written');
      if (next === sealed?.[1] && digest !== sealed[2])
        return wrong(next, 'another digest than the root covers', 'the record as it was sealed');
      if (row[AT.kind] === 'CHAIN' && row[AT.message] !== null && !roots.has(String(row[AT.message])))
        return wrong(
          next,
          'it names a daily root that is not there',
          'the roots that existed when it was written',
        );
      previous = digest;
      next += 1;
    }
    await onRecords(rows);
  }
  if (previous !== hash)
    return wrong(last, 'another digest than the head of its chain', 'the record as it was written');
  if (beyond > 0) return wrong(last + 1, `${beyond} records after the head of the chain`, 'none');
  return { records: next };
}

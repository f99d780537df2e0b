// A copy of the trail in memory that can be tampered with, thousands of times: it answers the statements of verification as the
// database does. What the attacker does not have is the keys.

import { digestOf, genesisOf, type RecordRow } from '../../src/audit/record.ts';
import type { AuditQuery } from '../../src/audit/statements.ts';

export type Row = (string | number | null)[];
export type Head = [day: string, chain: string, seq: number, hash: string, mac: string, root: number | null];

export interface Copy {
  records: Row[];
  heads: Head[];
  roots: Row[];
  removals: Row[];
}

export async function copyOf(query: AuditQuery): Promise<Copy> {
  const read = async (name: Parameters<AuditQuery>[0], params: Parameters<AuditQuery>[1]) =>
    JSON.parse((await query(name, params)) ?? '[]');
  const heads = (await read('heads', ['0', '9'])) as Head[];
  const records: Row[] = [];
  for (const [day, chain, seq] of heads)
    records.push(...(await read('records', [day, chain, -1, seq, 100_000])));
  return {
    records,
    heads: heads.map((head) => head.slice(0, 6) as Head),
    roots: await read('roots', []),
    removals: await read('removals', []),
  };
}

const byPlace = (a: Row, b: Row): number =>
  String(a[0]).localeCompare(String(b[0])) ||
  String(a[1]).localeCompare(String(b[1])) ||
  Number(a[2]) - Number(b[2]);

/** The statements over the copy. */
export const queryOfCopy =
  (copy: Copy): AuditQuery =>
  async (name, params) => {
    const text = (rows: readonly unknown[]): string | null =>
      rows.length === 0 ? null : JSON.stringify(rows);
    const of = (day: unknown, chain: unknown): Row[] =>
      copy.records.filter((row) => row[0] === day && row[1] === chain).sort(byPlace);
    switch (name) {
      case 'heads':
        return text(
          copy.heads
            .filter(([day]) => day >= String(params[0]) && day <= String(params[1]))
            .sort(byPlace)
            .map((head) => [...head, of(head[0], head[1]).filter((row) => Number(row[2]) > head[2]).length]),
        );
      case 'headless': {
        const known = new Set(copy.heads.map(([day, chain]) => `${day} ${chain}`));
        const places = new Set(
          copy.records.map((row) => `${row[0]} ${row[1]}`).filter((key) => !known.has(key)),
        );
        return text([...places].map((key) => [...key.split(' '), 1]));
      }
      case 'records': {
        const [day, chain, after, last, limit] = params;
        return text(
          of(day, chain)
            .filter((row) => Number(row[2]) > Number(after) && Number(row[2]) <= Number(last))
            .slice(0, Number(limit)),
        );
      }
      case 'roots':
        return text(copy.roots.toSorted((a, b) => Number(a[0]) - Number(b[0])));
      case 'removals':
        return text(copy.removals);
      default:
        throw new Error(`not offered: ${name}`);
    }
  };

/** What everybody can do: make the digests of a chain right again. The head then names the last digest, under the old mac. */
export function rechain(copy: Copy, day: string, chain: string): void {
  let previous = genesisOf(day, chain);
  const rows = copy.records.filter((row) => row[0] === day && row[1] === chain).sort(byPlace);
  for (const row of rows) {
    row[25] = previous;
    previous = digestOf(JSON.stringify((row as RecordRow).slice(0, 26)));
    row[26] = previous;
  }
  const head = copy.heads.find(([d, c]) => d === day && c === chain);
  if (head === undefined) return;
  head[2] = Number(rows.at(-1)?.[2] ?? 0);
  head[3] = previous;
}

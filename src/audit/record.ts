// One record of the audit trail, its text and its digest. The text is a JSON array of the columns in the order of
// `AUDIT_RECORD_COLUMNS`, so that what is stored is exactly what the digest proves.

import { hash } from 'node:crypto';

export type RecordKind = 'ACCESS' | 'MUTATION' | 'ACTION' | 'CHAIN';

/** What a record says; day, chain, number and digests are added when it joins its chain. Contains no values of a person. */
export interface Entry {
  readonly kind: RecordKind;
  readonly request: string;
  readonly actorKind: string;
  readonly actor: string;
  readonly agency: string | null;
  readonly roles: string;
  readonly client: string | null;
  readonly subject: string | null;
  readonly fields: string;
  readonly dossier: string | null;
  readonly procedure: string | null;
  readonly purpose: string | null;
  readonly system: string;
  readonly operation: string;
  readonly outcome: string;
  readonly message: string | null;
  readonly sent: string | null;
  readonly received: string | null;
  readonly requestIn: number;
  readonly requestOut: number | null;
  readonly responseIn: number | null;
  readonly responseOut: number;
}

/** A stored record: the values of its columns, in their order. */
export type RecordRow = readonly (string | number | null)[];

/** Positions in a `RecordRow` that verification reads. */
export const AT = {
  day: 0,
  chain: 1,
  seq: 2,
  kind: 3,
  actor: 6,
  subject: 10,
  message: 18,
  previous: 25,
  hash: 26,
} as const;

export const digestOf = (text: string): string => hash('sha256', text, 'base64url');

/** The digest before the first record of a chain. */
export const genesisOf = (day: string, chain: string): string =>
  digestOf(JSON.stringify(['lienthong-audit/1', day, chain]));

/** The text of a record without its digest. */
export const recordText = (day: string, chain: string, seq: number, e: Entry, previous: string): string =>
  JSON.stringify([
    day,
    chain,
    seq,
    e.kind,
    e.request,
    e.actorKind,
    e.actor,
    e.agency,
    e.roles,
    e.client,
    e.subject,
    e.fields,
    e.dossier,
    e.procedure,
    e.purpose,
    e.system,
    e.operation,
    e.outcome,
    e.message,
    e.sent,
    e.received,
    e.requestIn,
    e.requestOut,
    e.responseIn,
    e.responseOut,
    previous,
  ]);

/** The text with the digest as its last value. */
export const withDigest = (text: string, digest: string): string => `${text.slice(0, -1)},"${digest}"]`;

/** What the mac of a head covers. */
export const headText = (day: string, chain: string, seq: number, digest: string): string =>
  `${day} ${chain} ${seq} ${digest}`;

const HOURS_OF_VIETNAM = 7;

/** The day in Vietnam, `2026-06-09`. */
export const dayOf = (at: number): string =>
  new Date(at + HOURS_OF_VIETNAM * 3_600_000).toISOString().slice(0, 10);

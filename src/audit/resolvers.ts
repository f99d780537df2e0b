// The resolvers of schema/audit.graphql. A person reads the own accesses, an auditor the whole trail; every reading is itself recorded.

import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError, type Locale, type LocalizedText } from '../errors.ts';
import type { Actor } from '../request/actor.ts';
import type { RequestContext } from '../request/context.ts';
import { requireRole } from '../request/identity/identity.ts';
import type { Store } from '../store/database.ts';
import { findAnomalies } from './anomalies.ts';
import { decodeRecordCursor, encodeRecordCursor, pageSize } from './cursor.ts';
import type { AuditKeys } from './keys.ts';
import { OFFICERS_LIMIT } from './person-watch.ts';
import { coordinatesOf, fieldText, outcomeText, systemText, whoText } from './plain-words.ts';
import {
  countOfficers,
  countPeople,
  type RecordFilter,
  readRecords,
  type StoredRecord,
  untilAborted,
} from './read-records.ts';

export interface AuditResolverParts {
  readonly store: Pick<Store, 'db'>;
  readonly keys: Pick<AuditKeys, 'subject'>;
  /** Ships what this process has recorded, so that it is found. */
  readonly ship: () => Promise<void>;
  readonly titleOf: (connector: string) => LocalizedText | undefined;
  readonly now?: () => number;
}

interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** `AuditFilter` of the schema. */
interface FilterInput {
  readonly from?: string | null;
  readonly to?: string | null;
  readonly officer?: string | null;
  readonly agency?: string | null;
  readonly system?: string | null;
  readonly procedure?: string | null;
  readonly dossier?: string | null;
  readonly outcome?: string | null;
  readonly personalId?: string | null;
}

const ANOMALY_DAYS = 30;
const DAY_MS = 86_400_000;

export function createAuditResolvers({ store, keys, ship, titleOf, now = Date.now }: AuditResolverParts) {
  const page = async <Node>(
    filter: RecordFilter,
    args: PageArguments,
    signal: AbortSignal,
    nodeOf: (record: StoredRecord) => Node,
  ) => {
    const size = pageSize(args.first);
    const after = args.after == null ? undefined : decodeRecordCursor(args.after);
    const rows = await untilAborted(
      ship().then(() => readRecords(store, filter, size + 1, after)),
      signal,
    );
    const edges = rows.slice(0, size).map((row) => ({
      cursor: encodeRecordCursor({ requestIn: row.request_in, chain: row.chain, seq: row.seq }),
      node: nodeOf(row),
    }));
    return {
      edges,
      pageInfo: {
        hasNextPage: rows.length > size,
        hasPreviousPage: after !== undefined,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  };

  /** Reading the trail is an action, recorded before anything is read. */
  const readAs = (
    operation: string,
    { identity, audit }: RequestContext,
    personalId?: string | null,
  ): void => {
    requireRole(identity, 'auditor');
    audit?.admit();
    audit?.acted(operation, 'gateway', 'OK', personalId);
  };

  return {
    Query: {
      myDataUsage: (
        _source: unknown,
        args: PageArguments,
        { identity, locale, audit, signal }: RequestContext,
        { schema }: GraphQLResolveInfo,
      ) => {
        const subjects = subjectsOf(identity.actor, keys);
        audit?.admit();
        const [own] = subjects;
        return page({ kind: 'ACCESS', subjects }, args, signal, (record) => {
          const isSelf = record.actor === own;
          const who = whoText(record, isSelf, locale);
          const fields = coordinatesOf(record.fields).map((each) => fieldText(each, locale, schema));
          const system = systemText(record.system, locale, titleOf);
          return {
            at: instantOf(record.request_in),
            who,
            isSelf,
            agency: record.agency,
            agencyName: record.agency_name,
            dossier: record.dossier,
            procedure: record.procedure,
            procedureName: record.procedure_name,
            purpose: record.purpose,
            system,
            fields,
            outcome: outcomeText(record.outcome, locale),
            summary: summaryOf({ who, fields, system }, record, locale),
          };
        });
      },

      auditTrail: (
        _source: unknown,
        { filter, ...args }: PageArguments & { readonly filter?: FilterInput | null },
        context: RequestContext,
      ) => {
        readAs('auditTrail', context, filter?.personalId);
        return page(filterOf(filter ?? {}, keys), args, context.signal, recordOf);
      },

      auditAnomalies: async (
        _source: unknown,
        args: { readonly from?: string | null; readonly to?: string | null },
        context: RequestContext,
      ) => {
        readAs('auditAnomalies', context);
        const to = args.to == null ? now() : Date.parse(args.to);
        const from = args.from == null ? to - ANOMALY_DAYS * DAY_MS : Date.parse(args.from);
        const reading = ship().then(() =>
          Promise.all([
            countPeople(store, from, to),
            countOfficers(store, from, to, OFFICERS_LIMIT),
            readRecords(store, { kind: 'ACTION', actorKind: 'break-glass', from, to }, 100),
          ]),
        );
        const [counts, persons, breakGlass] = await untilAborted(reading, context.signal);
        return {
          from: instantOf(from),
          to: instantOf(to),
          officers: findAnomalies(counts),
          persons,
          breakGlass: breakGlass.map(recordOf),
        };
      },
    },
  };
}

/** @throws GatewayError UNAUTHENTICATED, FORBIDDEN for callers who are no person */
function subjectsOf(actor: Actor, keys: Pick<AuditKeys, 'subject'>): readonly string[] {
  switch (actor.kind) {
    case 'citizen':
      return [keys.subject(actor.personalId)];
    case 'enterprise':
      return actor.personalId === null ? [actor.code] : [keys.subject(actor.personalId), actor.code];
    default:
      throw new GatewayError(actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {
        reason: FOR_PERSONS,
      });
  }
}

const FOR_PERSONS: LocalizedText = {
  vi: 'Chỉ công dân và người đại diện doanh nghiệp xem được ai đã xem dữ liệu của mình; người kiểm tra dùng auditTrail.',
  en: 'Citizens and representatives of enterprises see who has read their data; auditors use auditTrail.',
};

/** The number becomes its digest here and goes no further. */
const filterOf = (
  { from, to, officer, personalId, ...rest }: FilterInput,
  keys: Pick<AuditKeys, 'subject'>,
): RecordFilter => ({
  ...rest,
  actor: officer,
  from: from == null ? undefined : Date.parse(from),
  to: to == null ? undefined : Date.parse(to),
  subjects: personalId == null ? undefined : [keys.subject(personalId)],
});

const instantOf = (at: number): string => new Date(at).toISOString();
const instantOrNull = (at: number | null): string | null => (at === null ? null : instantOf(at));

const recordOf = (record: StoredRecord) => ({
  kind: record.kind,
  actorKind: record.actor_kind,
  actor: record.actor,
  agency: record.agency,
  roles: record.roles.split(' ').filter((role) => role !== ''),
  client: record.client,
  subject: record.subject,
  fields: coordinatesOf(record.fields),
  dossier: record.dossier,
  procedure: record.procedure,
  purpose: record.purpose,
  system: record.system,
  operation: record.operation,
  outcome: record.outcome,
  messageId: record.message,
  sentDigest: record.sent,
  receivedDigest: record.received,
  requestIn: instantOf(record.request_in),
  requestOut: instantOrNull(record.request_out),
  responseIn: instantOrNull(record.response_in),
  responseOut: instantOf(record.response_out),
  requestId: record.request,
  day: record.day,
  chain: record.chain,
  seq: record.seq,
  digest: record.hash,
});

function summaryOf(
  {
    who,
    fields,
    system,
  }: { readonly who: string; readonly fields: readonly string[]; readonly system: string },
  { dossier, procedure_name, procedure }: StoredRecord,
  locale: Locale,
): string {
  const data = fields.join(', ');
  const name = procedure_name ?? procedure;
  if (locale === 'vi') {
    const why = dossier === null ? '' : ` để giải quyết hồ sơ ${dossier}${name === null ? '' : ` (${name})`}`;
    return `${who} đã hỏi ${data} từ ${system}${why}.`;
  }
  const why = dossier === null ? '' : `, for dossier ${dossier}${name === null ? '' : ` (${name})`}`;
  return `${who} asked for ${data} from ${system}${why}.`;
}

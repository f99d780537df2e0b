// The audit trail as one request sees it: collects what the request reads and does, and writes it as one group when the request has
// its answer. One record per request, person, system and purpose; records contain names of fields and no values.

import type { AccessAudit, AccessOf, CallEvidence } from '../connect/contract.ts';
import type { Actor } from '../request/actor.ts';
import type { RequestAudit } from '../request/audit.ts';
import type { Identity } from '../request/identity/identity.ts';
import type { AuditKeys } from './keys.ts';
import type { PersonWatch } from './person-watch.ts';
import type { Entry, RecordKind } from './record.ts';
import type { Trail } from './trail.ts';

/** The request that records belong to. */
export interface AuditedRequest {
  readonly requestId: string;
  readonly identity: Identity;
  /** Epoch ms. */
  readonly startedAt: number;
}

export type RequestAuditOf = (request: AuditedRequest) => RequestAudit;

/** An access that is being made; it becomes a record when its fields are known. */
interface Access {
  readonly of: AccessOf;
  readonly kind: RecordKind;
  fields: string | undefined;
  outcome: string;
  evidence: Readonly<CallEvidence>;
}

const NO_WATCH: Pick<PersonWatch, 'look'> = { look: () => {} };
const NO_EVIDENCE: Readonly<CallEvidence> = {};
const STORE = 'store';
/** Of a look-up that has not ended when the request is answered. */
const UNFINISHED = 'CANCELLED';

export function createRequestAudit(
  trail: Pick<Trail, 'refusal' | 'add'>,
  keys: Pick<AuditKeys, 'subject'>,
  watch: Pick<PersonWatch, 'look'> = NO_WATCH,
  now: () => number = Date.now,
): RequestAuditOf {
  return (request) => {
    const accesses = new Map<string, Access>();
    let further = 0;

    const admit = (): void => {
      const refusal = trail.refusal();
      if (refusal !== undefined) throw refusal;
    };
    const accessOf = (of: AccessOf, key = keyOf(of)): Access => {
      let access = accesses.get(key);
      if (access === undefined) {
        access = { of, kind: 'ACCESS', fields: undefined, outcome: UNFINISHED, evidence: NO_EVIDENCE };
        accesses.set(key, access);
      }
      return access;
    };
    const add = (
      kind: RecordKind,
      of: AccessOf,
      fields: string,
      outcome: string,
      evidence = NO_EVIDENCE,
    ): void => {
      further += 1;
      accesses.set(String(further), { of, kind, fields, outcome, evidence });
    };
    const connect: AccessAudit = {
      admit,
      reads: (of, fields) => {
        const access = accessOf(of);
        access.fields = access.fields === undefined ? fields : union(access.fields, fields);
      },
      ended: (of, outcome, evidence) => {
        const access = accessOf(of);
        // Two calls of one access, of which one failed: what was read is what counts.
        if (access.evidence === NO_EVIDENCE || outcome === 'OK') {
          access.outcome = outcome;
          access.evidence = { ...evidence };
        }
      },
      mutated: (of, fields, outcome, evidence) => add('MUTATION', of, fields, outcome, { ...evidence }),
    };

    // Loudly: every request with the token has a record, whatever it asks for.
    if (isBreakGlass(request.identity))
      add(
        'ACTION',
        { connector: 'gateway', operation: 'break-glass', subject: null, purpose: undefined },
        '',
        'OK',
      );

    return {
      ...connect,
      stored: (subject, purpose, fields) => {
        const access = accessOf({ connector: STORE, operation: 'dossiers', subject, purpose });
        access.fields = access.fields === undefined ? fields : union(access.fields, fields);
        access.outcome = 'OK';
      },
      acted: (operation, system, outcome, subject = null) =>
        add('ACTION', { connector: system, operation, subject, purpose: undefined }, '', outcome),
      settle: () => {
        if (accesses.size === 0) return undefined;
        const entries = entriesOf(request, [...accesses.values()], keys, now());
        accesses.clear();
        watch.look(entries);
        return entries.length === 0 ? undefined : trail.add(entries);
      },
    };
  };
}

const keyOf = ({ connector, operation, subject, purpose }: AccessOf): string =>
  `${connector} ${operation} ${subject ?? ''} ${purpose?.dossier ?? ''}`;

/** `Citizen fullName` and `Citizen gender` are `Citizen fullName gender`. */
function union(known: string, more: string): string {
  if (known === more) return known;
  return [...new Set([...known.split(' '), ...more.split(' ')])].join(' ');
}

function entriesOf(
  { requestId, identity, startedAt }: AuditedRequest,
  accesses: readonly Access[],
  keys: Pick<AuditKeys, 'subject'>,
  answeredAt: number,
): Entry[] {
  const digests = new Map<string, string>();
  const digestOf = (subject: string): string => {
    // An enterprise code is public; the number of a household business is a person's.
    if (!/^\d{12}$/.test(subject)) return subject;
    let digest = digests.get(subject);
    if (digest === undefined) {
      digest = keys.subject(subject);
      digests.set(subject, digest);
    }
    return digest;
  };
  const who = actorOf(identity, digestOf);
  /** Fields of look-ups whose subjects are known from the answer only. */
  const pending = new Map<string, string>();
  for (const { of, fields } of accesses) {
    if (of.subject === null && fields !== undefined) pending.set(keyOf(of), fields);
  }
  const entries: Entry[] = [];
  for (const { of, kind, fields: own, outcome, evidence } of accesses) {
    const { connector, operation, subject, purpose } = of;
    const isPending = subject === null && kind === 'ACCESS';
    if (isPending && evidence === NO_EVIDENCE) continue;
    const fields = own ?? (pending.size === 0 ? undefined : pending.get(keyOf({ ...of, subject: null })));
    // Called for something that is not personal.
    if (fields === undefined) continue;
    entries.push({
      kind,
      request: requestId,
      ...who,
      subject: subject === null ? null : digestOf(subject),
      fields,
      dossier: purpose?.dossier ?? null,
      procedure: purpose?.procedure ?? null,
      purpose: null,
      system: connector,
      operation,
      outcome,
      message: evidence.messageId ?? null,
      sent: evidence.sent ?? null,
      received: evidence.received ?? null,
      requestIn: startedAt,
      requestOut: evidence.sentAt ?? null,
      responseIn: evidence.receivedAt ?? null,
      responseOut: answeredAt,
    });
  }
  return entries;
}

type Who = Pick<Entry, 'actorKind' | 'actor' | 'agency' | 'roles' | 'client'>;

/** The break-glass token has no issuer. */
const isBreakGlass = ({ actor, issuer }: Identity): boolean => actor.kind === 'staff' && issuer === null;

function actorOf(identity: Identity, digestOf: (id: string) => string): Who {
  const { actor, roles, client } = identity;
  return {
    actorKind: isBreakGlass(identity) ? 'break-glass' : actor.kind,
    actor: nameOf(actor, digestOf),
    agency: actor.kind === 'officer' || actor.kind === 'machine' ? actor.agency : null,
    roles: [...roles].join(' '),
    client: client.id,
  };
}

/**
 * A citizen and a representative have the same digest in the trail as their own data; so has whoever signs in with the own
 * personal id.
 */
function nameOf(actor: Actor, digestOf: (id: string) => string): string {
  switch (actor.kind) {
    case 'officer':
      return digestOf(actor.officer);
    case 'staff':
      return digestOf(actor.name);
    case 'machine':
      return actor.client;
    case 'citizen':
      return digestOf(actor.personalId);
    case 'enterprise':
      return actor.personalId === null ? actor.code : digestOf(actor.personalId);
    default:
      return '';
  }
}

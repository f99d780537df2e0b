// Which accesses the calls of an operation are, for the audit trail: whose data, which fields, how it ended. Compiled once per
// operation; an operation that is recorded nowhere has none.

import type { AccessOf, CallEvidence, ConnectAnswer, ConnectContext, Purpose } from '../contract.ts';
import type { MappingVariables } from '../mapping/index.ts';
import type { Operation } from '../request/operation.ts';

/** What a connector's data is about, by its manifest. */
export interface PersonalData {
  /** The field whose value says whose data it is: `personalId` of `Citizen`. */
  readonly subject: { readonly type: string; readonly field: string } | undefined;
  /** Every call is an access, whatever is selected: the system is one of personal data. */
  readonly all: boolean;
  /** The fields of a type that are personal, or have personal fields below them. */
  readonly fieldsOf: (typeName: string) => ReadonlySet<string>;
}

/** By the manifest of a connector: the fields of `type` that need the consent of the person that `subject` names. */
export interface ConsentRule {
  readonly type: string;
  /** The field of the type that says whose data it is. */
  readonly subject: string;
  /** Names of fields of the type. */
  readonly fields: ReadonlySet<string>;
}

type OperationInput = Partial<Pick<MappingVariables, 'args' | 'this' | 'batch'>>;

export interface AccessWatch {
  /** Before a call. @param names the selected fields. @throws GatewayError AUDIT_UNAVAILABLE */
  readonly reads: (
    input: OperationInput,
    purpose: Purpose | undefined,
    context: ConnectContext,
    names: Iterable<string>,
  ) => void;
  /** After it. @param value the mapped value, where there is one */
  readonly ended: (
    input: OperationInput,
    purpose: Purpose | undefined,
    context: ConnectContext,
    outcome: string,
    evidence: Readonly<CallEvidence>,
    value: unknown,
  ) => void;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * @param typeName the type whose fields are selected; undefined where the field has a plain value
 * @returns undefined where nothing of the operation is recorded
 */
export function createAccessWatch(
  operation: Operation,
  { id: connector, personal }: { readonly id: string; readonly personal?: PersonalData | undefined },
  typeName: string | undefined,
): AccessWatch | undefined {
  const isMutation = operation.typeName === 'Mutation';
  // No system is asked: there is no access to record.
  if (operation.isComputed || (personal === undefined && !isMutation)) return undefined;
  const subjectField = personal?.subject?.field;
  const own = operation.fieldName ?? '';
  const selectedOf = typeName ?? operation.typeName;
  const selectable = personal?.fieldsOf(selectedOf);

  const of = (subject: string | null, purpose: Purpose | undefined): AccessOf => ({
    connector,
    operation: operation.name,
    subject,
    purpose,
  });
  const textOf = rememberText((names) => {
    const chosen = (typeName === undefined ? [own] : [...names]).filter((name) => selectable?.has(name));
    if (chosen.length > 0) return `${selectedOf} ${chosen.join(' ')}`;
    return personal?.all === true ? selectedOf : '';
  });

  return {
    reads: (input, purpose, context, names) => {
      const { audit } = context;
      if (audit === undefined) return;
      if (isMutation) {
        audit.admit();
        return;
      }
      const fields = textOf(names);
      if (fields === '') return;
      audit.admit();
      const subjects = subjectsOf(input, subjectField);
      // Not known before the answer: the access then has its subjects from there.
      if (subjects.length === 0) audit.reads(of(null, purpose), fields);
      for (const subject of subjects) audit.reads(of(subject, purpose), fields);
    },
    ended: (input, purpose, { audit }, outcome, evidence, value) => {
      if (audit === undefined) return;
      const asked = subjectsOf(input, subjectField);
      const known = asked.length > 0 ? asked : subjectsIn(value, subjectField);
      if (isMutation) {
        const args = Object.keys(input.args ?? {});
        const fields = [`Mutation.${own}`, ...args].join(' ');
        audit.mutated(of(known[0] ?? null, purpose), fields, outcome, evidence);
        return;
      }
      if (known.length === 0) audit.ended(of(null, purpose), outcome, evidence);
      for (const subject of known) audit.ended(of(subject, purpose), outcome, evidence);
    },
  };
}

/** The names of one selection are the same object in every request. */
function rememberText(compute: (names: Iterable<string>) => string): (names: Iterable<string>) => string {
  const known = new WeakMap<object, string>();
  return (names) => {
    const key = names as unknown as object;
    let text = known.get(key);
    if (text === undefined) {
      text = compute(names);
      known.set(key, text);
    }
    return text;
  };
}

function subjectsOf(input: OperationInput, field: string | undefined): readonly string[] {
  if (field === undefined) return [];
  if (input.batch !== undefined) return subjectsIn(input.batch, field);
  const found = textOf(
    (input.this as Fields | undefined)?.[field] ?? (input.args as Fields | undefined)?.[field],
  );
  return found === undefined ? [] : [found];
}

function subjectsIn(value: unknown, field: string | undefined): readonly string[] {
  if (field === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  const found = items.flatMap((item) => textOf((item as Fields | null | undefined)?.[field]) ?? []);
  return [...new Set(found)];
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** How an access ended that has an answer. */
export function outcomeOf(answer: ConnectAnswer, evidence: CallEvidence): string {
  if (answer.notFound === true) return 'NOT_FOUND';
  if (answer.freshness !== 'LIVE') return answer.freshness;
  return evidence.sentAt === undefined ? 'COALESCED' : 'OK';
}

/** The evidence of the call that left for this request, or of the earlier one whose answer it received. */
export const evidenceOf = (own: CallEvidence, answer: ConnectAnswer | undefined): CallEvidence => {
  if (own.sentAt !== undefined && answer?.freshness !== 'STALE') return own;
  const { messageId, sent, received } = { ...answer?.evidence, ...definedOf(own) };
  // No call left: the times are those of another request.
  return { messageId, sent, received, sentAt: own.sentAt, receivedAt: own.receivedAt };
};

const definedOf = ({ messageId, sent }: CallEvidence): CallEvidence => ({
  ...(messageId !== undefined && { messageId }),
  ...(sent !== undefined && { sent }),
});

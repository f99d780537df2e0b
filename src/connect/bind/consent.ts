// Consent: a field may be fetched only where the person whose data it is has agreed. The consents are read before the fetch, in one
// batch for all persons of a request that are asked about together; what cannot be proven is not fetched.

import DataLoader from 'dataloader';
import { GatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { ConsentRule } from './access.ts';
import { requestState } from './call.ts';
import { toGatewayError } from './failures.ts';
import type { FieldGate } from './field-gate.ts';

/** A consent that has not been withdrawn. */
export interface GivenConsent {
  readonly connector: string;
  /** The procedure for which it was given; null: every procedure. */
  readonly procedure: string | null;
  /** `Type.field`: what the person agreed to. */
  readonly fields: ReadonlySet<string>;
}

/** Returns the consents of each subject, in their order. @throws GatewayError STORE_UNAVAILABLE (in the promise) */
export type ReadConsents = (
  subjects: readonly string[],
  context: ConnectContext,
) => Promise<readonly (readonly GivenConsent[])[]>;

/** Subjects of one statement. */
const MAX_SUBJECTS = 500;

interface Claim {
  readonly connector: string;
  readonly subject: string;
}

/**
 * @param rules of all connectors; a field for which several ask needs the consent for each
 * @param read absent: nobody has given consent
 * @returns the gate of a type; undefined where none of its fields needs consent
 */
export function createConsentGate(
  typeName: string,
  rules: readonly { readonly id: string; readonly consent?: ConsentRule | undefined }[],
  read: ReadConsents = async (subjects) => subjects.map(() => []),
): FieldGate | undefined {
  const claims = new Map<string, Claim[]>();
  for (const { id, consent } of rules) {
    if (consent?.type !== typeName) continue;
    for (const field of consent.fields)
      claims.set(field, [...(claims.get(field) ?? []), { connector: id, subject: consent.subject }]);
  }
  if (claims.size === 0) return undefined;

  const consentsOf = (subject: string, context: ConnectContext): Promise<readonly GivenConsent[]> =>
    requestState(
      context,
      read,
      () =>
        new DataLoader<string, readonly GivenConsent[]>((subjects) => read(subjects, context), {
          maxBatchSize: MAX_SUBJECTS,
        }),
    ).load(subject);

  const refusalOf = async (
    name: string,
    object: Readonly<Record<string, unknown>>,
    purpose: Purpose | undefined,
    context: ConnectContext,
  ): Promise<GatewayError | undefined> => {
    const coordinate = `${typeName}.${name}`;
    try {
      for (const { connector, subject } of claims.get(name) ?? []) {
        const person = object[subject];
        if (typeof person !== 'string' || person === '') return notConsented(connector);
        const given = await consentsOf(person, context);
        if (!given.some((consent) => covers(consent, connector, coordinate, purpose)))
          return notConsented(connector);
      }
      return undefined;
    } catch (error) {
      return toGatewayError(error);
    }
  };

  return {
    names: new Set(claims.keys()),
    refusals: async (asked, object, purpose, context) => {
      const found = await Promise.all(
        asked.map(async (name) => [name, await refusalOf(name, object, purpose, context)] as const),
      );
      return new Map(found.flatMap(([name, error]) => (error === undefined ? [] : [[name, error] as const])));
    },
    decides: (name, known) =>
      claims.get(name)?.every(({ subject }) => typeof known[subject] === 'string') === true,
  };
}

const covers = (
  { connector, procedure, fields }: GivenConsent,
  asking: string,
  coordinate: string,
  purpose: Purpose | undefined,
): boolean =>
  connector === asking && fields.has(coordinate) && (procedure === null || procedure === purpose?.procedure);

/** The same for a person without a record, and where it is not known whose data it is. */
const notConsented = (connector: string): GatewayError =>
  new GatewayError('FORBIDDEN', {
    connector,
    reason: {
      vi: 'Chủ thể dữ liệu chưa đồng ý cho lấy trường này.',
      en: 'The person has not consented to this field being fetched.',
    },
  });

// Consents of persons (sự đồng ý của chủ thể dữ liệu): which are in force, and how a person gives and withdraws them. The store keeps a
// keyed digest of the person; what a person does is recorded in the audit trail, and not begun where it cannot be.

import { randomUUID } from 'node:crypto';
import { GatewayError, isGatewayError, type LocalizedText } from '../errors.ts';
import type { Store } from '../store/database.ts';
import type { Catalogue } from './catalogue.ts';
import { activeConsents, type ConsentRow, consentsOf, give, withdraw } from './consent-statements.ts';
import { parseProcedureCode } from './ids.ts';
import type { Reader } from './row-scope.ts';

/** What the resolvers need of a request. */
export interface ConsentRequest {
  readonly identity: { readonly actor: Reader; readonly client: { readonly id: string | null } };
  readonly signal: AbortSignal;
  readonly audit?:
    | {
        /** @throws GatewayError AUDIT_UNAVAILABLE */
        admit(): void;
        acted(operation: string, system: string, outcome: string, subject?: string | null): void;
      }
    | undefined;
}

/** A consent in force. */
interface GivenConsent {
  readonly connector: string;
  readonly procedure: string | null;
  readonly fields: ReadonlySet<string>;
}

interface GiveConsentArguments {
  readonly input: {
    readonly connector: string;
    readonly procedure?: string | null | undefined;
    readonly statement: string;
  };
}

/** The fields that need consent, as `Type.field`, by connector. */
export type AskingConnectors = ReadonlyMap<string, readonly string[]>;

export interface Consents {
  /** The consents in force of each person, in their order, by one statement. @throws GatewayError STORE_UNAVAILABLE */
  readonly read: (
    personalIds: readonly string[],
    request: { readonly signal: AbortSignal },
  ) => Promise<readonly (readonly GivenConsent[])[]>;
  /** The resolvers of schema/consents.graphql. */
  readonly resolversFor: (asking: AskingConnectors) => ReturnType<typeof resolversFor>;
}

const MOST_LISTED = 100;
const LONGEST_STATEMENT = 4000;

/** @param digestOf the keyed digest of a personal identification number: letters, digits, `-` and `_` */
export function createConsents(
  store: Pick<Store, 'run'>,
  catalogue: Pick<Catalogue, 'current'>,
  digestOf: (personalId: string) => string,
): Consents {
  return {
    read: async (personalIds, { signal }) => {
      const subjects = personalIds.map(digestOf);
      const given = new Map<string, GivenConsent[]>(subjects.map((subject) => [subject, []]));
      for (const { subject, fields, ...of } of await activeConsents(store.run, subjects, signal))
        given.get(subject)?.push({ ...of, fields: new Set(fields.split(' ')) });
      return subjects.map((subject) => given.get(subject) ?? []);
    },
    resolversFor: (asking) => resolversFor({ store, catalogue, digestOf, asking }),
  };
}

interface ResolverParts {
  readonly store: Pick<Store, 'run'>;
  readonly catalogue: Pick<Catalogue, 'current'>;
  readonly digestOf: (personalId: string) => string;
  readonly asking: AskingConnectors;
}

function resolversFor({ store, catalogue, digestOf, asking }: ResolverParts) {
  /** Recorded with its outcome, whatever comes of it. @param systemOf the connector that it concerns */
  const recorded =
    <Args>(
      operation: string,
      act: (args: Args, personalId: string, request: ConsentRequest) => Promise<ConsentRow>,
    ) =>
    async (_source: unknown, args: Args, request: ConsentRequest) => {
      const personalId = personOf(request);
      request.audit?.admit();
      let system = 'gateway';
      let outcome = 'OK';
      try {
        const row = await act(args, personalId, request);
        system = row.connector;
        return nodeOf(row);
      } catch (error) {
        outcome = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
        throw error;
      } finally {
        request.audit?.acted(operation, system, outcome, personalId);
      }
    };

  return {
    Query: {
      myConsents: async (_source: unknown, _args: unknown, request: ConsentRequest) => {
        const subject = digestOf(personOf(request));
        return (await consentsOf(store.run, subject, MOST_LISTED, request.signal)).map(nodeOf);
      },
    },
    Mutation: {
      giveConsent: recorded<GiveConsentArguments>(
        'giveConsent',
        async ({ input }, personalId, { identity, signal }) => {
          const { connector, statement } = input;
          const fields = asking.get(connector);
          if (fields === undefined) throw refused(unknownConnector([...asking.keys()]));
          checkStatement(statement, personalId);
          return give(
            store.run,
            {
              id: randomUUID(),
              subject: digestOf(personalId),
              connector,
              procedure: input.procedure == null ? null : procedureOf(input.procedure),
              fields: [...fields].sort().join(' '),
              statement,
              client: identity.client.id,
            },
            signal,
          );
        },
      ),
      withdrawConsent: recorded<{ readonly id: string }>(
        'withdrawConsent',
        async ({ id }, personalId, { signal }) => {
          const row = UUID.test(id)
            ? await withdraw(store.run, id.toLowerCase(), digestOf(personalId), signal)
            : undefined;
          if (row === undefined) throw refused(UNKNOWN_CONSENT);
          return row;
        },
      ),
    },
  };

  /** The code as the purposes of dossiers have it: without the agency that published it. */
  function procedureOf(code: string): string {
    const { proceduresByCode } = catalogue.current();
    const known = proceduresByCode.get(code) ?? proceduresByCode.get(parseProcedureCode(code)?.code ?? '');
    if (known === undefined) throw refused(UNKNOWN_PROCEDURE);
    return known.code;
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The policy `citizen` has refused everybody else before. */
function personOf({ identity: { actor } }: ConsentRequest): string {
  if (actor.kind === 'citizen') return actor.personalId;
  throw new GatewayError(actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {
    reason: FOR_CITIZENS,
  });
}

function checkStatement(statement: string, personalId: string): void {
  const length = [...statement].length;
  if (statement.trim() === '' || length > LONGEST_STATEMENT) throw refused(statementLength(length));
  if (statement.includes('\u0000')) throw refused(STATEMENT_NUL);
  if (statement.includes(personalId)) throw refused(STATEMENT_WITH_ID);
}

const nodeOf = ({ given_at, withdrawn_at, fields, ...row }: ConsentRow) => ({
  ...row,
  fields: fields.split(' '),
  givenAt: given_at,
  withdrawnAt: withdrawn_at,
});

// —— texts ——

const refused = (reason: LocalizedText): GatewayError => new GatewayError('BAD_USER_INPUT', { reason });

const unknownConnector = (known: readonly string[]): LocalizedText => ({
  vi: `input.connector: không phải kết nối cần sự đồng ý. Các kết nối cần sự đồng ý: ${known.join(', ') || 'không có'}.`,
  en: `input.connector: not a connector that asks for consent. Those that do: ${known.join(', ') || 'none'}.`,
});

const statementLength = (length: number): LocalizedText => ({
  vi: `input.statement: cần từ 1 đến ${LONGEST_STATEMENT.toLocaleString('vi')} ký tự và không chỉ có khoảng trắng; nhận được ${length.toLocaleString('vi')} ký tự.`,
  en: `input.statement: expected 1 to ${LONGEST_STATEMENT.toLocaleString('en')} characters, not only blanks; found ${length.toLocaleString('en')}.`,
});

const STATEMENT_NUL: LocalizedText = {
  vi: 'input.statement: có ký tự U+0000, không lưu được. Hãy bỏ ký tự này.',
  en: 'input.statement: found the character U+0000, which cannot be stored. Remove it.',
};

const STATEMENT_WITH_ID: LocalizedText = {
  vi: 'input.statement: có số định danh cá nhân của người đồng ý. Hãy bỏ số này: hệ thống đã biết người đồng ý là ai.',
  en: 'input.statement: found the personal identification number of the person. Remove it: it is known who consents.',
};

const UNKNOWN_PROCEDURE: LocalizedText = {
  vi: 'input.procedure: không có thủ tục này trong danh mục. Xem danh mục bằng truy vấn procedures.',
  en: 'input.procedure: there is no such procedure. The query procedures lists them.',
};

/** The same for the consent of another person. */
const UNKNOWN_CONSENT: LocalizedText = {
  vi: 'id: không có sự đồng ý này. Xem các sự đồng ý của mình bằng truy vấn myConsents.',
  en: 'id: there is no such consent. The query myConsents lists your own.',
};

const FOR_CITIZENS: LocalizedText = {
  vi: 'Chỉ công dân mới cho phép xử lý dữ liệu của mình và rút lại sự đồng ý.',
  en: 'Only citizens give and withdraw consent to the processing of their data.',
};

// The SQL of consents. Times are those of the database; a statement concerns one person, but for the look-up of those in force.

import type { Store } from '../store/database.ts';
import type { Statement } from '../store/statement.ts';

export interface ConsentRow {
  readonly id: string;
  readonly connector: string;
  readonly procedure: string | null;
  /** `Type.field`, separated by spaces. */
  readonly fields: string;
  readonly statement: string;
  readonly client: string | null;
  readonly given_at: string;
  readonly withdrawn_at: string | null;
}

export interface ActiveConsent extends Pick<ConsentRow, 'connector' | 'procedure' | 'fields'> {
  readonly subject: string;
}

/** A consent that a person gives. `subject` is the keyed digest. */
export type NewConsent = Omit<ConsentRow, 'given_at' | 'withdrawn_at'> & { readonly subject: string };

type Run = Store['run'];

const COLUMNS = 'id, connector, procedure, fields, statement, client, given_at, withdrawn_at';

const ACTIVE: Statement<ActiveConsent> = {
  name: 'lt_consents_active',
  sql: `select subject, connector, procedure, fields from consents
        where withdrawn_at is null and subject = any ($1::text::text[])`,
};

const OF_SUBJECT: Statement<ConsentRow> = {
  name: 'lt_consents_of_subject',
  sql: `select ${COLUMNS} from consents where subject = $1
        order by withdrawn_at is not null, given_at desc, id limit $2`,
};

const ONE: Statement<ConsentRow> = {
  name: 'lt_consent_active',
  sql: `select ${COLUMNS} from consents
        where subject = $1 and connector = $2 and procedure is not distinct from $3 and withdrawn_at is null`,
};

const WITHDRAW: Statement<ConsentRow> = {
  name: 'lt_consent_withdraw',
  sql: `update consents set withdrawn_at = coalesce(withdrawn_at, now()) where id = $1 and subject = $2
        returning ${COLUMNS}`,
};

/** No row: another request was quicker. */
const GIVE: Statement<ConsentRow> = {
  name: 'lt_consent_give',
  sql: `insert into consents (id, subject, connector, procedure, fields, statement, client)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning ${COLUMNS}`,
};

/** @param subjects keyed digests: letters, digits, `-` and `_` */
export const activeConsents = (
  run: Run,
  subjects: readonly string[],
  signal: AbortSignal,
): Promise<ActiveConsent[]> => run(ACTIVE, [`{${subjects.join(',')}}`], signal);

/** Those in force first, each group from the newest on. */
export const consentsOf = (
  run: Run,
  subject: string,
  limit: number,
  signal: AbortSignal,
): Promise<ConsentRow[]> => run(OF_SUBJECT, [subject, limit], signal);

/** Undefined: the person has no such consent. One that is withdrawn already stays as it is. */
export const withdraw = async (
  run: Run,
  id: string,
  subject: string,
  signal: AbortSignal,
): Promise<ConsentRow | undefined> => (await run(WITHDRAW, [id, subject], signal))[0];

/** Returns the consent in force where it is to the same fields; one to fewer of them gives way to the new one. */
export async function give(run: Run, consent: NewConsent, signal: AbortSignal): Promise<ConsentRow> {
  const { id, subject, connector, procedure, fields, statement, client } = consent;
  for (;;) {
    const [known] = await run(ONE, [subject, connector, procedure], signal);
    if (known !== undefined && includesAll(known.fields, fields)) return known;
    if (known !== undefined) await withdraw(run, known.id, subject, signal);
    const [given] = await run(GIVE, [id, subject, connector, procedure, fields, statement, client], signal);
    if (given !== undefined) return given;
  }
}

function includesAll(known: string, asked: string): boolean {
  const names = new Set(known.split(' '));
  return asked.split(' ').every((name) => names.has(name));
}

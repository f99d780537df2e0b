// Fills an empty store with the synthetic city, in one transaction. Of two replicas that start together, one seeds.

import type { Store } from '../store/database.ts';
import { type Insertable, type RawBuilder, sql, type Transaction } from '../store/query.ts';
import type { Database } from '../store/tables.ts';
import type { City, CityDossier } from './contract.ts';

const ANCHOR = 'anchor';

export interface SeedResult {
  /** False when the store was not empty; nothing was written then. */
  readonly seeded: boolean;
  /** The anchor of the city in the store, `yyyy-MM-dd`; null for a store that was never seeded. */
  readonly anchor: string | null;
}

/** The anchor of the city in the store, by which the simulators generate the same city; null for a store that was never seeded. */
export const readAnchor = async (store: Store): Promise<string | null> => anchorIn(store.db);

/** Writes the city into an empty store. A store with agencies is left unchanged. */
export const seedIfEmpty = async (store: Store, city: City): Promise<SeedResult> =>
  store.db.transaction().execute(async (tx) => {
    // A second replica waits here and then finds the rows of the first.
    await sql`lock table meta in exclusive mode`.execute(tx);
    const held = await tx.selectFrom('agencies').select('id').limit(1).executeTakeFirst();
    if (held !== undefined) return { seeded: false, anchor: await anchorIn(tx) };
    await sql`set local statement_timeout = 0`.execute(tx);
    await writeCatalogue(tx, city);
    await withoutForeignKeys(tx, () => writeDossiers(tx, city.dossiers));
    await tx.insertInto('meta').values({ key: ANCHOR, value: city.anchor }).execute();
    // PGlite has no autovacuum. Without statistics the planner would sort instead of using an index.
    await sql`analyze`.execute(tx);
    return { seeded: true, anchor: city.anchor };
  });

async function anchorIn(db: Store['db'] | Transaction<Database>): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', ANCHOR).executeTakeFirst();
  return row?.value ?? null;
}

async function writeCatalogue(tx: Transaction<Database>, city: City): Promise<void> {
  await insert(
    tx,
    'agencies',
    // Parents before children.
    [...city.agencies]
      .sort((a, b) => a.id - b.id)
      .map((agency) => ({
        id: agency.id,
        parent_id: agency.parentId,
        level: agency.level,
        code: agency.code,
        old_code: agency.oldCode,
        name: agency.name,
        commune_code: agency.communeCode,
      })),
  );
  await insert(
    tx,
    'procedures',
    city.procedures.map((procedure) => ({
      id: procedure.id,
      code: procedure.code,
      name: procedure.name,
      field_code: procedure.fieldCode,
      field_name: procedure.fieldName,
      level: procedure.level,
      limit_working_days: procedure.limitWorkingDays,
      fee: procedure.fee,
    })),
  );
  await insert(
    tx,
    'procedure_agencies',
    city.participants.map(({ procedureId, agencyId }) => ({
      procedure_id: procedureId,
      agency_id: agencyId,
    })),
  );
}

async function writeDossiers(tx: Transaction<Database>, dossiers: readonly CityDossier[]): Promise<void> {
  await insert(tx, 'dossiers', dossiers.map(dossierRow));
  let eventId = 0;
  await insert(
    tx,
    'dossier_events',
    dossiers.flatMap((dossier) =>
      dossier.events.map((event) => ({
        id: ++eventId,
        dossier_id: dossier.id,
        at: instant(event.at),
        status: event.status,
        actor: event.actor,
        note: event.note,
      })),
    ),
  );
  await insert(
    tx,
    'payments',
    dossiers.flatMap((dossier) =>
      dossier.payments.map((payment) => ({
        reference: payment.reference,
        dossier_id: dossier.id,
        amount: payment.amount,
        started_at: instant(payment.startedAt),
      })),
    ),
  );
  await insert(
    tx,
    'deliveries',
    dossiers.flatMap((dossier) =>
      dossier.deliveries.map((delivery) => ({
        tracking_code: delivery.trackingCode,
        dossier_id: dossier.id,
        ordered_at: instant(delivery.orderedAt),
      })),
    ),
  );
}

/**
 * Drops the foreign keys of the dossier tables while the rows are written and then creates them again: each is checked by one
 * join instead of a look-up for each row, which halves the seeding time. The transaction hides the tables in between.
 */
async function withoutForeignKeys(tx: Transaction<Database>, write: () => Promise<void>): Promise<void> {
  const { rows: keys } = await sql<{ of: string; name: string; definition: string }>`
    select conrelid::regclass::text as of, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype = 'f'
      and conrelid = any (array['dossiers', 'dossier_events', 'payments', 'deliveries']::regclass[])`.execute(
    tx,
  );
  for (const { of, name } of keys) await sql.raw(`alter table ${of} drop constraint ${name}`).execute(tx);
  await write();
  for (const { of, name, definition } of keys) {
    await sql.raw(`alter table ${of} add constraint ${name} ${definition}`).execute(tx);
  }
}

const dossierRow = (dossier: CityDossier): Insertable<Database['dossiers']> => ({
  id: dossier.id,
  code: dossier.code,
  procedure_id: dossier.procedureId,
  agency_id: dossier.agencyId,
  status: dossier.status,
  channel: dossier.channel,
  submitted_at: instant(dossier.submittedAt),
  received_at: dossier.receivedAt === null ? null : instant(dossier.receivedAt),
  due_at: instant(dossier.dueAt),
  finished_at: dossier.finishedAt === null ? null : instant(dossier.finishedAt),
  applicant_id: dossier.applicant.personalId,
  declared_name: dossier.applicant.fullName,
  declared_birth_year: dossier.applicant.birthDate.year,
  declared_birth_month: dossier.applicant.birthDate.month,
  declared_birth_day: dossier.applicant.birthDate.day,
  enterprise_code: dossier.enterprise?.code ?? null,
  submitted_by: dossier.submittedBy?.personalId ?? null,
});

/** One statement for each table: the rows are sent as one JSON parameter, which both databases expand. */
async function insert<Table extends Exclude<keyof Database, 'meta'>>(
  tx: Transaction<Database>,
  table: Table,
  rows: readonly Insertable<Database[Table]>[],
): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns: RawBuilder<unknown> = sql.join(Object.keys(first).map((column) => sql.ref(column)));
  const target = sql.table(table);
  await sql`
    insert into ${target} (${columns})
    select ${columns} from json_populate_recordset(null::${target}, ${JSON.stringify(rows)}::json)`.execute(
    tx,
  );
  if ('id' in first) {
    // The ids were set explicitly: the sequence must continue after them.
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), (select max(id) from ${target}))`.execute(
      tx,
    );
  }
}

const instant = (ms: number): string => new Date(ms).toISOString();

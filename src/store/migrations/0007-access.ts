// Who may see a dossier: who filed it for the applicant, which agencies take part in a procedure, and an index for each way of
// reading one's own dossiers in the order of a page. Plain SQL that PostgreSQL 15 and PGlite (18) both accept. A migration that
// has been released is never edited.
import { addColumns, createTable } from './steps.ts';

export const access = [
  addColumns('dossiers', { submitted_by: `text check (submitted_by ~ '^[0-9]{12}$')` }),
  createTable(
    'procedure_agencies',
    {
      procedure_id: 'integer not null references procedures (id)',
      agency_id: 'integer not null references agencies (id)',
    },
    { constraints: ['primary key (procedure_id, agency_id)'] },
  ),
  'create index dossiers_of_agency on dossiers (agency_id, submitted_at desc, id desc)',
  'create index dossiers_of_procedure on dossiers (procedure_id, submitted_at desc, id desc)',
  'create index dossiers_of_applicant on dossiers (applicant_id, submitted_at desc, id desc)',
  `create index dossiers_of_enterprise on dossiers (enterprise_code, submitted_at desc, id desc)
   where enterprise_code is not null`,
  `create index dossiers_filed_by on dossiers (submitted_by, submitted_at desc, id desc)
   where submitted_by is not null`,
  'drop index dossiers_applicant',
] as const;

// Checks the purpose that a caller states for a look-up outside a dossier: the dossier must be one that the caller can see.

import { GatewayError } from '../errors.ts';
import type { Store } from '../store/database.ts';
import { positionsOf, valueAt } from '../store/json-rows.ts';
import type { Catalogue } from './catalogue.ts';
import { createDossierStatements, DOSSIER_ROW } from './dossier-statements.ts';
import { parseProcedureCode } from './ids.ts';
import { type Reader, rowScopeOf } from './row-scope.ts';

const at = positionsOf(DOSSIER_ROW);
const NO_LISTS = { payments: false, deliveries: false, events: false };

interface Stated {
  readonly dossier: string;
  readonly procedure?: string | null | undefined;
}

/** Returns the purpose; a dossier that the caller cannot see is answered as one that does not exist. */
export type CheckStatedPurpose = (
  stated: Stated,
  request: { readonly signal: AbortSignal; readonly identity: { readonly actor: Reader } },
) => Promise<{ readonly dossier: string; readonly procedure: string }>;

/** @throws GatewayError BAD_USER_INPUT (in the promise) */
export function createPurposeCheck(store: Store, catalogue: Catalogue): CheckStatedPurpose {
  const statementsFor = createDossierStatements(store.db);
  return async ({ dossier, procedure }, { identity, signal }) => {
    const snapshot = catalogue.current();
    const scope = rowScopeOf(identity.actor, snapshot);
    if (scope === undefined) throw unknownDossier();
    const { byCode } = statementsFor(scope.kind, NO_LISTS);
    const [answer] = await store.run(byCode, [...scope.parameters, dossier], signal);
    const row = answer?.dossiers?.[0];
    if (row === undefined) throw unknownDossier();
    const known = snapshot.procedures.get(valueAt(row, at.procedure_id))?.code ?? '';
    if (procedure != null && parseProcedureCode(procedure)?.code !== known) throw otherProcedure(known);
    return { dossier, procedure: known };
  };
}

const unknownDossier = (): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    reason: {
      vi: 'purpose.dossier: không có hồ sơ này.',
      en: 'purpose.dossier: there is no such dossier.',
    },
  });

const otherProcedure = (known: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    reason: {
      vi: `purpose.procedure: hồ sơ này thuộc thủ tục ${known}.`,
      en: `purpose.procedure: the procedure of this dossier is ${known}.`,
    },
  });

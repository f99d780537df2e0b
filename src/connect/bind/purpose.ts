// Purposes: personal data is fetched for a stated purpose only, and a field only for the procedures that its manifest names.

import { GatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';

/** By the manifest of a connector. */
export interface PurposeRule {
  /** Whether each call needs a purpose. */
  readonly required: boolean;
  /** By coordinate: codes of procedures, or prefixes that end with `*`. A field that is absent allows every procedure. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** The argument of root fields whose connector requires a purpose. */
export const PURPOSE_ARGUMENT = 'purpose';

/** A purpose as a caller states it. */
export interface StatedPurpose {
  readonly dossier: string;
  readonly procedure?: string | null | undefined;
}

/** Checks a stated purpose: the caller must be able to see the dossier. @throws GatewayError BAD_USER_INPUT */
export type CheckPurpose = (stated: StatedPurpose, context: ConnectContext) => Promise<Purpose>;

/** @throws GatewayError FORBIDDEN where the connector requires a purpose and there is none */
export function requirePurpose(
  rule: PurposeRule | undefined,
  purpose: Purpose | undefined,
  connector: string,
): void {
  if (rule?.required === true && purpose === undefined)
    throw new GatewayError('FORBIDDEN', { connector, reason: NO_PURPOSE });
}

const NO_PURPOSE = {
  vi: 'Dữ liệu cá nhân chỉ được tra cứu cho một hồ sơ: hãy truy vấn dưới một hồ sơ hoặc nêu mục đích (purpose).',
  en: 'Personal data is fetched for a dossier only: query it below a dossier, or state the purpose.',
};

/**
 * The fields of a type that some purpose is not allowed for, over its connectors; a field whose own request reads such a field is
 * one, too.
 * @param readByField by field: the fields that its request reads
 */
export function restrictedFields(
  typeName: string,
  rules: readonly (PurposeRule | undefined)[],
  readByField: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const restricted = new Map<string, readonly string[]>();
  for (const rule of rules) {
    for (const [coordinate, codes] of rule?.fields ?? []) {
      const [type, field] = coordinate.split('.');
      if (type === typeName && field !== undefined) restricted.set(field, codes);
    }
  }
  for (const [field, reads] of readByField) {
    const codes = reads.flatMap((name) => restricted.get(name) ?? []);
    if (codes.length > 0 && !restricted.has(field)) restricted.set(field, codes);
  }
  return restricted;
}

export function isAllowed(codes: readonly string[], purpose: Purpose | undefined): boolean {
  if (purpose === undefined) return false;
  return codes.some((code) =>
    code.endsWith('*') ? purpose.procedure.startsWith(code.slice(0, -1)) : purpose.procedure === code,
  );
}

export const notForThisPurpose = (): GatewayError =>
  new GatewayError('FORBIDDEN', {
    reason: {
      vi: 'Thủ tục của hồ sơ này không được phép lấy trường này.',
      en: 'The procedure of this dossier does not allow this field to be fetched.',
    },
  });

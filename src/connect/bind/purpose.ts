// Purposes: personal data is fetched for a stated purpose only, and a field only for the procedures that its manifest names.

import { GatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { FieldGate, Refusals } from './field-gate.ts';

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
 * @param rules of all connectors; a field that several restrict is fetched for what each of them allows
 * @returns the gate of a type; undefined where every purpose may have all of its fields
 */
export function createPurposeGate(
  typeName: string,
  rules: readonly (PurposeRule | undefined)[],
): FieldGate | undefined {
  const allowed = new Map<string, (readonly string[])[]>();
  for (const rule of rules) {
    for (const [coordinate, codes] of rule?.fields ?? []) {
      const [type, field] = coordinate.split('.');
      if (type === typeName && field !== undefined)
        allowed.set(field, [...(allowed.get(field) ?? []), codes]);
    }
  }
  if (allowed.size === 0) return undefined;
  return {
    names: new Set(allowed.keys()),
    refusals: (asked, _object, purpose) => {
      const refused = asked.filter(
        (name) => allowed.get(name)?.every((codes) => isAllowed(codes, purpose)) === false,
      );
      return refused.length === 0
        ? NOTHING_REFUSED
        : new Map(refused.map((name) => [name, notForThisPurpose()]));
    },
    decides: () => true,
  };
}

const NOTHING_REFUSED: Refusals = new Map();

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

// For which purposes a connector may be called, by its manifest.

import type { PurposeRule } from '../connect/bind/purpose.ts';
import { ruleOf } from '../manifest/data-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';

export function purposeRuleOf({ data }: Manifest): PurposeRule | undefined {
  const fields = new Map(
    Object.entries(data.fields).flatMap(([coordinate, rule]) => {
      const { purposes } = ruleOf(rule);
      return purposes === undefined ? [] : [[coordinate, purposes] as const];
    }),
  );
  const required = data.purpose === 'required';
  return required || fields.size > 0 ? { required, fields } : undefined;
}

// Which fields of a connector need the consent of the person, by its manifest.

import type { ConsentRule } from '../connect/bind/access.ts';
import { consentFieldsOf } from '../manifest/data-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Checked before: each of these fields is one of the type of the subject. */
export function consentRuleOf({ data }: Manifest): ConsentRule | undefined {
  const coordinates = consentFieldsOf(data.fields);
  const [type, subject] = data.subject?.split('.') ?? [];
  if (coordinates.length === 0 || type === undefined || subject === undefined) return undefined;
  return {
    type,
    subject,
    fields: new Set(coordinates.map((coordinate) => coordinate.slice(coordinate.indexOf('.') + 1))),
  };
}

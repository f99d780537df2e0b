// `shares` of a manifest: an entry that names nothing would agree to nothing.

import type { Diagnostic } from '../../diagnostic.ts';
import { CORE, type Owner } from './owners.ts';

export function checkShares(connector: Owner, core: Owner, connectors: readonly Owner[]): Diagnostic[] {
  const file = connector.file.replace(/schema\.graphql$/, 'connector.yaml');
  const findings: Diagnostic[] = [];
  for (const [id, coordinates] of Object.entries(connector.shares ?? {})) {
    const place = { code: 'SharesInvalid', file, coordinate: `shares.${id}` };
    if (id === connector.name || id === CORE) {
      findings.push({
        ...place,
        message: 'A connector shares fields with another connector only.',
        found: id,
        expected: 'the id of another connector',
        wayOut: 'Remove the entry: what the gateway owns is not shared.',
      });
      continue;
    }
    if (!connectors.some(({ name }) => name === id)) {
      findings.push({
        ...place,
        severity: 'warning',
        message: 'There is no such connector, so nothing is shared.',
        found: id,
        expected: 'the id of a connector beside this one',
        wayOut: 'Correct the id, or remove the entry.',
      });
    }
    for (const coordinate of coordinates) {
      const [typeName = '', fieldName] = coordinate.split('.');
      const type = connector.types.get(typeName);
      const isCore = core.types.get(typeName)?.fields.has(fieldName ?? '') ?? false;
      const isKnown = type !== undefined && (fieldName === undefined || type.fields.has(fieldName));
      if (isKnown && !isCore && !(fieldName === undefined && core.types.has(typeName))) continue;
      findings.push({
        ...place,
        message: isKnown
          ? 'The gateway owns this, so no connector can share it.'
          : 'The schema does not define this.',
        found: coordinate,
        expected: 'a type of schema.graphql, or a field as Type.field, that the gateway does not own',
        wayOut: 'Correct the name, or remove it.',
      });
    }
  }
  return findings;
}

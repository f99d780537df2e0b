// The policy of ownership, applied to all subgraphs before they are composed: what belongs to the gateway or to another connector
// cannot be changed, taken over, hidden or opened by a connector (docs/ownership.md).

import { type Diagnostic, firstFindings } from '../../diagnostic.ts';
import { checkBetween } from './check-connectors.ts';
import { checkAgainstCore } from './check-core.ts';
import { checkLinks, checkOwnDirectives } from './check-directives.ts';
import { checkShares } from './check-shares.ts';
import type { Owner } from './owners.ts';

/** @returns errors, then warnings; for each file no more than are described */
export function checkOwnership(core: Owner, connectors: readonly Owner[]): readonly Diagnostic[] {
  const definers = new Map<string, Owner[]>();
  const findings = connectors.map((connector) => {
    const own = [
      ...checkLinks(connector),
      ...checkOwnDirectives(connector, core, connectors),
      ...checkAgainstCore(connector, core),
      ...checkShares(connector, core, connectors),
    ];
    for (const earlier of earlierDefiners(connector, definers))
      own.push(...checkBetween(connector, earlier, core));
    return firstFindings(connector.file, own);
  });
  return findings.flat();
}

/** The connectors before this one that define one of its types. */
function earlierDefiners(connector: Owner, definers: Map<string, Owner[]>): ReadonlySet<Owner> {
  const found = new Set<Owner>();
  for (const name of connector.types.keys()) {
    const known = definers.get(name);
    if (known === undefined) definers.set(name, [connector]);
    else {
      for (const other of known) found.add(other);
      known.push(connector);
    }
  }
  return found;
}

// Fields of an entity that only some procedures may fetch: for another purpose they are not fetched, and their value is an error.

import type { EntityBinder } from './entities.ts';
import { rememberNeeds } from './needs.ts';
import { isAllowed, notForThisPurpose } from './purpose.ts';
import type { EntityObject } from './suppliers.ts';

export function restrictByPurpose(
  binder: EntityBinder,
  restricted: ReadonlyMap<string, readonly string[]>,
): EntityBinder {
  if (restricted.size === 0) return binder;
  const needsWithout = rememberNeeds();
  return {
    ...binder,
    hydrate: (stub, needs, purpose, context, origin) => {
      const refused = [...needs.names].filter((name) => {
        const codes = restricted.get(name);
        return codes !== undefined && !isAllowed(codes, purpose);
      });
      if (refused.length === 0) return binder.hydrate(stub, needs, purpose, context, origin);
      const error = notForThisPurpose();
      const refuse = (entity: EntityObject): EntityObject => {
        for (const name of refused) entity[name] = error;
        return entity;
      };
      const hydrated = binder.hydrate(stub, needsWithout(needs, refused), purpose, context, origin);
      return hydrated instanceof Promise ? hydrated.then(refuse) : refuse(hydrated);
    },
  };
}

// Fields of an entity that only some procedures may fetch: for another purpose they are not fetched, and their value is an error.

import type { EntityBinder } from './entities.ts';
import type { Needs } from './needs.ts';
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

/** Plans are kept per object of needs: equal needs without equal names are one object. */
function rememberNeeds(): (needs: Needs, refused: readonly string[]) => Needs {
  const known = new WeakMap<Needs, Map<string, Needs>>();
  return (needs, refused) => {
    let byRefused = known.get(needs);
    if (byRefused === undefined) {
      byRefused = new Map();
      known.set(needs, byRefused);
    }
    const key = refused.join();
    let left = byRefused.get(key);
    if (left === undefined) {
      left = { names: new Set([...needs.names].filter((name) => !refused.includes(name))) };
      byRefused.set(key, left);
    }
    return left;
  };
}

import { expect, it } from 'vitest';
import type { Entry } from '../../src/audit/record.ts';
import { createRequestAudit } from '../../src/audit/request-audit.ts';
import type { Actor } from '../../src/request/actor.ts';
import { createIdentity } from '../../src/request/identity/identity.ts';
import { KEYS } from './a-trail.ts';

/** The number of a person, as VNeID names who signs in. */
const ID = '001088000001';

it.each<[string, Actor, string]>([
  ['an officer named by a personal id', { kind: 'officer', officer: ID, agency: 'H26' }, KEYS.subject(ID)],
  ['staff named by a personal id', { kind: 'staff', name: ID }, KEYS.subject(ID)],
  ['an officer named by a code', { kind: 'officer', officer: 'CB0001', agency: 'H26' }, 'CB0001'],
])('%s · reads · recorded as %j', async (_who, actor, recorded) => {
  const written: Entry[] = [];
  const trail = {
    refusal: () => undefined,
    add: async (entries: readonly Entry[]) => void written.push(...entries),
  };
  const identity = createIdentity({
    actor,
    roles: new Set(),
    scopes: new Set(),
    client: { id: null, class: undefined },
    issuer: 'test',
  });
  const audit = createRequestAudit(trail, KEYS)({ requestId: 'r', identity, startedAt: 0 });
  audit.stored(ID, { dossier: 'd', procedure: 'p' } as never, 'Citizen personalId');
  await audit.settle();
  expect(written).toMatchObject([{ actor: recorded, subject: KEYS.subject(ID) }]);
  expect(JSON.stringify(written)).not.toContain(ID);
});

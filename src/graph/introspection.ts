// Who may read the schema: by introspection, and by the suggestions in errors. `__typename` is open to everybody.

import type { Identity } from '../request/identity/identity.ts';
import type { DocumentProblem } from './document-problem.ts';

/** `developers`: signed in, with the scope `schema:read` or the role of an operator or integrator. */
export type Introspection = 'everybody' | 'developers' | 'nobody';

const SCOPE = 'schema:read';

export function mayReadSchema(introspection: Introspection, { actor, roles, scopes }: Identity): boolean {
  if (introspection !== 'developers') return introspection === 'everybody';
  return (
    actor.kind !== 'anonymous' && (scopes.has(SCOPE) || roles.has('operator') || roles.has('integrator'))
  );
}

/** Why an operation that asks for the description of the schema is not executed. */
export const introspectionProblem = (introspection: Introspection, { actor }: Identity): DocumentProblem =>
  introspection === 'nobody'
    ? { code: 'FORBIDDEN', text: CLOSED }
    : { code: actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN', text: FOR_DEVELOPERS };

const CLOSED = {
  vi: 'Cổng này không cho đọc lược đồ (introspection).',
  en: 'Introspection is switched off at this gateway.',
};

const FOR_DEVELOPERS = {
  vi: `Đọc lược đồ (introspection) cần đăng nhập, với phạm vi ${SCOPE} hoặc vai trò operator, integrator.`,
  en: `Introspection requires a token with the scope ${SCOPE} or the role operator or integrator.`,
};

// The callers of the access matrix: one for each combination that the access policy tells apart.

import type { Actor } from '../src/request/actor.ts';
import { ANONYMOUS, createIdentity, type Identity, type Role } from '../src/request/identity/identity.ts';

export interface MatrixCaller {
  readonly name: string;
  readonly about: string;
  readonly identity: Identity;
}

const caller = (
  name: string,
  about: string,
  actor: Actor,
  roles: readonly Role[] = [],
  scopes: readonly string[] = [],
): MatrixCaller => ({
  name,
  about,
  identity: createIdentity({ ...ANONYMOUS, actor, roles: new Set(roles), scopes: new Set(scopes) }),
});

const staff = (role: Role): MatrixCaller =>
  caller(role, `staff with the role ${role}`, { kind: 'staff', name: role }, [role]);

const program = { kind: 'machine', client: 'program', agency: 'H26' } as const;

export const MATRIX_CALLERS: readonly MatrixCaller[] = [
  caller('anonymous', 'without a token', { kind: 'anonymous' }),
  caller('citizen', 'a person', { kind: 'citizen', personalId: '' }),
  caller('enterprise', 'the representative of an enterprise', {
    kind: 'enterprise',
    code: '',
    personalId: null,
  }),
  caller('handler', 'an officer with the role handler', { kind: 'officer', officer: '', agency: 'H26' }, [
    'handler',
  ]),
  caller('officer', 'an officer without it', { kind: 'officer', officer: '', agency: 'H26' }),
  caller('program', 'a machine client without scopes', program),
  caller('reader', 'a machine client with the scope dossiers:read', program, [], ['dossiers:read']),
  caller(
    'trusted',
    'a machine client with dossiers:read, personal:read and sensitive:read',
    program,
    [],
    ['dossiers:read', 'personal:read', 'sensitive:read'],
  ),
  staff('operator'),
  staff('integrator'),
  staff('approver'),
  staff('auditor'),
];

// How callers of one gateway sign in: the issuers of the access file and the break-glass token.

import type { AccessSettings } from './access-file.ts';
import type { Config } from './config.ts';
import type { Log } from './observe/log.ts';
import { operatorTokenOf } from './operate/operator-token.ts';
import type { ReferenceSources } from './references.ts';
import { createIdentification, type Identification } from './request/identity/create-identify.ts';
import { ANONYMOUS, createIdentity, type Identify } from './request/identity/identity.ts';

export interface SignIn extends Identification {
  /** The token made for this run when none is configured, otherwise null. */
  readonly madeOperatorToken: string | null;
}

export interface SignInOptions {
  readonly config: Config;
  readonly access: AccessSettings;
  readonly references: ReferenceSources;
  readonly log: Log;
}

/** @throws SecretReferenceError */
export function createSignIn({ config, access, references, log }: SignInOptions): SignIn {
  const token = operatorTokenOf(config, references);
  const operatorToken = token.made ?? config.operatorToken;
  const identification = createIdentification({ settings: access, operatorToken, references, log });
  return {
    ...identification,
    identify: asDevOfficer(identification.identify, config),
    madeOperatorToken: token.made,
  };
}

/** Until the development issuer exists, a request without credentials runs as one configured officer. */
function asDevOfficer(identify: Identify, { devOfficer, devAgency }: Config): Identify {
  const officer = createIdentity({
    ...ANONYMOUS,
    actor: { kind: 'officer', officer: devOfficer, agency: devAgency },
    roles: new Set(['handler']),
  });
  return (headers, peer) => {
    const found = identify(headers, peer);
    return found === ANONYMOUS ? officer : found;
  };
}

// How callers of one gateway sign in: the issuers of the access file, the break-glass token and, with simulators only, the development
// issuer.

import { type AccessSettings, accessSchema } from './access-file.ts';
import type { City } from './city/contract.ts';
import type { Config } from './config.ts';
import type { DevelopmentIssuer } from './development/issuer.ts';
import type { ConnectorFolder } from './manifest/read-folder.ts';
import type { Log } from './observe/log.ts';
import { createIdentification, type Identification } from './request/identity/create-identify.ts';
import { issuerPortOf } from './simulator/simulators.ts';

export interface SignIn extends Identification {
  /** Exists only with simulators. */
  readonly development: DevelopmentIssuer | undefined;
}

export interface SignInOptions {
  readonly config: Config;
  readonly access: AccessSettings;
  readonly folders: readonly ConnectorFolder[];
  readonly city: () => City;
  /** Reads the environment, then the values that running simulators supply. */
  readonly readEnv: (name: string) => string | undefined;
  readonly log: Log;
  /** Life of the tokens of the development issuer's code flow, seconds; for tests. */
  readonly tokenSeconds?: number | undefined;
}

/** @throws SecretReferenceError, IssuerStartError */
export async function startSignIn(options: SignInOptions): Promise<SignIn> {
  const { config, access, readEnv, log } = options;
  const development = config.simulators ? await startDevelopment(options) : undefined;
  try {
    const identification = createIdentification({
      settings: development === undefined ? access : withDevelopment(access, development),
      operatorToken: config.operatorToken,
      references: { readEnv: (name) => development?.secrets[name] ?? readEnv(name) },
      log,
    });
    const close = async (): Promise<void> => {
      await identification.close();
      await development?.close();
    };
    return { ...identification, development, close };
  } catch (error) {
    await development?.close();
    throw error;
  }
}

/** Imported only here: a gateway without simulators does not load it. */
async function startDevelopment({
  config,
  folders,
  city,
  tokenSeconds,
}: SignInOptions): Promise<DevelopmentIssuer> {
  const { startDevelopmentIssuer } = await import('./development/issuer.ts');
  const port = config.simulatorPorts.issuer ?? issuerPortOf(config.port, folders);
  return startDevelopmentIssuer({ city: city(), port, tokenSeconds });
}

function withDevelopment(access: AccessSettings, { entry }: DevelopmentIssuer): AccessSettings {
  const { issuers, clients } = accessSchema.parse(entry);
  return { ...access, issuers: [...access.issuers, ...issuers], clients: { ...clients, ...access.clients } };
}

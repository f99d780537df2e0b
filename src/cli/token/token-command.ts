// `lienthong token <person>`: prints an access token of a person of the development issuer, alone, so that `$(…)` holds it.

import type { AskedToken, TokenRequestError } from '../../development/request-token.ts';
import { readConnectorFolders } from '../../registry/registry.ts';
import { issuerPortOf } from '../../simulator/simulators.ts';
import type { ExitCode } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';
import { suggestion, UsageError } from '../usage-error.ts';
import { type IssuerPlace, PEOPLE, type TokenOptions } from './people.ts';

/** @throws UsageError */
export async function tokenCommand(
  person: string,
  options: TokenOptions,
  place: IssuerPlace,
  terminal: Terminal,
): Promise<ExitCode> {
  const { id, agency, minutes, scope } = options;
  if (PEOPLE.every((known) => known !== person))
    throw new UsageError(`"${person}" is not a person. ${suggestion(person, PEOPLE, 'person')}`);
  if (minutes !== undefined && !/^\d{1,4}$/.test(minutes))
    throw new UsageError(`--minutes: found "${minutes}", expected a whole number from 1 to 1440.`);
  if (scope !== undefined && person !== 'machine')
    throw new UsageError(`--scope: found for ${person}, expected for machine only: people have roles.`);
  const { requestToken } = await import('../../development/request-token.ts');
  const asked: AskedToken = {
    person,
    id,
    agency,
    scope,
    ...(minutes !== undefined && { minutes: Number(minutes) }),
  };
  try {
    terminal.print(await requestToken(options.issuer ?? (await issuerOf(place)), asked));
    return 0;
  } catch (error) {
    if ((error as Error).name !== 'TokenRequestError') throw error;
    const { message, answered } = error as TokenRequestError;
    terminal.printError(
      answered
        ? `The development issuer refuses: ${message}.`
        : `${message} Start the gateway with simulators (npm start), or give the address that its start printed: --issuer <url>.`,
    );
    return 1;
  }
}

async function issuerOf({ connectorsDir, port, simulatorPorts }: IssuerPlace): Promise<string> {
  const own = simulatorPorts.issuer ?? issuerPortOf(port, await readConnectorFolders(connectorsDir));
  return `http://127.0.0.1:${own}`;
}

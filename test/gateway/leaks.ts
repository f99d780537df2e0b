// What must never be read in an answer or in the log: how the upstream is reached, what it said, and who is looked up.

import type { CityDossier } from '../../src/city/contract.ts';
import type { TestGateway } from './a-gateway.ts';
import { CONNECTORS } from './expected-page.ts';

const UPSTREAM =
  /127\.0\.0\.1|localhost|https?:\/\/|ECONN|EPIPE|UND_ERR|socket hang|Simulated fault|Bảo trì hệ thống|quay lại sau|<html|<!DOCTYPE|\/dancu|apiCSDLDKDN|thanhtoan|getOrder|GetStatusHistory|GetAccessToken|\/token|envelope|authorization|apikey|soapaction|Bearer /i;
const STACK = /\n\s+at |\\n\s+at |\.ts:\d|node_modules|node:internal/;

/** Traces of a stack found in a text. */
export function stacksIn(text: string): string[] {
  const match = STACK.exec(text);
  return match === null ? [] : [text.slice(Math.max(0, match.index - 40), match.index + 60)];
}

/** The forbidden things found in a text, each with a little around it. */
export function leaksIn(text: string, gate: TestGateway): string[] {
  const found: string[] = [];
  const look = (pattern: RegExp): void => {
    const match = pattern.exec(text);
    if (match) found.push(text.slice(Math.max(0, match.index - 40), match.index + 60));
  };
  look(UPSTREAM);
  found.push(...stacksIn(text));
  for (const id of CONNECTORS) {
    const { port, secrets } = gate.simulator(id);
    look(new RegExp(`:${port}(?!\\d)`));
    for (const secret of Object.values(secrets)) if (text.includes(secret)) found.push(`a secret of ${id}`);
  }
  return found;
}

/** The personal ids and names of these dossiers found in a text. */
export const peopleIn = (text: string, dossiers: readonly CityDossier[]): string[] =>
  dossiers
    .flatMap(({ applicant, enterprise }) => [
      applicant.personalId,
      applicant.fullName,
      ...(enterprise?.representatives ?? []),
    ])
    .filter((value) => text.includes(value));

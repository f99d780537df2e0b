// The environment of a gateway that runs without simulators of its own: where each system is, and the secrets for it.

import type { SimulatorDefinition } from '../../src/simulator/kit.ts';
import { CONNECTORS, type ConnectorId } from './expected-page.ts';

/** Without simulators no start makes a key. */
export const AUDIT_KEY = 'a-key-of-the-tests-that-is-long-enough';

export const definitionOf = async (id: ConnectorId): Promise<SimulatorDefinition> =>
  (await import(`../../connectors/${id}/simulator.ts`)).simulator;

/** The secrets are those that the simulators know. */
export async function anEnvironment(
  urls: Readonly<Record<ConnectorId, string>>,
): Promise<Record<string, string>> {
  const env: Record<string, string> = { AUDIT_KEY };
  for (const id of CONNECTORS) {
    env[`${id.toUpperCase().replaceAll('-', '_')}_URL`] = urls[id];
    Object.assign(env, (await definitionOf(id)).secrets);
  }
  return env;
}

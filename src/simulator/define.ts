// The definition of a simulator, which the `simulator.ts` of a connector exports.
import type { RequestHandler } from 'msw';
import type { City } from '../city/contract.ts';

/** What a simulator receives when it starts. */
export interface SimulatorContext {
  /** The synthetic city. A simulator answers for exactly its people, enterprises, payments and parcels. */
  readonly city: City;
  /** The current time in epoch milliseconds, to be used for every time that is checked or returned, in place of `Date.now`. */
  readonly now: () => number;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly baseUrl: string;
  /** The secrets of the definition, each replaced by the environment variable of its name if there is one. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface SimulatorDefinition {
  /** The id of the connector, which is the name of its folder. */
  readonly id: string;
  /**
   * Synthetic values for the manifest's `${env:NAME}` references, by name. Used only while simulators run and the
   * environment has no such variable. Never a real credential.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** Paths that issue tokens; `POST /__faults {"only": "data"}` exempts them. Default: none. */
  readonly signInPaths?: readonly string[];
  /** Called once, when the socket listens. Handlers may use paths relative to `baseUrl` (`/token`). */
  readonly create: (context: SimulatorContext) => { readonly handlers: RequestHandler[] };
}

/** Returns the definition unchanged; the compiler checks its type. */
export const defineSimulator = (definition: SimulatorDefinition): SimulatorDefinition => definition;

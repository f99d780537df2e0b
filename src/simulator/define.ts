// What a connector's `simulator.ts` exports. Types and one maker; nothing runs here.
import type { RequestHandler } from 'msw';
import type { City } from '../city/contract.ts';

/** What a simulator knows of the world it stands in. */
export interface SimulatorWorld {
  /** The synthetic city: answer for exactly its people, enterprises, payments and parcels. */
  readonly city: City;
  /** Epoch milliseconds. Use it for every time that is checked or answered, never `Date.now`. */
  readonly now: () => number;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly baseUrl: string;
  /** The secrets in force: the definition's own, replaced by those of the environment where it has them. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface SimulatorDefinition {
  /** The connector's id, as its folder is called. */
  readonly id: string;
  /**
   * Synthetic values for the manifest's `${env:NAME}` references, by name. Used only while simulators run and the
   * environment has no such variable. Never a real credential.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** Paths that give out tokens; `POST /__faults {"only": "data"}` spares them. Default none. */
  readonly signInPaths?: readonly string[];
  /** Called once, when the socket listens. Handlers may use paths relative to `world.baseUrl` (`/token`). */
  readonly create: (world: SimulatorWorld) => { readonly handlers: RequestHandler[] };
}

/** Declares a simulator; gives its definition back, checked by the compiler. */
export const defineSimulator = (definition: SimulatorDefinition): SimulatorDefinition => definition;

// Which city the store holds at a start, and which the simulators serve.

import type { Store } from '../store/database.ts';
import { createCity } from './city.ts';
import type { City } from './contract.ts';
import { readAnchor, seedIfEmpty } from './seed.ts';

/** Whether this start wrote the synthetic city into the store, found it there, or found none. */
export type SyntheticCity = 'WRITTEN' | 'PRESENT' | 'ABSENT';

export interface Seeded {
  readonly syntheticCity: SyntheticCity;
  /** The city that the simulators serve; the store's own, when the store holds one. */
  readonly city: () => City;
}

/** @param seed whether an empty store receives the synthetic city */
export async function seedStore(store: Store, seed: boolean): Promise<Seeded> {
  const anchor = await readAnchor(store);
  if (anchor !== null) return { syntheticCity: 'PRESENT', city: () => createCity({ anchor }) };
  if (!seed) return { syntheticCity: 'ABSENT', city: () => createCity({ anchor: today() }) };
  const city = createCity({ anchor: today() });
  const result = await seedIfEmpty(store, city);
  if (result.seeded) return { syntheticCity: 'WRITTEN', city: () => city };
  return { syntheticCity: result.anchor === null ? 'ABSENT' : 'PRESENT', city: () => city };
}

/** The current date in Vietnam, `yyyy-MM-dd`. */
const today = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());

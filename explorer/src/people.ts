// As whom the explorer asks: people of the development issuer, whose tokens the gateway gives out in a start with simulators. A token
// is renewed before it ends, and kept in memory only; the choice is kept for later visits.

import type { Language } from './texts.ts';

export interface Person {
  readonly id: string;
  readonly title: Readonly<Record<Language, string>>;
}

export interface People {
  /** Everybody who can be chosen; empty where the gateway gives out no tokens. */
  list(): Promise<readonly Person[]>;
  /** The id of the chosen person; `''` for nobody. */
  chosen(): Promise<string>;
  choose(id: string): void;
  /** Value of the `authorization` header; undefined for nobody. */
  authorization(): Promise<string | undefined>;
  /** After a refusal: the next call of `authorization` gets a new token. */
  forget(): void;
}

export interface PeopleOptions {
  /** Path of the list; null: nobody can be chosen. */
  readonly path: string | null;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Epoch ms. Default: `Date.now`. */
  readonly now?: () => number;
}

const KEY = 'lienthong:person';

/** A token is replaced this long before it ends, ms. */
const AHEAD_MS = 60_000;

interface Listed {
  readonly first: string;
  readonly people: readonly Person[];
}

const NOBODY: Listed = { first: '', people: [] };

export function createPeople({ path, storage, now = Date.now }: PeopleOptions): People {
  let listing: Promise<Listed> | undefined;
  let token:
    | { readonly person: string; readonly value: Promise<string | undefined>; until: number }
    | undefined;

  const listed = (): Promise<Listed> => {
    if (path === null) return Promise.resolve(NOBODY);
    listing ??= fetch(path)
      .then(async (response) => (response.ok ? ((await response.json()) as Listed) : NOBODY))
      .catch(() => {
        listing = undefined;
        return NOBODY;
      });
    return listing;
  };
  const chosen = async (): Promise<string> => {
    const { first, people } = await listed();
    const kept = storage.getItem(KEY);
    return kept !== null && (kept === '' || people.some(({ id }) => id === kept)) ? kept : first;
  };
  const request = async (person: string): Promise<{ value: string | undefined; until: number }> => {
    const response = await fetch(`${path}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person }),
    });
    if (!response.ok) return { value: undefined, until: 0 };
    const { token: value, expiresInS } = (await response.json()) as { token: string; expiresInS: number };
    return { value, until: now() + expiresInS * 1000 - AHEAD_MS };
  };

  return {
    list: async () => (await listed()).people,
    chosen,
    choose: (id) => storage.setItem(KEY, id),
    forget: () => {
      token = undefined;
    },
    authorization: async () => {
      const person = await chosen();
      if (person === '') return undefined;
      if (token === undefined || token.person !== person || now() > token.until) {
        const requested = request(person).catch(() => ({ value: undefined, until: 0 }));
        // Calls until the answer share it.
        const entry = {
          person,
          value: requested.then(({ value }) => value),
          until: Number.POSITIVE_INFINITY,
        };
        token = entry;
        entry.until = (await requested).until;
      }
      const value = await token?.value;
      return value === undefined ? undefined : `Bearer ${value}`;
    },
  };
}

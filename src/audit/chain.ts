// The chain of one process: each record holds the digest of the one before it. A day has a chain of its own, which begins and
// ends with a record of its own; a chain without its last record belongs to a process that was killed.

import { dayOf, digestOf, type Entry, genesisOf, recordText, withDigest } from './record.ts';

/** Records that follow each other in one chain and day. */
export interface Links {
  readonly day: string;
  readonly chain: string;
  /** The number and the digest of the last of them. */
  readonly seq: number;
  readonly hash: string;
  /** JSON arrays, each with its digest. */
  readonly texts: readonly string[];
}

export interface Chain {
  /** @returns the links that these entries make: of two days where the day has just changed */
  add(entries: readonly Entry[]): readonly Links[];
  /** The record that ends the chain; none where nothing was recorded. */
  end(): readonly Links[];
}

/** @param root the digest of the newest daily root, which the first record of a chain repeats */
export function createChain(chain: string, now: () => number, root: () => string | null): Chain {
  let day = '';
  let seq = -1;
  let previous = '';

  const link = (entries: readonly Entry[]): Links => {
    const texts: string[] = new Array(entries.length);
    for (let i = 0; i < entries.length; i++) {
      const text = recordText(day, chain, ++seq, entries[i] as Entry, previous);
      previous = digestOf(text);
      texts[i] = withDigest(text, previous);
    }
    return { day, chain, seq, hash: previous, texts };
  };

  const end = (): readonly Links[] => (seq < 0 ? [] : [link([marker('closed', now(), null)])]);

  return {
    add: (entries) => {
      const at = now();
      const today = dayOf(at);
      // A clock that is set back does not reopen a day.
      if (today <= day) return [link(entries)];
      const ended = end();
      day = today;
      seq = -1;
      previous = genesisOf(day, chain);
      return [...ended, link([marker('opened', at, root()), ...entries])];
    },
    end,
  };
}

/** A record of the chain itself. @param root the digest of the newest daily root, without which the record is not right */
export const marker = (
  operation: 'opened' | 'sealed' | 'closed',
  at: number,
  root: string | null,
): Entry => ({
  kind: 'CHAIN',
  request: '',
  actorKind: 'gateway',
  actor: '',
  agency: null,
  roles: '',
  client: null,
  subject: null,
  fields: '',
  dossier: null,
  procedure: null,
  purpose: null,
  system: 'gateway',
  operation,
  outcome: 'OK',
  message: root,
  sent: null,
  received: null,
  requestIn: at,
  requestOut: null,
  responseIn: null,
  responseOut: at,
});

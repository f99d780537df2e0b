// Reads again what other gateways on the store may have changed: at each notification, and once a second in case one was lost (a
// broken connection, a pooler that does not forward LISTEN). Uses a connection of its own, so that no call waits for it.
import type { Listening, Store } from '../store/database.ts';
import { CHANGES_CHANNEL } from './replica-statements.ts';

/** Polling interval, ms. With the query's own time it stays well below the promised 2 s. */
const POLL_MS = 1_000;

/** Reads the rows of one kind and applies those that are new. */
export type ChangeReader = (run: Listening['run']) => Promise<void>;

export interface ChangeFeed {
  close(): Promise<void>;
}

/** Resolves when every reader has read once. @throws GatewayError STORE_UNAVAILABLE */
export async function createChangeFeed(
  store: Pick<Store, 'kind' | 'listen'>,
  readers: readonly ChangeReader[],
): Promise<ChangeFeed> {
  /** Undefined until the first connection is open. */
  let listening: Listening | undefined;
  let polling: Promise<void> | undefined;
  let pollAgain = false;
  const readAll = async (): Promise<void> => {
    try {
      do {
        pollAgain = false;
        if (listening !== undefined) for (const read of readers) await read(listening.run);
      } while (pollAgain);
    } finally {
      polling = undefined;
    }
  };
  /** One poll at a time; a change during a poll is read by a second poll after it. */
  const poll = (): Promise<void> => {
    if (polling === undefined) polling = readAll();
    else pollAgain = true;
    return polling;
  };
  /** After a failure the listener reconnects and polls again. */
  const pollQuietly = (): void => void poll().catch(() => {});

  listening = await store.listen(CHANGES_CHANNEL, { onMessage: pollQuietly, onReconnect: pollQuietly });
  try {
    await poll();
  } catch (error) {
    await listening.close();
    throw error;
  }
  // With PGlite no other process writes.
  const timer = store.kind === 'postgres' ? setInterval(pollQuietly, POLL_MS).unref() : undefined;

  return {
    close: async () => {
      clearInterval(timer);
      await listening.close();
    },
  };
}

// Hears NOTIFY on a connection of its own. Called by open-postgres.ts for each channel. A connection that is lost, or that no longer
// answers, is replaced after a growing pause; the listener is told then, since what was said meanwhile is gone.
import pg from 'pg';
import { GatewayError } from '../errors.ts';
import type { Listener, Listening } from './engine.ts';
import { storeError } from './store-error.ts';

/** Pauses before another connection: at once after a short break, and a server that starts is not pestered. */
const PAUSE_MS = { first: 50, most: 1_000 };
/** A connection that says nothing for so long is dead: the host of the other end may have vanished without a word. */
const ANSWER_MS = 1_000;

/** @throws GatewayError `STORE_UNAVAILABLE` when the first connection cannot be made */
export async function listenOnPostgres(
  settings: pg.ClientConfig,
  channel: string,
  listener: Listener,
): Promise<Listening> {
  let current: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pauseMs = PAUSE_MS.first;
  let isClosed = false;

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ ...settings, query_timeout: ANSWER_MS });
    client.on('error', () => lose(client));
    client.on('end', () => lose(client));
    client.on('notification', ({ payload = '' }) => {
      if (client === current) listener.onMessage(payload);
    });
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      void client.end().catch(ignore);
      throw error;
    }
    if (isClosed) await client.end().catch(ignore);
    else current = client;
  };

  const lose = (client: pg.Client): void => {
    if (client !== current) return;
    current = undefined;
    void client.end().catch(ignore);
    comeBack();
  };

  const comeBack = (): void => {
    if (isClosed) return;
    retry = setTimeout(async () => {
      try {
        await connect();
        if (isClosed) return;
        pauseMs = PAUSE_MS.first;
        listener.onReturn();
      } catch {
        pauseMs = Math.min(PAUSE_MS.most, pauseMs * 2);
        comeBack();
      }
    }, pauseMs);
    retry.unref();
  };

  try {
    await connect();
  } catch (error) {
    throw storeError(error, `listen ${channel}`);
  }
  return {
    run: async (statement, params) => {
      const client = current;
      if (client === undefined) {
        const detail = `store: no connection in ${statement.name}`;
        throw new GatewayError('STORE_UNAVAILABLE', { detail, retryAfterMs: pauseMs });
      }
      try {
        const { rows } = await client.query({
          name: statement.name,
          text: statement.sql,
          values: params as unknown[],
        });
        return rows;
      } catch (error) {
        const failure = storeError(error, statement.name);
        // A statement that was refused leaves the connection as it was.
        if (failure.code === 'STORE_UNAVAILABLE') lose(client);
        throw failure;
      }
    },
    close: async () => {
      isClosed = true;
      clearTimeout(retry);
      const client = current;
      current = undefined;
      await client?.end().catch(ignore);
    },
  };
}

function ignore(): void {}

// Receives the notifications of a channel on a connection of its own. A connection that is lost, or that no longer answers, is
// replaced after a growing delay. The listener is then notified, because messages sent in between are lost.
import pg from 'pg';
import { GatewayError } from '../errors.ts';
import type { Servers } from './database-url.ts';
import type { Listener, Listening } from './engine.ts';
import { storeError } from './store-error.ts';

/** Delay before a new connection: short after an interruption, longer while the server starts. */
const RECONNECT_DELAY_MS = { first: 50, max: 1_000 };
/** A connection that does not answer within this time is dead: its host may have vanished without closing it. */
const ANSWER_TIMEOUT_MS = 1_000;

/** @throws GatewayError `STORE_UNAVAILABLE` when the first connection cannot be made */
export async function listenOnPostgres(
  servers: Servers,
  settings: pg.ClientConfig,
  channel: string,
  listener: Listener,
): Promise<Listening> {
  let current: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let delayMs = RECONNECT_DELAY_MS.first;
  let isClosed = false;

  const connect = async (): Promise<void> => {
    const url = servers.current();
    const client = new pg.Client({ ...settings, connectionString: url, query_timeout: ANSWER_TIMEOUT_MS });
    client.on('error', () => drop(client));
    client.on('end', () => drop(client));
    client.on('notification', ({ payload = '' }) => {
      if (client === current) listener.onMessage(payload);
    });
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      servers.skip(url);
      void client.end().catch(ignore);
      throw error;
    }
    if (isClosed) await client.end().catch(ignore);
    else current = client;
  };

  const drop = (client: pg.Client): void => {
    if (client !== current) return;
    current = undefined;
    void client.end().catch(ignore);
    reconnect();
  };

  const reconnect = (): void => {
    if (isClosed) return;
    retry = setTimeout(async () => {
      try {
        await connect();
        if (isClosed) return;
        delayMs = RECONNECT_DELAY_MS.first;
        listener.onReconnect();
      } catch {
        delayMs = Math.min(RECONNECT_DELAY_MS.max, delayMs * 2);
        reconnect();
      }
    }, delayMs);
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
        throw new GatewayError('STORE_UNAVAILABLE', { detail, retryAfterMs: delayMs });
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
        // A refused statement leaves the connection usable.
        if (failure.code === 'STORE_UNAVAILABLE') drop(client);
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

// How much care went into the hand-written endpoint, from what a good engineer writes to the limit of what undici, the database
// and these formats allow: there only the schema, the selection, the guard and the log are left as a difference to the gateway.

import { createDispatchSend, createRequestSend, type Send } from './send.ts';
import type { Sql } from './store.ts';
import { createOwnReader, createParser, createParserWithoutPaths, type ReadXml } from './xml.ts';

interface Means {
  readonly send: (url: string, connections: number) => Send;
  /** Sockets per system, at most. */
  readonly connections: number;
  readonly sql: Sql;
  readonly readXml: () => ReadXml;
}

export type Variant = 'request' | 'tuned' | 'limit';

export const VARIANTS: Readonly<Record<Variant, Means>> = {
  request: { send: createRequestSend, connections: 512, sql: 'rows', readXml: createParser },
  tuned: { send: createRequestSend, connections: 64, sql: 'json', readXml: createParserWithoutPaths },
  limit: { send: createDispatchSend, connections: 64, sql: 'json', readXml: createOwnReader },
};

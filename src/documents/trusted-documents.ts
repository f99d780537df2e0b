// The published documents in memory, and which documents a client may send, by identifier or as text. Refreshed while the store
// answers; while it does not, the last documents stay in force.

import { errorFields, type Log } from '../observe/log.ts';
import type { DocumentStore } from './document-store.ts';
import { digestOf } from './read-manifest.ts';

/** `warn`: other documents are answered and logged. `enforce`: they are refused. */
export type DocumentMode = 'off' | 'warn' | 'enforce';

export interface TrustedDocuments {
  readonly modeOf: (client: string | null) => DocumentMode;
  /** The text of a published document. */
  readonly find: (client: string | null, id: string) => string | undefined;
  /** Whether a text was published for the client. */
  readonly isTrusted: (client: string | null, text: string) => boolean;
  /** Logs that a client sent another document, where the mode is `warn`. */
  readonly warn: (client: string | null, operationName: string | undefined, text: string) => void;
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
}

export interface TrustedDocumentsOptions {
  readonly store: Pick<DocumentStore, 'version' | 'all'>;
  readonly log: Log;
  /** Of clients without an entry in `modes`, and of requests without a client. */
  readonly mode: DocumentMode;
  readonly modes: ReadonlyMap<string, DocumentMode>;
}

const REFRESH_MS = 2_000;
/** Documents that are logged, by client and digest, each once; further ones are not. */
const MAX_WARNED = 1_000;

interface Known {
  readonly byId: Map<string, string>;
  readonly digests: Set<string>;
}

/** Reads the documents once before it resolves. @throws GatewayError STORE_UNAVAILABLE */
export async function openTrustedDocuments(options: TrustedDocumentsOptions): Promise<TrustedDocuments> {
  const { store, log, mode, modes } = options;
  let version: string | undefined;
  let known = new Map<string, Known>();
  const warned = new Set<string>();

  const refresh = async (): Promise<void> => {
    const latest = await store.version();
    if (latest === version) return;
    const next = new Map<string, Known>();
    for (const { client, id, body } of await store.all()) {
      let of = next.get(client);
      if (of === undefined) {
        of = { byId: new Map(), digests: new Set() };
        next.set(client, of);
      }
      of.byId.set(id, body);
      of.digests.add(digestOf(body));
    }
    known = next;
    version = latest;
  };
  await refresh();
  let isAway = false;
  const timer = setInterval(() => {
    refresh().then(
      () => {
        isAway = false;
      },
      (error: unknown) => {
        if (!isAway) log.warn({ err: errorFields(error) }, 'published documents could not be read');
        isAway = true;
      },
    );
  }, REFRESH_MS).unref();

  /** Those of the client, then those of every client. */
  const of = (client: string | null): Known[] =>
    [client === null || client === '' ? undefined : known.get(client), known.get('')].filter(
      (each) => each !== undefined,
    );

  return {
    modeOf: (client) => (client === null ? mode : (modes.get(client) ?? mode)),
    find: (client, id) => {
      for (const { byId } of of(client)) {
        const body = byId.get(id);
        if (body !== undefined) return body;
      }
      return undefined;
    },
    isTrusted: (client, text) => {
      const digest = digestOf(text);
      return of(client).some(({ digests }) => digests.has(digest));
    },
    warn: (client, operationName, text) => {
      const digest = digestOf(text);
      const key = `${client ?? ''} ${digest}`;
      if (warned.has(key) || warned.size >= MAX_WARNED) return;
      warned.add(key);
      // The document is not parsed yet: what stands for its name may be any text.
      const operation = /^[_A-Za-z]\w{0,99}$/.test(operationName ?? '') ? operationName : null;
      log.warn({ client, operation, document: digest }, 'a document that is not published');
    },
    refresh,
    close: () => clearInterval(timer),
  };
}

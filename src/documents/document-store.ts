// The published documents in the store. Publishing adds and replaces; nothing is removed, since earlier versions of a client go on
// sending their documents.

import type { Store } from '../store/database.ts';
import type { Statement } from '../store/statement.ts';
import type { PublishedDocument } from './read-manifest.ts';

export interface DocumentRow extends PublishedDocument {
  /** Empty: every client. */
  readonly client: string;
}

export interface DocumentStore {
  /** Changes whenever a document is published. */
  readonly version: () => Promise<string>;
  readonly all: () => Promise<readonly DocumentRow[]>;
  readonly publish: (client: string, documents: readonly PublishedDocument[]) => Promise<void>;
}

/** Documents in one statement. */
const CHUNK = 500;

export function createDocumentStore(store: Pick<Store, 'run'>): DocumentStore {
  return {
    version: async () => (await store.run(VERSION, []))[0]?.version ?? '',
    all: () => store.run(ALL, []),
    publish: async (client, documents) => {
      for (let at = 0; at < documents.length; at += CHUNK)
        await store.run(PUBLISH, [client, JSON.stringify(documents.slice(at, at + CHUNK))]);
    },
  };
}

// The sum, not the latest time: transactions that overlap may commit in another order than that of their times.
const VERSION: Statement<{ readonly version: string }> = {
  name: 'lt_documents_version',
  sql: `select count(*)::text || ' ' || coalesce(sum(extract(epoch from published_at)), 0)::text as version from documents`,
};

const ALL: Statement<DocumentRow> = {
  name: 'lt_documents_all',
  sql: 'select client, id, body from documents order by client, id',
};

const PUBLISH: Statement<never> = {
  name: 'lt_documents_publish',
  sql: `insert into documents (client, id, body, published_at)
    select $1::text, id, body, clock_timestamp() from jsonb_to_recordset($2::text::jsonb) as given(id text, body text)
    on conflict (client, id) do update set body = excluded.body, published_at = excluded.published_at
    where documents.body <> excluded.body`,
};

// The trusted documents of one gateway, by its settings and its access file.

import type { Log } from '../observe/log.ts';
import type { Store } from '../store/database.ts';
import { createDocumentStore } from './document-store.ts';
import { type DocumentMode, openTrustedDocuments, type TrustedDocuments } from './trusted-documents.ts';

export interface DocumentParts {
  readonly config: { readonly trustedDocuments: DocumentMode };
  readonly access: {
    readonly clients: Readonly<Record<string, { readonly documents?: DocumentMode | undefined }>>;
  };
  readonly store: Pick<Store, 'run'>;
  readonly log: Log;
}

/** @throws GatewayError STORE_UNAVAILABLE */
export const openDocuments = ({ config, access, store, log }: DocumentParts): Promise<TrustedDocuments> =>
  openTrustedDocuments({
    store: createDocumentStore(store),
    log,
    mode: config.trustedDocuments,
    modes: new Map(
      Object.entries(access.clients).flatMap(([id, { documents }]) =>
        documents === undefined ? [] : [[id, documents]],
      ),
    ),
  });

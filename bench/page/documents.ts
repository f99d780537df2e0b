// The three operations that are measured: the page of 20 dossiers with all four systems, one dossier by its code, and what
// the store alone answers. Each supplies the n-th request of a client, to the gateway and to the hand-written endpoint.

import { pageQuery } from '../../src/http/page-query.ts';

export interface Operation {
  readonly id: 'page' | 'dossier' | 'store';
  readonly title: string;
  /** Path of the hand-written endpoint that answers the same. */
  readonly path: string;
  readonly query: string;
}

/** Everything inside `node { … }`: up to the brace before the one that closes `edges`. */
const FIELDS = (() => {
  const from = pageQuery.indexOf('node {') + 'node {'.length;
  const edges = pageQuery.lastIndexOf('}', pageQuery.indexOf('pageInfo'));
  return pageQuery.slice(from, pageQuery.lastIndexOf('}', edges - 1));
})();

export const PAGE: Operation = {
  id: 'page',
  title: 'page: 20 dossiers, four systems',
  path: '/page',
  query: pageQuery,
};

export const DOSSIER: Operation = {
  id: 'dossier',
  title: 'one dossier, four systems',
  path: '/dossier',
  query: `query Dossier($code: DossierCode!) { dossier(code: $code) {${FIELDS}} }`,
};

export const STORE: Operation = {
  id: 'store',
  title: 'page: 20 dossiers, store fields only',
  path: '/store',
  query: `query StorePage($first: Int = 20, $after: String) {
  dossiers(first: $first, after: $after) {
    edges { cursor node {
      code status submittedAt dueAt channel
      procedure { code name level } agency { code name }
      applicant { personalId } business { code } payments { reference amount currency } deliveries { trackingCode }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`,
};

/** What the bench has found in the store while it recorded: the variables that requests take in turn. */
export interface Places {
  /** Cursors of pages of 20; null is the first page. */
  readonly cursors: readonly (string | null)[];
  /** Dossiers with an enterprise, a payment and a parcel. */
  readonly codes: readonly string[];
}

export const variablesOf = (operation: Operation, places: Places): readonly object[] =>
  operation.id === 'dossier'
    ? places.codes.map((code) => ({ code }))
    : places.cursors.map((after) => ({ first: 20, after }));

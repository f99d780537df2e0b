// What relay-compiler 21 generates for this query, as data:
//
//   query DossierQuery { dossier { id applicant { id name @catch(to: RESULT) born @catch(to: RESULT)
//     home @catch(to: RESULT) { street ward } } } }

import type { ConcreteRequest } from 'relay-runtime';

const scalar = (name: string) =>
  ({ kind: 'ScalarField', alias: null, args: null, name, storageKey: null }) as const;

const object = (name: string, concreteType: string, selections: readonly unknown[]) =>
  ({
    kind: 'LinkedField',
    alias: null,
    args: null,
    concreteType,
    name,
    plural: false,
    selections,
    storageKey: null,
  }) as const;

const caught = (field: object) => ({ kind: 'CatchField', field, to: 'RESULT' }) as const;

const HOME = object('home', 'Home', [scalar('street'), scalar('ward')]);

const dossier = (applicantFields: readonly unknown[]) => [
  object('dossier', 'Dossier', [
    scalar('id'),
    object('applicant', 'Citizen', [scalar('id'), ...applicantFields]),
  ]),
];

export const DOSSIER_QUERY = {
  kind: 'Request',
  fragment: {
    argumentDefinitions: [],
    kind: 'Fragment',
    metadata: null,
    name: 'DossierQuery',
    selections: dossier([caught(scalar('name')), caught(scalar('born')), caught(HOME)]),
    type: 'Query',
    abstractKey: null,
  },
  operation: {
    argumentDefinitions: [],
    kind: 'Operation',
    name: 'DossierQuery',
    selections: dossier([scalar('name'), scalar('born'), HOME]),
  },
  params: {
    cacheID: 'DossierQuery',
    id: null,
    metadata: {},
    name: 'DossierQuery',
    operationKind: 'query',
    text: 'query DossierQuery { dossier { id applicant { id name born home { street ward } } } }',
  },
} as unknown as ConcreteRequest;

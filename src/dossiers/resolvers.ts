// The resolvers of the root fields in schema/query.graphql that the store answers. A page is one statement, whatever its size
// and selection. Fields below are property reads, except those that connectors supply.

import type { Store } from '../store/database.ts';
import type { Catalogue } from './catalogue.ts';
import {
  decodeDossierCursor,
  decodeProcedureCursor,
  encodeDossierCursor,
  encodeProcedureCursor,
  pageSize,
} from './cursor.ts';
import { buildDossierNodes } from './dossier-nodes.ts';
import { createDossierStatements } from './dossier-statements.ts';
import { parseProcedureCode } from './ids.ts';
import type { AgencyNode, ConnectionNode, DossierNode, ProcedureNode } from './nodes.ts';
import { personalFieldsOf, recordPersons, type StoreAudit } from './personal-fields.ts';
import { type Reader, rowScopeOf } from './row-scope.ts';
import { createSelects, type SelectionInfo } from './selects.ts';

export interface PageArguments {
  /** 1 to 100, default 20. */
  readonly first?: number | null;
  readonly after?: string | null;
}

/** What the resolvers need of a request. */
interface StoreRequest {
  /** Decides which dossiers are visible. */
  readonly identity: { readonly actor: Reader };
  /** Aborted when the request ends: its statements are cancelled. */
  readonly signal: AbortSignal;
  /** Where accesses to the data of persons are recorded. */
  readonly audit?: StoreAudit | undefined;
}

type Resolver<Arguments, Result> = (
  source: unknown,
  args: Arguments,
  context: StoreRequest,
  info: SelectionInfo,
) => Result;

export interface StoreResolvers {
  readonly Query: {
    readonly dossiers: Resolver<PageArguments, Promise<ConnectionNode<DossierNode>>>;
    readonly dossier: Resolver<{ readonly code: string }, Promise<DossierNode | null>>;
    readonly procedures: Resolver<PageArguments, ConnectionNode<ProcedureNode>>;
    readonly procedure: Resolver<{ readonly code: string }, ProcedureNode | null>;
    readonly agencies: Resolver<{ readonly level?: AgencyNode['level'] | null }, readonly AgencyNode[]>;
  };
}

/** `Query.connectors` is resolved elsewhere. */
export function createStoreResolvers(store: Store, catalogue: Catalogue): StoreResolvers {
  const selects = createSelects();
  const statementsFor = createDossierStatements(store.db);

  return {
    Query: {
      dossiers: async (_source, args, { signal, identity, audit }, info) => {
        const personal = personalFieldsOf(selects, info, 'edges.node.applicant');
        if (personal !== undefined) audit?.admit();
        const size = pageSize(args.first);
        const place = args.after == null ? null : decodeDossierCursor(args.after);
        const lists = {
          payments: selects(info, 'edges.node.payments'),
          deliveries: selects(info, 'edges.node.deliveries'),
          events: selects(info, 'edges.node.events'),
        };
        const scope = rowScopeOf(identity.actor, catalogue.current());
        if (scope === undefined) return connection([], dossierCursor, false, place !== null);
        const { parameters } = scope;
        const { firstPage, nextPage } = statementsFor(scope.kind, lists);
        // read: one dossier more than requested, to determine whether there is a next page
        const [answer] =
          place === null
            ? await store.run(firstPage, [...parameters, size + 1], signal)
            : await store.run(nextPage, [...parameters, size + 1, place.submittedAt, place.id], signal);
        const rows = answer?.dossiers ?? [];
        const hasNextPage = rows.length > size;
        // build
        const nodes = await buildDossierNodes(catalogue, rows, hasNextPage ? size : rows.length, lists);
        if (personal !== undefined) recordPersons(audit, nodes, personal);
        return connection(nodes, dossierCursor, hasNextPage, place !== null);
      },

      dossier: async (_source, { code }, { signal, identity, audit }, info) => {
        const personal = personalFieldsOf(selects, info, 'applicant');
        if (personal !== undefined) audit?.admit();
        const lists = {
          payments: selects(info, 'payments'),
          deliveries: selects(info, 'deliveries'),
          events: selects(info, 'events'),
        };
        const scope = rowScopeOf(identity.actor, catalogue.current());
        if (scope === undefined) return null;
        const { byCode } = statementsFor(scope.kind, lists);
        const [answer] = await store.run(byCode, [...scope.parameters, code], signal);
        const rows = answer?.dossiers ?? [];
        const nodes = await buildDossierNodes(catalogue, rows, rows.length, lists);
        if (personal !== undefined) recordPersons(audit, nodes, personal);
        return nodes[0] ?? null;
      },

      procedures: (_source, args) => {
        const size = pageSize(args.first);
        const after = args.after == null ? null : decodeProcedureCursor(args.after);
        const { procedureList } = catalogue.current();
        let start = 0;
        if (after !== null) {
          start = procedureList.findIndex(({ code }) => code > after);
          if (start === -1) start = procedureList.length;
        }
        const nodes = procedureList.slice(start, start + size);
        return connection(nodes, procedureCursor, start + size < procedureList.length, after !== null);
      },

      procedure: (_source, { code }) => {
        const { proceduresByCode } = catalogue.current();
        // A suffix names the agency that published the procedure; the catalogue has one procedure for each code.
        return (
          proceduresByCode.get(code) ?? proceduresByCode.get(parseProcedureCode(code)?.code ?? '') ?? null
        );
      },

      agencies: (_source, { level }) => {
        const { agencyList } = catalogue.current();
        return level == null ? agencyList : agencyList.filter((agency) => agency.level === level);
      },
    },
  };
}

const dossierCursor = (node: DossierNode): string => encodeDossierCursor(node.submittedAt, node.id);
const procedureCursor = (node: ProcedureNode): string => encodeProcedureCursor(node.code);

function connection<Node>(
  nodes: readonly Node[],
  cursorOf: (node: Node) => string,
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): ConnectionNode<Node> {
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges[edges.length - 1]?.cursor ?? null,
    },
  };
}

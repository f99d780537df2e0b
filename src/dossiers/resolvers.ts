// The root fields of schema/query.graphql that the store answers. graph/ hangs them on the schema; below them everything
// is a property read, but for what connectors supply. Guarantees: at most four statements a page, whatever its size.
import type { Catalogue } from './catalogue.ts';
import {
  decodeDossierCursor,
  decodeProcedureCursor,
  encodeDossierCursor,
  encodeProcedureCursor,
  pageSize,
} from './cursor.ts';
import type { Store } from './database.ts';
import { createDossierNodes } from './dossier-nodes.ts';
import { buildDossierStatements } from './dossier-statements.ts';
import { parseProcedureCode } from './ids.ts';
import type { AgencyNode, ConnectionNode, DossierNode, ProcedureNode } from './nodes.ts';
import { createSelects, type SelectionInfo } from './selects.ts';

export interface PageArguments {
  /** 1–100, default 20. */
  readonly first?: number | null;
  readonly after?: string | null;
}

type Resolver<Arguments, Result> = (
  source: unknown,
  args: Arguments,
  context: unknown,
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

/** The resolvers of the store, to stand beside `createScalars()`; `connectors` is answered elsewhere. They need no context. */
export const createStoreResolvers = (store: Store, catalogue: Catalogue): StoreResolvers => {
  const selects = createSelects();
  const statements = buildDossierStatements(store);
  const dossierNodes = createDossierNodes(store, catalogue, statements);

  return {
    Query: {
      dossiers: async (_source, args, _context, info) => {
        const size = pageSize(args.first);
        const place = args.after == null ? null : decodeDossierCursor(args.after);
        // read: one row more than asked for says whether there is a next page
        const rows =
          place === null
            ? await store.run(statements.firstPage, [size + 1])
            : await store.run(statements.nextPage, [place.submittedAt, place.id, size + 1]);
        const hasNextPage = rows.length > size;
        // build
        const nodes = await dossierNodes.build(rows, hasNextPage ? size : rows.length, {
          payments: selects(info, 'edges.node.payments'),
          deliveries: selects(info, 'edges.node.deliveries'),
          events: selects(info, 'edges.node.events'),
        });
        return connection(nodes, dossierCursor, hasNextPage, place !== null);
      },

      dossier: async (_source, { code }, _context, info) => {
        const rows = await store.run(statements.byCode, [code]);
        if (rows.length === 0) return null;
        const [node] = await dossierNodes.build(rows, 1, {
          payments: selects(info, 'payments'),
          deliveries: selects(info, 'deliveries'),
          events: selects(info, 'events'),
        });
        return node ?? null;
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
        // The suffix names the agency that published it; the city keeps one procedure for each code.
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
};

const dossierCursor = (node: DossierNode): string => encodeDossierCursor(node.submittedAt, node.id);
const procedureCursor = (node: ProcedureNode): string => encodeProcedureCursor(node.code);

const connection = <Node>(
  nodes: readonly Node[],
  cursorOf: (node: Node) => string,
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): ConnectionNode<Node> => {
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
};

// Behind Apollo's gateway hook: takes a validated document, runs its plan, and adds what the failure contract promises
// (an error at each path that failed, `extensions.sources`). Also where a new schema is swapped in: requests under way
// end on the schema they began with.

import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import { amendError, type BreakerState, GatewayError, RETRY_HINT_MS } from '../errors.ts';
import type { RequestContext } from '../request/context.ts';
import { formatError, isArgumentCoercion } from './format-error.ts';
import type { Owner } from './owner.ts';
import { createPlan, type Plan } from './plan.ts';

/** One schema with what stands behind it. */
export interface Generation {
  readonly schema: GraphQLSchema;
  readonly publicSdl: string;
  readonly connectorsAt: ConnectorsAt;
  readonly breakerOf: (connector: string) => BreakerState | undefined;
  /** Called once, when the generation was replaced and its last request has ended. */
  readonly onRetired: () => void;
}

/** What the hook hands over; the part of Apollo's request context that execution needs. */
export interface ExecutionRequest {
  readonly schema: GraphQLSchema;
  readonly queryHash: string;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly request: { readonly variables?: Record<string, unknown> };
  readonly context: unknown;
}

type SchemaListener = (loaded: { apiSchema: GraphQLSchema; coreSupergraphSdl: string }) => void;

/** An object of the shape Apollo's `gateway` option takes, and the swap. */
export interface GraphExecutor {
  readonly load: () => Promise<{ executor: (request: never) => Promise<ExecutionResult> }>;
  readonly onSchemaLoadOrUpdate: (listener: SchemaListener) => () => void;
  readonly stop: () => Promise<void>;
  /** Serves `next` from the next request on. */
  readonly swap: (next: Generation) => void;
  readonly current: () => Generation;
  /** Requests under way over all generations. */
  readonly underWay: () => number;
}

export interface GraphExecutorOptions {
  /** Runs of a document before it is compiled. Default 3. */
  readonly compileAfter?: number;
  /** Documents whose plans are kept, the least recently used go. Default 1,000. */
  readonly maxPlans?: number;
  /** Milliseconds that a replaced schema stays at least. Default 1,000. */
  readonly graceMs?: number;
  /** Called with each error whose text was withheld. */
  readonly onMasked?: (error: unknown, context: RequestContext) => void;
}

interface Serving {
  readonly generation: Generation;
  readonly plans: LRUCache<string, Plan>;
  requests: number;
  retired: boolean;
}

export function createGraphExecutor(first: Generation, options: GraphExecutorOptions = {}): GraphExecutor {
  const { compileAfter = 3, maxPlans = 1000, graceMs = 1000, onMasked } = options;
  const serve = (generation: Generation): Serving => ({
    generation,
    plans: new LRUCache({ max: maxPlans }),
    requests: 0,
    retired: false,
  });
  const bySchema = new Map<GraphQLSchema, Serving>();
  const listeners = new Set<SchemaListener>();
  let serving = serve(first);
  bySchema.set(first.schema, serving);

  const retireIfIdle = (old: Serving) => {
    if (!old.retired || old.requests > 0) return;
    bySchema.delete(old.generation.schema);
    old.generation.onRetired();
  };

  const planOf = ({ generation, plans }: Serving, request: ExecutionRequest): Plan => {
    const key = `${request.queryHash}\u0000${request.operationName ?? ''}`;
    let plan = plans.get(key);
    if (plan === undefined) {
      const { schema, connectorsAt } = generation;
      plan = createPlan(request.document, request.operationName, { schema, connectorsAt, compileAfter });
      plans.set(key, plan);
    }
    return plan;
  };

  const execute = async (request: ExecutionRequest): Promise<ExecutionResult> => {
    // A schema replaced between parsing and execution is still here while its requests run; else the current one serves.
    const on = bySchema.get(request.schema) ?? serving;
    const context = request.context as RequestContext;
    on.requests += 1;
    try {
      const plan = planOf(on, request);
      for (const connector of plan.connectors) context.tally.expect(connector);
      const result = await plan.run(context, request.request.variables);
      return publicResult(result, plan, context, on.generation, onMasked);
    } finally {
      on.requests -= 1;
      retireIfIdle(on);
    }
  };

  return {
    load: async () => {
      for (const listener of listeners) listener(loaded(serving.generation));
      return { executor: execute as (request: never) => Promise<ExecutionResult> };
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {},
    swap: (next) => {
      const old = serving;
      serving = serve(next);
      bySchema.set(next.schema, serving);
      for (const listener of listeners) listener(loaded(next));
      // A moment of grace: a request may have been validated on the old schema and not yet reached `execute`.
      setTimeout(() => {
        old.retired = true;
        retireIfIdle(old);
      }, graceMs).unref();
    },
    current: () => serving.generation,
    underWay: () => [...bySchema.values()].reduce((sum, { requests }) => sum + requests, 0),
  };
}

const loaded = (generation: Generation) => ({
  apiSchema: generation.schema,
  coreSupergraphSdl: generation.publicSdl,
});

function publicResult(
  result: ExecutionResult,
  plan: Plan,
  context: RequestContext,
  generation: Generation,
  onMasked: GraphExecutorOptions['onMasked'],
): ExecutionResult {
  const { locale, requestId, failures } = context;
  const errors: GraphQLFormattedError[] = [];
  if (result.errors !== undefined || failures.length > 0) {
    const masked = onMasked && ((error: unknown) => onMasked(error, context));
    const format = (error: unknown, path?: readonly (string | number)[]) =>
      errors.push(formatError(error, { locale, requestId, path, onMasked: masked }));
    for (const error of result.errors ?? []) {
      const owner = misfitOwner(error, plan);
      if (owner === undefined) format(error);
      else {
        const misfit = misfitOf(owner, generation);
        for (const connector of owner.connectors) context.tally.failed(connector, misfit);
        format(misfit, error.path);
      }
    }
    for (const { path, error } of failures) format(withBreaker(error, generation), path);
  }
  const extensions =
    plan.connectors.length === 0 ? undefined : { sources: context.tally.rows(generation.breakerOf) };
  if (errors.length === 0) {
    return extensions === undefined ? result : { data: result.data, extensions };
  }
  // Already public; Apollo's type wants GraphQLErrors, its formatter passes these through as they are.
  return { data: result.data, errors: errors as never, extensions };
}

/**
 * Whose value did not fit its field's type, where an error says that of a connector's value; undefined for other errors.
 * What graphql-js or jit made of it quotes the value: it is dropped, and not logged.
 */
function misfitOwner(error: GraphQLError, plan: Plan): Owner | undefined {
  // Completion makes GraphQLErrors; what a resolver threw is something else.
  const root = error.originalError ?? error;
  if (error.path === undefined || !(root instanceof GraphQLError) || isArgumentCoercion(root))
    return undefined;
  return plan.ownerAt(error.path);
}

/** A failure that no guard saw, since it came up in a mapping. */
const withBreaker = (error: GatewayError, { breakerOf }: Generation): GatewayError =>
  error.breaker !== undefined || error.connector === undefined
    ? error
    : amendError(error, { breaker: breakerOf(error.connector) });

/** The system's failure and not the gateway's. */
function misfitOf({ connectors, operation }: Owner, { breakerOf }: Generation): GatewayError {
  const connector = connectors.length === 1 ? connectors[0] : undefined;
  return new GatewayError('UPSTREAM_INVALID', {
    detail: 'a mapped value does not fit the type of its field',
    connector,
    operation,
    breaker: connector === undefined ? undefined : breakerOf(connector),
    retryAfterMs: RETRY_HINT_MS,
  });
}

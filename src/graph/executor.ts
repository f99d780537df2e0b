// Answers GraphQL requests: prepares the document on the current generation, executes its plan, and publishes errors and
// `extensions.sources`. A generation is replaced between two requests; a running request ends on the generation on which it
// began.

import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import { type BreakerState, GatewayError, isGatewayError } from '../errors.ts';
import { type CostLimits, DEFAULT_LIMITS } from '../limits.ts';
import type { RequestContext } from '../request/context.ts';
import type { Access } from './access/access.ts';
import { type Cost, WEIGHTS } from './cost/amounts.ts';
import { costProblem, publishedLimits } from './cost/cost-problem.ts';
import type { FieldWeights } from './cost/field-weights.ts';
import type { ListSizes } from './cost/list-sizes.ts';
import type { DocumentProblem } from './document-problem.ts';
import { createAnswerBudget } from './execute/budget.ts';
import type { AnswerBudget } from './execute/model.ts';
import { formatError, formatProblem, rootOf } from './format-error.ts';
import { type Introspection, introspectionProblem, mayReadSchema } from './introspection.ts';
import type { Owner } from './owner.ts';
import type { Plan } from './plan.ts';
import { createPrepare, type DocumentRequest, type Prepare, type PreparedOperation } from './prepare.ts';
import { createPublicErrors } from './public-errors.ts';

/** One schema with the connectors that supply it. */
export interface Generation {
  readonly schema: GraphQLSchema;
  readonly connectorsAt: ConnectorsAt;
  /** What callers may ask. */
  readonly access: Access;
  readonly breakerOf: (connector: string) => BreakerState | undefined;
  /** Sizes of lists by coordinate, for the cost of operations. Default: none are declared. */
  readonly listSizes?: ListSizes | undefined;
  /** Units of fields by coordinate, likewise. */
  readonly fieldWeights?: FieldWeights | undefined;
  /** Called once, when the generation has been replaced and its last request has ended. */
  readonly onRetired: () => void;
}

export interface GraphRequest extends DocumentRequest {
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Publishes `extensions.cost`. */
  readonly showsCost?: boolean;
  /** Refuses the whole operation where the caller may not ask one of its fields. */
  readonly allOrNothing?: boolean;
  /** Refuses other operations than queries, as a safe HTTP method requires. */
  readonly queriesOnly?: boolean;
}

/**
 * `EXECUTED`: the operation ran; the result has `data`, or errors that name the wrong variables. `REFUSED`: the document is
 * not executed. `RATE_LIMITED`: not now. `NOT_A_QUERY`: it would be, but only queries are allowed. The result is public as it is.
 */
export interface GraphAnswer {
  readonly outcome: 'EXECUTED' | 'REFUSED' | 'NOT_A_QUERY' | 'RATE_LIMITED';
  readonly result: FormattedExecutionResult;
  /** Header fields for the answer. */
  readonly headers?: Admission['headers'] | undefined;
}

export interface GraphExecutor {
  /** @throws whatever the execution as a whole throws; a failed field is an error in the result */
  readonly answer: (request: GraphRequest, context: RequestContext) => Promise<GraphAnswer>;
  /** Uses `next` from the next request on. */
  readonly swap: (next: Generation) => void;
  readonly current: () => Generation;
  /** Requests that are running, over all generations. */
  readonly running: () => number;
}

/** Whether an operation may begin. */
export interface Admission {
  /** Milliseconds after which it may be sent again; undefined: it may begin. */
  readonly retryAfterMs: number | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Gives back units that it did not cost. */
  readonly refund: (units: number) => void;
}

export interface GraphExecutorOptions {
  /** Prepared operations that are kept; the least recently used are dropped first. Default 1,000. */
  readonly maxOperations?: number;
  /** What one request may cost. Default: the limits of `cost/limits.ts`. */
  readonly limits?: CostLimits;
  /** Who may read the schema. Default: everybody. */
  readonly introspection?: Introspection;
  /** Admits an operation by its cost, or refuses it for now. Default: admits all. */
  readonly admit?: ((context: RequestContext, units: number) => Admission) | undefined;
  /** Called with each error whose text was withheld. */
  readonly onMasked?: (error: unknown, context: RequestContext) => void;
}

interface ActiveGeneration {
  readonly generation: Generation;
  readonly prepare: Prepare;
  requests: number;
  retired: boolean;
}

export function createGraphExecutor(first: Generation, options: GraphExecutorOptions = {}): GraphExecutor {
  const { maxOperations, onMasked, limits = DEFAULT_LIMITS, introspection = 'everybody', admit } = options;
  const activate = (generation: Generation): ActiveGeneration => {
    const { schema, connectorsAt, listSizes, fieldWeights } = generation;
    return {
      generation,
      prepare: createPrepare({ schema, connectorsAt, listSizes, fieldWeights, limits, maxOperations }),
      requests: 0,
      retired: false,
    };
  };
  let active = activate(first);
  /** The current generation and those on which requests are still running. */
  const generations = new Set([active]);

  const retireIfIdle = (old: ActiveGeneration) => {
    if (!old.retired || old.requests > 0) return;
    generations.delete(old);
    old.generation.onRetired();
  };

  const run = async (
    on: ActiveGeneration,
    { plan }: PreparedOperation,
    { variables, showsCost }: GraphRequest,
    requested: Cost,
    admission: Admission | undefined,
    context: RequestContext,
  ): Promise<FormattedExecutionResult> => {
    on.requests += 1;
    try {
      for (const connector of plan.connectors) context.tally.expect(connector);
      const view = on.generation.access.viewFor(context.identity);
      const budget = createAnswerBudget(limits);
      const suggests = () => mayReadSchema(introspection, context.identity);
      const result = await plan.run(context, variables, view, budget);
      admission?.refund(Math.max(0, requested.total - usedUnits(budget, context.tally)));
      // Nothing leaves before its proof is written.
      const settling = context.audit?.settle();
      const refusal = settling && (await settling.then(() => undefined, asUnavailable));
      if (refusal !== undefined) return { errors: [formatError(refusal, context)], data: null };
      const published = publicResult(result, plan, context, on.generation, suggests, onMasked);
      return showsCost ? withCost(published, requested, limits, budget, context) : published;
    } finally {
      on.requests -= 1;
      retireIfIdle(on);
    }
  };

  return {
    answer: async (request, context) => {
      const on = active;
      const prepared = on.prepare(request);
      const { locale, requestId, identity } = context;
      const refuse = (...problems: readonly DocumentProblem[]): GraphAnswer => {
        const suggests = mayReadSchema(introspection, identity);
        const errors = problems.map((problem) => formatProblem(problem, { locale, requestId, suggests }));
        return { outcome: 'REFUSED', result: { errors } };
      };
      if (prepared.kind === 'refusal') return refuse(...prepared.problems);
      const { operation } = prepared;
      context.operation.name = operation.name?.value ?? null;
      context.operation.type = operation.operation;
      if (request.queriesOnly && operation.operation !== 'query') {
        const errors = [formatProblem(QUERIES_ONLY, context)];
        return { outcome: 'NOT_A_QUERY', result: { errors } };
      }
      const { cost } = prepared;
      const dear = cost.isConstant ? undefined : costProblem(cost, request.variables, limits);
      if (dear !== undefined) return refuse(dear);
      if (cost.introspects && !mayReadSchema(introspection, identity))
        return refuse(introspectionProblem(introspection, identity));
      if (request.allOrNothing) {
        const refused = prepared.plan.refusedFields(on.generation.access.viewFor(identity));
        const errors = refused.map((error) => formatError(error, { locale, requestId }));
        if (errors.length > 0) return { outcome: 'REFUSED', result: { errors } };
      }
      const requested = cost.of(request.variables);
      const admission = admit?.(context, requested.total);
      const headers = admission?.headers;
      if (admission?.retryAfterMs !== undefined) {
        const error = new GatewayError('RATE_LIMITED', { retryAfterMs: admission.retryAfterMs });
        return { outcome: 'RATE_LIMITED', result: { errors: [formatError(error, context)] }, headers };
      }
      const result = await run(on, prepared, request, requested, admission, context);
      return { outcome: 'EXECUTED', result, headers };
    },
    swap: (next) => {
      const old = active;
      active = activate(next);
      generations.add(active);
      old.retired = true;
      retireIfIdle(old);
    },
    current: () => active.generation,
    running: () => [...generations].reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** What an operation came to, at most what it was charged for: values are counted with their objects. */
function usedUnits({ objects }: AnswerBudget, tally: RequestContext['tally']): number {
  const calls = tally.rows().reduce((sum, row) => sum + row.calls, 0);
  return Math.ceil(WEIGHTS.statement + WEIGHTS.call * calls + 2 * objects * WEIGHTS.object);
}

/** Adds `extensions.cost`: what was asked for in the worst case, what is allowed, and what it came to. */
function withCost(
  result: FormattedExecutionResult,
  requested: Cost,
  limits: CostLimits,
  { objects, bytes }: AnswerBudget,
  { tally }: RequestContext,
): FormattedExecutionResult {
  const connectorCalls = tally.rows().reduce((sum, { calls }) => sum + calls, 0);
  const cost = { requested, limit: publishedLimits(limits), actual: { connectorCalls, objects, bytes } };
  return { ...result, extensions: { ...result.extensions, cost } };
}

const asUnavailable = (error: unknown): GatewayError =>
  isGatewayError(error) ? error : new GatewayError('AUDIT_UNAVAILABLE', { cause: error });

const QUERIES_ONLY = {
  code: 'BAD_REQUEST',
  text: {
    vi: 'GET chỉ dùng cho truy vấn đọc: hãy gửi thao tác này bằng POST.',
    en: 'GET requests only support query operations: send this operation by POST.',
  },
} as const;

function publicResult(
  result: ExecutionResult,
  plan: Plan,
  context: RequestContext,
  generation: Generation,
  suggests: () => boolean,
  onMasked: GraphExecutorOptions['onMasked'],
): FormattedExecutionResult {
  const { locale, requestId } = context;
  const { breakerOf } = generation;
  const { errors, add } = createPublicErrors();
  if (result.errors !== undefined) {
    const masked = onMasked && ((error: unknown) => onMasked(error, context));
    const publish = (error: unknown, path: GraphQLError['path']) =>
      add(rootOf(error), path, () =>
        formatError(error, { locale, requestId, suggests: suggests(), path, breakerOf, onMasked: masked }),
      );
    for (const error of result.errors) {
      const owner = misfitOwner(error, plan);
      if (owner === undefined) publish(error, error.path);
      else {
        const misfit = misfitOf(owner);
        for (const connector of owner.connectors) context.tally.failed(connector, misfit);
        publish(misfit, error.path);
      }
    }
  }
  const extensions = plan.connectors.length === 0 ? undefined : { sources: context.tally.rows(breakerOf) };
  if (errors.length === 0) {
    return extensions === undefined ? { data: result.data } : { data: result.data, extensions };
  }
  return extensions === undefined ? { errors, data: result.data } : { errors, data: result.data, extensions };
}

/**
 * Whose value did not fit its field's type, where an error is about a connector's value; undefined for other errors. The
 * error's text quotes the value: it is dropped, and not logged.
 */
const misfitOwner = (error: GraphQLError, plan: Plan): Owner | undefined =>
  error.path !== undefined && plan.isMisfit(error) ? plan.ownerAt(error.path) : undefined;

/** The system's failure and not the gateway's. */
const misfitOf = ({ connectors, operation }: Owner): GatewayError =>
  new GatewayError('UPSTREAM_INVALID', {
    detail: 'a mapped value does not fit the type of its field',
    connector: connectors.length === 1 ? connectors[0] : undefined,
    operation,
  });

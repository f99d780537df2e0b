// One operation within one request: builds the request, sends it, maps the answer. Distinct inputs are asked once per
// request; at most `perRequest` calls of a connector run at a time. Called by the entity and field binders.

import { GatewayError } from '../../errors.ts';
import type { ConnectAnswer, ConnectContext, ConnectRequest, Purpose, Send } from '../contract.ts';
import type { MappingProblem, MappingVariables, VariableUse } from '../mapping/index.ts';
import { headerLists } from '../request/headers.ts';
import type { Operation } from '../request/operation.ts';
import { TemplateValueError } from '../request/template.ts';
import { compileSharedKey, type Sharing } from './shared-key.ts';

/** A connector that answers: its operations with what sends their requests. */
export interface BoundConnector {
  readonly id: string;
  readonly send: Send;
  /** Calls of this connector that one request may have under way. */
  readonly perRequest: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  /** Each request says for which dossier and officer it is made (X-Road): the same input for two dossiers is two calls. */
  readonly namesCase?: boolean | undefined;
  readonly onProblems?: ((operation: Operation, problems: readonly MappingProblem[]) => void) | undefined;
  /** By operation name: with whom its answers may be shared. Their requests carry an `inputKey`; others carry none. */
  readonly sharing?: ReadonlyMap<string, Sharing> | undefined;
}

/** A mapped value and where it came from. */
export interface Fact {
  readonly value: unknown;
  readonly connector: string;
  readonly source: string | undefined;
  readonly fetchedAt: number;
  readonly freshness: ConnectAnswer['freshness'];
}

export type OperationInput = Partial<Pick<MappingVariables, 'args' | 'this' | 'batch'>>;

/** Asks one operation within one request. The same input gives the same promise. */
export type Ask = (
  input: OperationInput,
  purpose: Purpose | undefined,
  context: ConnectContext,
) => Promise<Fact>;

export function createAsk(operation: Operation, connector: BoundConnector): Ask {
  const keyOf = compileInputKey(operation.uses, connector.namesCase);
  const call = createCall(operation, connector);
  return (input, purpose, context) => {
    // By operation: a root field with `entity: true` and the references to its type share what they have asked.
    const facts = requestState(context, operation, () => new Map<string, Promise<Fact>>());
    const key = keyOf(input, purpose);
    const known = facts.get(key);
    if (known !== undefined) {
      context.tally.coalesced(connector.id);
      return known;
    }
    const fact = call(input, purpose, context);
    facts.set(key, fact);
    return fact;
  };
}

/** The call itself, without the look at what this request has asked already. */
export function createCall(operation: Operation, connector: BoundConnector): Ask {
  const { config, env, perRequest, send, namesCase = false, onProblems } = connector;
  const usesCallId = operation.uses.some((use) => use.variable === '$context' && use.path[0] === 'call');
  const sharing = connector.sharing?.get(operation.name);
  const sharedKeyOf = sharing === undefined ? undefined : compileSharedKey(operation.uses, sharing);
  const readsHeaders = operation.uses.some((use) => use.variable === '$request');
  return async (input, purpose, context) => {
    const lane = requestState(context, connector, () => createLane(perRequest));
    const turn = lane.enter();
    if (turn !== undefined) await turn;
    try {
      const vars: MappingVariables = {
        ...input,
        config,
        env,
        context: {
          actor: context.caller.actor,
          purpose,
          request: { id: context.requestId, at: context.startedAt, locale: context.locale },
          call: usesCallId ? { id: context.callId() } : undefined,
        },
        request: { headers: readsHeaders ? headerLists(context.clientHeaders) : context.clientHeaders },
      };
      const built = buildRequest(operation, vars);
      const request = namesCase
        ? { ...built, issue: purpose?.dossier, userId: context.caller.actor.officer ?? undefined }
        : built;
      const inputKey = sharedKeyOf?.(vars, purpose, context);
      const answer = await send(inputKey === undefined ? request : { ...request, inputKey }, context);
      const { value, problems } = operation.mapAnswer(answer, vars);
      if (problems.length > 0) onProblems?.(operation, problems);
      const { fetchedAt, freshness } = answer;
      return { value, connector: connector.id, source: operation.source, fetchedAt, freshness };
    } finally {
      lane.leave();
    }
  };
}

/** @throws GatewayError when a value cannot stand where the connector puts it; names the expression, not the value */
function buildRequest(operation: Operation, vars: MappingVariables): ConnectRequest {
  try {
    return operation.buildRequest(vars);
  } catch (error) {
    if (!(error instanceof TemplateValueError)) throw error;
    const { connector, name } = operation;
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `no request could be built: ${error.message}`,
      connector,
      operation: name,
    });
  }
}

/** State that lives as long as one request, made on first use. */
export function requestState<T>(context: ConnectContext, key: unknown, create: () => T): T {
  const found = context.loaders.get(key) as T | undefined;
  if (found !== undefined) return found;
  const made = create();
  context.loaders.set(key, made);
  return made;
}

interface Lane {
  readonly enter: () => Promise<void> | undefined;
  readonly leave: () => void;
}

/** At most `width` at a time, first come first served. Entering a free lane costs nothing. */
function createLane(width: number): Lane {
  let running = 0;
  const waiting: (() => void)[] = [];
  let head = 0;
  return {
    enter: () => {
      if (running < width) {
        running += 1;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting[head];
      if (next === undefined) {
        running -= 1;
        return;
      }
      head += 1;
      next();
    },
  };
}

/**
 * The distinct inputs of an operation as text: only what its request and selection read counts, the purpose of a
 * look-up included, the id of the single call not.
 */
export function compileInputKey(
  uses: readonly VariableUse[],
  perPurposeAnyway = false,
): (input: OperationInput, purpose: Purpose | undefined) => string {
  const paths = new Map<string, { variable: string; path: readonly string[] }>();
  for (const { variable, path } of uses) {
    const perInput = variable === '$this' || variable === '$args' || variable === '$batch';
    const perPurpose = variable === '$context' && (path.length === 0 || path[0] === 'purpose');
    if (perInput || perPurpose) paths.set(`${variable}.${path.join('.')}`, { variable, path });
  }
  if (perPurposeAnyway) paths.set('$context.purpose', { variable: '$context', path: ['purpose'] });
  const readers = [...paths.values()].map(({ variable, path }) => {
    const root = variable.slice(1) as 'this' | 'args' | 'batch';
    const steps = variable === '$context' ? path.slice(1) : path;
    return (input: OperationInput, purpose: Purpose | undefined): unknown => {
      let value: unknown = variable === '$context' ? purpose : input[root];
      for (const step of steps) {
        // A path looks through lists: from here on everything counts.
        if (Array.isArray(value)) return value;
        value = (value as Record<string, unknown> | null | undefined)?.[step];
      }
      return value;
    };
  });
  return (input, purpose) => {
    let key = '';
    for (const read of readers) {
      const value = read(input, purpose);
      // Length first, so that no value can pass for two. An `ID` may be 1 in one answer and "1" in another.
      const isText = typeof value === 'string' || typeof value === 'number';
      const text = isText ? String(value) : (JSON.stringify(value) ?? '');
      key += `${isText ? 's' : 'j'}${text.length}:${text}`;
    }
    return key;
  };
}

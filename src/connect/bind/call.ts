// One call of an operation: builds the request, sends it, maps the answer. Within a GraphQL request equal inputs share
// one call, and at most `perRequest` calls of a connector run concurrently.

import { isGatewayError } from '../../errors.ts';
import type {
  CallEvidence,
  ConnectAnswer,
  ConnectContext,
  ConnectRequest,
  Purpose,
  Send,
} from '../contract.ts';
import type { MappingProblems, MappingVariables, VariableUse } from '../mapping/index.ts';
import { clientHeaderLists } from '../request/headers.ts';
import type { Operation } from '../request/operation.ts';
import { TemplateValueError } from '../request/template.ts';
import { namingArgument, valueError } from '../request/value-error.ts';
import { type ConsentRule, createAccessWatch, evidenceOf, outcomeOf, type PersonalData } from './access.ts';
import { askPage } from './paged-call.ts';
import { type PurposeRule, requirePurpose } from './purpose.ts';
import { compileSharedKey, type Sharing } from './shared-key.ts';

/** A live connector: sends the requests of its operations. */
export interface BoundConnector {
  readonly id: string;
  readonly send: Send;
  /** Maximum number of concurrent calls of this connector within one GraphQL request. */
  readonly perRequest: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  /** True when every request names its dossier and officer (X-Road): equal inputs for two dossiers are two calls. */
  readonly identifiesCase?: boolean | undefined;
  /** Set where the connector has personal data: its accesses are recorded. */
  readonly personal?: PersonalData | undefined;
  /** For which purposes the connector may be called. Default: for any, and for none. */
  readonly purpose?: PurposeRule | undefined;
  /** Which fields need the consent of the person. Default: none. */
  readonly consent?: ConsentRule | undefined;
  readonly onProblems?: ((operation: Operation, problems: MappingProblems) => void) | undefined;
  /** Operations whose answers may be shared between requests, by name. Only their requests carry an `inputKey`. */
  readonly sharing?: ReadonlyMap<string, Sharing> | undefined;
}

/** A mapped value and its origin. */
export interface Fact {
  readonly value: unknown;
  readonly connector: string;
  readonly source: string | undefined;
  readonly fetchedAt: number;
  readonly freshness: ConnectAnswer['freshness'];
  /** True where no source was asked: the fact has no provenance. */
  readonly isComputed?: true;
}

export type OperationInput = Partial<Pick<MappingVariables, 'args' | 'this' | 'batch'>>;

export type OperationCall = (
  input: OperationInput,
  purpose: Purpose | undefined,
  context: ConnectContext,
) => Promise<Fact>;

/** Creates a call that returns the same promise for equal inputs within one GraphQL request. */
export function createSharedCall(operation: Operation, connector: BoundConnector): OperationCall {
  if (operation.isComputed) return createComputation(operation, connector);
  const keyOf = compileInputKey(operation.uses, connector.identifiesCase);
  const call = createCall(operation, connector);
  const isRequired = connector.purpose?.required === true;
  return (input, purpose, context) => {
    // Keyed by operation, so that an `entity: true` root field and references to its type share their calls.
    const facts = requestState(context, operation, () => new Map<string, Promise<Fact>>());
    // A call that has a purpose does not answer for one without.
    const key = isRequired && purpose === undefined ? NO_PURPOSE_KEY : keyOf(input, purpose);
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

const NO_PURPOSE_KEY = 'no purpose';

/** Creates a call that is made every time, whatever the GraphQL request has called before. */
export function createCall(operation: Operation, connector: BoundConnector): OperationCall {
  if (operation.isComputed) return createComputation(operation, connector);
  const { config, env, perRequest, send, identifiesCase = false, onProblems } = connector;
  const usesCallId = readsCallId(operation);
  const sharing = connector.sharing?.get(operation.name);
  const sharedKeyOf = sharing === undefined ? undefined : compileSharedKey(operation.uses, sharing);
  const readsHeaders = operation.uses.some((use) => use.variable === '$request');
  const watch = createAccessWatch(operation, connector, undefined);
  return async (input, purpose, context) => {
    requirePurpose(connector.purpose, purpose, connector.id);
    context.spendCall?.(connector.id);
    const evidence: CallEvidence | undefined = watch && {};
    const limiter = requestState(context, connector, () => createLimiter(perRequest));
    const turn = limiter.acquire();
    if (turn !== undefined) await turn;
    try {
      const callId = usesCallId ? context.callId() : undefined;
      if (evidence !== undefined) evidence.messageId = callId;
      const vars: MappingVariables = {
        ...input,
        config,
        env,
        context: contextOf(purpose, context, callId),
        request: { headers: readsHeaders ? clientHeaderLists(context.clientHeaders) : context.clientHeaders },
      };
      const built = buildRequest(operation, vars);
      const request = identifiesCase
        ? { ...built, evidence, issue: purpose?.dossier, userId: context.caller.actor.officer ?? undefined }
        : evidence === undefined
          ? built
          : { ...built, evidence };
      const inputKey = sharedKeyOf?.(vars, purpose, context);
      const keyed = inputKey === undefined ? request : { ...request, inputKey };
      const map = (given: ConnectAnswer): unknown => {
        const mapped = operation.mapAnswer(given, vars);
        if (mapped.problems.count > 0) onProblems?.(operation, mapped.problems);
        return mapped.value;
      };
      let answer: ConnectAnswer;
      let value: unknown;
      if (operation.paging === undefined) {
        answer = await send(keyed, context);
        value = map(answer);
      } else {
        const ask = (asked: ConnectRequest) => send(asked, context);
        const spend = () => context.spendCall?.(connector.id);
        ({ answer, value } = await askPage(operation.paging, keyed, vars, { ask, map, spend }));
      }
      if (evidence !== undefined)
        watch?.ended(
          input,
          purpose,
          context,
          outcomeOf(answer, evidence),
          evidenceOf(evidence, answer),
          value,
        );
      const { fetchedAt, freshness } = answer;
      return { value, connector: connector.id, source: operation.source, fetchedAt, freshness };
    } catch (error) {
      if (evidence !== undefined) {
        const code = isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
        watch?.ended(input, purpose, context, code, evidenceOf(evidence, undefined), undefined);
      }
      throw namingArgument(error, input.args);
    } finally {
      limiter.release();
    }
  };
}

const NO_ANSWER: ConnectAnswer = {
  status: 200,
  headers: {},
  body: undefined,
  fetchedAt: 0,
  freshness: 'LIVE',
};

/**
 * Computes the value of an operation without a request. The source is not asked: no purpose is required, nothing is counted or
 * recorded, and neither the guard nor a gate of the source applies.
 */
function createComputation(operation: Operation, connector: BoundConnector): OperationCall {
  const { config, env, onProblems } = connector;
  const readsHeaders = operation.uses.some((use) => use.variable === '$request');
  const usesCallId = readsCallId(operation);
  return async (input, purpose, context) => {
    const { value, problems } = operation.mapAnswer(NO_ANSWER, {
      ...input,
      config,
      env,
      context: contextOf(purpose, context, usesCallId ? context.callId() : undefined),
      request: { headers: readsHeaders ? clientHeaderLists(context.clientHeaders) : context.clientHeaders },
    });
    if (problems.count > 0) onProblems?.(operation, problems);
    return {
      value,
      connector: connector.id,
      source: undefined,
      fetchedAt: Date.now(),
      freshness: 'LIVE',
      isComputed: true,
    };
  };
}

/** `$context` */
const contextOf = (purpose: Purpose | undefined, context: ConnectContext, callId: string | undefined) => ({
  actor: context.caller.actor,
  purpose,
  request: { id: context.requestId, at: context.startedAt, locale: context.locale },
  call: callId === undefined ? undefined : { id: callId },
});

const readsCallId = ({ uses }: Operation): boolean =>
  uses.some((use) => use.variable === '$context' && use.path[0] === 'call');

/** @throws GatewayError BAD_USER_INPUT when a value is not valid at its place in the request */
function buildRequest(operation: Operation, vars: MappingVariables): ConnectRequest {
  try {
    return operation.buildRequest(vars);
  } catch (error) {
    throw error instanceof TemplateValueError ? valueError(error, operation) : error;
  }
}

/** State of one GraphQL request, created on first use. */
export function requestState<T>(context: ConnectContext, key: unknown, create: () => T): T {
  const found = context.loaders.get(key) as T | undefined;
  if (found !== undefined) return found;
  const made = create();
  context.loaders.set(key, made);
  return made;
}

interface Limiter {
  /** Returns a promise only when the caller has to wait. */
  readonly acquire: () => Promise<void> | undefined;
  readonly release: () => void;
}

/** Admits at most `limit` callers at a time, in order of arrival. */
function createLimiter(limit: number): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];
  let head = 0;
  return {
    acquire: () => {
      if (running < limit) {
        running += 1;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    release: () => {
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
 * Compiles a function that returns the input of an operation as text, so that equal texts are equal calls. Includes what
 * request and selection read, and the purpose where it is read; excludes the id of the single call.
 * @param alwaysPerPurpose includes the purpose even when nothing reads it
 */
export function compileInputKey(
  uses: readonly VariableUse[],
  alwaysPerPurpose = false,
): (input: OperationInput, purpose: Purpose | undefined) => string {
  const paths = new Map<string, { variable: string; path: readonly string[] }>();
  for (const { variable, path } of uses) {
    const perInput = variable === '$this' || variable === '$args' || variable === '$batch';
    const perPurpose = variable === '$context' && (path.length === 0 || path[0] === 'purpose');
    if (perInput || perPurpose) paths.set(`${variable}.${path.join('.')}`, { variable, path });
  }
  if (alwaysPerPurpose) paths.set('$context.purpose', { variable: '$context', path: ['purpose'] });
  const readers = [...paths.values()].map(({ variable, path }) => {
    const root = variable.slice(1) as 'this' | 'args' | 'batch';
    const steps = variable === '$context' ? path.slice(1) : path;
    return (input: OperationInput, purpose: Purpose | undefined): unknown => {
      let value: unknown = variable === '$context' ? purpose : input[root];
      for (const step of steps) {
        // A path applies to every element of a list: the whole list is part of the key.
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
      // The length prefix makes the key unambiguous. An `ID` may be 1 in one answer and "1" in another.
      const isText = typeof value === 'string' || typeof value === 'number';
      const text = isText ? String(value) : (JSON.stringify(value) ?? '');
      key += `${isText ? 's' : 'j'}${text.length}:${text}`;
    }
    return key;
  };
}

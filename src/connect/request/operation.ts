// A compiled `@connect`: builds a `ConnectRequest` from the variables, and maps a decoded answer to the field's value.
// Both functions are on the hot path of each call.

import { GatewayError } from '../../errors.ts';
import type { ConnectAnswer, ConnectRequest } from '../contract.ts';
import {
  type CompiledMapping,
  createProblems,
  MappingLimitError,
  type MappingProblems,
  type MappingVariables,
  type VariableUse,
} from '../mapping/index.ts';
import type { CheckArguments } from './argument-bounds.ts';
import { headerLists } from './headers.ts';
import type { Paging } from './paging.ts';
import type { CompiledUrl } from './url.ts';

export interface MappedAnswer {
  /** The value of the selection; `undefined` and null both mean that there is no such record. */
  readonly value: unknown;
  readonly problems: MappingProblems;
}

export interface Operation {
  /** Id of the connector, e.g. `population`. */
  readonly connector: string;
  /** Stable name within the connector: the `id` of the directive, or its coordinate. */
  readonly name: string;
  /** `Citizen` or `Delivery.events` */
  readonly coordinate: string;
  readonly source: string | undefined;
  readonly typeName: string;
  readonly fieldName: string | undefined;
  /** Maximum keys per call (`Infinity` without a `maxSize`); `undefined` when the request does not use `$batch`. */
  readonly batchSize: number | undefined;
  readonly entity: boolean;
  /** Fields of the parent that another subgraph supplies before the call (`@requires`); no part of the key. */
  readonly required: ReadonlySet<string>;
  /** True for a `@connect` without `http`: nothing is sent, and the selection is mapped without an answer. */
  readonly isComputed: boolean;
  /** Variable paths that request and selection read. Calls that agree in all of them are made once per request. */
  readonly uses: readonly VariableUse[];
  /** Top-level keys that the selection may return; `undefined` when they depend on the answer. */
  readonly provides: ReadonlySet<string> | undefined;
  /** True when no method of the extension namespace is used. */
  readonly portable: boolean;
  /** Checks arguments against bounds beyond their types; `undefined` without such bounds. `buildRequest` checks them as well. */
  readonly checkArguments?: CheckArguments | undefined;
  /** Set where the field is a page of a list; `buildRequest` then builds the first request of the page. */
  readonly paging?: Paging | undefined;
  /** @throws RequestValueError when a value cannot be sent. GatewayError BAD_USER_INPUT for an argument beyond its bounds. */
  readonly buildRequest: (vars: MappingVariables) => ConnectRequest;
  /** @throws GatewayError UPSTREAM_INVALID when mapping the answer takes more than its size allows */
  readonly mapAnswer: (answer: ConnectAnswer, vars: MappingVariables) => MappedAnswer;
}

export interface OperationParts {
  readonly url: CompiledUrl;
  readonly method: ConnectRequest['method'];
  readonly headers: (vars: MappingVariables) => Readonly<Record<string, string>>;
  readonly body: CompiledMapping | undefined;
  readonly selection: CompiledMapping;
  readonly isSuccess: CompiledMapping | undefined;
  readonly errors: readonly { readonly message?: CompiledMapping; readonly extensions?: CompiledMapping }[];
}

type Fields = Readonly<Record<string, unknown>>;

type Identity = Omit<Operation, 'isComputed' | 'buildRequest' | 'mapAnswer'>;

/** What a computed selection reads as its input. */
const NOTHING = Object.freeze({});

/** An operation that sends nothing: its value comes from variables and constants. */
export function createComputedOperation(identity: Identity, selection: CompiledMapping): Operation {
  return {
    ...identity,
    isComputed: true,
    buildRequest: () => {
      throw new Error(`${identity.coordinate} has no request`);
    },
    mapAnswer: (_answer, vars) => {
      const problems = createProblems();
      return { value: selection.run(NOTHING, vars, problems), problems };
    },
  };
}

export function createOperation(identity: Identity, parts: OperationParts): Operation {
  const { url, method, headers, body, selection, isSuccess, errors } = parts;
  const readsAnswer = selection.uses.some(
    (use) => use.variable === '$status' || use.variable === '$response',
  );
  const outcomeMappings = [isSuccess, ...errors.flatMap(({ message, extensions }) => [message, extensions])];
  const uses = [...identity.uses, ...outcomeMappings.flatMap((mapping) => mapping?.uses ?? [])];
  const readsHeaders = uses.some((use) => use.variable === '$response');

  const withAnswer = (vars: MappingVariables, answer: ConnectAnswer): MappingVariables => ({
    ...vars,
    status: answer.status,
    response: readsHeaders ? { headers: headerLists(answer.headers) } : undefined,
  });

  const request = (vars: MappingVariables): ConnectRequest => ({
    operation: identity.name,
    source: identity.source,
    method,
    origin: url.origin,
    path: url.path(vars),
    headers: headers(vars),
    body: body?.run(vars.this, vars),
    isSuccess:
      isSuccess &&
      ((answer) =>
        withinLimits(identity, () => isSuccess.run(answer.body, withAnswer(vars, answer)) === true)),
    describeError:
      errors.length === 0
        ? undefined
        : (answer) => withinLimits(identity, () => describeError(errors, answer, withAnswer(vars, answer))),
  });

  const { checkArguments, paging } = identity;
  const paged =
    paging === undefined ? request : (vars: MappingVariables) => paging.begin(request(vars), vars);
  const buildRequest =
    checkArguments === undefined
      ? paged
      : (vars: MappingVariables): ConnectRequest => {
          if (vars.args !== undefined && vars.args !== null) checkArguments(vars.args as Fields);
          return paged(vars);
        };

  const mapAnswer = (answer: ConnectAnswer, vars: MappingVariables): MappedAnswer => {
    const problems = createProblems();
    if (answer.notFound === true) return { value: null, problems };
    const value = withinLimits(identity, () =>
      selection.run(answer.body, readsAnswer ? withAnswer(vars, answer) : vars, problems),
    );
    return { value, problems };
  };

  return { ...identity, isComputed: false, uses, buildRequest, mapAnswer };
}

/** @throws GatewayError UPSTREAM_INVALID for an answer that a mapping cannot process within its budget */
function withinLimits<T>({ connector, name }: Identity, map: () => T): T {
  try {
    return map();
  } catch (error) {
    if (!(error instanceof MappingLimitError)) throw error;
    throw new GatewayError('UPSTREAM_INVALID', { detail: error.message, connector, operation: name });
  }
}

/** Evaluates `errors.message` and `errors.extensions`. Later rules override earlier ones, key by key. */
function describeError(rules: OperationParts['errors'], answer: ConnectAnswer, vars: MappingVariables) {
  const described: { message?: string; extensions?: Record<string, unknown> } = {};
  for (const rule of rules) {
    const message = rule.message?.run(answer.body, vars);
    if (typeof message === 'string') described.message = message;
    const extensions = rule.extensions?.run(answer.body, vars);
    if (typeof extensions === 'object' && extensions !== null) {
      described.extensions = { ...described.extensions, ...(extensions as Record<string, unknown>) };
    }
  }
  return described;
}

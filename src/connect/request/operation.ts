// One `@connect`, compiled: variables in, `ConnectRequest` out; decoded answer in, mapped value out.
// Built once per connector at registration by `compile-connector.ts`; the two functions are the hot path of a call.

import type { ConnectAnswer, ConnectRequest } from '../contract.ts';
import type { CompiledMapping, MappingProblem, MappingVariables, VariableUse } from '../mapping/index.ts';
import { headerLists } from './header-lists.ts';
import type { CompiledUrl } from './url.ts';

export interface MappedAnswer {
  /** The selection's value; `undefined` and null both mean "no such record". */
  readonly value: unknown;
  readonly problems: readonly MappingProblem[];
}

export interface Operation {
  /** Id of the connector the operation belongs to, e.g. `population`. */
  readonly connector: string;
  /** Stable name within the connector: the `id` of the directive, else its coordinate. */
  readonly name: string;
  /** `Citizen` or `Delivery.events` */
  readonly coordinate: string;
  readonly source: string | undefined;
  readonly typeName: string;
  readonly fieldName: string | undefined;
  /** `undefined` unless the request uses `$batch`; then keys per call (`Infinity` without a `maxSize`). */
  readonly batchSize: number | undefined;
  readonly entity: boolean;
  /** Everything request and selection read, for keys and for one call per distinct input. */
  readonly uses: readonly VariableUse[];
  /** Top-level keys that the selection can yield; `undefined` for a selection that gives a bare value. */
  readonly provides: ReadonlySet<string> | undefined;
  /** True when nothing of our own mapping extension is used. */
  readonly portable: boolean;
  readonly buildRequest: (vars: MappingVariables) => ConnectRequest;
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

type Identity = Omit<Operation, 'buildRequest' | 'mapAnswer'>;

const NO_PROBLEMS: readonly MappingProblem[] = [];

export function createOperation(identity: Identity, parts: OperationParts): Operation {
  const { url, method, headers, body, selection, isSuccess, errors } = parts;
  const readsAnswer = selection.uses.some(
    (use) => use.variable === '$status' || use.variable === '$response',
  );
  const judging = [isSuccess, ...errors.flatMap(({ message, extensions }) => [message, extensions])];
  const uses = [...identity.uses, ...judging.flatMap((mapping) => mapping?.uses ?? [])];
  const readsHeaders = uses.some((use) => use.variable === '$response');

  const withAnswer = (vars: MappingVariables, answer: ConnectAnswer): MappingVariables => ({
    ...vars,
    status: answer.status,
    response: readsHeaders ? { headers: headerLists(answer.headers) } : undefined,
  });

  const buildRequest = (vars: MappingVariables): ConnectRequest => ({
    operation: identity.name,
    source: identity.source,
    method,
    origin: url.origin,
    path: url.path(vars),
    headers: headers(vars),
    body: body?.run(vars.this, vars),
    isSuccess: isSuccess && ((answer) => isSuccess.run(answer.body, withAnswer(vars, answer)) === true),
    describeError:
      errors.length === 0 ? undefined : (answer) => describe(errors, answer, withAnswer(vars, answer)),
  });

  const mapAnswer = (answer: ConnectAnswer, vars: MappingVariables): MappedAnswer => {
    if (answer.notFound === true) return { value: null, problems: NO_PROBLEMS };
    const problems: MappingProblem[] = [];
    const value = selection.run(answer.body, readsAnswer ? withAnswer(vars, answer) : vars, problems);
    return { value, problems };
  };

  return { ...identity, uses, buildRequest, mapAnswer };
}

/** `errors.message` and `errors.extensions`; the source's first, the connect's keys win. */
function describe(rules: OperationParts['errors'], answer: ConnectAnswer, vars: MappingVariables) {
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

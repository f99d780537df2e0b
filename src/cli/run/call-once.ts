// Makes one call of one operation, outside the gateway, and records request, answer, judgement and mapping. The result is
// not masked.

import { randomUUID } from 'node:crypto';
import { compileConnector } from '../../connect/compile-connector.ts';
import type { ConnectRequest } from '../../connect/contract.ts';
import type { MappingProblems, MappingVariables } from '../../connect/mapping/index.ts';
import type { Operation } from '../../connect/request/operation.ts';
import { TemplateValueError } from '../../connect/request/template.ts';
import { valueError } from '../../connect/request/value-error.ts';
import { GatewayError, isGatewayError } from '../../errors.ts';
import { operationRulesOf } from '../../manifest/operation-rules.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import type { ReferenceSources } from '../../references.ts';
import { buildUpstreamSpec } from '../../registry/upstream-spec.ts';
import { createCodec } from '../../upstream/codecs/codec.ts';
import type { Decoded } from '../../upstream/codecs/contract.ts';
import { createUpstream, type UpstreamAnswer } from '../../upstream/upstream.ts';
import { isAttemptAt } from './same-call.ts';
import { type Exchange, watchWire } from './watch-wire.ts';

export type CallInput = Pick<MappingVariables, 'this' | 'args' | 'batch' | 'context' | 'request'>;

export interface Call {
  readonly operation: Operation;
  readonly baseUrl: string;
  readonly input: CallInput;
  /** Sign-ins and token requests, in their order. */
  readonly signIns: readonly Exchange[];
  /** Attempts at the operation itself; a second attempt follows a 401. */
  readonly attempts: readonly Exchange[];
  /** The decoded answer of the last attempt; `undefined` without an answer. */
  readonly decoded: Decoded | undefined;
  readonly outcome:
    | { readonly kind: 'mapped'; readonly value: unknown; readonly problems: MappingProblems }
    | { readonly kind: 'notFound' }
    | { readonly kind: 'failed'; readonly error: GatewayError };
}

export interface CallOptions {
  readonly folder: ConnectorFolder;
  /** Name or coordinate. */
  readonly operation: string;
  readonly input: CallInput;
  readonly baseUrl: string;
  /** Whether `baseUrl` is that of a simulator. */
  readonly isSimulated: boolean;
  readonly references: ReferenceSources;
}

/** @throws DiagnosticsError when the connector does not compile with this base URL */
export function compileFor(folder: ConnectorFolder, baseUrl: string, readEnv: ReferenceSources['readEnv']) {
  const { manifest, schema } = folder;
  const config = { ...manifest.config, baseUrl };
  const env = Object.fromEntries(manifest.env.map((name) => [name, readEnv(name) ?? '']));
  return {
    ...compileConnector(schema, { id: manifest.id, config, env, ...operationRulesOf(manifest) }),
    constants: { config, env },
  };
}

export async function callOnce({
  folder,
  operation: name,
  input,
  baseUrl,
  isSimulated,
  references,
}: CallOptions): Promise<Call> {
  const { manifest, schema } = folder;
  const { operations, constants } = compileFor(folder, baseUrl, references.readEnv);
  const operation = operations.find((candidate) => candidate.name === name) as Operation;
  const vars: MappingVariables = { ...constants, ...input };
  const spec = buildUpstreamSpec(manifest, baseUrl, references, { isSimulated });
  // The report shows the bytes on the wire, so they must be readable.
  const upstream = createUpstream({ ...spec, compression: false });
  let sent: ConnectRequest | undefined;

  const ask = async (): Promise<UpstreamAnswer | GatewayError> => {
    try {
      if (operation.isComputed) return NO_ANSWER;
      const request = operation.buildRequest(vars);
      sent = request;
      return await withinLimit(manifest.limits.attemptTimeoutMs, (signal) =>
        upstream.attempt(request, signal),
      );
    } catch (error) {
      return asFailure(error, operation);
    }
  };
  try {
    const { result, exchanges } = await watchWire(ask);
    const attempts = exchanges.filter((exchange) => sent !== undefined && isAttemptAt(exchange, sent));
    const last = attempts.at(-1);
    const decoded =
      last?.status === undefined
        ? undefined
        : createCodec(spec).decode({
            status: last.status,
            headers: last.answerHeaders,
            bytes: Buffer.concat(last.chunks),
          });
    return {
      operation,
      baseUrl,
      input,
      signIns: exchanges.filter((exchange) => !attempts.includes(exchange)),
      attempts,
      decoded,
      outcome: outcomeOf(result),
    };
  } finally {
    await upstream.close();
  }

  function outcomeOf(result: UpstreamAnswer | GatewayError): Call['outcome'] {
    if (isGatewayError(result)) return { kind: 'failed', error: result };
    if (result.notFound === true) return { kind: 'notFound' };
    const mapped = operation.mapAnswer(result, vars);
    if (Array.isArray(mapped.value) && returnsOneObject(operation, schema))
      return { kind: 'failed', error: listForOne(operation, manifest.id) };
    return { kind: 'mapped', ...mapped };
  }
}

/** Of an operation without a request. */
const NO_ANSWER: UpstreamAnswer = {
  status: 200,
  headers: {},
  body: undefined,
  fetchedAt: 0,
  freshness: 'LIVE',
};

/** Whether the gateway publishes one object of the result. */
function returnsOneObject(operation: Operation, { types }: ConnectorFolder['schema']): boolean {
  const { typeName, fieldName, batchSize, paging } = operation;
  if (fieldName === undefined) return batchSize === undefined;
  const field = types.all.get(typeName)?.fields.get(fieldName);
  const kind = field && types.all.get(field.typeName)?.kind;
  return field?.lists === 0 && batchSize === undefined && paging === undefined && kind === 'object';
}

const listForOne = ({ name }: Operation, connector: string): GatewayError =>
  new GatewayError('UPSTREAM_INVALID', {
    detail: 'the selection yielded a list, one object was expected',
    connector,
    operation: name,
  });

async function withinLimit<T>(milliseconds: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const detail = `no answer within limits.attemptTimeoutMs (${milliseconds} ms)`;
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT', { detail }));
  }, milliseconds);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

function asFailure(error: unknown, operation: Operation): GatewayError {
  if (isGatewayError(error)) return error;
  if (!(error instanceof TemplateValueError)) throw error;
  return valueError(error, operation);
}

/** The default of `$context`: the officer of the settings, the current time, new ids. */
export const defaultContext = (actor: { readonly officer: string; readonly agency: string }) => ({
  actor,
  request: { id: randomUUID(), at: Date.now(), locale: 'vi' },
  call: { id: randomUUID() },
});

// Runs a case through the real compiler, codec and judge, without guard and network: the request that is built, and the recorded
// answer decoded, judged and mapped.

import { compileConnector } from '../connect/compile-connector.ts';
import type { ConnectAnswer, ConnectRequest } from '../connect/contract.ts';
import type { MappingProblem, MappingProblems, MappingVariables } from '../connect/mapping/index.ts';
import type { ConnectorSchema } from '../connect/read/model.ts';
import { clientHeaderLists } from '../connect/request/headers.ts';
import type { Operation } from '../connect/request/operation.ts';
import { TemplateValueError } from '../connect/request/template.ts';
import { valueError } from '../connect/request/value-error.ts';
import { type ErrorCode, isGatewayError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { operationRulesOf } from '../manifest/operation-rules.ts';
import { buildFormatSpec } from '../registry/upstream-spec.ts';
import { createCodec } from '../upstream/codecs/codec.ts';
import type { Codec } from '../upstream/codecs/contract.ts';
import type { UpstreamAnswer } from '../upstream/contract.ts';
import { compileJudge, type Judge } from '../upstream/judge.ts';
import type { CaseContent, ConnectorCase } from './cases.ts';
import { type Difference, listDifferences } from './difference.ts';
import { keysThere } from './keys-there.ts';

/** Base URL of a case's source. Nothing is sent there. */
export const CASE_BASE_URL = 'http://source.test';

/** The result of a case, with the keys of the file. */
export interface CaseFindings {
  readonly request?: CaseContent['request'] | undefined;
  readonly expect: NonNullable<CaseContent['expect']>;
}

export interface CaseReport {
  readonly case: ConnectorCase;
  /** Empty: the case passes. Paths begin with `request` or `expect`. */
  readonly differences: readonly Difference[];
  readonly findings: CaseFindings;
  /** Why nothing could be compared, as a sentence with the way out. */
  readonly refusal?: string | undefined;
  /** Detail of a failed call for the log. Never upstream text. */
  readonly detail?: string | undefined;
  /** For problems of the mapping: the names of the keys that are there. */
  readonly hints?: readonly string[] | undefined;
}

export type CaseRunner = (given: ConnectorCase) => CaseReport;

/**
 * Compiles a connector once; each call runs one case. A case never throws: errors are in its report.
 * @throws DiagnosticsError when the connector does not compile
 */
export function createCaseRunner(manifest: Manifest, schema: ConnectorSchema): CaseRunner {
  const compile = (given: Pick<CaseContent, 'config' | 'env'>) => {
    const config = { ...manifest.config, ...given.config, baseUrl: CASE_BASE_URL };
    const env = { ...Object.fromEntries(manifest.env.map((name) => [name, ''])), ...given.env };
    const settings = { id: manifest.id, config, env, ...operationRulesOf(manifest) };
    return { operations: compileConnector(schema, settings).operations, constants: { config, env } };
  };
  const usual = compile({});
  const codec = createCodec(buildFormatSpec(manifest, { readEnv: () => '' }));
  const { judge } = compileJudge({ outcome: manifest.outcome });
  // XML elements have an order, and a service with an xs:sequence rejects any other.
  const isXml = ['xml', 'soap11', 'soap12'].includes(manifest.protocol);
  const ordered = (path: readonly (string | number)[]) =>
    isXml && path[0] === 'request' && path[1] === 'body';

  return (given) => {
    const { content } = given;
    const unknown = Object.keys(content.env ?? {}).find((name) => !manifest.env.includes(name));
    if (unknown !== undefined) {
      const known = manifest.env.join(', ') || 'none';
      const refusal = `The case sets "${unknown}" in env, and the manifest lists ${known} in env. Correct the name, or add it there.`;
      return { case: given, differences: [], findings: { expect: {} }, refusal };
    }
    const isUsual = content.env === undefined && content.config === undefined;
    const { operations, constants } = isUsual ? usual : compile(content);
    const operation = operations.find(
      ({ name, coordinate }) => name === content.operation || coordinate === content.operation,
    );
    if (operation === undefined) {
      const known = operations.map(({ name }) => name).join(', ') || 'none';
      const refusal = `The connector has no operation "${content.operation}"; it has ${known}.`;
      return { case: given, differences: [], findings: { expect: {} }, refusal };
    }
    const { findings, detail, hints } = runOne(content, operation, constants, codec, judge);
    if (content.expect === undefined) {
      const refusal = 'The case expects nothing yet. Write `expect`, or record it with --update.';
      return { case: given, differences: [], findings, refusal, detail, hints };
    }
    const expected = {
      request: withLowerCaseHeaders(content.request),
      expect: { problems: [], ...content.expect },
    };
    const found = { request: findings.request, expect: { problems: [], ...findings.expect } };
    return {
      case: given,
      differences: listDifferences(expected, found, { ordered }),
      findings,
      detail,
      hints,
    };
  };
}

interface Ran {
  readonly findings: CaseFindings;
  readonly detail?: string | undefined;
  readonly hints?: readonly string[];
}

function runOne(
  content: CaseContent,
  operation: Operation,
  constants: Pick<MappingVariables, 'config' | 'env'>,
  codec: Codec,
  judge: Judge['judge'],
): Ran {
  const { args, batch, context } = content;
  const vars: MappingVariables = {
    ...constants,
    this: content.this,
    args,
    batch,
    context,
    request: { headers: clientHeaderLists(lowerCased(content.headers)) },
  };
  let request: CaseFindings['request'];
  try {
    if (operation.isComputed)
      return mapped(
        operation,
        { status: 200, headers: {}, body: undefined, fetchedAt: 0, freshness: 'LIVE' },
        vars,
        undefined,
      );
    // request
    const built = operation.buildRequest(vars);
    request = content.request && askedOf(built, content.request);
    // Checks that the format can carry the body.
    codec.encode(built.body, built);
    // answer
    const { status } = content.answer;
    const { headers, bytes } = answerOf(content.answer);
    const decoded = codec.decode({ status, headers, bytes });
    const raw: UpstreamAnswer = { status, headers, body: decoded.body, fetchedAt: 0, freshness: 'LIVE' };
    const answer = judge(raw, decoded, built);
    if (answer.notFound === true) return { findings: { request, expect: { notFound: true } } };
    return mapped(operation, answer, vars, request);
  } catch (error) {
    const { code, reason, extensions, detail } = failureOf(
      error instanceof TemplateValueError ? valueError(error, operation) : error,
    );
    // A case that expects this error compares what it names; any other is recorded with all that there is.
    const asked = content.expect?.error === code ? content.expect : undefined;
    const isCompared = (name: 'reason' | 'extensions') => asked === undefined || asked[name] !== undefined;
    const declared = {
      ...(reason !== undefined && isCompared('reason') ? { reason } : {}),
      ...(Object.keys(extensions ?? {}).length > 0 && isCompared('extensions') ? { extensions } : {}),
    };
    return { findings: { request, expect: { error: code, ...declared } }, detail };
  }
}

function mapped(
  operation: Operation,
  answer: ConnectAnswer,
  vars: MappingVariables,
  request: CaseFindings['request'],
): Ran {
  const { value, problems } = operation.mapAnswer(answer, vars);
  const told = problems.count === 0 ? {} : { problems: problemTexts(problems) };
  const hints = problems.described.flatMap((problem) => {
    const there = keysThere(answer.body, problem);
    return there === undefined ? [] : [`${problem.path.join('.')}: ${there}`];
  });
  return { findings: { request, expect: { result: value ?? null, ...told } }, hints };
}

/** The problems in the order of the selection, and how many more there are. */
function problemTexts({ count, described }: MappingProblems): string[] {
  const texts = described.toSorted((a, b) => a.range[0] - b.range[0]).map(problemText);
  return count > described.length ? [...texts, `and ${count - described.length} more`] : texts;
}

/** As a case writes it. */
export const problemText = ({ path, message }: MappingProblem): string => `${path.join('.')}: ${message}`;

interface Failure {
  readonly code: ErrorCode;
  readonly reason?: string | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
  readonly detail: string;
}

function failureOf(error: unknown): Failure {
  if (isGatewayError(error)) {
    const { http: _status, ...extensions } = error.extensions ?? {};
    return { code: error.code, reason: error.reason?.en, extensions, detail: error.message };
  }
  throw error;
}

/** The parts of a request that a case compares: always line and body, and the headers that it names. */
function askedOf(built: ConnectRequest, asked: NonNullable<CaseContent['request']>): CaseContent['request'] {
  const { method, path, body, origin } = built;
  const names = asked.headers === undefined ? undefined : Object.keys(asked.headers).map(lowerCase);
  const headers = names && Object.fromEntries(names.map((name) => [name, built.headers[name] as string]));
  return { method, ...(asked.origin === undefined ? {} : { origin }), path, headers, body };
}

const lowerCased = (headers: CaseContent['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [lowerCase(name), value]));

const lowerCase = (name: string): string => name.toLowerCase();

const withLowerCaseHeaders = (request: CaseContent['request']): CaseContent['request'] =>
  request?.headers === undefined
    ? request
    : {
        ...request,
        headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [lowerCase(k), v])),
      };

function answerOf({ headers, body }: CaseContent['answer']): {
  headers: Record<string, string>;
  bytes: Buffer;
} {
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [lowerCase(name), value]));
  if (body === undefined || body === null) return { headers: sent, bytes: Buffer.alloc(0) };
  if (typeof body === 'string') return { headers: sent, bytes: Buffer.from(body) };
  return {
    headers: { 'content-type': 'application/json', ...sent },
    bytes: Buffer.from(JSON.stringify(body)),
  };
}

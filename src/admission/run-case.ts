// Runs a case through the real compiler, codec and judge, without guard and network: the request that is built, and the recorded
// answer decoded, judged and mapped.

import { compileConnector } from '../connect/compile-connector.ts';
import type { ConnectRequest } from '../connect/contract.ts';
import type { MappingProblem, MappingProblems, MappingVariables } from '../connect/mapping/index.ts';
import type { ConnectorSchema } from '../connect/read/model.ts';
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
}

export type CaseRunner = (given: ConnectorCase) => CaseReport;

/**
 * Compiles a connector once; each call runs one case. A case never throws: errors are in its report.
 * @throws DiagnosticsError when the connector does not compile
 */
export function createCaseRunner(manifest: Manifest, schema: ConnectorSchema): CaseRunner {
  const config = { ...manifest.config, baseUrl: CASE_BASE_URL };
  const env = Object.fromEntries(manifest.env.map((name) => [name, '']));
  const { operations } = compileConnector(schema, {
    id: manifest.id,
    config,
    env,
    ...operationRulesOf(manifest),
  });
  const codec = createCodec(buildFormatSpec(manifest, { readEnv: () => '' }));
  const { judge } = compileJudge({ outcome: manifest.outcome });
  // XML elements have an order, and a service with an xs:sequence rejects any other.
  const isXml = manifest.protocol !== 'json' && manifest.protocol !== 'form';
  const ordered = (path: readonly (string | number)[]) =>
    isXml && path[0] === 'request' && path[1] === 'body';

  return (given) => {
    const { content } = given;
    const operation = operations.find(
      ({ name, coordinate }) => name === content.operation || coordinate === content.operation,
    );
    if (operation === undefined) {
      const known = operations.map(({ name }) => name).join(', ') || 'none';
      const refusal = `The connector has no operation "${content.operation}"; it has ${known}.`;
      return { case: given, differences: [], findings: { expect: {} }, refusal };
    }
    const { findings, detail } = runOne(content, operation, { config, env }, codec, judge);
    if (content.expect === undefined) {
      const refusal = 'The case expects nothing yet. Write `expect`, or record it with --update.';
      return { case: given, differences: [], findings, refusal, detail };
    }
    const expected = {
      request: withLowerCaseHeaders(content.request),
      expect: { problems: [], ...content.expect },
    };
    const found = { request: findings.request, expect: { problems: [], ...findings.expect } };
    return { case: given, differences: listDifferences(expected, found, { ordered }), findings, detail };
  };
}

interface Ran {
  readonly findings: CaseFindings;
  readonly detail?: string | undefined;
}

function runOne(
  content: CaseContent,
  operation: Operation,
  constants: Pick<MappingVariables, 'config' | 'env'>,
  codec: Codec,
  judge: Judge['judge'],
): Ran {
  const { args, batch, context } = content;
  const vars: MappingVariables = { ...constants, this: content.this, args, batch, context };
  let request: CaseFindings['request'];
  try {
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
    const { value, problems } = operation.mapAnswer(answer, vars);
    const told = problems.count === 0 ? {} : { problems: problemTexts(problems) };
    return { findings: { request, expect: { result: value ?? null, ...told } } };
  } catch (error) {
    const { code, reason, extensions, detail } = failureOf(
      error instanceof TemplateValueError ? valueError(error, operation) : error,
    );
    const asked = content.expect;
    const declared = {
      ...(asked?.reason === undefined ? {} : { reason }),
      ...(asked?.extensions === undefined ? {} : { extensions }),
    };
    return { findings: { request, expect: { error: code, ...declared } }, detail };
  }
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

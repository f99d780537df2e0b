// `lienthong connector explain`: which calls a query makes, in which order, by which keys, and how long they may take; without a
// gateway and without a call.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buildASTSchema, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { bindSchema, type ConnectorsAt } from '../../connect/bind/bind-schema.ts';
import { type CompiledConnector, compileConnector } from '../../connect/compile-connector.ts';
import type { Operation } from '../../connect/request/operation.ts';
import { composeSchema } from '../../graph/compose.ts';
import { readCoreSchema } from '../../graph/core-schema.ts';
import { planCalls } from '../../graph/cost/call-plan.ts';
import { readFieldWeights } from '../../graph/cost/field-weights.ts';
import { readListSizes } from '../../graph/cost/list-sizes.ts';
import { createOperationCost } from '../../graph/cost/operation-cost.ts';
import { selectOperation } from '../../graph/execute/operation.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { operationRulesOf } from '../../manifest/operation-rules.ts';
import { readConnectorFolder } from '../../manifest/read-folder.ts';
import type { CommandContext, ExitCode } from '../command-context.ts';
import { findTargets } from '../find-connectors.ts';
import { UsageError } from '../usage-error.ts';
import { type Explained, type ExplainedCall, explanationText } from './explanation.ts';

export interface ExplainOptions {
  readonly variables?: string;
  readonly operation?: string;
  readonly json?: true;
}

/** Replaces base URLs: nothing is called. */
const NOWHERE = 'http://source.test';

/** @throws UsageError, DiagnosticsError of connectors that cannot be compiled */
export async function explainCommand(
  query: string,
  { variables: given, operation: operationName, json }: ExplainOptions,
  { terminal, connectorsDir, requestDeadlineMs: deadlineMs = 10_000 }: CommandContext,
): Promise<ExitCode> {
  const variables = variablesOf(given);
  const text = await textOf(query);
  const loaded = await load(connectorsDir);
  const { schema, connectorsAt, listSizes, fieldWeights } = loaded;
  const document = parsed(text);
  const [invalid] = validate(schema, document);
  if (invalid !== undefined) throw new UsageError(`The query is not valid: ${placed(invalid)}`);
  const selected = selectOperation(document, operationName, schema);
  if (selected === undefined)
    throw new UsageError(
      operationName === undefined
        ? 'Found no operation or several, expected one. Give its name with --operation.'
        : `--operation: found "${operationName}", expected the name of an operation of the query.`,
    );
  const options = { connectorsAt, listSizes, fieldWeights };
  const planned = planCalls(selected, options, variables);
  const cost = createOperationCost(selected, options);
  if (planned === undefined || cost === undefined)
    throw new UsageError('The query has too many fields to be explained. Divide it.');
  const calls = planned.map((call): ExplainedCall => {
    const { manifest, operations } = loaded.connectors.get(call.connector) as LoadedConnector;
    const operation = operations.get(call.operation);
    const { limits, bulkhead } = manifest;
    const atATime = Math.min(limits.perRequest, bulkhead.maxConcurrent);
    return {
      ...call,
      path: call.path.join('.'),
      batchSize:
        call.batchSize === undefined || call.batchSize === Number.POSITIVE_INFINITY ? null : call.batchSize,
      isBatch: call.batchSize !== undefined,
      keyedBy: operation === undefined ? [] : keysOf(operation),
      atATime,
      attemptTimeoutMs: limits.attemptTimeoutMs,
      worstMs: Math.ceil(call.calls / atATime) * limits.attemptTimeoutMs,
      isPersonal: manifest.data.classification === 'personal' || manifest.data.classification === 'sensitive',
      purpose: manifest.data.purpose,
    };
  });
  const limit = { cost: DEFAULT_LIMITS.maxCost, connectorCalls: DEFAULT_LIMITS.maxConnectorCalls };
  const explained: Explained = {
    calls,
    cost: cost.of(variables),
    limit,
    waves: Math.max(0, ...calls.map(({ wave }) => wave)),
    worstMs: worstOf(calls),
    deadlineMs,
  };
  terminal.print(
    json === true ? JSON.stringify(explained, null, 2) : explanationText(explained, terminal.style),
  );
  return 0;
}

interface LoadedConnector {
  readonly manifest: Manifest;
  readonly operations: ReadonlyMap<string, Operation>;
}

interface Loaded {
  readonly schema: GraphQLSchema;
  readonly connectorsAt: ConnectorsAt;
  readonly listSizes: ReturnType<typeof readListSizes>;
  readonly fieldWeights: ReturnType<typeof readFieldWeights>;
  readonly connectors: ReadonlyMap<string, LoadedConnector>;
}

async function load(connectorsDir: string): Promise<Loaded> {
  const core = await readCoreSchema();
  const compiled: CompiledConnector[] = [];
  const connectors = new Map<string, LoadedConnector>();
  for (const target of findTargets([], connectorsDir)) {
    if (target.kind !== 'folder') continue;
    const { manifest, schema } = await readConnectorFolder(target.path);
    const one = compileConnector(schema, {
      id: manifest.id,
      config: { ...manifest.config, baseUrl: NOWHERE },
      env: Object.fromEntries(manifest.env.map((name) => [name, ''])),
      requiresPurpose: manifest.data.purpose === 'required',
      ...operationRulesOf(manifest),
      shares: manifest.shares,
    });
    compiled.push(one);
    connectors.set(manifest.id, {
      manifest,
      operations: new Map(one.operations.map((each) => [each.name, each])),
    });
  }
  const schema = buildASTSchema(composeSchema(core, compiled).document, { assumeValidSDL: true });
  const bindings = compiled.map((one) => ({
    compiled: one,
    bound: {
      id: one.id,
      perRequest: 1,
      config: {},
      env: {},
      send: () => Promise.reject(new Error('nothing is called')),
    },
  }));
  const subgraphs = [...core.map(({ body }) => parse(body)), ...compiled.map((one) => one.schema.subgraph)];
  return {
    schema,
    connectorsAt: bindSchema(schema, bindings, {}),
    listSizes: readListSizes(subgraphs),
    fieldWeights: readFieldWeights(subgraphs),
    connectors,
  };
}

/** The query itself, or the file that holds it. */
async function textOf(query: string): Promise<string> {
  if (!/\.(graphqls?|gql)$/.test(query)) return query;
  if (!existsSync(query))
    throw new UsageError(`${query}: found no such file, expected a document of GraphQL.`);
  return readFile(query, 'utf8');
}

function parsed(text: string) {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new UsageError(`The query cannot be parsed: ${placed(error)}`);
  }
}

const placed = ({ message, locations }: GraphQLError): string => {
  const [at] = locations ?? [];
  return at === undefined ? message : `${message} (line ${at.line}, column ${at.column})`;
};

function variablesOf(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {}
  throw new UsageError(
    `--variables: found "${text}", expected a JSON object such as {"first":5}. Quote it for the shell.`,
  );
}

/** The fields of the object, and the arguments, that the request reads. */
const keysOf = ({ uses }: Operation): readonly string[] => [
  ...new Set(
    uses
      .filter(({ variable, path }) => ['$this', '$batch', '$args'].includes(variable) && path.length > 0)
      .map(({ variable, path }) => `${variable === '$args' ? '$args.' : ''}${path[0]}`),
  ),
];

/** Calls of one wave run beside each other, those to one connector as its limits allow; waves follow each other. */
function worstOf(calls: readonly ExplainedCall[]): number {
  let sum = 0;
  for (const ofWave of Map.groupBy(calls, ({ wave }) => wave).values()) {
    const times = [...Map.groupBy(ofWave, ({ connector }) => connector).values()].map((own) => {
      const [{ atATime, attemptTimeoutMs }] = own as [ExplainedCall];
      return Math.ceil(own.reduce((all, each) => all + each.calls, 0) / atATime) * attemptTimeoutMs;
    });
    sum += Math.max(...times);
  }
  return sum;
}

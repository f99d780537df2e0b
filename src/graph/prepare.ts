// Everything that depends on a document alone: limits, parsing, validation, the operation and its plan. Done once per
// document and schema, before execution, and kept by digest; a refusal is kept too. The work is bounded before it is done.

import { hash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getLocation,
  getOperationAST,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import type { LocalizedText } from '../errors.ts';
import { type CostLimits, DEFAULT_LIMITS, FIXED_LIMITS } from '../limits.ts';
import { costProblem } from './cost/cost-problem.ts';
import type { FieldWeights } from './cost/field-weights.ts';
import type { ListSizes } from './cost/list-sizes.ts';
import { createOperationCost, type OperationCost } from './cost/operation-cost.ts';
import { MAX_NAME, MAX_TOKENS, selectionProblem, textProblem } from './document-limits.ts';
import { type DocumentProblem, problemOf, tooCostly } from './document-problem.ts';
import { exactFloatsRule } from './exact-literals.ts';
import { selectOperation } from './execute/operation.ts';
import { mergeProblem } from './field-merging.ts';
import { createPlan, type Plan } from './plan.ts';

export interface DocumentRequest {
  readonly text: string;
  /** SHA-256 of `text`, hexadecimal; computed when absent. */
  readonly digest?: string | undefined;
  readonly operationName?: string | undefined;
}

/** An operation that may be executed on the schema for which it was prepared. */
export interface PreparedOperation {
  readonly kind: 'operation';
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly plan: Plan;
  readonly cost: OperationCost;
}

/** A document that is not executed. The language of its errors depends on the request, so these are not texts yet. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly problems: readonly DocumentProblem[];
}

export interface PrepareOptions {
  readonly schema: GraphQLSchema;
  readonly connectorsAt: ConnectorsAt;
  /** Sizes of lists by coordinate. Default: none are declared. */
  readonly listSizes?: ListSizes | undefined;
  /** Units of fields by coordinate. Default: none are declared. */
  readonly fieldWeights?: FieldWeights | undefined;
  /** Default: those of `cost/limits.ts`. */
  readonly limits?: CostLimits | undefined;
  /** Operations that are kept; the least recently used are dropped first. Default 1,000. */
  readonly maxOperations?: number | undefined;
}

export type Prepare = (request: DocumentRequest) => PreparedOperation | Refusal;

/** Tokens of all documents that are kept together: about 300 bytes of memory each, 75 MB at most. */
const MAX_KEPT_TOKENS = 50 * MAX_TOKENS;

/** Refusals are kept apart, so that wrong documents never displace right ones. */
const MAX_REFUSALS = 200;

/** Prepares documents for one schema and keeps what it prepared. */
export function createPrepare(options: PrepareOptions): Prepare {
  const operations = new LRUCache<string, PreparedOperation>({
    max: options.maxOperations ?? 1000,
    maxSize: MAX_KEPT_TOKENS,
  });
  const refusals = new LRUCache<string, Refusal>({ max: MAX_REFUSALS });

  return ({ text, digest, operationName }) => {
    const key = `${digest ?? hash('sha256', text)}\u0000${operationName ?? ''}`;
    const kept = operations.get(key) ?? refusals.get(key);
    if (kept !== undefined) return kept;
    const made = prepareOperation(text, operationName, options);
    if (made.kind === 'refusal') refusals.set(key, made);
    else operations.set(key, made, { size: tokensOf(made.document) });
    return made;
  };
}

/** The way of one document: limits of its text, parse, limits of its selections, validate, find the operation, plan. */
function prepareOperation(
  text: string,
  operationName: string | undefined,
  options: PrepareOptions,
): PreparedOperation | Refusal {
  const {
    schema,
    connectorsAt,
    limits = DEFAULT_LIMITS,
    listSizes = NO_SIZES,
    fieldWeights = NO_WEIGHTS,
  } = options;

  const tooMuchText = textProblem(text);
  if (tooMuchText !== undefined) return refuse([tooMuchText]);

  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return refuse([problemOf(error, 'GRAPHQL_PARSE_FAILED')]);
    throw error;
  }

  const tooManySelections = selectionProblem(document, limits);
  if (tooManySelections !== undefined) return refuse([tooManySelections]);

  const invalid = validate(schema, document, RULES, { maxErrors: MAX_PROBLEMS });
  if (invalid.length > 0)
    return refuse(invalid.map((error) => problemOf(error, 'GRAPHQL_VALIDATION_FAILED')));
  const notMergeable = mergeProblem(document, schema);
  if (notMergeable !== undefined) return refuse([notMergeable]);

  const operation = getOperationAST(document, operationName);
  if (operation == null) return refuse([unknownOperation(operationName)]);
  if (schema.getRootType(operation.operation) == null) return refuse([unsupported(operation)]);

  const selected = selectOperation(document, operationName, schema);
  const cost = selected && createOperationCost(selected, { connectorsAt, listSizes, fieldWeights });
  if (cost === undefined) return refuse([tooCostly(TOO_MANY_FIELDS)]);
  const dear = cost.isConstant ? costProblem(cost, undefined, limits) : undefined;
  if (dear !== undefined) return refuse([dear]);

  const plan = createPlan(document, operationName ?? null, { schema, connectorsAt });
  return { kind: 'operation', document, operation, plan, cost };
}

const NO_SIZES: ListSizes = new Map();
const NO_WEIGHTS: FieldWeights = new Map();

const TOO_MANY_FIELDS: LocalizedText = {
  vi: 'Quá nhiều trường trên các kiểu của union hoặc interface.',
  en: 'Too many fields on the types of unions and interfaces.',
};

const MAX_PROBLEMS = FIXED_LIMITS.problems.value;

/** `mergeProblem` replaces the only rule whose work is not linear. */
const RULES = [
  ...specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule),
  exactFloatsRule,
];

const refuse = (problems: readonly DocumentProblem[]): Refusal => ({ kind: 'refusal', problems });

const tokensOf = (document: DocumentNode): number => {
  let tokens = 0;
  for (let token = document.loc?.startToken ?? null; token !== null; token = token.next) tokens++;
  return tokens;
};

function unknownOperation(operationName: string | undefined): DocumentProblem {
  const name = operationName?.slice(0, MAX_NAME);
  // Only a name is repeated: any other text may be a value that was sent in the wrong place.
  const text = name
    ? /^[_A-Za-z]\w*$/.test(name)
      ? { vi: `Không có thao tác nào tên "${name}".`, en: `Unknown operation named "${name}".` }
      : {
          vi: 'operationName không phải tên GraphQL (chữ không dấu, số và dấu _).',
          en: 'operationName is not a GraphQL name (letters, digits and _).',
        }
    : {
        vi: 'Câu truy vấn có nhiều thao tác: hãy gửi operationName.',
        en: 'Must provide operation name if query contains multiple operations.',
      };
  return { code: 'OPERATION_RESOLUTION_FAILURE', text };
}

const unsupported = ({ operation, loc }: OperationDefinitionNode): DocumentProblem => ({
  code: 'GRAPHQL_VALIDATION_FAILED',
  text: {
    vi: `Lược đồ không có thao tác loại ${operation}.`,
    en: `Schema is not configured to execute ${operation} operation.`,
  },
  locations: loc && [getLocation(loc.source, loc.start)],
});
